package extract_test

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

func texts(fs []schema.Field) []string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Text)
	}
	return out
}

const lettered = `SO KHOA HOC VA CONG NGHE
TRUNG TÂM ĐO ĐẠC SỐ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 17/TB-TTDDS Bàn Thạch, ngày 02 tháng 5 năm 2025
THÔNG BÁO
Kết quả kiểm kê máy trạm
Trung tâm thông báo kết quả kiểm kê máy trạm tại các xã như sau.
Tổng số máy còn dùng được là 85.
`

// OCR takes the D with a stroke for one without; the issuer's initials tell.
func TestCodeOfIssuer(t *testing.T) {
	h := extract.Build(textPages(lettered), nil, extract.Options{}).Header
	if h.Number == nil || h.Number.Value != "17/TB-TTĐĐS" {
		t.Fatalf("number %+v", h.Number)
	}
	if n := len(h.Number.Repairs); n == 0 || h.Number.Repairs[n-1].To != "TTĐĐS" {
		t.Errorf("repairs %v", h.Number.Repairs)
	}
}

// A stroke may be read as an apostrophe.
func TestStrokeReadAsApostrophe(t *testing.T) {
	h := extract.Build(textPages(strings.Replace(lettered, "17/TB-TTDDS", "17'TB-TTĐĐS", 1)), nil, extract.Options{}).Header
	if h.Number == nil || h.Number.Value != "17/TB-TTĐĐS" || h.Number.State != schema.NeedsReview {
		t.Errorf("number %+v", h.Number)
	}
}

// Dashes before recipients are short and often lost.
func TestRecipientsWithoutDash(t *testing.T) {
	h := extract.Build(textPages(lettered+`
Nơi nhận:
- Như trên;
~ Thường trực Huyện ủy;
Phòng Đo đạc, các trạm;
Lưu: VT, ĐĐS§.

KT. GIÁM ĐỐC
PHÓ GIÁM.ĐỐC

Lưu Gia Mẫn
`), nil, extract.Options{}).Header
	want := []string{"Như trên", "Thường trực Huyện ủy", "Phòng Đo đạc, các trạm", "Lưu: VT, ĐĐS"}
	if got := texts(h.Recipients); !reflect.DeepEqual(got, want) {
		t.Errorf("recipients %q, want %q", got, want)
	}
	if h.SignerTitle == nil || h.SignerTitle.Value != "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC" {
		t.Errorf("office %+v", h.SignerTitle)
	}
	if h.Signer == nil || h.Signer.Value != "Lưu Gia Mẫn" {
		t.Errorf("signer %+v", h.Signer)
	}
}

// A misread letter in the issuer's name is no code, and the encoding of a text
// layer is no misreading.
func TestIssuerAndCodesAreRepaired(t *testing.T) {
	pages := textPages(`PHỤ LỤC 2
KẾT QUẢ KIỂM KÊ
(Kèm theo Quyết định số 31/Q§-UBND ngày 02/5/2025 của Sở Khoa h6c và Công nghệ)
`)
	for i := range pages[0].Lines {
		for k := range pages[0].Lines[i].Words {
			w := &pages[0].Lines[i].Words[k]
			switch w.Raw {
			case "h6c":
				w.Text = "học"
			case "31/Q§-UBND":
				w.Text = "31/QĐ-UBND"
				w.Repairs = []schema.Repair{{From: w.Raw, To: w.Text, Reason: "encoding TCVN3", Score: 1}}
			}
		}
	}
	h := extract.Build(pages, nil, extract.Options{}).Header
	want := schema.Citation{Type: "Quyết định", Number: "31/QĐ-UBND", Date: "2025-05-02", Issuer: "Sở Khoa học và Công nghệ"}
	if h.AttachedTo == nil || h.AttachedTo.Value != want {
		t.Errorf("attached to %+v, want %+v", h.AttachedTo, want)
	}
}

