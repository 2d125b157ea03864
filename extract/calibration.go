package extract

import (
	"math"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Confidences are given when everything about a document is known: what the
// engine thought of its pages, what fields there are, what the checks say.

// condition is how a page was read, as far as it says something about each of
// its fields.
type condition struct {
	source schema.TextSource
	engine float64 // mean score of its words
	damage float64 // share of its words that were repaired or left unsure
	height float64 // mean height of its words' boxes in pixels, 0 when there are none
}

// conditions looks at the pages.
func conditions(pages []schema.Page) map[int]condition {
	out := make(map[int]condition, len(pages))
	damage := 0.0
	for i := range pages {
		p := &pages[i]
		c := condition{source: p.TextSource, engine: 1}
		sum, n, damaged, high, boxes := 0.0, 0, 0, 0, 0
		look := func(lines []schema.Line) {
			for li := range lines {
				for wi := range lines[li].Words {
					w := &lines[li].Words[wi]
					n++
					sum += w.Confidence
					if len(w.Repairs) > 0 || w.Unsure {
						damaged++
					}
					if !w.Box.Empty() {
						high += w.Box.Height()
						boxes++
					}
				}
			}
		}
		look(p.Lines)
		for g := range p.Grids {
			for k := range p.Grids[g].Cells {
				look(p.Grids[g].Cells[k].Lines)
			}
		}
		if n > 0 {
			c.engine, c.damage = sum/float64(n), float64(damaged)/float64(n)
		}
		if boxes > 0 {
			c.height = float64(high) / float64(boxes)
		}
		out[p.Number] = c
		damage += c.damage / float64(len(pages))
	}
	if damage < cleanText {
		for n, c := range out {
			if c.source == schema.FromText {
				c.source = confidence.CleanText
				out[n] = c
			}
		}
	}
	return out
}

// cleanText is the mean damage of its pages below which a text file was typed
// rather than left by an engine.
const cleanText = 0.05

// rater gives confidences. It is apart from the builder since the cells of
// tables are rated without one.
type rater struct {
	pages    map[int]condition
	first    int // number of the first page
	restorer *normalize.Restorer
	model    *confidence.Model
	opt      Options
}

func newRater(pages []schema.Page, opt Options) *rater {
	r := &rater{pages: conditions(pages), restorer: opt.Restorer, model: opt.Calibration, opt: opt}
	if len(pages) > 0 {
		r.first = pages[0].Number
	}
	if r.model == nil {
		r.model = confidence.Default()
	}
	if r.opt.Precision == 0 {
		r.opt.Precision = DefaultPrecision
	}
	return r
}

// smallPrint is the height of words' boxes, in pixels, from which on engines
// gain nothing from more: 12 pt type at 200 dpi.
const smallPrint = 30.0

// doubts turns evidence into what a model weighs. The class is set when the
// field has its place in the document.
func (r *rater) doubts(e Evidence, text string) *schema.Evidence {
	page, ok := r.pages[e.Page]
	if !ok {
		page = condition{source: schema.FromOCR, engine: 1}
		// All pages of a text have one source; what has no page of a document of
		// several goes by the first.
		if first, ok := r.pages[r.first]; ok {
			page.source = first.source
		}
	}
	d := make([]float64, confidence.Count)
	d[confidence.Engine] = 1 - e.Engine
	d[confidence.Weakest] = 1 - e.Weakest
	d[confidence.Slips] = math.Log1p(100*e.Slips) / 10
	d[confidence.Repairs] = math.Log1p(min(-math.Log(max(e.Repairs, 1e-9)), 12))
	d[confidence.Changed] = math.Log1p(float64(e.Changed))
	d[confidence.Rivals] = math.Log1p(e.Rivals)
	d[confidence.Rival] = e.Rival
	d[confidence.Unsure] = math.Log1p(float64(e.Unsure))
	if r.restorer != nil && !e.Unwritten {
		f := r.restorer.Fluency(text)
		e.surprised(f.Costs)
		e.likelyCapitals(r.restorer.Capital)
		e.rivalled(r.restorer.Rivals(text))
		d[confidence.Strangers] = math.Log1p(float64(f.Strangers))
		d[confidence.Misfits] = math.Log1p(float64(f.Misfits))
		d[confidence.Surprise] = f.Mean / 10
		d[confidence.Oddest] = f.Worst / 10
		d[confidence.Sign] = f.Sign / 10
		d[confidence.Seam] = e.seam(f.Costs) / 10
		d[confidence.Romans] = math.Log1p(float64(e.Romans))
	}
	d[confidence.Odd] = math.Log1p(float64(e.Odd))
	if !e.Unwritten {
		d[confidence.Length] = math.Log1p(float64(e.Letters)) / 10
	}
	d[confidence.Format] = 1 - e.Format
	d[confidence.Position] = 1 - e.Position
	d[confidence.Stamp] = e.Stamped
	d[confidence.Handwriting] = e.Handwrit
	d[confidence.Page] = 1 - page.engine
	d[confidence.Damage] = page.damage
	if e.Height > 0 && page.source == schema.FromOCR {
		d[confidence.Small] = min(max(0, 1-e.Height/smallPrint), 1)
		// A word is as high as its letters happen to be, a page as its print.
		small := round4(min(max(0, 1-page.height/smallPrint), 1))
		for i := range e.words {
			e.words[i].Doubts[confidence.WordSmall] = small
		}
	}
	d[confidence.Differ] = math.Log1p(float64(e.Differ))
	for i, v := range d {
		d[i] = math.Round(v*1e4) / 1e4
	}
	return &schema.Evidence{Source: page.source, Doubts: d, Words: e.words}
}

// bare is the evidence of a field that no words stand behind: an empty cell, a
// number that follows from its neighbours. position tells how surely the field
// is meant, page where, 0 when nowhere.
func (b *builder) bare(position float64, page int) *schema.Evidence {
	return b.rater.doubts(Evidence{Engine: 1, Weakest: 1, Repairs: 1, Format: 1, Position: position, Page: page, Unwritten: true}, "")
}

// assess gives all fields their classes and confidences. A field that the rules
// by which it was found sent to review stays there.
func (b *builder) assess() {
	each := func(class string, f *schema.Field) {
		if f.Evidence == nil {
			return
		}
		f.Evidence.Class = class
		if class == confidence.Code && f.Evidence.Source == schema.FromOCR && f.Evidence.Doubts[confidence.Romans] > 0 {
			// "Phụ lục III" is read as "Phụ lục II", and nothing around tells.
			f.State, f.Why = schema.NeedsReview, []string{"engine"}
		}
		if f.State == schema.NeedsReview {
			f.Evidence.Doubts[confidence.Rule] = 1
		}
		b.rater.judge(f)
	}
	h := &b.res.Header
	for name, f := range h.Fields() { // the order decides nothing
		each(confidence.HeaderClass(name, f), f)
	}
	for i := range h.Recipients {
		each(confidence.Name, &h.Recipients[i])
	}
	for i := range b.res.Records {
		for name, entry := range b.res.Records[i].Fields {
			if entry.One != nil {
				each(confidence.RecordClass(name, entry.One), entry.One)
			}
			for k := range entry.List {
				each(confidence.RecordClass(name, &entry.List[k]), &entry.List[k])
			}
		}
	}
	for i := range b.res.Citations {
		each(confidence.Citation, &b.res.Citations[i])
	}
	for i := range b.res.Amounts {
		each(confidence.Money, &b.res.Amounts[i])
	}
}

// doubtColumns compares the fields of a column with one another: a lost comma
// makes 98,6 a number ten times its neighbours, a lost percent sign a number
// among percentages, and an empty cell in a full column may have lost its text.
// It comes before the fields are judged.
func (b *builder) doubtColumns() {
	type column struct{ kind, name string }
	columns := make(map[column][]*schema.Field)
	all := make(map[column][]*schema.Field)
	for i := range b.res.Records {
		r := &b.res.Records[i]
		unit := r.Fields["unit"].One
		share := unit != nil && strings.Contains(unit.Text, "%")
		for name, e := range r.Fields {
			if e.One == nil || e.One.Evidence == nil {
				continue
			}
			c := column{r.Kind, name}
			all[c] = append(all[c], e.One)
			if confidence.RecordClass(name, e.One) == confidence.Quantity {
				columns[c] = append(columns[c], e.One)
				if (share || strings.Contains(e.One.Text, "%")) && sizeOf(e.One) > wholeShare {
					e.One.Evidence.Doubts[confidence.Scale] = beyondWhole
				}
			}
		}
	}
	for c, fields := range all {
		full := 0
		for _, f := range fields {
			if f.Text != "" {
				full++
			}
		}
		// What is no number among numbers has lost a mark or won one: "43/7".
		if n := len(columns[c]); n >= smallestColumn && 2*n > full {
			for _, f := range fields {
				if f.Text != "" && confidence.RecordClass(c.name, f) != confidence.Quantity {
					f.Evidence.Doubts[confidence.Shape] = round4(float64(n) / float64(full))
				}
			}
		}
		doubtEndings(fields, func(f *schema.Field) (string, *schema.Evidence) { return f.Text, f.Evidence })
		for _, f := range fields {
			if f.Text == "" {
				f.Evidence.Doubts[confidence.Gap] = round4(float64(full) / float64(len(fields)))
			}
		}
	}
	for _, fields := range columns {
		if len(fields) < smallestColumn {
			continue
		}
		signs := make(map[string]int)
		var sizes []float64
		for _, f := range fields {
			signs[signsOf(f.Text)]++
			sizes = append(sizes, sizeOf(f))
		}
		slices.Sort(sizes)
		middle := sizes[len(sizes)/2]
		for _, f := range fields {
			others := float64(len(fields) - 1)
			f.Evidence.Doubts[confidence.Shape] = round4((others - float64(signs[signsOf(f.Text)]-1)) / others)
			f.Evidence.Doubts[confidence.Scale] += round4(min(2, max(0, math.Abs(sizeOf(f)-middle)-0.3)))
		}
	}
}

// doubtGroups sends the numbers of records to review where a group of their table
// has no name, in tables whose grid is lost: specks and torn words were taken for
// a head, and numbers begin anew where they should not.
func (b *builder) doubtGroups() {
	unsure := make(map[string]bool) // by the kind of records
	for i := range b.res.Records {
		r := &b.res.Records[i]
		if r.Table == nil && r.Group != nil && r.Group.Name != "" && !hasWord(r.Group.Name) {
			unsure[r.Kind] = true
		}
	}
	for i := range b.res.Records {
		r := &b.res.Records[i]
		if r.Table != nil || !unsure[r.Kind] {
			continue
		}
		for _, name := range []string{"number", "section"} {
			if f := r.Fields[name].One; f != nil && f.State != schema.NeedsReview {
				f.State, f.Why = schema.NeedsReview, []string{"position"}
			}
		}
	}
}

// hasWord reports whether a name has a word of at least three letters.
func hasWord(name string) bool {
	return slices.ContainsFunc(strings.Fields(name), func(w string) bool { return letters(w) >= 3 })
}

// doubtEndings doubts the last words of texts of a column that end otherwise than
// the others do: a full stop was lost there, or a speck taken for one.
func doubtEndings[T any](column []T, of func(T) (string, *schema.Evidence)) {
	count := make(map[string]int)
	n := 0
	for _, f := range column {
		if text, _ := of(f); text != "" {
			count[endOf(text)]++
			n++
		}
	}
	if n < smallestColumn {
		return
	}
	for _, f := range column {
		text, e := of(f)
		if text == "" || e == nil || len(e.Words) == 0 {
			continue
		}
		last := e.Words[len(e.Words)-1].Doubts
		last[confidence.WordEnd] = round4(float64(n-count[endOf(text)]) / float64(n-1))
	}
}

// endOf is the sign that a text ends in, "" for none.
func endOf(text string) string {
	if last := lastOf(text); strings.Contains(".,;:-", last) {
		return last
	}
	return ""
}

// A share above the whole is possible (a target overfulfilled) and rare.
const (
	wholeShare  = 2.03 // [sizeOf] of a little more than 100 %
	beyondWhole = 1.5
)

// smallestColumn is the number of values from which on a column has a way in
// which it is written.
const smallestColumn = 4

// signsOf are the signs of a number besides its digits and marks.
func signsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("%+-–<>=≥≤", r) {
			return r
		}
		return -1
	}, text)
}

