package extract

import (
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// What cells without a label say in sentences: what was done, what goes on, what
// is to come, and of these what is said of the whole and last.
func TestStatusOfSentences(t *testing.T) {
	const (
		done    = schema.Completed
		now     = schema.InProgress
		later   = schema.NotStarted
		absent  = schema.NotRegistered
		gone    = schema.Transferred
		nothing = schema.Status("")
	)
	p := modelResults(t)
	for _, c := range []struct {
		text string
		want schema.Status
	}{
		// One statement.
		{"Đã hoàn thành", done},
		{"Xã Đông Phú đã hoàn thành mô hình từ tháng 3/2024", done},
		{"Bản đồ số của chợ đã được đưa vào sử dụng", done},
		{"Kho lưu trữ số vận hành ổn định từ quý II", done},
		{"Bến xe đã nghiệm thu, bàn giao cho ban quản lý sử dụng", done},
		{"Cổng tra cứu đi vào hoạt động từ ngày 02/01/2024", done},
		{"Nhà văn hóa đã hoàn thành 100% hạng mục", done},
		{"Huyện đang triển khai tại các bến đò", now},
		{"Trạm y tế đang phối hợp với nhà mạng kéo cáp", now},
		{"Thư viện đã hoàn thành 35% khối lượng quét", now},
		{"Đội thuế đã triển khai ở hai chợ", now},
		{"Hồ sơ thiết kế đang trình thẩm định", now},
		{"Dự kiến hoàn thành trong quý III", now},
		{"Chưa triển khai do thiếu nhân lực", later},
		{"Xã sẽ triển khai sau vụ gặt", later},
		{"Hiện chưa triển khai", later},
		{"Ban quản lý chợ chuẩn bị các bước chọn nhà thầu", later},
		{"Huyện không đăng ký triển khai", absent},
		{"Thị trấn chưa đăng ký tham gia đợt này", absent},
		{"Việc này đã bàn giao cho Trung tâm Văn hóa quản lý", gone},
		{"Phần mềm đã chuyển giao về Sở Nội vụ theo dõi", gone},

		// Several: the last one of the whole counts.
		{"Năm 2023 đang triển khai thí điểm ở hai xã; đến nay đã hoàn thành", done},
		{"Quý I đang khảo sát. Đến tháng 9 hệ thống đã đưa vào vận hành", done},
		{"Đã hoàn thành giai đoạn một. Hiện đang triển khai giai đoạn 2 tại bảy xã", now},
		{"Sàn giao dịch đã đưa vào vận hành năm 2021. Nay đang lập hồ sơ, đang trình phê duyệt giai đoạn sau", now},
		{"Đã hoàn thành lắp đặt 12 cột; hiện đang hoàn thiện phần mềm", now},
		{"Đang lắp đặt máy, đã hoàn thành khảo sát", now},
		{"Đã hoàn thành khảo sát nhưng chưa triển khai thực hiện", now},
		{"Đã triển khai ở xã Tân Hòa, hai xã kia chưa triển khai thực hiện do mất điện", now},
		{"Trước đây chưa triển khai do thiếu máy, nay đã hoàn thành toàn bộ", done},
		{"Đã đưa vào sử dụng từ 2022, sẽ triển khai mở rộng ra huyện bên", done},

		{"Kho số đã đưa vào vận hành; huyện ban hành kế hoạch triển khai giai đoạn 2", now},
		{"Kho số đã đưa vào vận hành sau khi triển khai giai đoạn 1", done},

		// What governs a statement.
		{"Họp bốn lần để tham mưu trình huyện ban hành", now},
		{"Khó khăn về đơn giá khi triển khai thực hiện", nothing},
		{"Mua 14 máy quét để triển khai thực hiện tại các bến", nothing},
		{"Chưa triển khai thực hiện do đang chờ mẫu của huyện", later},
		{"Bến phà chưa đưa vào sử dụng vì đang triển khai kè", now},
		{"Sẽ đưa vào sử dụng cuối năm", later},
		{"Phấn đấu đưa vào vận hành trong quý IV", later},
		{"Đang hoàn thiện để đưa vào sử dụng", now},
		{"Phần mềm chưa đưa vào vận hành", now},
		{"Đang đưa vào vận hành thử nghiệm", now},
		{"Theo kế hoạch đã hoàn thành trong năm", done},
		{"Nhiệm vụ được giao đã hoàn thành đúng hạn", done},
		{"Một số thôn chưa triển khai thực hiện", now},
		{"Còn 03 thôn chưa đăng ký tham gia", nothing},

		// Other words of like letters.
		{"Hệ thống đang triển khai", now},
		{"Người lao động, công nhân dùng chung tài khoản", nothing},
		{"Khám chữa bệnh triển khai thực hiện tốt", nothing},

		// Damage, with and without repair.
		{"Cho ca da hoan thanh 100% so sap", done},
		{"Dang trién khai tai 5 x& ven song", now},
		{"viec nay da ban giao cho Phong Van hoa quan ly", gone},
		{"Hién chua trién khai", later},
		{"B&n d6 da dua vao str dung", done},
		{"Khéng ding ky trién khai", absent},
	} {
		if got, _ := p.statuses.Read(c.text); got.Status != c.want {
			t.Errorf("%q: %q, want %q (%q, others %v)", c.text, got.Status, c.want, c.text[got.From:got.To], got.Others)
		}
	}
}

func modelResults(t *testing.T) *Profile { return builtInNamed(t, "model-results") }

// builtInNamed is a profile that the program comes with.
func builtInNamed(t *testing.T, name string) *Profile {
	t.Helper()
	profiles, err := LoadProfiles()
	if err != nil {
		t.Fatal(err)
	}
	for i := range profiles {
		if profiles[i].Name == name {
			return &profiles[i]
		}
	}
	t.Fatalf("no profile %s", name)
	return nil
}

// Labels that damage left little of, or that stand behind words of another cell.
func TestDamagedStatusLabels(t *testing.T) {
	const unread = "?"
	p := modelResults(t)
	for _, c := range []struct {
		text string
		want schema.Status
	}{
		{"IIOAN TIIANH Cầu phao có 14 camera", schema.Completed},
		{".FIOAN TBANH", schema.Completed},
		{"HQAN TMNH", schema.Completed},
		{"DANC TITIC HTEN Bến cá có 5 máy", schema.InProgress},
		{"BANG TRTEN KIIAI", schema.InProgress},
		{"CHIJA TRIEN KI1AI", schema.NotStarted},
		{"CI-IUA TRIFN KI1AI", unread}, // as near to what is under way
		{"Chợ nổi bán 300 vé. HOÀN THÀNH Kho số có 20 nghìn trang", schema.Completed},
		{"Chợ nổi bán 300 vé. HOÀN THÀNH Kho số. ĐANG THỰC HIỆN", schema.InProgress}, // the last
		{"CỤC THUẾ TỈNH tra soát 40 tờ khai", ""},
		{"SSO đã triển khai ở cảng cá", schema.InProgress},
		{"QTR GHIZDWLX Đã triển khai ở cảng cá", unread},
		{"QTR GHIZDWLX Bến xe đang triển khai", schema.InProgress},
	} {
		hit, ok := p.statuses.Read(c.text)
		got := hit.Status
		if hit.Unread && !ok {
			got = unread
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q (%q)", c.text, got, c.want, c.text[hit.From:hit.To])
		}
	}
}

// Repair makes words of a label of which hardly a letter is left; what was read of
// it still tells.
func TestStatusOfLabelAsRead(t *testing.T) {
	p := modelResults(t)
	cell := newPassage([]word{{text: "TOÀN", raw: "HOAN"}, {text: "THÍCH", raw: "THANH"}, {text: "Đã", raw: "Da"}, {text: "xong", raw: "xong"}})
	if _, ok := p.statuses.Read(cell.text); ok {
		t.Fatal("the repaired words tell the status: they show nothing")
	}
	read, ok := labelAsRead(p.statuses, cell)
	if !ok || read.text != "HOAN THANH Đã xong" {
		t.Errorf("the label as read is %q", read.text)
	}
	if _, ok := labelAsRead(p.statuses, newPassage([]word{{text: "Không", raw: "Khéng"}})); ok {
		t.Error("what was read is a label, though it is none")
	}
}

// A cell of a known grid says by how its sentence opens what no wording tells; in
// a lost table it does not, since its first words may be of another cell. Where the
// cell is silent on it, a person looks; where it is empty, nothing is to be seen.
func TestStatusOfKnownCells(t *testing.T) {
	p := modelResults(t)
	results := p.column(func(c *Column) bool { return c.Status })
	for _, c := range []struct {
		results string
		known   bool
		want    any
		review  bool
	}{
		{"Đang đo sâu ở bốn bến đò.", true, "in_progress", false},
		{"Đang đo sâu ở bốn bến đò.", false, nil, true},
		{"Chợ bán thêm 40 gian.", true, nil, true},
		{"", true, nil, false},
	} {
		w := &row{number: 1, known: c.known, cells: make([]passage, len(p.Columns))}
		w.cells[results] = passageOf(c.results)
		rec := newBuilder(nil, nil, Options{}).makeRecord(p, w, "")
		s := rec.Fields["status"].One
		if s == nil || s.Value != c.want || (s.State == schema.NeedsReview) != c.review {
			t.Errorf("%q, known %v: %+v, want %v, review %v", c.results, c.known, s, c.want, c.review)
		}
	}
}
