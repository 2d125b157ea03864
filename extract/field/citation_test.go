package field_test

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract/field"
)

func TestCitations(t *testing.T) {
	tests := []struct{ text, want string }{
		{"Công văn số 1007/SNV-VP ngày 03/9/2025 của Sở Nội vụ về việc", "Công văn|1007/SNV-VP|2025-09-03|Sở Nội vụ"},
		{"Quyét dinh so 1827-OP/TU ngay 11/02/2025 ciia Ban Thirong vu Tinh iy dé thanh ldp", "Quyết định|1827-QĐ/TU|2025-02-11|Ban Thirong vu Tinh iy"},
		{"Quyét dinh sé 1845-\nOP/TU ngay 21/02/2025", "Quyết định|1845-QĐ/TU|2025-02-21|"},
		{"Nghi quyét s6 57- -NO/TW ngay 22 thang 12 nam 2024 cua Bo Chinh tri “vé", "Nghị quyết|57-NQ/TW|2024-12-22|Bo Chinh tri"},
		{"Quy ché lam viéc\n56 02 -QC/BCP ngay 21/02/2025", "Quy chế|02-QC/BCĐ|2025-02-21|"},
		{"Ké hoach hanh\ndong so 359-KH/TU", "Kế hoạch|359-KH/TU||"},
		{"Théng bdo két lugn so 04- TB/BCDTW\nngay 30/5/2025", "Thông báo kết luận|04-TB/BCĐTW|2025-05-30|"},
		{"Nghị quyết số 193/2025/QH15 của Quốc hội về thí điểm", "Nghị quyết|193/2025/QH15||Quốc hội"},
		{"Nghi dinh 88/2025/ND-CP ngay 13/4/2025 quy dinh", "Nghị định|88/2025/NĐ-CP|2025-04-13|"},
		{"văn bản số 1552/BTTTT-TTH và 708/BTTTT-CATTT; hoàn thành", "Văn bản|1552/BTTTT-TTH||;Văn bản|708/BTTTT-CATTT||"},
		{"Céng van so: 147/VP-TTHC ngay 02/5/2025; 3251/UBND-TTHC ngay 30/5/2025; 3331/UBND-\nTTHC ngay 03/6/2025, 3587/UBND ngdy 11/6/2025", "Công văn|147/VP-TTHC|2025-05-02|;Công văn|3251/UBND-TTHC|2025-05-30|;Công văn|3331/UBND-TTHC|2025-06-03|;Công văn|3587/UBND|2025-06-11|"},
		{"Quyét dinh so 55/0BD/UBND ngay\n14/01/2025", "Quyết định|55/QĐ/UBND|2025-01-14|"},
		{"Công văn số 472/SKHCN-BCVT&CDS\nngày 27 tháng 7 năm 2025 của Sở Khoa học và Công nghệ).", "Công văn|472/SKHCN-BCVT&CĐS|2025-07-27|Sở Khoa học và Công nghệ"},
		{"Quyét dinh 950/QD-TTg); Pa trién khai", "Quyết định|950/QĐ-TTg||"},
		{"KH 328-KH/TU, KH 331-KH/TU của Tỉnh ủy", "Kế hoạch|328-KH/TU||;Kế hoạch|331-KH/TU||Tỉnh ủy"},
		{"đạt 674.242/708.475 người, 57/96 địa phương, ngày 24/7/2025", ""},
		{"tốc độ 100 km/h và mạng 3G/4G", ""},
	}
	for _, tt := range tests {
		var got []string
		for _, h := range field.Citations(tt.text) {
			c := h.Citation
			got = append(got, strings.Join([]string{c.Type, c.Number, c.Date, c.Issuer}, "|"))
		}
		if s := strings.Join(got, ";"); s != tt.want {
			t.Errorf("Citations(%q)\n got %s\nwant %s", tt.text, s, tt.want)
		}
	}
}
