// Package scan makes the picture of a page fit for reading: upright, straight,
// on a white ground, with coloured marks and ruling lines taken out and
// remembered.
//
// [Prepare] runs the steps in the order in which each helps the next: coloured
// ink off, background divided away, turned on its feet, skew out, ruling lines
// found and erased, specks swept. All of it is integer work on rows of bytes
// and on packed bits, so that it stays a small part of the time that OCR takes.
package scan

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"

	"github.com/sohoa/sohoa/schema"
)

// Options steers [Prepare]. The zero value is right for a page of which
// nothing is known.
type Options struct {
	// Rotation fixes the turn in degrees clockwise (90, 180, 270). With
	// [Upright] the picture is taken as it is, neither turned nor deskewed:
	// for pages whose words are known by their places already; with [Unturned]
	// it is only deskewed. 0 lets Prepare decide.
	Rotation int
	// Legibility tells how well a crop of an upright picture reads, higher
	// is better, in any unit: an OCR engine's mean confidence will do. When
	// it is set and the shapes of the letters leave it open whether the page
	// stands on its head, Prepare asks for the same crop both ways. An error
	// counts as no answer.
	Legibility func(ctx context.Context, crop *image.Gray, dpi int) (float64, error)
}

const (
	Upright  = 360 // as [Options.Rotation]: the page is upright and straight
	Unturned = -1  // likewise: the page is upright but may lean
)

// Sheet is a page made ready. Gray, Upright, Rules and Marks share one pixel
// space, that of the upright, deskewed page at DPI; a box of the one is a box
// of the others. DPI is that of the source, but for very fine pictures (from
// 380 dpi), which are reduced to 190 to 285 dpi first.
type Sheet struct {
	Gray     *image.Gray // what the OCR reads: white ground, no rules, no stamps
	Upright  image.Image // the page as scanned, for people; computed when it is drawn
	Rotation int         // degrees clockwise that made the page upright: 0, 90, 180, 270
	Skew     float64     // degrees clockwise that the turned page leaned
	DPI      int
	Rules    []schema.Rule // straightened; a rule that drifts comes in several parts
	Marks    []schema.Mark

	// Sure tells how far, in standard deviations, the choice between a page
	// and the same page on its head is from chance. Below [SureEnough] the
	// page has little print, or none with letters, and the choice stands on
	// how pages usually lie.
	Sure float64

	bits  *bitmap      // ink of Gray
	flat  []schema.Box // specks taken out that may have been dashes
	small int          // height of small letters; 0 unknown yet, -1 too few to tell
}

// SureEnough is the value of [Sheet.Sure] from which the turn needs no second
// opinion.
const SureEnough = 4.0

// Limits of what is taken for a page. The smallest still holds a line of
// text; the largest is A3 at 600 dpi with room to spare.
const (
	minSide  = 32
	maxArea  = 160 << 20
	minDPI   = 50
	maxDPI   = 1200
	inkLevel = 160 // darker than this on the whitened page is ink

	faintLevel = 180 // darker than this may be the thin part of a letter
	paleLevel  = 205 // and this, where nothing but letters can be
)

// ErrSize is wrapped by the errors for pictures that are no page: too small to
// hold a line, or too large to hold in memory.
var ErrSize = errors.New("picture size out of range")

// Prepare makes a page picture of dpi dots per inch ready for reading. src is
// not changed and must not change while [Sheet.Upright] is in use.
func Prepare(ctx context.Context, src image.Image, dpi int, opts Options) (*Sheet, error) {
	if err := checkSize(src.Bounds(), dpi); err != nil {
		return nil, err
	}
	if n := reduction(dpi); n > 1 {
		src, dpi = reduce(src, n), dpi/n
	}
	planes := split(src)
	marks := ink(planes, dpi)
	g := planes.gray
	whiten(g, dpi)
	if len(marks) == 0 {
		marks = eraseStamps(g, dpi)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}

	geo := geometry{w: g.Rect.Dx(), h: g.Rect.Dy()}
	lying := liesOnSide(g, dpi, opts.Rotation)
	if lying {
		geo.rotation = 90
		g = turn(g, 90)
	}
	if opts.Rotation != Upright {
		g = geo.deskew(g, dpi)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}

	horizontal, vertical := rulesOf(g, dpi)
	s := &Sheet{DPI: dpi, Skew: geo.skew, Rules: boxes(horizontal, vertical, dpi)}
	eraseRules(g, horizontal, vertical, dpi)
	eraseTraces(g, horizontal, vertical, dpi)
	s.bits = thresholdGray(g, inkLevel)
	pieces := s.bits.blobs()

	over := opts.Rotation == 180 || opts.Rotation == 270 ||
		opts.Rotation == 0 && s.overturned(ctx, g, pieces, lying, opts)
	// What a speck stands by is seen with the faint parts of letters, which a
	// worn page has many of.
	s.flat = eraseSpecks(g, thresholdGray(g, faintLevel).blobs(), dpi)
	if over {
		g = turn(g, 180)
		geo.rotation = (geo.rotation + 180) % 360
		s.turnAround(g.Rect.Dx(), g.Rect.Dy())
	}
	s.bits = thresholdGray(g, inkLevel)
	s.Gray, s.Rotation = g, geo.rotation
	for _, m := range marks {
		m.Box = geo.box(m.Box)
		s.Marks = append(s.Marks, m)
	}
	s.Upright = view{src: src, geo: geo}
	return s, nil
}