// sizeOf is the number of digits before a number's comma, with fractions.
func sizeOf(f *schema.Field) float64 {
	var v float64
	switch x := f.Value.(type) {
	case float64:
		v = x
	case schema.Quantity:
		v = x.Number
	}
	return math.Log10(math.Abs(v) + 1)
}

// doubtChecks gives the fields that a check speaks against a new confidence:
// those that it names, of the records that it names. What it tells for
// information, or of the document as a whole, is no doubt.
func (b *builder) doubtChecks() {
	for _, c := range b.res.Checks {
		if c.Severity == schema.Info || len(c.Records) > checkedRecords {
			continue
		}
		for i := range b.res.Records {
			r := &b.res.Records[i]
			if !slices.Contains(c.Records, r.ID) {
				continue
			}
			for _, name := range c.Fields {
				entry := r.Fields[name]
				if entry.One != nil {
					b.rater.doubtCheck(entry.One)
				}
				for k := range entry.List {
					b.rater.doubtCheck(&entry.List[k])
				}
			}
		}
	}
}

// checkedRecords is the number of records up to which a check points at its
// records. A check of many says little about each.
const checkedRecords = 4

func (r *rater) doubtCheck(f *schema.Field) {
	if f.Evidence == nil {
		return
	}
	f.Evidence.Doubts[confidence.Check] = 1
	before := f.Confidence
	r.judge(f)
	f.Confidence = min(f.Confidence, before)
}

