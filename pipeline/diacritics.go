package pipeline

import (
	"image"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Limits of what the picture may say about marks.
const (
	sureWord   = 0.93 // confidence of words that tell how well marks are seen on a page
	leastSeen  = 30   // letters that tell it
	agreesLow  = 0.70 // share of them seen as the engine read them: up to here pictures are not believed,
	agreesHigh = 0.90 // from here on they are
	leastFlat  = 5    // words that tell how high small letters are
)

// look makes ready what the picture says about the marks of a page's words.
func (p *Pipeline) look(w *work) {
	if w.small == 0 {
		return
	}
	if p.set.Watch != nil {
		p.set.Watch(&w.page, &Print{Gray: w.sheet.Gray, Small: w.small, Foot: baseLine})
	}
	w.eyes = eyes(&w.page, w.sheet, w.small)
}

// eyes returns what the picture of a page says about the marks of its words, nil
// where it cannot tell. They may be asked by one goroutine at a time. How far it is believed the page itself says: by the share of
// letters in words that the engine is sure of which are seen as they were read.
func eyes(page *schema.Page, sheet *scan.Sheet, x float64) normalize.Eyes {
	// A page is asked about the same words up to three times: for how far it is to be
	// believed, for its repair, and for that with the second readings beside it.
	type asked struct {
		box  schema.Box
		text string
		base float64
	}
	known := make(map[asked]scan.Diacritics)
	look := func(words []schema.Word, k int) scan.Diacritics {
		w := &words[k]
		base, ok := baseLine(words, k)
		if !ok || w.Box.Empty() || capitals(w.Text) > 1 || w.Box.Height() > int(4*x) {
			return nil
		}
		q := asked{w.Box, w.Text, base}
		seen, ok := known[q]
		if !ok {
			seen = sheet.Diacritics(w.Box, w.Text, base, x)
			known[q] = seen
		}
		return seen
	}
	trust := trustIn(page, look)
	if trust == 0 {
		return nil
	}
	return func(words []schema.Word, k int) normalize.Sight {
		seen := look(words, k)
		if seen == nil {
			return nil
		}
		return func(text string) (float32, bool) {
			cost, ok := seen.Cost(text)
			return cost * trust, ok
		}
	}
}

// capitals counts the capitals of a text. Words in capitals are too rare for the
// network to have learnt their marks.
func capitals(text string) (n int) {
	for _, r := range text {
		if unicode.IsUpper(r) {
			n++
		}
	}
	return n
}

// trustIn returns how far what is seen of marks is to be believed, 0 to 1.
func trustIn(page *schema.Page, look func([]schema.Word, int) scan.Diacritics) float32 {
	all, right := 0, 0
	eachLine(page, func(l *schema.Line) {
		for k := range l.Words {
			if w := &l.Words[k]; w.Confidence >= sureWord && strings.IndexFunc(w.Text, unicode.IsLetter) >= 0 {
				n, same := look(l.Words, k).Agrees(w.Text)
				all, right = all+n, right+same
			}
		}
	})
	if all < leastSeen {
		return 0
	}
	share := float32(right) / float32(all)
	return max(0, min(1, (share-agreesLow)/(agreesHigh-agreesLow)))
}

// smallHeight returns how many pixels high the small letters of a page are, 0 where
// too few words tell: those whose letters have no marks.
func smallHeight(page *schema.Page) float64 {
	var heights []float64
	eachLine(page, func(l *schema.Line) {
		for i := range l.Words {
			if h, ok := smallHeightOf(&l.Words[i]); ok {
				heights = append(heights, h)
			}
		}
	})
	if len(heights) < leastFlat {
		return 0
	}
	return median(heights)
}

// Print is what a page's letters look like, for programs that learn from it.
type Print struct {
	Gray  *image.Gray // white ground, no rules, no stamps
	Small float64     // height of small letters in pixels
	// Foot returns where the line stands below word k of it; ok is false where
	// nothing around tells.
	Foot func(words []schema.Word, k int) (y float64, ok bool)
}

// capitalBySmall is the height of capitals, digits and high letters by that of
// small ones.
const capitalBySmall = 1.48

func smallHeightOf(w *schema.Word) (h float64, ok bool) {
	text := strings.TrimRight(w.Text, ".")
	if w.Confidence < 0.8 || len(text) < 2 || !norm.NFD.IsNormalString(text) {
		return 0, false
	}
	h = float64(w.Box.Height())
	switch {
	case strings.Trim(text, "acemnorsuvxwz") == "":
		return h, true
	case strings.Trim(text, "abcdehiklmnorstuvxwz0123456789ABCDEGHIKLMNOPRSTUVX") != "", strings.Trim(text, "acemnorsuvxwzit") == "":
		return 0, false
	}
	return h / capitalBySmall, true
}