// The name and motto of the nation are no agency, however they were cut.
func TestNationInPieces(t *testing.T) {
	for _, nation := range []string{
		"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIETNAM :\nĐộc lập - Tự do - Hạnh phúc",
		"CỘNG HÒA XÃ HỘI CHỦ NGHĨA\nVIETNAM :\nĐộc lập - Tự do - Hạnh phúc",
		"CỘNG HÒA XÃ HỘI\nCHỦ NGHĨA VIET\nNAM :\nĐộc lập - Tự do - Hạnh phúc",
		"CỘNGHÒAXÃHỘI CHỦNGHĨAVIỆTNAM :\nĐộclập-Tựdo-Hạnhphúc",
		"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIETNAM : ĐỘC LẬP - TỰ DO - HẠNH PHÚC",
		"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐỘC LẬP -TỰ DO\n-HẠNH PHÚC:",
	} {
		h := extract.Build(textPages("TỔNG CỤC THỦY VĂN\nCỤC ĐO GIÓ\n"+nation+`
Số: 17/TB-CĐG Bàn Thạch, ngày 02 tháng 5 năm 2025
THÔNG BÁO
Kết quả đo gió
Cục thông báo kết quả đo gió tại các trạm như sau.
`), nil, extract.Options{}).Header
		if h.Issuer == nil || h.Issuer.Value != "CỤC ĐO GIÓ" || h.Parent == nil || h.Parent.Value != "TỔNG CỤC THỦY VĂN" {
			t.Errorf("%q: issuer %+v, parent %+v", nation, h.Issuer, h.Parent)
		}
	}
	h := extract.Build(textPages("HỘI NGƯỜI ĐO GIÓ\nVIỆT NAM\n"+lettered), nil, extract.Options{}).Header
	if h.Parent == nil || h.Parent.Value != "HỘI NGƯỜI ĐO GIÓ VIỆT NAM SO KHOA HOC VA CONG NGHE" {
		t.Errorf("an agency's own VIỆT NAM is lost: %+v", h.Parent)
	}
}

// Officers sign with their rank, others with their degree.
func TestRankBeforeSigner(t *testing.T) {
	for printed, want := range map[string]string{
		"Lưu Gia Mẫn":               "Lưu Gia Mẫn",
		"Đại tướng Lưu Gia Mẫn":     "Lưu Gia Mẫn",
		"Thiếu tưởng Lưu Mẫn":       "Lưu Mẫn",
		"Đại tá, TS. Lưu Gia Mẫn":   "Lưu Gia Mẫn",
		"PGS.TS. Lưu Gia Mẫn":       "Lưu Gia Mẫn",
		"ThS Lưu Gia Mẫn":           "Lưu Gia Mẫn",
		"BS.CKII Lưu Gia Mẫn":       "Lưu Gia Mẫn",
		"Bác sĩ Lưu Mẫn":            "Lưu Mẫn",
		"Đô Đốc Lập":                "Đô Đốc Lập",
		"Phó đô đốc Đô Đốc Lập":     "Đô Đốc Lập",
		"Đại tướng quân sự tỉnh xa": "",
	} {
		h := extract.Build(textPages(lettered+`
Nơi nhận:
- Như trên;
- Lưu: VT.

KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC

`+printed+"\n"), nil, extract.Options{}).Header
		got := ""
		if h.Signer != nil {
			got = h.Signer.Value.(string)
		}
		if got != want {
			t.Errorf("%q: signer %q, want %q", printed, got, want)
		}
	}
}