// judge sets a field's confidence, and from it the state.
func (r *rater) judge(f *schema.Field) {
	e := f.Evidence
	f.Confidence = r.model.Probability(e)
	limit := r.opt.Threshold
	if limit == 0 {
		limit = r.model.Threshold(e.Source, e.Class, r.opt.Precision)
	}
	if f.Confidence >= limit && e.Doubts[confidence.Handwriting] == 0 && f.State != schema.NeedsReview {
		return
	}
	f.State = schema.NeedsReview
	if len(f.Why) == 0 {
		f.Why = r.model.Why(e)
		if e.Doubts[confidence.Handwriting] > 0 {
			f.Why = append([]string{"handwriting"}, slices.DeleteFunc(f.Why, func(w string) bool { return w == "handwriting" })...)
		}
	}
	if len(f.Why) == 0 {
		f.Why = []string{"sum"} // no single reason, several small ones
	}
}

// RateTables gives the cells and heads of joined tables their confidences, in
// place.
func RateTables(pages []schema.Page, tables []schema.Table, opt Options) {
	r := newRater(pages, opt)
	for i := range tables {
		t := &tables[i]
		heads := make([]float64, len(t.Columns))
		for k := range heads {
			heads[k] = 1
		}
		evidence := r.cellEvidence(t)
		for row := range t.Rows {
			for k := range t.Rows[row] {
				c := &t.Rows[row][k]
				r.rateCell(c, evidence[c])
				if row < t.HeadRows && c.Text != "" {
					for col := c.Col; col < min(c.Col+c.ColSpan, len(heads)); col++ {
						heads[col] = min(heads[col], c.Confidence)
					}
				}
			}
		}
		for k := range heads {
			if heads[k] < 1 {
				t.Columns[k].Confidence = heads[k]
			}
		}
	}
}

