package extract_test

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract"
)

const closedTable = `ỦY BAN NHÂN DÂN XÃ BẾN SẬY

BÁO CÁO
Kết quả dịch vụ công trực tuyến

TT Tên dịch vụ công Hồ sơ trực tuyến Tổng hồ sơ Tỷ lệ (%)
1 Cấp bản sao giấy khai sinh 120 150 80
2 Xác nhận tình trạng hôn nhân 45 90 50
3 Đăng ký hộ kinh doanh 66 88 75
4 Đăng ký tạm trú 30 40 75

`

// The paragraph behind a table is none of its cells, and a number that begins one of its
// lines is no row's; what it cites counts.
func TestClosingParagraph(t *testing.T) {
	foot := "\nNơi nhận: CHỦ TỊCH\n- UBND tỉnh;\n- Lưu: VT.\n\nNgô Thị Lài\n"
	for name, c := range map[string]struct {
		text string
		rows int
	}{
		"sentence":   {"Năm sau, xã mở thêm quầy ở chợ theo Quyết định số 71/QĐ-UBND ngày 02/3/2025, chi khoảng\n6 triệu đồng cho quầy./.\n", 4},
		"new page":   {"Năm sau, xã mở thêm quầy ở chợ theo Quyết định số 71/QĐ-UBND ngày 02/3/2025, chi khoảng\n6 triệu đồng cho quầy./.\n\n\f\n2\n", 4},
		"short":      {"Trân trọng báo cáo./.\n", 4},
		"row behind": {"6 Chứng thực chữ ký 10 20 50\n", 6},
	} {
		got := extract.Build(textPages(closedTable+c.text+foot), nil, extract.Options{})
		if len(got.Records) != c.rows {
			t.Errorf("%s: %d records, want %d", name, len(got.Records), c.rows)
			continue
		}
		for i, r := range got.Records {
			for field, e := range r.Fields {
				for _, f := range e.All() {
					if strings.Contains(f.Raw, "quầy") || strings.Contains(f.Raw, "Trân trọng") {
						t.Errorf("%s: %s of row %d is %q", name, field, i+1, f.Raw)
					}
				}
			}
		}
		if cited := strings.Contains(c.text, "71/QĐ"); cited != (len(got.Citations) > 0) {
			t.Errorf("%s: citations %v", name, got.Citations)
		}
	}
}
