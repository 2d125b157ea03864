package review

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// grid shows the records of one kind as the table that they were.
type grid struct {
	Kind    string
	Columns []string // names of fields, from left to right on the paper
	Rows    []gridRow
}

type gridRow struct {
	ID    string
	Group string // when it is another than that of the row above
	Cells []gridCell
}

// gridCell holds the fields of a record under one name.
type gridCell struct {
	Name  string
	Items []gridItem
}

type gridItem struct {
	Path, Text, Base string
	Level            string // of confidence, "" when a person vouches for it
	State            schema.State
	Places           string // JSON
	Why              string
}

// grids lays the records of a document out, a grid a kind.
func (r *request) grids(doc *schema.Document) []grid {
	var out []grid
	for i := range doc.Records {
		kind := doc.Records[i].Kind
		k := slices.IndexFunc(out, func(g grid) bool { return g.Kind == kind })
		if k < 0 {
			k = len(out)
			out = append(out, grid{Kind: kind, Columns: columns(doc, kind)})
		}
		out[k].Rows = append(out[k].Rows, r.gridRow(&doc.Records[i], out[k].Columns, listed(doc, kind), lastRow(out[k].Rows, doc)))
	}
	return out
}

// lastRow returns the record of the row above, nil at the top.
func lastRow(rows []gridRow, doc *schema.Document) *schema.Record {
	if len(rows) == 0 {
		return nil
	}
	if i := recordIndex(doc, rows[len(rows)-1].ID); i >= 0 {
		return &doc.Records[i]
	}
	return nil
}

