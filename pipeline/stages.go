package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract/table"
	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/schema"
)

// open takes the page out of its file and decides what it is: a picture, a
// usable text layer, or plain text.
func (p *Pipeline) open(ctx context.Context, w *work) (err error) {
	w.input, err = w.file.Page(ctx, w.page.Number)
	if err != nil {
		return err
	}
	if w.manner.Picture && w.input.Source == schema.FromTextLayer {
		w.input.Source, w.input.Lines = schema.FromOCR, nil
	}
	w.page.TextSource = w.input.Source
	if w.input.Lost != "" {
		w.page.Outcome, w.page.Reason = schema.Partial, w.input.Lost
	}
	if w.input.Source == schema.FromText {
		w.page.Lines = w.input.Lines
	}
	return nil
}

// straighten turns the picture upright and cleans it. The pictures of digital
// pages are straight already; they go through for their ruling lines.
func (p *Pipeline) straighten(ctx context.Context, w *work) (err error) {
	if w.input.Image == nil {
		return nil
	}
	options := scan.Options{Legibility: p.legibility}
	switch {
	case w.input.Source == schema.FromTextLayer:
		options = scan.Options{Rotation: scan.Upright}
	case w.manner.Turn == schema.AsItLies:
		options = scan.Options{Rotation: scan.Unturned}
	case w.manner.Turn != 0:
		options = scan.Options{Rotation: w.manner.Turn}
	}
	w.sheet, err = scan.Prepare(ctx, w.input.Image, w.input.DPI, options)
	if err != nil {
		return err
	}
	b := w.sheet.Gray.Bounds()
	w.page.Width, w.page.Height, w.page.DPI = b.Dx(), b.Dy(), w.sheet.DPI
	w.page.Rotation, w.page.Skew = (w.input.Rotation+w.sheet.Rotation)%360, w.sheet.Skew
	w.page.Marks = w.sheet.Marks
	return nil
}

// legibility asks the engine how well a picture reads: the mean confidence of
// its words.
func (p *Pipeline) legibility(ctx context.Context, crop *image.Gray, dpi int) (float64, error) {
	readings, err := p.set.Engine.Read(ctx, crop, dpi, []ocr.Region{{Mode: ocr.Block}})
	if err != nil {
		return 0, err
	}
	sum, n := 0.0, 0
	for _, r := range readings {
		for _, l := range r.Lines {
			for _, word := range l.Words {
				sum += word.Confidence
				n++
			}
		}
	}
	return sum / float64(max(n, 1)), nil
}

// findTables builds the grids from the ruling lines, then from the white
// between the columns of tables that have none. On digital pages the
// words are there already and go into their cells.
func (p *Pipeline) findTables(_ context.Context, w *work) error {
	if w.sheet == nil {
		return nil
	}
	if w.manner.Running {
		w.page.Lines = w.input.Lines // of a digital page; the others are read next
		return nil
	}
	w.page.Grids = table.Grids(w.sheet.Rules, w.page.Width, w.page.Height, w.page.DPI)
	var print []schema.Box
	if w.input.Source == schema.FromTextLayer {
		for _, l := range w.input.Lines {
			for _, word := range l.Words {
				print = append(print, word.Box)
			}
		}
	} else {
		w.page.Grids = table.Mend(w.page.Grids, w.sheet.Rules, w.sheet.Print(nil), w.page.Width, w.page.DPI)
		print = w.sheet.Print(w.page.Grids)
	}
	w.page.Grids = append(w.page.Grids, table.Gaps(print, w.sheet.Rules, w.page.Grids, w.page.Width, w.page.Height, w.page.DPI)...)
	slices.SortStableFunc(w.page.Grids, func(a, b schema.Grid) int {
		return cmp.Or(cmp.Compare(a.Box.Y0, b.Box.Y0), cmp.Compare(a.Box.X0, b.Box.X0))
	})
	if w.input.Source == schema.FromTextLayer {
		table.Place(&w.page, w.input.Lines)
	}
	return nil
}

