package extract_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sohoa/sohoa/eval"
	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

var (
	tornDir  = flag.String("torn", "", "folder with torn texts to weigh seams on, and their truth as *.json")
	tuneTime = flag.Duration("tune", 0, "how long to look for better weights; 0 shows the figures of those there are")
)

// A tornText is a torn text, repaired, with its truth.
type tornText struct {
	name  string
	pages []schema.Page
	gold  *eval.Gold
}

// TestTornWeights shows how well torn texts are read, and looks for better
// weights with -tune:
//
//	go run ./fixtures/generate -variants torn -seed 1 -o DIR
//	go test ./extract -run TornWeights -v -timeout 2h -args -torn DIR -tune 20m
//
// One weight at a time is moved up and down, and kept where the texts come out
// better; steps shrink when no weight moves any more.
func TestTornWeights(t *testing.T) {
	if *tornDir == "" {
		t.Skip("needs -torn")
	}
	texts := readTorn(t, *tornDir)
	best, lines := tornScore(texts)
	for _, l := range lines {
		t.Log(l)
	}
	t.Logf("all: %.4f", best)
	if *tuneTime == 0 {
		return
	}
	weights := reflect.ValueOf(extract.Woven).Elem()
	end := time.Now().Add(*tuneTime)
	for step := 0.5; step > 0.1; step /= 2 {
		for moved := true; moved; {
			moved = false
			for i := range weights.NumField() {
				f := fieldOf(weights, i)
				was := *f
				for _, by := range []float64{1 + step, 1 / (1 + step)} {
					if time.Now().After(end) {
						t.Logf("%+v", *extract.Woven)
						return
					}
					*f = was * by
					if s, _ := tornScore(texts); s < best-1e-4 {
						best, moved = s, true
						fmt.Printf("%.4f %s %.3f\n", s, weights.Type().Field(i).Name, *f)
						break
					}
					*f = was
				}
			}
		}
	}
	t.Logf("%+v", *extract.Woven)
}

func fieldOf(v reflect.Value, i int) *float64 {
	return (*float64)(v.Field(i).Addr().UnsafePointer())
}

func readTorn(t *testing.T, dir string) []tornText {
	t.Helper()
	golds, err := eval.ReadGolds(dir)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no torn texts: %v", err)
	}
	var out []tornText
	for _, f := range files {
		name := filepath.Base(f)
		i := slices.IndexFunc(golds, func(g *eval.Gold) bool {
			return slices.ContainsFunc(g.Sources, func(s string) bool { return strings.HasPrefix(name, s+".") })
		})
		if i < 0 {
			t.Fatalf("no truth of %s", f)
		}
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		pages := textPages(string(data))
		restore(t, pages)
		out = append(out, tornText{name, pages, golds[i]})
	}
	return out
}

// tornScore is the mean share of what is wrong in the fields of records, between 0
// and 1 for each text.
func tornScore(texts []tornText) (float64, []string) {
	r, _ := restorer()
	wrong, lines := make([]float64, len(texts)), make([]string, len(texts))
	var group sync.WaitGroup
	slots := make(chan struct{}, 2)
	for i := range texts {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			x := &texts[i]
			pages := copyPages(x.pages)
			got := extract.Build(pages, nil, extract.Options{Restorer: r})
			edits, letters := fieldEdits(x.gold.Records, got.Records)
			wrong[i] = edits / (edits + letters) // records that take in too much are worse than none
			line := fmt.Sprintf("%s %.3f", x.name, edits/letters)
			for _, f := range eval.Score(x.gold, document(x.name, pages, nil, got)).Figures() {
				switch f.Name {
				case "model.title_cer", "model.long_cer", "model.status_f1", "model.amounts_column_f1":
					line += fmt.Sprintf(" %s %.3f", strings.TrimPrefix(f.Name, "model."), f.Value)
				}
			}
			lines[i] = line
		})
	}
	group.Wait()
	total := 0.0
	for _, s := range wrong {
		total += s
	}
	return total / float64(len(texts)), lines
}

// fieldEdits counts the letters that records have wrong, and those of the true
// ones. Records are paired by their numbers, in order where those begin anew.
func fieldEdits(gold []eval.GoldRecord, got []schema.Record) (edits, letters float64) {
	left := slices.Clone(got)
	for _, g := range gold {
		at := slices.IndexFunc(left, func(r schema.Record) bool {
			n := r.Fields["number"].One
			return r.Kind == g.Kind && n != nil && strings.TrimLeft(eval.Canonical(fmt.Sprint(n.Value)), "0") == strings.TrimLeft(g.Number(), "0")
		})
		for name, want := range g.Fields {
			if name == "number" {
				continue
			}
			text := ""
			if at >= 0 {
				for _, f := range left[at].Fields[name].All() {
					text += f.Text
				}
			}
			a, b := []rune(eval.Canonical(want)), []rune(eval.Canonical(text))
			edits, letters = edits+float64(eval.Distance(a, b)), letters+float64(len(a))
		}
		if at >= 0 {
			left = slices.Delete(left, 0, at+1)
		}
	}
	return edits, letters
}

