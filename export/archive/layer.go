package archive

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/sohoa/sohoa/export/archive/pdffile"
	"github.com/sohoa/sohoa/schema"
)

// A layer is the invisible text of a page, as the operators of a content
// stream. Words go in reading order. Each stands by itself on the lower edge of
// its box, as high as that and stretched to its width; between two words of a
// line stands a space that fills the gap, so that no reader has to guess where
// words end.
//
// Words are set level on the page as shown even where the scan leans: they
// stand on the leaning line, one by one. Readers that set whole words by their
// baseline, poppler among them, would tear a leaning word where it has sunk by
// half a point.
type layer struct {
	font  *font
	sheet sheet
	frame frame
	fonts pdffile.Dict // used, by their names
	size  float64      // of the last line, in pixels
	set   string       // font and size that are set, as the stream has them
	body  bytes.Buffer
}

// writeLayer gives the operators of a page's layer, nil when the page has no
// words, and the fonts that they name, by names that begin with prefix.
func writeLayer(p *schema.Page, f *font, prefix string, fr frame) (content []byte, fonts pdffile.Dict) {
	l := layer{font: f, sheet: sheetOf(&p.PageInfo), frame: fr, fonts: pdffile.Dict{}}
	for _, b := range blocks(p) {
		if b.grid == nil {
			l.lines(b.lines, prefix)
			continue
		}
		for _, row := range rows(b.grid) {
			for _, c := range row {
				l.lines(c.Lines, prefix)
			}
		}
	}
	if l.body.Len() == 0 {
		return nil, nil
	}
	// A layer brings all of the state that it needs: other streams may have
	// left any behind.
	return append(append([]byte("BT\n3 Tr 0 Tc 0 Tw 0 Ts\n"), l.body.Bytes()...), "ET\n"...), l.fonts
}

func (l *layer) lines(lines []schema.Line, prefix string) {
	for _, line := range spoken(lines) {
		tallest := 0
		for _, w := range line.Words {
			tallest = max(tallest, w.Box.Height())
		}
		// Lines of the same print differ by whether a capital with a mark is
		// among them. They keep their size while it is near and the tallest
		// word fits.
		if t := float64(tallest); t > l.size*heights*step/emUnits || t < 0.8*l.size {
			l.size = t
		}
		for i, w := range line.Words {
			if w.Box.Empty() {
				continue // no place is known for it
			}
			gap := 0
			if i+1 < len(line.Words) {
				gap = max(line.Words[i+1].Box.X0-w.Box.X1, 1)
			}
			l.word(w, gap, prefix)
		}
	}
}

// word sets a word, and after it a space as wide as the gap, in pixels.
func (l *layer) word(w schema.Word, gap int, prefix string) {
	wide, high := l.frame.size()
	kx, ky := wide/l.sheet.w, high/l.sheet.h // points a pixel
	cx, cy := l.sheet.turned(float64(w.Box.X0+w.Box.X1)/2, float64(w.Box.Y0+w.Box.Y1)/2)
	width, size := float64(w.Box.Width())*kx, l.size*ky
	x, y := l.frame.point(cx*kx-width/2, (cy+float64(w.Box.Height())/2)*ky)
	h := height(float64(w.Box.Height()) / l.size)
	name := fmt.Sprintf("%s%d", prefix, h)
	l.fonts[pdffile.Name(name)] = l.font.use(h)

	b := &l.body
	if set := name + " " + decimals(size); set != l.set {
		b.WriteString("/" + set + " Tf ")
		l.set = set
	}
	b.WriteString(decimals(stretch(width, len([]rune(w.Text)), size)) + " Tz ")
	b.WriteString(l.frame.upright() + " " + decimals(x) + " " + decimals(y) + " Tm ")
	l.font.encode(b, w.Text)
	b.WriteString("Tj\n")
	if gap > 0 {
		b.WriteString(decimals(stretch(float64(gap)*kx, 1, size)) + " Tz ")
		l.font.encode(b, " ")
		b.WriteString("Tj\n")
	}
}

// stretch returns by how many per cent n characters are to be stretched to be
// width points long.
func stretch(width float64, n int, size float64) float64 {
	return 100 * width / (float64(n) * size * advance / emUnits)
}

// decimals writes a number with two decimals: a hundredth of a point is a
// twentieth of a pixel at 300 dpi.
func decimals(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }
