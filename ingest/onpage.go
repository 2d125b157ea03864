package ingest

import (
	"image"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/schema"
)

// Bounds on what an engine or a text layer may say of a page. The densest
// appendices have some 3,000 words on an A3 page.
const (
	MaxWords    = 20_000
	maxWordSize = 1000 // bytes
)

// OnPage returns the lines with what lies on a page of the given size in
// pixels, and adds their words to the count. What does not lie on it is left
// out, what sticks out of it is cut, a confidence that is none is zero. It ends
// early when there are more than [MaxWords].
func OnPage(lines []schema.Line, size image.Point, words int) ([]schema.Line, int) {
	all := schema.Box{X1: size.X, Y1: size.Y}
	var kept []schema.Line
	for _, l := range lines {
		var on []schema.Word
		for _, w := range l.Words {
			if words++; words > MaxWords {
				return kept, words
			}
			w.Box = w.Box.Intersect(all)
			if w.Box.Empty() {
				continue
			}
			if math.IsNaN(w.Confidence) {
				w.Confidence = 0
			}
			w.Confidence = min(1, max(0, w.Confidence))
			w.Text, w.Raw = readable(w.Text), readable(w.Raw)
			if w.Text == "" && w.Raw == "" {
				continue
			}
			on = append(on, w)
		}
		if len(on) == 0 {
			continue
		}
		l.Words = on
		if l.Box = l.Box.Intersect(all); l.Box.Empty() {
			for _, w := range on {
				l.Box = l.Box.Union(w.Box)
			}
		}
		kept = append(kept, l)
	}
	return kept, words
}

// readable makes a word of whatever an engine gave: valid UTF-8 without
// control characters, not endless.
func readable(s string) string {
	if len(s) > maxWordSize {
		s = s[:maxWordSize]
	}
	if utf8.ValidString(s) && strings.IndexFunc(s, control) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if control(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

func control(r rune) bool { return r < ' ' || r == 0x7f }