// read has the engine read the page, every cell and every block of running
// text by itself.
func (p *Pipeline) read(ctx context.Context, w *work) error {
	if w.sheet == nil || w.input.Source != schema.FromOCR {
		return nil
	}
	regions, owners, turned := regionsOf(w)
	readings, err := p.set.Engine.Read(ctx, ocr.Tone(w.sheet.Gray), w.sheet.DPI, regions)
	if err != nil && !slices.ContainsFunc(readings, func(r ocr.Reading) bool { return r.Err == nil }) {
		return err
	}
	// What was read before the page was given up is kept.
	var failures []string
	for i, r := range readings[:min(len(readings), len(regions))] {
		if r.Err != nil {
			failures = append(failures, fmt.Sprintf("region %v: %v", regions[i].Box, r.Err))
			continue
		}
		if owner := owners[i]; owner != nil {
			owner.Lines = r.Lines
		} else {
			w.page.Lines = append(w.page.Lines, r.Lines...)
		}
	}
	if err := p.readUpward(ctx, turned, w.sheet.DPI); err != nil {
		failures = append(failures, err.Error())
	}
	table.Roles(w.page.Lines, w.page.Height)
	clip(&w.page)
	sweep(&w.page)
	settleCase(&w.page)
	markWords(&w.page)
	markHand(&w.page, w.sheet)
	if len(failures) == len(regions) && len(regions) > 0 {
		return errors.New(failures[0])
	}
	if len(failures) > 0 {
		w.page.Outcome = schema.Partial
		reason := fmt.Sprintf("%d of %d regions could not be read: %s", len(failures), len(regions), failures[0])
		w.page.Reason = strings.TrimPrefix(w.page.Reason+"; "+reason, "; ")
	}
	return nil
}

// clip keeps the boxes of what was read on the page: no later stage has to
// trust the engine.
func clip(page *schema.Page) {
	all := schema.Box{X1: page.Width, Y1: page.Height}
	eachLine(page, func(l *schema.Line) {
		l.Box = l.Box.Intersect(all)
		for i := range l.Words {
			l.Words[i].Box = l.Words[i].Box.Intersect(all)
		}
	})
}

// regionsOf lists what the engine shall read, and for each region the cell
// that it belongs to, nil for running text; cells that are written upwards
// come by themselves. A cell is read no larger than its
// ink: an empty one costs a call and invites invented words.
func regionsOf(w *work) (regions []ocr.Region, owners []*schema.GridCell, turned []upward) {
	for _, box := range w.sheet.TextRegions(w.page.Grids) {
		regions = append(regions, ocr.Region{Box: box, Mode: ocr.Block})
		owners = append(owners, nil)
	}
	for g := range w.page.Grids {
		cells := w.page.Grids[g].Cells
		for c := range cells {
			// A cross or a dash alone is known by its shape; the engine, which
			// has no line to go by, misreads every other one.
			if sign, at := w.sheet.Sign(cells[c].Box); sign != "" {
				cells[c].Lines = []schema.Line{{Box: at, Words: []schema.Word{{Text: sign, Raw: sign, Box: at, Confidence: 0.95}}}}
				continue
			}
			if token, at := w.sheet.Token(cells[c].Box); token != "" {
				cells[c].Lines = []schema.Line{{Box: at, Words: []schema.Word{{Text: token, Raw: token, Box: at, Confidence: 0.9}}}}
				continue
			}
			ink := w.sheet.Ink(cells[c].Box)
			if ink.Empty() {
				continue
			}
			if up, at := w.sheet.Upward(cells[c].Box); up != nil {
				turned = append(turned, upward{&cells[c], up, at})
				continue
			}
			if w.sheet.DPI <= coarseDPI && 5*ink.Width() < w.sheet.DPI {
				ink = w.sheet.Whole(ink, cells[c].Box)
			}
			regions = append(regions, ocr.Region{Box: aired(ink, cells[c].Box, w.sheet.DPI), Mode: modeOf(ink, w.sheet.DPI)})
			owners = append(owners, &cells[c])
		}
	}
	if w.manner.Fine {
		for i := range regions {
			regions[i].Scale = max(1, fineDPI/float64(w.sheet.DPI))
		}
	}
	return regions, owners, turned
}