// TestWovenTable reads a table whose columns OCR ran together. The limits lie
// where a search over pieces alone does not come.
func TestWovenTable(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "fixtures", "scans", "tra-giang-models.ocrtext.txt"))
	if err != nil {
		t.Fatal(err)
	}
	gold, err := eval.ReadGold(filepath.Join("..", "fixtures", "truth", "tra-giang-models.json"))
	if err != nil {
		t.Fatal(err)
	}
	pages := textPages(string(data))
	restore(t, pages)
	r, err := restorer()
	if err != nil {
		t.Fatal(err)
	}
	got := extract.Build(pages, nil, extract.Options{Restorer: r})
	limits := map[string]float64{"model.number_f1": 1, "model.title_cer": 0.092, "model.status_f1": 0.995, "model.amounts_column_f1": 0.942, "model.long_cer": 0.24}
	for _, f := range eval.Score(gold, document("", pages, nil, got)).Figures() {
		limit, ok := limits[f.Name]
		if !ok {
			continue
		}
		delete(limits, f.Name)
		if f.Low && f.Value > limit || !f.Low && f.Value < limit {
			t.Errorf("%s is %.3f, the limit %.3f", f.Name, f.Value, limit)
		}
	}
	for name := range limits {
		t.Errorf("no figure %s", name)
	}
}

// BenchmarkWoven reads a text whose columns OCR ran together.
func BenchmarkWoven(b *testing.B) {
	r, err := restorer()
	if err != nil {
		b.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join("..", "fixtures", "scans", "tra-giang-models.ocrtext.txt"))
	if err != nil {
		b.Fatal(err)
	}
	read := textPages(string(data))
	for i := range read {
		r.Page(&read[i])
	}
	for b.Loop() {
		extract.Build(copyPages(read), nil, extract.Options{Restorer: r})
	}
}

// Cells that came block by block go to the columns that are as wide as they are,
// also where their words say little; a second block of a cell stays in it.
func TestBlocksTakeTheirColumns(t *testing.T) {
	r, err := restorer()
	if err != nil {
		t.Fatal(err)
	}
	pages := textPages(`PHỤ LỤC 6
KẾT QUẢ TRIỂN KHAI MÔ HÌNH

STT

Mô hình

Kết quả triển khai

Khó khăn, vướng mắc

Đánh giá hiệu quả

Kinh phí thực hiện

Hướng triển khai tiếp theo

1

Mô hình 1: Bán vé đò qua
điện thoại

Hai bến đò ở cửa sông nhận tiền vé qua điện thoại từ
tháng tư, mỗi ngày có chừng bốn mươi khách mua vé
trước khi tới bến.

Sóng ở giữa sông chập chờn nên
nhiều khách vẫn phải trả tiền mặt
khi lên đò.

Khách không phải chờ lấy vé
lâu, chủ đò đếm được khách
của từng chuyến.

Chủ đò tự mua
máy và tự trả
tiền mạng.

Làm thêm ở ba bến còn lại
trong huyện vào mùa khô
năm tới.

2

Mô hình 2: Báo mực nước
ở các cống ngăn mặn

Mười hai cống có cột đo và máy ảnh, cán bộ xem được
mực nước từng giờ trên trang của huyện.

Pin của sáu cột đo yếu sau mỗi
đợt mưa dài.

Xã đóng cống sớm hơn, lúa
không bị mặn vào cuối vụ.

Xã góp tiền
công đào hố
chôn cột.

Thay pin và che máy ảnh
trước mùa mưa.
`)
	restore(t, pages)
	rs := extract.Build(pages, nil, extract.Options{Restorer: r}).Records
	if len(rs) != 2 {
		t.Fatalf("%d records", len(rs))
	}
	checkFields(t, rs[0], map[string]string{
		"title": "Bán vé đò qua điện thoại", "difficulties": "Sóng ở giữa sông chập chờn nên nhiều khách vẫn phải trả tiền mặt khi lên đò.",
		"benefits": "Khách không phải chờ lấy vé lâu, chủ đò đếm được khách của từng chuyến.", "cost": "Chủ đò tự mua máy và tự trả tiền mạng.",
		"next_steps": "Làm thêm ở ba bến còn lại trong huyện vào mùa khô năm tới.",
	})
	checkFields(t, rs[1], map[string]string{"difficulties": "Pin của sáu cột đo yếu sau mỗi đợt mưa dài.", "cost": "Xã góp tiền công đào hố chôn cột.", "next_steps": "Thay pin và che máy ảnh trước mùa mưa."})
}

