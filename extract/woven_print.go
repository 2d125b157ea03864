package extract

import (
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize"
)

// Columns are as wide as their print, not as their letters are many: an "m" is as wide
// as three "i". Reports are set in Times New Roman, which Decree 30/2020 asks for; its
// widths fit lines to columns twice as closely as counts of letters do, and faces of
// other designs are nearer to it than to letters that are all alike.

const (
	otherWidth   = 500.0 // of what has no width of its own, figures among it
	capitalWider = 220.0 // how much wider capitals are than their small letters
	usualWidth   = 430.0 // of letters of running text on average, spaces among them
)

// faceWidths are how wide signs and small letters of Times are, in thousandths of its
// size; marks above and below letters add nothing.
var faceWidths = func() (of [128]float64) {
	for c := range of {
		of[c] = otherWidth
	}
	for width, signs := range map[float64]string{
		200: "|", 250: " .,", 278: "ijlt;:/\\", 333: "fr-()!'`\"[]{}", 389: "s", 444: "acez", 564: "+<=>", 722: "w", 778: "m&", 833: "%",
	} {
		for _, c := range signs {
			of[c] = width
		}
	}
	return of
}()

// inPrint is how wide a text is in print, in letters of average width.
func inPrint(text string) float64 {
	sum := 0.0
	for _, r := range normalize.Fold(text) {
		if r < unicode.MaxASCII {
			sum += faceWidths[r]
		} else {
			sum += otherWidth
		}
	}
	for _, r := range text {
		if unicode.IsUpper(r) {
			sum += capitalWider
		}
	}
	return sum / usualWidth
}

// wideOf is how wide a text is in a table of the profile. Where rows begin with numbers it
// is its letters: the weights of such tables were found with these.
func (p *Profile) wideOf(text string) float64 {
	if p.pattern == nil {
		return float64(utf8.RuneCountInString(text))
	}
	return inPrint(text)
}