func (r *request) gridRow(rec *schema.Record, columns []string, list map[string]bool, before *schema.Record) gridRow {
	row := gridRow{ID: rec.ID}
	if g := groupName(rec); before == nil || g != groupName(before) {
		row.Group = g
	}
	for _, name := range columns {
		cell := gridCell{Name: name}
		e := rec.Fields[name]
		all := e.All()
		for i := range all {
			path := store.FieldPath(rec.ID, name)
			if e.One == nil {
				path = store.FieldPath(rec.ID, name, i)
			}
			cell.Items = append(cell.Items, r.gridItem(path, &all[i]))
		}
		if len(all) == 0 { // what was missed can be typed in
			path := store.FieldPath(rec.ID, name)
			if list[name] {
				path += "/0"
			}
			cell.Items = []gridItem{{Path: path, Base: digest(&schema.Field{})}}
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

func (r *request) gridItem(path string, f *schema.Field) gridItem {
	item := gridItem{Path: path, Text: f.Text, Base: digest(f), State: f.State, Places: "[]"}
	if f.State == schema.NeedsReview || f.State == schema.Accepted {
		item.Level = level(f.Confidence)
	}
	var places []place
	for _, b := range f.Boxes {
		if b.Box != nil {
			places = append(places, place{Page: b.Page, Box: *b.Box})
		}
	}
	if data, err := json.Marshal(places); err == nil && places != nil {
		item.Places = string(data)
	}
	var why []string
	for _, w := range f.Why {
		why = append(why, r.texts.T(reason(w)))
	}
	item.Why = strings.Join(why, ", ")
	return item
}

func groupName(r *schema.Record) string {
	if r.Group == nil {
		return ""
	}
	return strings.TrimSpace(r.Group.Number + " " + r.Group.Name)
}

// columns returns the names of the fields that records of a kind have, in the
// order in which they stand on the paper; names without a place come last.
func columns(doc *schema.Document, kind string) []string {
	sum, count, seen := map[string]int{}, map[string]int{}, map[string]bool{}
	for _, rec := range doc.Records {
		if rec.Kind != kind {
			continue
		}
		for name, e := range rec.Fields {
			seen[name] = true
			for _, f := range e.All() {
				if len(f.Boxes) > 0 && f.Boxes[0].Box != nil {
					sum[name] += f.Boxes[0].Box.X0
					count[name]++
				}
			}
		}
	}
	var names []string
	for name := range seen {
		names = append(names, name)
	}
	middle := func(name string) int {
		if count[name] == 0 {
			return 1 << 30
		}
		return sum[name] / count[name]
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(middle(a), middle(b)), cmp.Compare(a, b))
	})
	return names
}

// listed tells which fields of a kind are lists.
func listed(doc *schema.Document, kind string) map[string]bool {
	out := map[string]bool{}
	for _, rec := range doc.Records {
		for name, e := range rec.Fields {
			if rec.Kind == kind && e.One == nil {
				out[name] = true
			}
		}
	}
	return out
}

type tableView struct {
	documentView
	Grids  []grid
	Tables []plainTable
	Pages  []schema.PageInfo
	Keys   []key
}

// Label names a column; for templates.
func (v tableView) Label(name string) string { return v.T(label(name)) }

// plainTable is a table that no profile fitted.
type plainTable struct {
	Columns []string
	Rows    [][]plainCell
}

type plainCell struct {
	gridItem
	RowSpan, ColSpan int
}

// plain lays out the table with the given index, without its heads.
func (r *request) plain(index int, t *schema.Table) plainTable {
	var out plainTable
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, c.Text)
	}
	for i := min(t.HeadRows, len(t.Rows)); i < len(t.Rows); i++ {
		var row []plainCell
		for j, c := range t.Rows[i] {
			f := schema.Field{Text: c.Text, Confidence: c.Confidence, State: schema.Accepted, Boxes: c.Boxes}
			row = append(row, plainCell{r.gridItem(fmt.Sprintf("tables/%d/rows/%d/%d", index, i, j), &f), c.RowSpan, c.ColSpan})
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// plainAt finds a cell of a plain table by the path that plain gave it.
func plainAt(doc *schema.Document, path string) (table int, cell *schema.Cell) {
	var i, j int
	if n, err := fmt.Sscanf(path, "tables/%d/rows/%d/%d", &table, &i, &j); n != 3 || err != nil {
		return 0, nil
	}
	if table < 0 || table >= len(doc.Tables) || i < 0 || i >= len(doc.Tables[table].Rows) || j < 0 || j >= len(doc.Tables[table].Rows[i]) {
		return 0, nil
	}
	return table, &doc.Tables[table].Rows[i][j]
}

// savePlain takes what was typed into a cell of a plain table.
func (r *request) savePlain(id, path, text string) error {
	ctx := r.Context()
	for range 5 {
		doc, revision, err := r.s.store.Current(ctx, id)
		if err != nil {
			return err
		}
		table, cell := plainAt(doc, path)
		if cell == nil {
			return fmt.Errorf("cell %s: %w", path, store.ErrNotFound)
		}
		base := func() string {
			return digest(&schema.Field{Text: cell.Text, Confidence: cell.Confidence, State: schema.Accepted, Boxes: cell.Boxes})
		}
		if base() != r.PostFormValue("base") && cell.Text != text {
			return r.json(cellAnswer{Now: cell.Text, Base: base()})
		}
		cell.Text, cell.Confidence = text, 1
		result, err := r.s.store.Correct(ctx, id, store.Batch{By: r.who.Name, Note: "table", Revision: revision,
			Changes: []store.Change{{What: store.TheTable, Path: fmt.Sprintf("tables/%d", table), Table: &doc.Tables[table]}}})
		if errors.Is(err, store.ErrConflict) {
			continue
		}
		if err != nil {
			return err
		}
		return r.json(cellAnswer{Text: text, Base: base(), State: string(schema.Corrected), Left: result.FieldsLeft})
	}
	return store.ErrConflict
}

// table shows the document as a grid beside its pages.
func (r *request) table() error {
	d, err := r.documentPage("")
	if err != nil {
		return err
	}
	v := tableView{documentView: d, Keys: tableKeys}
	v.Section = "table"
	if v.Doc.Version == 0 {
		return r.redirect("/d/" + v.Doc.ID)
	}
	doc, _, err := r.s.store.Current(r.Context(), v.Doc.ID)
	if err != nil {
		return err
	}
	v.Grids = r.grids(doc)
	used := map[int]bool{}
	for _, rec := range doc.Records {
		if rec.Table != nil {
			used[*rec.Table] = true
		}
	}
	for i, t := range doc.Tables {
		if used[i] {
			continue
		}
		v.Tables = append(v.Tables, r.plain(i, &t))
	}
	for _, p := range doc.Pages {
		p.Text = ""
		v.Pages = append(v.Pages, p)
	}
	return r.render("table", v)
}

// cellAnswer tells the script what became of a cell.
type cellAnswer struct {
	Text, Base, Level, State, Read, Error, Now string
	Left                                       int
}

// saveCell takes what was typed into a cell. Unlike saveField it answers about
// the same field, since the reviewer goes where they want.
func (r *request) saveCell() error {
	ctx := r.Context()
	r.Body = http.MaxBytesReader(r.w, r.Body, 1<<20)
	id, path, text := r.PathValue("id"), r.PostFormValue("path"), clean(r.PostFormValue("text"))
	if err := r.mayChange(ctx, id); err != nil {
		return err
	}
	if strings.HasPrefix(path, "tables/") {
		return r.savePlain(id, path, text)
	}
	for range 5 {
		doc, revision, err := r.s.store.Current(ctx, id)
		if err != nil {
			return err
		}
		f := store.FieldAt(doc, path)
		if f == nil {
			f = &schema.Field{}
		}
		to, complaint := r.decide(doc, path, f, "accept", text)
		if r.s.doubled(path, f) {
			return r.complaint(http.StatusConflict, "Two people type this field; key C leads to it.")
		}
		out := cellAnswer{Text: to.Text, Base: digest(&to), State: string(to.State), Read: r.texts.read(kindOf(parsePath(path).name, &to), to.Value)}
		switch {
		case digest(f) != r.PostFormValue("base") && to.Text != f.Text:
			return r.json(cellAnswer{Now: f.Text, Base: digest(f)})
		case complaint != "":
			return r.json(cellAnswer{Error: complaint})
		}
		result, err := r.s.store.Correct(ctx, id, store.Batch{By: r.who.Name, Note: "table", Revision: revision, Changes: []store.Change{{What: store.TheField, Path: path, Field: &to}}})
		if errors.Is(err, store.ErrConflict) {
			continue
		}
		if err != nil {
			return err
		}
		out.Left = result.FieldsLeft
		return r.json(out)
	}
	return store.ErrConflict
}

// mayChange claims the document for a change.
func (r *request) mayChange(ctx context.Context, id string) error {
	d, err := r.s.store.Document(ctx, id)
	if err != nil {
		return err
	}
	if d.State == store.Locked {
		return store.ErrApproved
	}
	_, err = r.s.store.Claim(ctx, id, r.who.Name, r.s.set.ClaimTime)
	return err
}

// changeRows moves, joins, splits, adds and removes rows. Each is one entry of
// the history.
func (r *request) changeRows() error {
	ctx := r.Context()
	r.Body = http.MaxBytesReader(r.w, r.Body, 1<<20)
	id, row, action := r.PathValue("id"), r.PostFormValue("row"), r.PostFormValue("action")
	if err := r.mayChange(ctx, id); err != nil {
		return err
	}
	for range 5 {
		doc, revision, err := r.s.store.Current(ctx, id)
		if err != nil {
			return err
		}
		i := recordIndex(doc, row)
		if i < 0 {
			return fmt.Errorf("row %q: %w", row, store.ErrNotFound)
		}
		changes, focus, err := r.rowChanges(doc, i, action)
		if err != nil {
			return err
		}
		_, err = r.s.store.Correct(ctx, id, store.Batch{By: r.who.Name, Note: "record", Revision: revision, Changes: changes})
		if errors.Is(err, store.ErrConflict) {
			continue
		}
		if err != nil {
			return err
		}
		return r.json(map[string]string{"focus": focus})
	}
	return store.ErrConflict
}

// rowChanges makes the changes of an action on the record at index i, and
// names the record that the reviewer is at afterwards.
func (r *request) rowChanges(doc *schema.Document, i int, action string) (changes []store.Change, focus string, err error) {
	if _, ok := cellMoves[action]; ok {
		return r.moveCell(doc, i, action)
	}
	rec := doc.Records[i]
	put := func(rec schema.Record, at int) store.Change {
		return store.Change{What: store.TheRecord, Path: store.RecordPath(rec.ID), Record: &rec, At: at, Insert: true}
	}
	gone := func(rec schema.Record) store.Change {
		return store.Change{What: store.TheRecord, Path: store.RecordPath(rec.ID)}
	}
	switch action {
	case "up", "down":
		step := map[string]int{"up": -1, "down": 1}[action]
		k, err := r.neighbour(doc, i, step)
		if err != nil {
			return nil, "", err
		}
		// The row takes the group of where it comes to stand.
		rec.Group = doc.Records[k].Group
		return []store.Change{gone(rec), put(rec, k)}, rec.ID, nil
	case "join":
		k, err := r.neighbour(doc, i, 1)
		if err != nil {
			return nil, "", err
		}
		joined := joinRecords(rec, doc.Records[k])
		return []store.Change{put(joined, i), gone(doc.Records[k])}, rec.ID, nil
	case "split":
		upper, lower, err := splitRecord(rec, r.PostFormValue("path"), r.PostFormValue("text"), r.PostFormValue("rest"))
		if err != nil {
			return nil, "", err
		}
		return []store.Change{put(upper, i), put(lower, i+1)}, lower.ID, nil
	case "add":
		added := emptyRecord(rec)
		return []store.Change{put(added, i+1)}, added.ID, nil
	case "remove":
		for _, k := range []int{i + 1, i - 1} {
			if k >= 0 && k < len(doc.Records) {
				focus = doc.Records[k].ID
				break
			}
		}
		return []store.Change{gone(rec)}, focus, nil
	}
	return nil, "", r.complaint(http.StatusBadRequest, "There is no such action.")
}

// neighbour finds the next record of the same kind as that at index i: below
// it with step 1, above it with -1.
func (r *request) neighbour(doc *schema.Document, i, step int) (int, error) {
	for k := i + step; k >= 0 && k < len(doc.Records); k += step {
		if doc.Records[k].Kind == doc.Records[i].Kind {
			return k, nil
		}
	}
	return 0, r.complaint(http.StatusConflict, "There is no row there.")
}

// emptyRecord is a row like another one, with nothing in it: what was missed.
func emptyRecord(like schema.Record) schema.Record {
	added := schema.Record{ID: "added-" + strings.ToLower(rand.Text()[:10]), Kind: like.Kind, Group: like.Group, Table: like.Table, Fields: map[string]schema.Entry{}}
	for name, e := range like.Fields {
		if e.One != nil {
			added.Fields[name] = schema.One(schema.Field{State: schema.NeedsReview, Why: []string{"added"}})
		} else {
			added.Fields[name] = schema.Entry{List: []schema.Field{}}
		}
	}
	return added
}

// joinRecords puts a row and the one below together, cell by cell.
func joinRecords(a, b schema.Record) schema.Record {
	joined := a
	joined.Fields = map[string]schema.Entry{}
	for name, e := range a.Fields {
		joined.Fields[name] = e
	}
	for name, e := range b.Fields {
		have, ok := joined.Fields[name]
		switch {
		case !ok || have.One == nil && len(have.List) == 0:
			joined.Fields[name] = e
		case have.One != nil && e.One != nil:
			joined.Fields[name] = schema.One(joinFields(*have.One, *e.One))
		default:
			joined.Fields[name] = schema.Entry{List: slices.Concat(have.All(), e.All())}
		}
	}
	return joined
}

func joinFields(a, b schema.Field) schema.Field {
	switch {
	case b.Text == "":
		a.Boxes = slices.Concat(a.Boxes, b.Boxes)
		return a
	case a.Text == "":
		b.Boxes = slices.Concat(a.Boxes, b.Boxes)
		return b
	}
	f := schema.Field{
		Text: a.Text + " " + b.Text, Raw: strings.TrimSpace(a.Raw + " " + b.Raw), Value: a.Value, Confidence: min(a.Confidence, b.Confidence), State: schema.NeedsReview,
		Why: []string{"joined"}, Boxes: slices.Concat(a.Boxes, b.Boxes), Repairs: slices.Concat(a.Repairs, b.Repairs),
	}
	if s, ok := a.Value.(string); ok && s == a.Text {
		f.Value = f.Text
	}
	return f
}

// splitRecord cuts a row in two at the cursor of one of its cells: text stays
// above, rest goes below, the other cells stay above.
func splitRecord(rec schema.Record, path, text, rest string) (upper, lower schema.Record, err error) {
	a := parsePath(path)
	e, ok := rec.Fields[a.name]
	if a.record != rec.ID || !ok || e.One == nil {
		return rec, rec, fmt.Errorf("split %s: %w", path, store.ErrInvalid)
	}
	upper, lower = rec, emptyRecord(rec)
	upper.Fields = map[string]schema.Entry{}
	for name, e := range rec.Fields {
		upper.Fields[name] = e
	}
	part := func(text string) schema.Field {
		f := *e.One
		f.Text, f.State, f.Why = clean(text), schema.Corrected, nil
		f.Value = f.Text
		f.Repairs = append(slices.Clone(f.Repairs), schema.Repair{From: e.One.Text, To: f.Text, Reason: "person", Score: 1})
		return f
	}
	upper.Fields[a.name] = schema.One(part(text))
	lower.Fields[a.name] = schema.One(part(rest))
	return upper, lower, nil
}

var tableKeys = []key{
	{[]string{"↑", "↓", "←", "→"}, "go to another cell"},
	{[]string{"Enter"}, "edit the cell, then save it and go down"},
	{[]string{"Esc"}, "leave the cell as it was"},
	{[]string{"N"}, "next cell to review"},
	{[]string{"C"}, "correct the cell with its crop"},
	{[]string{"Ctrl+Enter"}, "while editing: split the row at the cursor"},
	{[]string{"J"}, "join with the row below"},
	{[]string{"A"}, "add a row below"},
	{[]string{"Alt+↑", "Alt+↓"}, "move the row"},
	{[]string{"Alt+←", "Alt+→", "Alt+Shift+↑", "Alt+Shift+↓"}, "move the text to the next cell; while editing, what is before or after the cursor"},
	{[]string{"Delete"}, "remove the row (undo brings it back)"},
	{[]string{"G"}, "have the page read again, in another manner"},
	{[]string{"U"}, "undo my last"},
	{[]string{"?"}, "this help"},
}