// Rows whose titles have no wording of their own begin with their numbers where
// OCR wrote down cell by cell.
func TestBlocksBeginWithNumbers(t *testing.T) {
	r, err := restorer()
	if err != nil {
		t.Fatal(err)
	}
	pages := textPages(`PHỤ LỤC 6
KẾT QUẢ TRIỂN KHAI CÁC MÔ HÌNH ĐIỂM

TT

Tên mô hình

Trạng thái

Kết quả triển khai

Khó khăn, vướng mắc

Kinh phí thực hiện

Hướng triển khai tiếp theo

1

Bán vé đò qua điện thoại
ở cửa sông

Đã hoàn
thành

Hai bến đò nhận tiền vé qua điện thoại từ tháng
tư, mỗi ngày có chừng bốn mươi khách mua vé.

Sóng ở giữa sông chập chờn
nên khách trả tiền mặt.

Chủ đò tự mua
máy

Làm thêm ở ba bến
còn lại

2

Báo mực nước ở các cống
ngăn mặn

Đang thực
hiện

Mười hai cống có cột đo và máy ảnh, cán bộ xem
được mực nước từng giờ.

Pin của sáu cột đo yếu sau
mỗi đợt mưa dài.

Xã góp tiền
công đào hố

Thay pin và che máy
ảnh trước mùa mưa

3

Ghi sổ khám thai ở trạm
xá bằng máy

Đang thực
hiện

Chín trạm xá đã ghi sổ bằng máy, bốn trạm còn ghi
bằng tay.

Y tá lớn tuổi gõ chữ chậm.

Không

Mở lớp dạy gõ chữ
trong tháng tám
`)
	restore(t, pages)
	rs := extract.Build(pages, nil, extract.Options{Restorer: r}).Records
	if len(rs) != 3 {
		t.Fatalf("%d records", len(rs))
	}
	checkFields(t, rs[1], map[string]string{
		"title": "Báo mực nước ở các cống ngăn mặn", "status": "in_progress", "difficulties": "Pin của sáu cột đo yếu sau mỗi đợt mưa dài.",
		"cost": "Xã góp tiền công đào hố", "next_steps": "Thay pin và che máy ảnh trước mùa mưa",
	})
	checkFields(t, rs[2], map[string]string{"title": "Ghi sổ khám thai ở trạm xá bằng máy", "difficulties": "Y tá lớn tuổi gõ chữ chậm.", "next_steps": "Mở lớp dạy gõ chữ trong tháng tám"})
}

// Words of heads at the top of a page, far from each other among the text of
// cells, are no heads that are printed again.
func TestWordsOfHeadsInCells(t *testing.T) {
	r, err := restorer()
	if err != nil {
		t.Fatal(err)
	}
	pages := textPages(`PHỤ LỤC 6
KẾT QUẢ TRIỂN KHAI MÔ HÌNH
STT | Mô hình | Kết quả đạt được | Vướng mắc | Đánh giá hiệu quả | Kinh phí thực hiện | Hướng triển khai tiếp theo
1 | Mô hình 1: Bán vé đò qua | Hai bến đò nhận tiền vé qua | Sóng ở giữa sông | Khách không phải | Chủ đò tự mua | Làm thêm ở ba
điện thoại | điện thoại từ tháng tư. | chập chờn. | chờ lấy vé. | máy | bến còn lại.




Với chủ trạm:
- Công tác thực hiện gọn, chỉ
cần một người, đóng được
cống sớm, không phải ra đê trong
đêm mưa to gió lớn.

Dự tính kinh phí
triển khai Mô
hình 9 ở sáu cống

2 | Mô hình 2: Báo mực nước | Mười hai cống có cột đo và | Pin của sáu cột đo | Lúa không bị mặn | Xã góp tiền | Thay pin trước
ở các cống ngăn mặn | máy ảnh ở hai đầu. | yếu. | vào cuối vụ. | công | mùa mưa.
`)
	restore(t, pages)
	rs := extract.Build(pages, nil, extract.Options{Restorer: r}).Records
	if len(rs) != 2 {
		t.Fatalf("%d records", len(rs))
	}
	all := ""
	for _, r := range rs {
		for _, e := range r.Fields {
			for _, f := range e.All() {
				all += f.Text + "\n"
			}
		}
	}
	for _, want := range []string{"cống sớm, không phải ra đê", "đêm mưa to gió lớn"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is in no cell:\n%s", want, all)
		}
	}
}