// checkSize refuses what is no page, or no page's resolution.
func checkSize(r image.Rectangle, dpi int) error {
	if r.Dx() < minSide || r.Dy() < minSide || r.Dx() > maxArea/r.Dy() {
		return fmt.Errorf("preparing a page of %d×%d pixels: %w", r.Dx(), r.Dy(), ErrSize)
	}
	if dpi < minDPI || dpi > maxDPI {
		return fmt.Errorf("preparing a page of %d dpi: resolution must lie between %d and %d", dpi, minDPI, maxDPI)
	}
	return nil
}

// liesOnSide reports whether a page was scanned on its side, by what is known of its
// rotation or else by its print, for which a third of the resolution will do.
func liesOnSide(g *image.Gray, dpi, rotation int) bool {
	if rotation != 0 {
		return rotation == 90 || rotation == 270
	}
	factor := max(int(math.Round(float64(dpi)/100)), 1)
	return sideways(thresholdGray(shrink(g, factor), inkLevel), dpi/factor) > 1
}

// deskew straightens a page that leans, and notes by how much.
func (t *geometry) deskew(g *image.Gray, dpi int) *image.Gray {
	lean := skewOf(thresholdGray(g, inkLevel), dpi)
	if math.Abs(lean) < 0.02 {
		return g
	}
	t.skew = lean
	if math.Abs(lean) > 2 {
		// Corners would leave the picture.
		t.pad = int(float64(max(g.Rect.Dx(), g.Rect.Dy())) / 2 * math.Sin(math.Abs(lean)*math.Pi/180))
	}
	return straighten(g, lean, t.pad)
}

// turnAround moves what was found on a page of this size to where it is when the page
// stands on its head.
func (s *Sheet) turnAround(w, h int) {
	around := func(b schema.Box) schema.Box {
		return schema.Box{X0: w - b.X1, Y0: h - b.Y1, X1: w - b.X0, Y1: h - b.Y0}
	}
	for i, r := range s.Rules {
		s.Rules[i].Box = around(r.Box)
	}
	for i, b := range s.flat {
		s.flat[i] = around(b)
	}
	sortRules(s.Rules)
}

func thresholdGray(g *image.Gray, t uint8) *bitmap {
	return threshold(g.Pix, g.Rect.Dx(), g.Rect.Dy(), g.Stride, t)
}

// overturned decides whether the straight page stands on its head.
func (s *Sheet) overturned(ctx context.Context, g *image.Gray, pieces []blob, lying bool, opts Options) bool {
	score, sure := headUp(pieces, s.DPI)
	s.Sure = sure
	if sure >= SureEnough || opts.Legibility == nil {
		return score < 0 && sure >= 1
	}
	crop := densest(s.bits, s.DPI)
	if crop.Empty() {
		return score < 0 && sure >= 1
	}
	up := cut(g, crop)
	a, err := opts.Legibility(ctx, up, s.DPI)
	if err != nil {
		return score < 0 && sure >= 1
	}
	b, err := opts.Legibility(ctx, turn(up, 180), s.DPI)
	if err != nil {
		return score < 0 && sure >= 1
	}
	s.Sure = SureEnough
	return b > a
}

// cut copies a part of the picture.
func cut(g *image.Gray, b schema.Box) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, b.Width(), b.Height()))
	for y := range b.Height() {
		o := (b.Y0+y)*g.Stride + b.X0
		copy(out.Pix[y*out.Stride:(y+1)*out.Stride], g.Pix[o:o+b.Width()])
	}
	return out
}

// densest returns the part of the page, three by one and a half inches, that
// holds the most ink: enough lines to tell whether it reads.
func densest(b *bitmap, dpi int) schema.Box {
	w, h := min(3*dpi, b.w), min(3*dpi/2, b.h)
	best, most := schema.Box{}, 0
	for y := 0; y+h <= b.h; y += max(h/2, 1) {
		for x := 0; x+w <= b.w; x += max(w/2, 1) {
			n := 0
			for k := y; k < y+h; k += 2 {
				n += b.count(k, x, x+w)
			}
			if n > most {
				best, most = schema.Box{X0: x, Y0: y, X1: x + w, Y1: y + h}, n
			}
		}
	}
	return best
}

// Ink returns the smallest box around the print within b, empty when there is
// none: an empty cell needs no reading, and a small crop is read faster than a
// large one. Specks of one or two pixels do not count.
func (s *Sheet) Ink(b schema.Box) schema.Box {
	t, area := s.bits.tight(b)
	if area*10000 < 3*s.DPI*s.DPI/2 {
		return schema.Box{}
	}
	return t
}
