package extract_test

import (
	"testing"

	"github.com/sohoa/sohoa/extract"
)

// Words of an office that were read stay, also where the list has none like them;
// what was misread is mended.
func TestOfficesAsPrinted(t *testing.T) {
	for _, c := range []struct{ foot, office string }{
		{"KT. BỘ TRƯỞNG\nTHỨ TRƯỞNG", "KT. BỘ TRƯỞNG THỨ TRƯỞNG"},
		{"TM. HỘI ĐỒNG NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", "TM. HỘI ĐỒNG NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH"},
		{"KT. TRƯỞNG BAN\nPHÓ TRƯỞNG BAN PHỤ TRÁCH", "KT. TRƯỞNG BAN PHÓ TRƯỞNG BAN PHỤ TRÁCH"},
		{"KT. TRƯỞNG BAN\nPHÓ TRƯỞNG BAN\nPHỤ TRÁCH", "KT. TRƯỞNG BAN PHÓ TRƯỞNG BAN PHỤ TRÁCH"},
		{"K/T CHỦ TỊCH\nPHÓ CHỦ TỊCH", "K/T CHỦ TỊCH PHÓ CHỦ TỊCH"},
		{"T/M BAN CHẤP HÀNH\nBÍ THƯ", "T/M BAN CHẤP HÀNH BÍ THƯ"},
		{"TM. ĐOÀN ĐO GIÓ\nTRƯỞNG ĐOÀN", "TM. ĐOÀN ĐO GIÓ TRƯỞNG ĐOÀN"},
		{"TL. GIÁM ĐỐC\nQUẢN ĐỐC PHÂN XƯỞNG", "TL. GIÁM ĐỐC QUẢN ĐỐC PHÂN XƯỞNG"},
		{"Q. CHI CỤC TRƯỞNG", "Q. CHI CỤC TRƯỞNG"},
		{"TRƯỞNG KHOA", "TRƯỞNG KHOA"},
		{"TM. ỦY BẠN NHÂN DÂN\nKT, CHỦ TỊCH\nPHO CHU TICH", "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH"},
		{"KT. GIÁM ĐỐC\nPHÓ GIÁM DÓC", "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC"},
		{"GIÁM ĐỐC\nBẢNG GHI SỐ GIÓ", "GIÁM ĐỐC"},
	} {
		h := extract.Build(textPages(lettered+"\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n\n"+c.foot+"\n\nLưu Gia Mẫn\n"), nil, extract.Options{}).Header
		if h.SignerTitle == nil || h.SignerTitle.Value != c.office {
			t.Errorf("%q: office %+v, want %q", c.foot, h.SignerTitle, c.office)
		}
	}
}
