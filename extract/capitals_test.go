package extract

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/schema"
)

// printed sets words in a line whose small letters are 14 and whose capitals are
// 20 pixels high; shape says what was on paper, text what was read.
func printed(shape, text string) []word {
	var out []word
	x := 100
	shapes := strings.Fields(shape)
	for i, t := range strings.Fields(text) {
		plain := norm.NFD.String(shapes[i])
		tall, below := reach(plain)
		box := schema.Box{X0: x, Y0: 206, X1: x + 10*len(t), Y1: 220}
		if tall {
			box.Y0 = 200
		}
		if strings.ContainsFunc(plain, isMark) && unicode.IsUpper([]rune(plain)[0]) {
			box.Y0 = 195
		}
		if below {
			box.Y1 = 226
		}
		out = append(out, word{text: t, page: 1, src: &schema.Word{Text: t, Box: box, Confidence: 0.96}})
		x = box.X1 + 8
	}
	return out
}

func TestHeightTellsCapitals(t *testing.T) {
	for _, c := range []struct {
		shape, text string
		at          int
		height, odd bool // doubt about the height, about the capital alone
	}{
		{"nhà ven khu vực bán", "nhà ven khu Vực bán", 3, true, false},
		{"nhà ven khu Vực bán", "nhà ven khu Vực bán", 3, false, false},
		{"nhà ven khu Xuân bán", "nhà ven khu xuân bán", 3, false, false}, // the mark is as high
		{"nhà ven khu Vua bán", "nhà ven khu vua bán", 3, true, false},
		{"nhà ven khu và bán", "nhà ven khu Và bán", 3, false, true},
		{"nhà ven khu bán", "nhà ven khu Bán", 3, false, false},
	} {
		e := gather(newPassage(printed(c.shape, c.text)))
		d := e.words[c.at].Doubts
		if height, odd := d[confidence.WordHeight] > 0.4, d[confidence.WordCase] > 0; height != c.height || odd != c.odd {
			t.Errorf("%q read as %q: height %.2f, case %.2f", c.shape, c.text, d[confidence.WordHeight], d[confidence.WordCase])
		}
	}
}

// A text that alone ends without a full stop has lost it.
func TestOtherEndingsAreDoubted(t *testing.T) {
	var column []*schema.Field
	for _, text := range []string{"Đã xong.", "Đang làm.", "Chưa làm", "Đã giao.", ""} {
		f := &schema.Field{Text: text, Evidence: &schema.Evidence{}}
		for _, w := range strings.Fields(text) {
			f.Evidence.Words = append(f.Evidence.Words, schema.WordEvidence{Text: w, Doubts: make([]float64, confidence.WordDoubts)})
		}
		column = append(column, f)
	}
	of := func(f *schema.Field) (string, *schema.Evidence) { return f.Text, f.Evidence }
	doubtEndings(column, of)
	for i, want := range []float64{0.3333, 0.3333, 1, 0.3333} {
		if got := column[i].Evidence.Words[1].Doubts[confidence.WordEnd]; got != want {
			t.Errorf("%q: %v, want %v", column[i].Text, got, want)
		}
	}
	few := column[1:4]
	few[1].Evidence.Words[1].Doubts[confidence.WordEnd] = 0
	if doubtEndings(few, of); few[1].Evidence.Words[1].Doubts[confidence.WordEnd] != 0 {
		t.Error("three texts have no way in which they end")
	}
}
