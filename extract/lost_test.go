package extract

import (
	"testing"

	"github.com/sohoa/sohoa/extract/field"
)

// A few letters are soon alike: a short title is not the head that it is a
// little like, but a head may have one letter wrong.
func TestShortHeads(t *testing.T) {
	for text, want := range map[string]bool{"Đổi thẻ": false, "Tới tay": false, "Tồn tai": true, "Tén tại": true, "Tồn ta1": true} {
		w := &headSearch{text: field.NewText(text), hits: map[string][]field.Hit{}}
		if got := len(w.find(field.NewPhrase("Tồn tại"))) > 0; got != want {
			t.Errorf("%q is the head: %v, want %v", text, got, want)
		}
	}
}
