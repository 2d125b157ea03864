package extract

import (
	"strings"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// What a title says the text says again, mostly in its first sentence and in the
// heads of appendices. Marks that were misread once are right elsewhere.

// A spoken text is the words of a document one after the other.
type spoken struct {
	plain, fold []string
	at          map[string][]int // by folded word
}

func (b *builder) spoken() *spoken {
	s := &spoken{at: map[string][]int{}}
	for i := range b.lines {
		for _, w := range strings.Fields(b.lines[i].text) {
			if w = strings.ToLower(strings.Trim(w, ".,;:()“”\"'")); w == "" {
				continue
			}
			f := normalize.Fold(w)
			s.at[f] = append(s.at[f], len(s.fold))
			s.plain, s.fold = append(s.plain, w), append(s.fold, f)
		}
	}
	return s
}

// marksElsewhere puts the marks of a field's words right by the same wording
// elsewhere: the words on both sides and one more are the same, and most places
// have the letters with other marks.
func (b *builder) marksElsewhere(f *schema.Field) {
	if f == nil || upperShare(f.Text) > 0.7 {
		return
	}
	said := b.spoken()
	text := f.Text
	words := strings.Fields(text)
	at := 0
	for i, w := range words {
		at += strings.Index(text[at:], w)
		bare := strings.Trim(w, ".,;:()“”\"'")
		if other := said.instead(words, i); other != "" && bare != "" {
			from := at + strings.Index(w, bare) + len(f.Text) - len(text)
			respell(f, from, from+len(bare), other, "elsewhere")
			f.State, f.Why = schema.NeedsReview, []string{"repair"}
		}
		at += len(w)
	}
	f.Value = f.Text
}

// instead returns how word i of a wording is spelt elsewhere, "" where it is as it
// stands.
func (s *spoken) instead(words []string, i int) string {
	fold := func(k int) string {
		if k < 0 || k >= len(words) {
			return ""
		}
		return normalize.Fold(strings.Trim(words[k], ".,;:()“”\"'"))
	}
	own := strings.Trim(words[i], ".,;:()“”\"'")
	if own != strings.ToLower(own) || fold(i-1) == "" || fold(i+1) == "" {
		return ""
	}
	near := func(k int, want string) bool { return want != "" && k >= 0 && k < len(s.fold) && s.fold[k] == want }
	counts := map[string]int{}
	for _, k := range s.at[fold(i)] {
		if near(k-1, fold(i-1)) && near(k+1, fold(i+1)) && (near(k-2, fold(i-2)) || near(k+2, fold(i+2))) {
			counts[s.plain[k]]++
		}
	}
	best := own
	for w, n := range counts {
		if n > counts[best] || n == counts[best] && w < best && best != own {
			best = w
		}
	}
	if best == own || counts[best] < 2 || counts[best] < 2*counts[own] {
		return ""
	}
	return best
}
