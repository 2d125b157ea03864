package extract_test

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

// Where a head gives the unit of sums, figures that no words lead to and no noun follows
// are cells of that column: those between the words of two others, too. Numbers of
// sentences stay where they are.
func TestBareSumsOfLostTables(t *testing.T) {
	text := strings.Join([]string{
		"KẾT QUẢ THỰC HIỆN CÁC MÔ HÌNH", "",
		"Kinh phí (triệu",
		"TT |Tên mô hình |Kết quả thực hiện |Khó khăn, vướng mắc",
		"đồng)",
		"1 |Mô hình 1: Phà đêm qua cửa sông |Đã lắp đặt 14 đèn tại bến, tiếp nhận 2.310 lượt 1.250 Không",
		"xe mỗi tháng, người dân qua lại an toàn.",
		"2 |Mô hình 2: Vườn rau của trường |Đã hoàn thành 4 vườn tại 3 trường tiểu học 386,4 Thiếu nước tưới",
		"và 1 trường trung học cơ sở.",
		"3 |Mô hình 3: Tủ sách trên thuyền |Đang triển khai tại 9 thuyền, có 640 cuốn sách |95 |Sách hay ẩm",
		"được cho mượn mỗi tuần.",
		"4 |Mô hình 4: Lịch tiêm của xã |Đã hoàn thành, nhắc lịch cho 1.905 trẻ em 2.700 Một số hộ",
		"trong toàn xã. chưa có điện thoại",
	}, "\n")
	r, err := restorer()
	if err != nil {
		t.Fatal(err)
	}
	got := extract.Build(textPages(text), nil, extract.Options{Restorer: r})
	want := []int64{1_250_000_000, 386_400_000, 95_000_000, 2_700_000_000}
	if len(got.Records) != len(want) {
		t.Fatalf("%d records, want %d", len(got.Records), len(want))
	}
	for i, rec := range got.Records {
		sums := rec.Fields["amounts"].All()
		if len(sums) != 1 {
			t.Errorf("record %d: sums %+v", i+1, sums)
			continue
		}
		if m, ok := sums[0].Value.(schema.Money); !ok || m.VND != want[i] || m.Column != "cost" {
			t.Errorf("record %d: sum %+v, want %d", i+1, sums[0].Value, want[i])
		}
		if said := value(rec, "results"); strings.Contains(said, sums[0].Text) {
			t.Errorf("record %d: results %q", i+1, said)
		}
	}
	for i, number := range []string{"2.310 lượt", "hoàn thành 4 vườn tại 3 trường", "640 cuốn", "1.905 trẻ"} {
		if said := value(got.Records[i], "results"); !strings.Contains(said, number) {
			t.Errorf("record %d: results %q, want %q among them", i+1, said, number)
		}
	}
}
