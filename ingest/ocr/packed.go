package ocr

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/sohoa/sohoa/schema"
)

// packedWord is a word on the wire and in recordings: an array, since names
// for six values a word would be most of the bytes. Its box is relative to the
// region's corner, so that a recording fits the same picture elsewhere.
type packedWord struct {
	text string
	box  schema.Box
	conf float64 // 0..1, kept in thousandths
}

func (w packedWord) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{w.text, w.box.X0, w.box.Y0, w.box.X1, w.box.Y1, int(math.Round(w.conf * 1000))})
}

func (w *packedWord) UnmarshalJSON(data []byte) error {
	var text string
	var n [5]int
	a := []any{&text, &n[0], &n[1], &n[2], &n[3], &n[4]}
	if err := json.Unmarshal(data, &a); err != nil {
		return err
	}
	if len(a) != 6 {
		return fmt.Errorf("word: want 6 values, got %d", len(a))
	}
	*w = packedWord{text, schema.Box{X0: n[0], Y0: n[1], X1: n[2], Y1: n[3]}, min(1, max(0, float64(n[4])/1000))}
	return nil
}

type packedLine []packedWord

// pack makes lines relative to a region's corner.
func pack(lines []schema.Line, at schema.Box) []packedLine {
	out := make([]packedLine, 0, len(lines))
	for _, l := range lines {
		pl := make(packedLine, 0, len(l.Words))
		for _, w := range l.Words {
			b := w.Box
			pl = append(pl, packedWord{w.Raw, schema.Box{X0: b.X0 - at.X0, Y0: b.Y0 - at.Y0, X1: b.X1 - at.X0, Y1: b.Y1 - at.Y0}, w.Confidence})
		}
		out = append(out, pl)
	}
	return out
}

// unpack is the reverse of pack. Words come from another process or a file, so
// boxes are clipped to the region; one that lies outside of it altogether is
// given the region's own box, because the text is worth keeping.
func unpack(lines []packedLine, at schema.Box) []schema.Line {
	var out []schema.Line
	for _, pl := range lines {
		var l schema.Line
		for _, w := range pl {
			if w.text == "" {
				continue
			}
			b := schema.Box{
				X0: clampAdd(w.box.X0, at.X0), Y0: clampAdd(w.box.Y0, at.Y0),
				X1: clampAdd(w.box.X1, at.X0), Y1: clampAdd(w.box.Y1, at.Y0),
			}.Intersect(at)
			if b.Empty() {
				b = at
			}
			l.Words = append(l.Words, schema.Word{Text: w.text, Raw: w.text, Box: b, Confidence: w.conf})
			l.Box = l.Box.Union(b)
		}
		if len(l.Words) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// clampAdd adds without overflow: coordinates of foreign origin may be anything.
func clampAdd(a, b int) int {
	const far = 1 << 30
	return min(far, max(-far, a)) + b
}