// The day and the number are written by hand at each place, and read
// differently; the letters of codes bear no marks but the stroke of Đ.
func TestNumberAndDayByHand(t *testing.T) {
	text := ` UY BAN NHAN DAN CONG HOA XA HOI CHU NGHIA VIET NAM
 Số: 417 /BC-UBND Lam Hà, ngày d6 tháng 8 năm 2025
BÁO CÁO
Kết quả dựng trạm đo mưa ở các xã đầu nguồn

Thực hiện Công văn số 96/SKHCN-BCVT ngày 11/7/2025, các xã đã dựng 14 trạm đo mưa.
Mười trạm gửi số đo về xã mỗi giờ một lần.

Nơi nhận:
- Trưởng Ban BCD tỉnh;
- Lưu: VT, NN (Hậu). i




PHỤ LỤC 1
DANH SÁCH TRẠM ĐO MƯA
(Ban hành kèm theo Báo cáo số 477/BC-UBND ngày 16/8/2025 của UBND tỉnh Lam Hà)
Trạm Khe Sim dựng ở đầu cầu treo.
`
	pages := textPages(text)
	restore(t, pages)
	r := extract.Build(pages, nil, extract.Options{})
	h := r.Header
	if h.Number == nil || h.Number.Value != "417/BC-UBND" || h.Issuer == nil {
		t.Errorf("number %+v of %+v", h.Number, h.Issuer)
	}
	if h.Date == nil || h.Date.Value != "2025-08-?6" || len(h.Date.Alternatives) != 3 {
		t.Fatalf("date %+v", h.Date)
	}
	likeliest := slices.MaxFunc(h.Date.Alternatives, func(a, b schema.Alternative) int { return cmp.Compare(a.Score, b.Score) })
	if likeliest.Text != "2025-08-16" {
		t.Errorf("likeliest day %+v", h.Date.Alternatives)
	}
	if want := []string{"Trưởng Ban BCĐ tỉnh", "Lưu: VT, NN (Hậu)"}; !slices.Equal(texts(h.Recipients), want) {
		t.Errorf("recipients %q, want %q", texts(h.Recipients), want)
	}
	if len(r.Citations) != 1 || r.Citations[0].Value.(schema.Citation).Number != "96/SKHCN-BCVT" {
		t.Errorf("citations %+v", r.Citations)
	}
	if !slices.ContainsFunc(r.Checks, func(c schema.Check) bool {
		return c.Rule == "own_number" && strings.Contains(c.Message, "477/BC-UBND")
	}) {
		t.Errorf("checks %+v", r.Checks)
	}
}

// A law names its number "Luật số", and its first sentences the nation in
// small letters, which is no letterhead.
func TestLaw(t *testing.T) {
	h := extract.Build(textPages(`QUỐC HỘI
Luật số: 91/2019/QH14
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
LUẬT
BẢN ĐỒ SỐ
Theo Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;
Điều 1. Luật này áp dụng cho bản đồ số mà
cơ quan ở nước Cộng hòa xã hội chủ nghĩa Việt Nam; lập và giữ bản đồ.
`), nil, extract.Options{}).Header
	for name, got := range map[string]*schema.Field{"QUỐC HỘI": h.Issuer, "91/2019/QH14": h.Number, "LUẬT": h.DocumentType, "BẢN ĐỒ SỐ": h.Title} {
		if got == nil || got.Value != name {
			t.Errorf("%+v, want %s", got, name)
		}
	}
	if h.Parent != nil {
		t.Errorf("parent %+v", h.Parent)
	}
}

// The archive is the last recipient. Strokes of a signature stand behind names,
// and one word of an agency that was misread is known by the others.
func TestRecipients(t *testing.T) {
	h := extract.Build(textPages(lettered+`
Nơi nhận:
- Vi phòng Chính phủ;
- Sở Khoa bọc và Công nghệ (báo cáo);
- Công Thông tin điện tử tỉnh;
- Phòng Đo đạc; / Z7
- Chi cục Văn thư, Sở Nộị vụ;
- Công an xã; Bưu điện xã;
- Lưu: VT. KSTTHC.
GIÁM ĐỐC
(Đã ký) Nguyễn Thị Lành
Ghi chú:
- Chữ nghiêng là phần mới;
Trạm trưởng cấp xã.
`), nil, extract.Options{}).Header
	want := []string{"Văn phòng Chính phủ", "Sở Khoa học và Công nghệ (báo cáo)", "Cổng Thông tin điện tử tỉnh", "Phòng Đo đạc",
		"Chi cục Văn thư, Sở Nộị vụ", "Công an xã; Bưu điện xã", "Lưu: VT, KSTTHC"}
	var got []string
	for _, r := range h.Recipients {
		got = append(got, r.Text)
	}
	if !slices.Equal(got, want) {
		t.Errorf("recipients %q", got)
	}
	for _, i := range []int{0, 1, 2} {
		if r := h.Recipients[min(i, len(h.Recipients)-1)]; r.State != schema.NeedsReview || len(r.Repairs) == 0 {
			t.Errorf("%q was changed and nobody is to look at it", r.Text)
		}
	}
	if h.Signer == nil || h.Signer.Value != "Nguyễn Thị Lành" {
		t.Errorf("signer %+v", h.Signer)
	}
}

