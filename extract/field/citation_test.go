package field_test

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract/field"
)

func TestCitations(t *testing.T) {
	tests := []struct{ text, want string }{
		{"Công văn số 1007/SNV-VP ngày 03/9/2025 của Sở Nội vụ về việc", "Công văn|1007/SNV-VP|2025-09-03|Sở Nội vụ"},
		{"Quyét dinh so 2943-OP/TU ngay 12/03/2024 ciia Ban Thirong vu Thanh iy dé kién toan", "Quyết định|2943-QĐ/TU|2024-03-12|Ban Thirong vu Thanh iy"},
		{"Quyét dinh sé 2716-\nOP/TU ngay 18/03/2025", "Quyết định|2716-QĐ/TU|2025-03-18|"},
		{"Nghi quyét s6 83- -NO/TW ngay 21 thang 11 nam 2023 cua Bo Chinh tri “vé", "Nghị quyết|83-NQ/TW|2023-11-21|Bo Chinh tri"},
		{"Quy ché phéi hop\n56 04 -QC/BCP ngay 17/03/2025", "Quy chế|04-QC/BCĐ|2025-03-17|"},
		{"Ké hoach hanh\ndong s6 412-KH/TU", "Kế hoạch|412-KH/TU||"},
		{"Théng bdo két lugn so 09- TB/BCDTW\nngay 28/4/2024", "Thông báo kết luận|09-TB/BCĐTW|2024-04-28|"},
		{"Công văn số 1 306/SYT-NV ngày 12/8/2025 của Sở Y tế", "Công văn|1306/SYT-NV|2025-08-12|Sở Y tế"},
		{"Nghị quyết số 146/2024/QH15 của Quốc hội về thí điểm", "Nghị quyết|146/2024/QH15||Quốc hội"},
		{"Nghi dinh 91/2024/ND-CP ngay 16/5/2024 hudng dan", "Nghị định|91/2024/NĐ-CP|2024-05-16|"},
		{"văn bản số 1663/BTTTT-TTH và 819/BTTTT-CATTT; hoàn thành", "Văn bản|1663/BTTTT-TTH||;Văn bản|819/BTTTT-CATTT||"},
		{"Céng van so: 258/VP-TTHC ngay 02/5/2025; 4362/UBND-TTHC ngay 30/5/2025; 4442/UBND-\nTTHC ngay 03/6/2025, 4698/UBND ngdy 11/6/2025", "Công văn|258/VP-TTHC|2025-05-02|;Công văn|4362/UBND-TTHC|2025-05-30|;Công văn|4442/UBND-TTHC|2025-06-03|;Công văn|4698/UBND|2025-06-11|"},
		{"Quyét dinh so 73/0BD/UBND ngay\n09/02/2025", "Quyết định|73/QĐ/UBND|2025-02-09|"},
		{"Công văn số 583/SKHCN-BCVT&CDS\nngày 26 tháng 6 năm 2024 của Sở Khoa học và Công nghệ).", "Công văn|583/SKHCN-BCVT&CĐS|2024-06-26|Sở Khoa học và Công nghệ"},
		{"Quyét dinh 861/QD-TTg); Pa hoan thién", "Quyết định|861/QĐ-TTg||"},
		{"KH 417-KH/TU, KH 419-KH/TU của Tỉnh ủy", "Kế hoạch|417-KH/TU||;Kế hoạch|419-KH/TU||Tỉnh ủy"},
		{"Quyết định số 2518/QĐ-UBND ngày 9 tháng 3 năm 2023 của Chủ tịch Ủy ban nhân\ndân thành phố Tân Lạc về việc", "Quyết định|2518/QĐ-UBND|2023-03-09|Chủ tịch Ủy ban nhân dân thành phố Tân Lạc"},
		{"Quyết định số 61/QĐĐ-BGDĐT ngày 12/02/2025 của Bộ trưởng Bộ\nGiáo dục và Đào tạo giao thêm chỉ tiêu", "Quyết định|61/QĐ-BGDĐT|2025-02-12|Bộ trưởng Bộ Giáo dục và Đào tạo"},
		{"Thông tư số 05/2019/TT-UBDT ngày 3 tháng 1 năm 2019 của Bộ trưởng,\nChủ nhiệm Ủy ban Dân tộc quy định", "Thông tư|05/2019/TT-UBDT|2019-01-03|Bộ trưởng, Chủ nhiệm Ủy ban Dân tộc"},
		{"Quyết định số 2093/QĐ-BGTVT ngày 5 tháng 8 năm 2024 của Bộ trưởng Bộ Giao thông vận tải về bến phà", "Quyết định|2093/QĐ-BGTVT|2024-08-05|Bộ trưởng Bộ Giao thông vận tải"},
		{"Nghị quyết số 45-NQ/TW của Bộ Chính trị và chủ đề năm của xã", "Nghị quyết|45-NQ/TW||Bộ Chính trị"},
		{"Công văn số 18/CV-SYT ngày 2/3/2025 của Sở Y tế Về việc trực tết", "Công văn|18/CV-SYT|2025-03-02|Sở Y tế"},
		{"Nghị định số 218/2025NĐ-CP ngày 4/3/2025 của Chính phủ", "Nghị định|218/2025/NĐ-CP|2025-03-04|Chính phủ"},
		{"Quyết định số 18/QĐÐ-UBNDngày 4/3/2025 của Sở Y tế", "Quyết định|18/QĐ-UBND|2025-03-04|Sở Y tế"},
		{"theo Luật Thư viện công dân số 46/2019/QH14; khoản 2 của Luật số 12/2017/QH14", "Luật|46/2019/QH14||;Luật|12/2017/QH14||"},
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

// The code of a form is no document's.
func TestCodesOfForms(t *testing.T) {
	for _, text := range []string{"Biểu 01/SĐG", "(Biểu mẫu số 02/SĐG-VP)", "theo Mẫu số: 03/TTr-SĐG", "Phụ lục 4/SĐG"} {
		if got := field.Citations(text); len(got) != 0 {
			t.Errorf("%q: %+v", text, got)
		}
	}
	if got := field.Citations("Công văn số 5/SĐG-VP, Biểu 01/SĐG"); len(got) != 1 || got[0].Citation.Number != "5/SĐG-VP" {
		t.Errorf("%+v", got)
	}
}
