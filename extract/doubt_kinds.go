package extract

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Where cells were laid to columns by guess, whole columns are taken for others. Each
// of their texts is read well and says something that its column does not: a figure
// where words belong, an office where results do. And a text that begins or ends in the
// middle has left its rest in another cell.

// doubtKinds doubts the texts of tables by what their columns hold. It comes before the
// fields are judged.
func (b *builder) doubtKinds() {
	for i := range b.tables {
		t := &b.tables[i]
		for c := range t.profile.Columns {
			b.doubtKind(t, c)
		}
	}
}

// doubtKind doubts the texts of a column.
func (b *builder) doubtKind(t *recordTable, c int) {
	col := &t.profile.Columns[c]
	var texts []*schema.Field
	strange := 0
	for _, k := range t.records {
		f := b.res.Records[k].Fields[col.Field].One
		if f == nil || f.Evidence == nil || f.Text == "" {
			continue
		}
		texts = append(texts, f)
		if doubtText(col, f.Text, f.Evidence.Doubts) {
			strange++
		}
	}
	if len(texts) < smallestColumn {
		return
	}
	for _, f := range texts {
		others := strange
		if strangeText(f.Evidence.Doubts) {
			others--
		}
		f.Evidence.Doubts[confidence.Company] = round4(float64(others) / float64(len(texts)-1))
	}
}

// doubtText doubts a text of a column by its kind and its ends, and reports whether
// there is such a doubt.
func doubtText(col *Column, text string, d []float64) bool {
	switch col.Type {
	case TypeText, TypeTitle, TypeAgency:
		if !hasLetters(text) && !col.Amounts {
			d[confidence.Figure] = 1
		}
		d[confidence.Office] = officeDoubt(col.Type, text)
		d[confidence.Cut] = cutDoubt(col.Type, text)
	}
	if twice(text) {
		d[confidence.Twice] = 1
	}
	return strangeText(d)
}

// strangeText reports whether a text is doubted by its kind or its ends.
func strangeText(d []float64) bool {
	return d[confidence.Figure]+d[confidence.Office]+d[confidence.Cut]+d[confidence.Twice] > 0
}

// hasLetters reports whether a text has two letters beside each other.
func hasLetters(text string) bool {
	before := false
	for _, r := range text {
		letter := unicode.IsLetter(r)
		if letter && before {
			return true
		}
		before = letter
	}
	return false
}

// twice reports whether a text says the same two times: "% %", "84/84 84/84".
func twice(text string) bool {
	words := strings.Fields(text)
	n := len(words)
	if n == 0 || n%2 != 0 {
		return false
	}
	for i := range n / 2 {
		if words[i] != words[n/2+i] {
			return false
		}
	}
	return true
}

const (
	// longOffice is how many words the name of an office has at most.
	longOffice = 14
	// loneOffice is how many words a text of another column has at most that is taken
	// for the name of an office and nothing else.
	loneOffice = 8
)

// officeDoubt tells how much speaks against the text of a column of offices being one,
// and against that of another being none.
func officeDoubt(kind ColumnType, text string) float64 {
	sentence := strings.HasSuffix(text, ".") || strings.ContainsAny(text, "0123456789%")
	words := len(strings.Fields(text))
	switch office := beginsOffice(text); {
	case kind != TypeAgency && office && !sentence && words <= loneOffice:
		return 1
	case kind == TypeAgency && (sentence || words > longOffice) && !office:
		return 1
	case kind == TypeAgency && (sentence || !office):
		return 0.5
	}
	return 0
}

// beginsOffice reports whether a text begins as names of offices do.
func beginsOffice(text string) bool {
	if shortAgency.MatchString(text) {
		return true
	}
	folded := normalize.Fold(text)
	for _, o := range foldedOpenings() {
		if rest, ok := strings.CutPrefix(folded, o); ok && (rest == "" || rest[0] == ' ') {
			return true
		}
	}
	return false
}

var foldedOpenings = sync.OnceValue(func() []string {
	var out []string
	for _, o := range openings {
		out = append(out, normalize.Fold(o))
	}
	return out
})

// cutDoubt counts the ends of a text at which something is missing: it begins in small
// letters, it ends in a word that another one follows, or with a part of an office's name.
func cutDoubt(kind ColumnType, text string) (d float64) {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, " -+–•*\"“‘'("))
	if unicode.IsLower(first) {
		d++
	}
	words := strings.Fields(strings.ToLower(text))
	switch {
	case len(words) > 0 && leadsOn[words[len(words)-1]]:
		d++
	case kind == TypeAgency && beginsName(text):
		d++
	}
	return d
}

// leadsOn are words that no text ends in.
var leadsOn = func() map[string]bool {
	out := make(map[string]bool)
	for _, w := range strings.Fields("và của các những trên theo về cho tại với do đến trong từ là để bằng khi như hoặc nhằm giữa qua ở mỗi cùng đối thuộc gồm vì nên mà") {
		out[w] = true
	}
	return out
}()

// beginsName reports whether a text is the beginning of an office's name that goes on,
// and is itself none.
func beginsName(text string) bool {
	longer := false
	text = strings.ToLower(text)
	for _, a := range agencies() {
		rest, ok := strings.CutPrefix(strings.ToLower(a.name), text)
		if ok && rest == "" {
			return false
		}
		longer = longer || ok && rest[0] == ' '
	}
	return longer
}