// What an assembly passes names no recipients.
func TestFootOfLaw(t *testing.T) {
	h := extract.Build(textPages(`QUỐC HỘI CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Luật số: 93/2031/QH17 Độc lập - Tự do - Hạnh phúc

LUẬT
ĐÊ ĐIỀU VÀ BẾN ĐÒ

Điều 1. Luật này nói về đê và bến đò.
Điều 2. Chủ bến giữ áo phao cho khách.
Điều 3. Bến không phép bị đóng.
Luật này được Quốc hội khóa XVII, kỳ họp thứ 3
thông qua ngày 17 tháng 4 năm 2031.
CHỦ TỊCH QUỐC HỘI
Đã ký: Đoàn Thị Hạ Vy
`), nil, extract.Options{}).Header
	if h.Date == nil || h.Date.Value != "2031-04-17" {
		t.Errorf("date %+v", h.Date)
	}
	if h.Signer == nil || h.Signer.Value != "Đoàn Thị Hạ Vy" || h.SignerTitle == nil || h.SignerTitle.Value != "CHỦ TỊCH QUỐC HỘI" {
		t.Errorf("signer %+v, %+v", h.Signer, h.SignerTitle)
	}
}

// Marks that a title has wrong are right where the text says the same.
func TestTitleSaidAgain(t *testing.T) {
	text := func(title string) string {
		return strings.Replace(lettered, "Kết quả kiểm kê máy trạm\n", title+"\nThực hiện kế hoạch năm, ", 1) +
			"Kết quả kiểm kê máy trạm gắn với sổ tay tại các xã là như vậy.\nViệc kiểm kê máy trạm gắn với sổ tay là đúng.\n"
	}
	for title, want := range map[string]string{
		"Kết quả kiểm kê máy trạm gần với sổ tay":  "Kết quả kiểm kê máy trạm gắn với sổ tay",
		"Kết quả kiểm kê máy trạm gắn với sổ tay":  "Kết quả kiểm kê máy trạm gắn với sổ tay",
		"Kết quả kiểm kê máy in gần với bàn giấy":  "Kết quả kiểm kê máy in gần với bàn giấy",
		"Kết quả kiếm kẽ máy trạm, gần với sổ tay": "Kết quả kiểm kê máy trạm, gắn với sổ tay",
	} {
		h := extract.Build(textPages(text(title)), nil, extract.Options{}).Header
		if h.Title == nil || h.Title.Value != want || h.Title.Text != want || title != want && h.Title.State != schema.NeedsReview {
			t.Errorf("%q: %+v", title, h.Title)
		}
	}
}

// Dashes and marks of recipients are lost; the archive is known by its word, the
// type of the number by the kind of document below.
func TestFootWithoutMarks(t *testing.T) {
	for archive, want := range map[string]string{"Lưu: VT, ĐĐ": "Lưu: VT, ĐĐ", "1.ưu: VT, ĐĐ": "Lưu: VT, ĐĐ", "Lưu. VT, ĐĐ": "Lưu: VT, ĐĐ", "Lưu: VI,ĐĐ": "Lưu: VT, ĐĐ"} {
		built := extract.Build(textPages(strings.Replace(lettered, "/TB-", "/TR-", 1)+"\nNơi nhận:\nCác trạm:\nBến đò ngang;\n"+archive+"\nKT. CHÁNH THANH TRA\nPHÓ CHÁNH THANH TRA\nĐinh Hữu Lân\n"), nil, extract.Options{})
		h := built.Header
		if len(built.Citations) > 0 {
			t.Errorf("the document cites itself: %+v", built.Citations)
		}
		var got []string
		for _, r := range h.Recipients {
			got = append(got, r.Text)
		}
		if !slices.Equal(got, []string{"Các trạm", "Bến đò ngang", want}) {
			t.Errorf("recipients %q", got)
		}
		if h.SignerTitle == nil || h.SignerTitle.Value != "KT. CHÁNH THANH TRA PHÓ CHÁNH THANH TRA" || h.Signer == nil || h.Signer.Value != "Đinh Hữu Lân" {
			t.Errorf("signer %+v %+v", h.SignerTitle, h.Signer)
		}
		if h.Number == nil || h.Number.Value != "17/TB-TTĐĐS" || h.Number.State != schema.NeedsReview {
			t.Errorf("number %+v", h.Number)
		}
	}
}