// cellEvidence collects the evidence of a table's cells.
func (r *rater) cellEvidence(t *schema.Table) map[*schema.Cell]*schema.Evidence {
	out := make(map[*schema.Cell]*schema.Evidence)
	columns := make(map[int][]*schema.Cell)
	for row := range t.Rows {
		for k := range t.Rows[row] {
			c := &t.Rows[row][k]
			p := cellPassage(c)
			e := gather(p)
			if e.Page == 0 && len(c.Boxes) > 0 {
				e.Page = c.Boxes[0].Page
			}
			out[c] = r.doubts(e, p.text)
			out[c].Class = confidence.Cell
			if p.text == "" {
				out[c].Class = confidence.Blank
			} else if row >= t.HeadRows {
				columns[c.Col] = append(columns[c.Col], c)
			}
		}
	}
	for _, column := range columns {
		doubtEndings(column, func(c *schema.Cell) (string, *schema.Evidence) { return c.Text, out[c] })
	}
	return out
}

func (r *rater) rateCell(c *schema.Cell, e *schema.Evidence) {
	c.Confidence = r.model.Probability(e)
	if r.opt.CellEvidence {
		c.Evidence = e
	}
}

// round4 rounds a doubt: results keep them, and more digits say nothing.
func round4(v float64) float64 { return math.Round(1e4*v) / 1e4 }
