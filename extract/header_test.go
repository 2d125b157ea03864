package extract_test

import (
	"reflect"
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