// fineDPI is the resolution that small print is enlarged to: letters of 6 pt
// are then as high in pixels as those of 12 pt where the engine reads best.
const fineDPI = 340

// coarseDPI is the resolution up to which strokes are so thin that parts of
// them are too pale for ink.
const coarseDPI = 180

// aired gives ink some of the white of its cell, short of the rules: the tails
// of commas and the ends of worn strokes are paler than what counts as ink. One
// or two characters alone have no commas, and read worse with air.
func aired(ink, cell schema.Box, dpi int) schema.Box {
	if 5*ink.Width() < dpi || dpi > coarseDPI {
		return ink
	}
	return ink.Inset(-max(dpi/60, 2)).Intersect(cell.Inset(max(dpi/100, 1))).Union(ink)
}

// modeOf tells a single line from a block by its height: told that there is
// one line, the engine reads lone digits and marks that it loses in a block
// (of 90 such cells of a real scan 82 were right instead of 75).
func modeOf(ink schema.Box, dpi int) ocr.Mode {
	// 14 pt type from the hook above a capital to the foot of a "g" is 20 pt.
	if ink.Height()*72 < 20*dpi*5/6 {
		return ocr.Line
	}
	return ocr.Block
}

// markWords notes on each word the stamp or handwriting that lies over it.
func markWords(page *schema.Page) {
	if len(page.Marks) == 0 {
		return
	}
	eachLine(page, func(l *schema.Line) {
		for i := range l.Words {
			word := &l.Words[i]
			for _, m := range page.Marks {
				// A fifth of a word under ink is about one letter.
				if 5*word.Box.Intersect(m.Box).Area() >= word.Box.Area() && word.Box.Area() > 0 {
					word.Under = m.Kind
				}
			}
		}
	})
}

func eachLine(page *schema.Page, f func(*schema.Line)) {
	for i := range page.Lines {
		f(&page.Lines[i])
	}
	for g := range page.Grids {
		for c := range page.Grids[g].Cells {
			lines := page.Grids[g].Cells[c].Lines
			for i := range lines {
				f(&lines[i])
			}
		}
	}
}

// repair restores the Vietnamese; the raw words stay beside the repaired ones, and
// the page as it was read for when lines of it are read again.
func (p *Pipeline) repair(_ context.Context, w *work) error {
	seen := w.sheet != nil && w.page.TextSource == schema.FromOCR
	if seen {
		w.small = smallHeight(&w.page)
		w.dropSpecks(&w.page)
	}
	w.read = asRead(&w.page)
	if seen {
		p.look(w)
	}
	p.set.Restorer.PageSeen(&w.page, w.eyes)
	return nil
}

// writeOut composes the page's text in reading order, grids where they stand
// between the lines.
func (p *Pipeline) writeOut(_ context.Context, w *work) error {
	var b strings.Builder
	next := 0
	for _, l := range w.page.Lines {
		for next < len(w.page.Grids) && w.page.Grids[next].Box.Y0 <= l.Box.Y0 && !l.Box.Empty() {
			writeGrid(&b, &w.page.Grids[next])
			next++
		}
		b.WriteString(schema.TextOf([]schema.Line{l}, ""))
		b.WriteByte('\n')
	}
	for ; next < len(w.page.Grids); next++ {
		writeGrid(&b, &w.page.Grids[next])
	}
	w.page.Text = strings.TrimRight(b.String(), "\n")
	return nil
}

// writeGrid writes a line a row, cells parted by tabs.
func writeGrid(b *strings.Builder, g *schema.Grid) {
	cells := slices.Clone(g.Cells)
	slices.SortStableFunc(cells, func(a, c schema.GridCell) int {
		if a.Row != c.Row {
			return a.Row - c.Row
		}
		return a.Col - c.Col
	})
	for i, c := range cells {
		switch {
		case i == 0:
		case c.Row != cells[i-1].Row:
			b.WriteByte('\n')
		default:
			b.WriteByte('\t')
		}
		b.WriteString(schema.TextOf(c.Lines, " "))
	}
	b.WriteByte('\n')
}
