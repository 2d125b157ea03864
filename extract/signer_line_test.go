package extract

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// beside is a line whose words stand side by side from x on, a hundred pixels each.
func beside(text string, x int) passage {
	var words []word
	for i, t := range strings.Fields(text) {
		src := &schema.Word{Text: t, Raw: t, Box: schema.Box{X0: x + 100*i, Y0: 10, X1: x + 100*i + 90, Y1: 40}}
		words = append(words, word{text: t, raw: t, src: src, page: 1})
	}
	return newPassage(words)
}

// Where the signer's name stands on the line of the last recipient it is parted
// from it; the name of a recipient stays.
func TestSignerBehindRecipient(t *testing.T) {
	office := []passage{beside("CHỦ TỊCH", 1000)}
	for _, tt := range []struct {
		line       string
		x          int
		who, named string
	}{
		{"- Lưu: VT, Ksri02 Lưu Gia Mẫn", 700, "- Lưu: VT, Ksri02", "Lưu Gia Mẫn"},
		{"- Lưu: VT, NN Tôn Nữ Gia Mẫn", 700, "- Lưu: VT, NN", "Tôn Nữ Gia Mẫn"},
		{"- Ông Lưu Gia Mẫn", 100, "- Ông Lưu Gia Mẫn", ""},
		{"- Các phòng Kinh Tế Số", 900, "- Các phòng Kinh Tế Số", ""},
	} {
		who, name := signerBehind(beside(tt.line, tt.x), office)
		if who.text != tt.who || name.text != tt.named {
			t.Errorf("%q at %d: %q and %q", tt.line, tt.x, who.text, name.text)
		}
	}
	if _, name := signerBehind(beside("- Lưu: VT, NN Tôn Nữ Gia Mẫn", 700), nil); name.text != "" {
		t.Errorf("%q signs without an office", name.text)
	}
}
