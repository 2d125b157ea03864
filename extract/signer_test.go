package extract_test

import (
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

// Stamps and signatures leave specks about the signer's name and office, and take
// letters at their heads.
func TestSignerUnderStamp(t *testing.T) {
	const office, deputy = "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"
	for _, c := range []struct {
		foot                   string
		office, signer         string
		officeSeen, signerSeen schema.State
	}{
		{office + "\n" + deputy + "\nĐàm Gia Mẫn", office + " " + deputy, "Đàm Gia Mẫn", "", ""},
		{office + "\n" + deputy + "\nĐàm Gia Mẫn.", office + " " + deputy, "Đàm Gia Mẫn", "", ""},
		{office + "\n" + deputy + "\n*=đàm Gia:Mẫn", office + " " + deputy, "Đàm Gia Mẫn", "", ""},
		{office + "\n" + deputy + "\nĐám Gia Mẫn", office + " " + deputy, "Đàm Gia Mẫn", "", schema.NeedsReview},
		{office + "\n" + deputy + "\nXiêm Gia Mẫn", office + " " + deputy, "Xiêm Gia Mẫn", "", schema.NeedsReview},
		{office + "\n~ uộs ĐỐC\nĐàm Gia Mẫn", office + " " + deputy, "Đàm Gia Mẫn", schema.NeedsReview, ""},
		{"sau GIÁM ĐỐC\nr 2Ì\nĐàm Gia Mẫn", "GIÁM ĐỐC", "Đàm Gia Mẫn", "", ""},
	} {
		pages := textPages(lettered + "\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n\n" + c.foot + "\n")
		pages[0].TextSource = schema.FromOCR
		for i := range pages[0].Lines {
			for k := range pages[0].Lines[i].Words {
				pages[0].Lines[i].Words[k].Confidence = 0.95
			}
		}
		h := extract.Build(pages, nil, extract.Options{}).Header
		if h.SignerTitle == nil || h.SignerTitle.Value != c.office {
			t.Errorf("%q: office %+v, want %q", c.foot, h.SignerTitle, c.office)
		} else if c.officeSeen != "" && h.SignerTitle.State != c.officeSeen {
			t.Errorf("%q: office %s", c.foot, h.SignerTitle.State)
		}
		if h.Signer == nil || h.Signer.Value != c.signer {
			t.Errorf("%q: signer %+v, want %q", c.foot, h.Signer, c.signer)
		} else if c.signerSeen != "" && h.Signer.State != c.signerSeen {
			t.Errorf("%q: signer %s", c.foot, h.Signer.State)
		}
		if got := texts(h.Recipients); len(got) != 2 {
			t.Errorf("%q: recipients %q", c.foot, got)
		}
	}
}

// A text that nobody read may name whom it will.
func TestSignerInText(t *testing.T) {
	pages := textPages(lettered + "\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n\nGIÁM ĐỐC\nXiêm Gia Mẫn\n")
	h := extract.Build(pages, nil, extract.Options{}).Header
	if h.Signer == nil || h.Signer.Value != "Xiêm Gia Mẫn" || h.Signer.State != schema.Accepted {
		t.Errorf("%+v", h.Signer)
	}
}

func TestSpecksBeforeAppendix(t *testing.T) {
	h := extract.Build(textPages("3 j PHỤ LỤC 04\nKẾT QUẢ KIỂM KÊ MÁY TRẠM\n"), nil, extract.Options{}).Header
	if h.Appendix == nil || h.Appendix.Value != "PHỤ LỤC 04" {
		t.Errorf("%+v", h.Appendix)
	}
}

// Heads of appendices count with figures, with or without the word for a number.
func TestNumberedAppendix(t *testing.T) {
	for _, name := range []string{"Phụ lục 04", "Phụ lục số 04", "PHỤ LỤC SỐ 04", "PHỤ LỤC SỐ IV"} {
		h := extract.Build(textPages(name+"\nKẾT QUẢ KIỂM KÊ MÁY TRẠM\n"), nil, extract.Options{}).Header
		if h.Appendix == nil || h.Appendix.Value != name || h.Title == nil || h.Title.Value != "KẾT QUẢ KIỂM KÊ MÁY TRẠM" {
			t.Errorf("%q: %+v, title %+v", name, h.Appendix, h.Title)
		}
	}
}