// Lists tell where cells begin that run together, and which one a line goes on.
func TestListsAcrossColumns(t *testing.T) {
	r, err := restorer()
	if err != nil {
		t.Fatal(err)
	}
	pages := textPages(`PHỤ LỤC 3
TIỆN ÍCH, GIÁ TRỊ MANG LẠI CHO NGƯỜI DÂN, DOANH NGHIỆP
STT Nội dung Người dân Doanh nghiệp Tồn tại, vướng mắc Nguyên nhân Trách nhiệm Giải pháp
1 Nộp học phí (1) Bớt đi lại: Phụ huynh (1) Trường tư bớt thủ (1) Chín trường (1) Trạm phát sóng Sở Giáo dục và (1) Lắp trạm phát sóng cho
qua tài khoản đóng tiền lúc rảnh, kể cả quỹ và giảm sai sót vùng cao chưa có thưa, mất điện kéo Đào tạo, các ngân chín điểm trường.
buổi tối và ngày nghỉ. khi kiểm đếm. đường truyền ổn dài. hàng thương mại. (2) Cử đoàn viên hướng dẫn
(2) Minh bạch khoản (2) Ngân hàng có định. (2) Chưa có người từng phụ huynh.
thu: Mỗi khoản hiện tên, thêm khách hàng (2) Phụ huynh lớn hướng dẫn tại điểm (3) Miễn phí chuyển khoản đến
mức thu và văn bản cho thường xuyên tại tuổi quen trả tiền trường. hết năm học.
phép thu. vùng nông thôn. mặt.
(3) Theo dõi dễ: Lịch sử
đóng tiền của từng con
được lưu năm năm.
2 Sổ tiêm chủng (1) Không lo mất sổ (1) Phòng tiêm dịch Dữ liệu tiêm trước (1) Sổ cũ bị mối Sở Y tế, trạm y tế (1) Thuê nhập bù dữ liệu trong
điện tử giấy, mở điện thoại là vụ đặt mua vắc xin năm 2019 còn thiếu mọt, không đọc các xã. quý tới.
thấy mũi tiêm đã qua. sát nhu cầu. ở bốn huyện cũ. được. (2) Giao chỉ tiêu theo tuần cho
(2) Nhắc lịch tự động (2) Giảm hủy lọ đã (2) Người nhập liệu từng trạm.
trước ba ngày, hạn chế mở nắp. kiêm nhiệm nhiều
bỏ lỡ mũi nhắc lại. (3) Đối chiếu chi phí việc.
với kho chung nhanh
hơn.
`)
	restore(t, pages)
	rs := extract.Build(pages, nil, extract.Options{Restorer: r}).Records
	if len(rs) != 2 {
		t.Fatalf("%d records", len(rs))
	}
	for i, want := range []map[string][]string{
		{
			"content": {"Nộp học phí qua tài khoản"}, "for_citizens": {"(1) Bớt đi lại:", "(2) Minh bạch khoản", "(3) Theo dõi dễ:"},
			"for_businesses": {"(1) Trường tư", "(2) Ngân hàng"}, "shortcomings": {"(1) Chín trường", "(2) Phụ huynh"},
			"causes": {"(1) Trạm phát sóng", "(2) Chưa có người"}, "solutions": {"(1) Lắp trạm", "(2) Cử đoàn viên", "(3) Miễn phí"},
		},
		{
			"content": {"Sổ tiêm chủng điện tử"}, "for_citizens": {"(1) Không lo", "(2) Nhắc lịch"}, "for_businesses": {"(1) Phòng tiêm", "(2) Giảm hủy", "(3) Đối chiếu"},
			"causes": {"(1) Sổ cũ", "(2) Người nhập"}, "solutions": {"(1) Thuê nhập", "(2) Giao chỉ tiêu"},
		},
	} {
		for name, items := range want {
			text := fieldText(rs[i], name)
			for _, item := range items {
				if !strings.Contains(text, item) {
					t.Errorf("row %d: %s lacks %q: %s", i+1, name, item, text)
				}
			}
		}
	}
}

func fieldText(r schema.Record, name string) string {
	text := ""
	for _, f := range r.Fields[name].All() {
		text += f.Text + "\n"
	}
	return text
}
