package export

import (
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// xlsxEncoder writes a workbook: a sheet a record kind, a sheet with a row a
// sum, since a record may hold several, and a sheet of the documents.
type xlsxEncoder struct {
	w         io.Writer
	set       Settings
	kinds     map[string]*spool
	sums      spool
	documents spool
}

func newXLSX(w io.Writer, set Settings) *xlsxEncoder {
	return &xlsxEncoder{w: w, set: set, kinds: map[string]*spool{}}
}

// Names of the sheets beside those of the kinds.
const (
	amountsSheet   = "amounts"
	documentsSheet = "documents"
)

// Add implements [Encoder].
func (e *xlsxEncoder) Add(doc *Stored) error {
	kept := rows(doc, e.set)
	for _, r := range kept {
		s := e.kinds[r.rec.Kind]
		if s == nil {
			s = &spool{}
			e.kinds[r.rec.Kind] = s
		}
		t := newTableRow(r)
		if err := s.add(t); err != nil {
			return err
		}
		for _, name := range fieldNames(r.rec) {
			for i := range r.rec.Fields[name].All() {
				f := &r.rec.Fields[name].All()[i]
				if m, ok := schema.TypedValue(f.Value).(schema.Money); ok {
					if err := e.sums.add(sumRow(t, r, name, f, m)); err != nil {
						return err
					}
				}
			}
		}
	}
	return e.documents.add(documentRow(doc, len(kept), e.set))
}

// sumRow is a row of the sheet of amounts.
func sumRow(t tableRow, r row, name string, f *schema.Field, m schema.Money) tableRow {
	number := cell{}
	if e, ok := r.rec.Fields["number"]; ok {
		number = fieldCell("number", e)
		number.Level = plainLevel
	}
	sum := func(vnd int64) cell {
		c := money(vnd)
		c.Level = levelOf(f)
		return c
	}
	cells := []named{{"number", number}, {"title", text(title(r.rec))}, {"field", text(name)}, {"vnd", sum(m.VND)}}
	if m.VNDTo != 0 {
		cells = append(cells, named{"vnd_to", sum(m.VNDTo)})
	}
	for _, x := range []struct{ name, value string }{{"qualifier", m.Qualifier}, {"per", m.Per}, {"column", m.Column}, {"shared_with", join(m.SharedWith)}, {"words", f.Text}} {
		if x.value != "" {
			cells = append(cells, named{x.name, text(x.value)})
		}
	}
	t.Fields = cells
	return t
}

// title is what a record is called, by whichever field its kind has for it.
func title(r *schema.Record) string {
	for _, name := range []string{"title", "name", "task", "content"} {
		for _, f := range r.Fields[name].All() {
			return f.Text
		}
	}
	return ""
}

// documentRow is a row of the sheet of documents.
func documentRow(doc *Stored, records int, set Settings) tableRow {
	t := newTableRow(row{doc: doc, rec: &schema.Record{}, confidence: 1, state: schema.Accepted})
	h := &doc.Header
	for _, x := range []struct {
		name string
		f    *schema.Field
	}{{"parent", h.Parent}, {"place", h.Place}, {"document_type", h.DocumentType}, {"title", h.Title}, {"appendix", h.Appendix}, {"attached_to", h.AttachedTo}, {"signer", h.Signer}} {
		if x.f != nil {
			c := text(x.f.Text)
			c.Level = levelOf(x.f)
			t.Fields = append(t.Fields, named{x.name, c})
		}
	}
	t.Fields = append(t.Fields, named{"pages", integer(len(doc.Pages))}, named{"records", integer(records)})
	if set.BaseURL != "" {
		t.Tail[len(t.Tail)-1].Text = documentLink(set.BaseURL, doc.DocumentID)
	}
	return t
}

// Close implements [Encoder].
func (e *xlsxEncoder) Close() (err error) {
	book := NewWorkbook()
	defer func() {
		err = errors.Join(err, book.Close(), e.sums.close(), e.documents.close())
		for _, s := range e.kinds {
			err = errors.Join(err, s.close())
		}
	}()
	kinds := slices.Collect(maps.Keys(e.kinds))
	sortKinds(kinds)
	for _, kind := range kinds {
		if err := fillSheet(book, kind, e.kinds[kind], nil); err != nil {
			return err
		}
	}
	if e.sums.rows > 0 {
		if err := fillSheet(book, amountsSheet, &e.sums, []string{"page", "confidence", "state", "unsure"}); err != nil {
			return err
		}
	}
	if err := fillSheet(book, documentsSheet, &e.documents, []string{"kind", "group_number", "group_name", "page", "confidence", "state", "unsure", "record"}); err != nil {
		return err
	}
	return book.Finish(e.w)
}

// wide gives the widths of columns with long text, in characters.
var wide = map[string]float64{
	"title": 48, "name": 48, "task": 48, "content": 48, "results": 60, "result": 60, "difficulties": 40, "benefits": 40, "next_steps": 40, "goal": 40,
	"shortcomings": 40, "solutions": 40, "for_citizens": 40, "for_businesses": 40, "group_name": 28, "issuer": 32, "source": 28, "amounts": 20, "vnd": 20, "vnd_to": 20,
	"number": 8, "kind": 10, "page": 7, "version": 8, "group_number": 8, "confidence": 11, "document": 16, "link": 10,
}

// fillSheet writes a sheet; the columns of leave are left out.
func fillSheet(book *Workbook, name string, rows *spool, leave []string) error {
	var head []Cell
	var widths []float64
	var keep []int
	frozen := 0
	for i, column := range rows.head() {
		if slices.Contains(leave, column) {
			continue
		}
		keep = append(keep, i)
		head = append(head, Cell{Value: column, Shade: Head})
		widths = append(widths, wide[column])
		if column == "source" {
			frozen = len(head)
		}
	}
	sheet, err := book.NewSheet(name, frozen, widths, head...)
	if err != nil {
		return err
	}
	cells := make([]Cell, len(keep))
	if err := rows.each(func(all []cell) error {
		for i, at := range keep {
			cells[i] = all[at].forSheet()
		}
		return sheet.Row(cells...)
	}); err != nil {
		return err
	}
	return sheet.Close()
}

// forSheet makes a cell of the workbook.
func (c cell) forSheet() Cell {
	out := Cell{Shade: [...]Shade{plainLevel: NoShade, unsureLevel: Unsure, doubtedLevel: Doubted, humanLevel: Human}[c.Level]}
	switch c.Type {
	case numberCell:
		out.Value = c.Number
	case moneyCell:
		vnd, err := strconv.ParseInt(c.Text, 10, 64)
		if err != nil {
			out.Value = c.Text // money made the text, so this does not happen
			break
		}
		out.Value = Dong(vnd)
	case dateCell:
		out.Value = Day(c.Text)
	case boolCell:
		out.Value = c.Text == "true"
	case linkCell:
		if c.Text != "" {
			out.Value = Link{URL: c.Text, Text: "→"}
		}
	default:
		if c.Text != "" {
			out.Value = c.Text
		}
	}
	return out
}

func join(all []string) string { return strings.Join(all, "; ") }
