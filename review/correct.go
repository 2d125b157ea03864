package review

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// documentView is the frame of all pages about one document.
type documentView struct {
	view
	Doc      store.Document
	Claimed  string // who else works on it, "" when nobody does
	Mine     bool   // the visitor may change it now
	Versions int
}

// CanChange reports whether the visitor may change fields and rows.
func (v documentView) CanChange() bool { return v.Mine && v.Doc.State == store.Ready }

// documentPage reads a document and claims it for whoever may work on it.
func (r *request) documentPage(title string) (documentView, error) {
	v := documentView{view: r.view(title)}
	id := r.PathValue("id")
	var err error
	if v.Doc, err = r.s.store.Document(r.Context(), id); err != nil {
		return v, err
	}
	if v.Title == "" {
		v.Title = name(v.Doc)
	}
	switch {
	case v.Doc.Claim != nil && v.Doc.Claim.By != r.who.Name:
		v.Claimed = v.Doc.Claim.By
	case v.Doc.State == store.Ready && r.role >= Reviewer:
		if _, err := r.s.store.Claim(r.Context(), id, r.who.Name, r.s.set.ClaimTime); err == nil {
			v.Mine = true
		} else if errors.Is(err, store.ErrClaimed) {
			v.Claimed = claimant(err)
		} else {
			return v, err
		}
	}
	return v, nil
}

// name is what people call a document.
func name(d store.Document) string {
	switch {
	case d.Title != "":
		return d.Title
	case len(d.Names) > 0:
		return d.Names[0]
	}
	return d.ID[:12]
}

// correct is the page that a reviewer works in. Its picture stays, the panel
// beside it is replaced field by field.
func (r *request) correct() error {
	v, err := r.documentPage("")
	if err != nil {
		return err
	}
	page := struct {
		documentView
		Panel *panel
		Pages []schema.PageInfo
		Keys  []key
		Low   float64
	}{documentView: v, Keys: keys}
	if v.Doc.Version == 0 {
		return r.render("waiting", page)
	}
	doc, _, err := r.s.store.Current(r.Context(), v.Doc.ID)
	if err != nil {
		return err
	}
	for _, p := range doc.Pages {
		p.Text = "" // the page shows its picture
		page.Pages = append(page.Pages, p)
	}
	if page.Panel, err = r.panel(v, doc, r.FormValue("path"), skipped(r)); err != nil {
		return err
	}
	page.Section = "correct"
	return r.render("correct", page)
}

// fieldPanel is the panel alone, for another field or the next one.
func (r *request) fieldPanel() error {
	v, err := r.documentPage("")
	if err != nil {
		return err
	}
	return r.showPanel(v, r.FormValue("path"), skipped(r), nil)
}

// showPanel renders the panel; change, if not nil, adds to it.
func (r *request) showPanel(v documentView, path string, skip []string, change func(*panel)) error {
	doc, _, err := r.s.store.Current(r.Context(), v.Doc.ID)
	if err != nil {
		return err
	}
	p, err := r.panel(v, doc, path, skip)
	if err != nil {
		return err
	}
	if change != nil {
		change(p)
	}
	return r.render("panel", p)
}

// skipped are the fields that the reviewer put off. The page carries them, so
// that any server can go on.
func skipped(r *request) []string {
	var all []string
	for _, s := range strings.Fields(r.FormValue("skipped")) {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// next returns the least sure field that is left and not put off, then those
// that were put off, and "" at the end.
func (r *request) next(ctx context.Context, d store.Document, skip *[]string) (string, error) {
	entries, err := r.s.entries(ctx, d)
	if err != nil {
		return "", err
	}
	rows, err := r.s.store.Fields(ctx, store.FieldQuery{Document: d.ID, State: string(schema.NeedsReview), LeastSure: true, Limit: len(*skip) + len(entries) + 1})
	if err != nil {
		return "", err
	}
	// What the visitor typed once waits for another person.
	rows = slices.DeleteFunc(rows, func(f store.FieldRow) bool { return entered(entries[f.Path], r.who.Name) })
	if len(rows) == 0 {
		return "", nil
	}
	for _, row := range rows {
		if !slices.Contains(*skip, row.Path) {
			return row.Path, nil
		}
	}
	first := rows[0].Path
	for _, s := range *skip { // the one put off first comes again first
		if slices.ContainsFunc(rows, func(f store.FieldRow) bool { return f.Path == s }) {
			first = s
			break
		}
	}
	*skip = nil
	return first, nil
}

// panel is everything beside the picture about one field.
type panel struct {
	documentView
	Done  bool // no field is left
	Path  string
	Label string
	Kind  Kind
	Field *schema.Field
	// Row tells where in the document the field stands.
	Row, Group string
	Base       string // what the reviewer saw, see digest
	Text       string // in the input
	Choices    []choice
	Raw        []piece
	Why        []string
	Places     []place
	Lines      []textLine // where the document is a text file
	Above      string     // of the record before, for the same field
	Read       string     // the value in words
	Percent    int
	Skipped    string
	Error      string // beside the input
	Force      string // text that was complained about and may be kept as it is
	Now        string // what another person made of it in the meantime
	Notice     string
	Double     bool // two people type it without seeing what was read
	Settle     bool // they differ, and the visitor chooses
}

// choice is a reading to take with one key.
type choice struct {
	Key    string
	Name   string // where it comes from
	Text   string
	Pieces []piece
}

// piece is a part of a text; Differs says that the machine's other readings
// have something else there.
type piece struct {
	Text    string
	Differs bool
}

// place is a box with its picture.
type place struct {
	Page int        `json:"page"`
	Box  schema.Box `json:"box"`
	Crop string     `json:"-"`
	Wide int        `json:"-"` // of the crop on the screen, in CSS pixels
}

// cropDPI is the size in which crops are shown: twice that of the paper on a
// usual screen.
const cropDPI = 190

type textLine struct {
	Number int
	Text   string
	On     bool
}

// panel builds the panel for a field, or for the next one when path is "".
func (r *request) panel(v documentView, doc *schema.Document, path string, skip []string) (*panel, error) {
	p := &panel{documentView: v}
	if path == "" {
		var err error
		if path, err = r.next(r.Context(), v.Doc, &skip); err != nil {
			return nil, err
		}
	}
	p.Skipped = strings.Join(skip, " ")
	if path == "" {
		p.Done = true
		return p, nil
	}
	f := store.FieldAt(doc, path)
	if f == nil {
		return nil, fmt.Errorf("field %s: %w", path, store.ErrNotFound)
	}
	at := parsePath(path)
	p.Path, p.Field, p.Base, p.Text = path, f, digest(f), f.Text
	p.Kind = kindOf(at.name, f)
	p.Label = r.texts.T(label(at.name))
	p.Percent = int(f.Confidence*100 + 0.5)
	if i := recordIndex(doc, at.record); i >= 0 {
		rec := &doc.Records[i]
		p.Row = rowName(rec, at.name)
		if rec.Group != nil {
			p.Group = strings.TrimSpace(rec.Group.Number + " " + rec.Group.Name)
		}
		if f := above(doc, i, path, at); f != nil {
			p.Above = f.Text
		}
	} else {
		p.Row = r.texts.T(at.room)
	}
	for _, w := range f.Why {
		p.Why = append(p.Why, r.texts.T(reason(w)))
	}
	for _, c := range doc.Checks {
		if slices.Contains(c.Records, at.record) && slices.Contains(c.Fields, at.name) {
			p.Why = append(p.Why, r.texts.check(c))
		}
	}
	if f.Raw != f.Text {
		p.Choices = append(p.Choices, choice{Key: "1", Name: r.texts.T("as read"), Text: f.Raw, Pieces: differences(f.Raw, f.Text)})
	}
	for _, a := range f.Alternatives {
		a.Text = written(p.Kind, a.Text)
		if len(p.Choices) == 9 || a.Text == f.Text || slices.ContainsFunc(p.Choices, func(c choice) bool { return c.Text == a.Text }) {
			continue
		}
		p.Choices = append(p.Choices, choice{Key: fmt.Sprint(len(p.Choices) + 1), Name: r.texts.T("or"), Text: a.Text, Pieces: differences(a.Text, f.Text)})
	}
	p.Raw = unsure(f)
	p.Read = r.texts.read(p.Kind, f.Value)
	for _, b := range f.Boxes {
		if b.Box != nil {
			wide := b.Box.Width()
			if b.Page >= 1 && b.Page <= len(doc.Pages) && doc.Pages[b.Page-1].DPI > 0 {
				wide = wide * cropDPI / doc.Pages[b.Page-1].DPI
			}
			p.Places = append(p.Places, place{b.Page, *b.Box, cropURL(doc, v.Doc, b), wide + 24})
		}
		if b.Line != nil && b.Page <= len(doc.Pages) {
			p.Lines = append(p.Lines, textLines(doc.Pages[b.Page-1].Text, *b.Line)...)
		}
	}
	if r.s.doubled(path, f) {
		entries, err := r.s.entries(r.Context(), v.Doc)
		if err != nil {
			return nil, err
		}
		r.blind(p, entries[path])
	}
	return p, nil
}

// written is an alternative as people write it: those of days come as values.
func written(kind Kind, text string) string {
	if kind == Date && isDate.MatchString(text) && !strings.Contains(text, "?") {
		return text[8:] + "/" + text[5:7] + "/" + text[:4]
	}
	return text
}

// Short reports whether all choices are short enough to stand side by side.
func (p *panel) Short() bool {
	const letters = 24
	return len(p.Choices) > 2 && len([]rune(p.Above)) <= letters && !slices.ContainsFunc(p.Choices, func(c choice) bool { return len([]rune(c.Text)) > letters })
}

// PlacesJSON tells the script where to point.
func (p *panel) PlacesJSON() (string, error) {
	data, err := json.Marshal(p.Places)
	return string(data), err
}

// URL is where the panel's field is found again.
func (p *panel) URL() string {
	u := "/d/" + p.Doc.ID
	if p.Path != "" {
		u += "?path=" + url.QueryEscape(p.Path)
	}
	return u
}

func textLines(text string, on [2]int) []textLine {
	const around = 3
	var out []textLine
	for i, l := range strings.Split(text, "\n") {
		if n := i + 1; n >= on[0]-around && n <= on[1]+around {
			out = append(out, textLine{n, l, n >= on[0] && n <= on[1]})
		}
	}
	return out
}

// digest names a field's content shortly, to notice that somebody else changed
// it.
func digest(f *schema.Field) string {
	data, err := json.Marshal(f)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// saveField does what the reviewer decided and answers with the next field.
func (r *request) saveField() error {
	ctx := r.Context()
	r.Body = http.MaxBytesReader(r.w, r.Body, 1<<20)
	v, err := r.documentPage("")
	if err != nil {
		return err
	}
	path, text, action, skip := r.PostFormValue("path"), clean(r.PostFormValue("text")), r.PostFormValue("action"), skipped(r)
	if action == "skip" {
		if path != "" && !slices.Contains(skip, path) {
			skip = append(skip, path)
		}
		return r.showPanel(v, "", skip, nil)
	}
	switch {
	case v.Doc.State == store.Locked:
		return store.ErrApproved
	case v.Claimed != "":
		return fmt.Errorf("%w: %s", store.ErrClaimed, v.Claimed)
	}
	for range 5 {
		doc, revision, err := r.s.store.Current(ctx, v.Doc.ID)
		if err != nil {
			return err
		}
		f := store.FieldAt(doc, path)
		if f == nil {
			return fmt.Errorf("field %s: %w", path, store.ErrNotFound)
		}
		to, complaint := r.decide(doc, path, f, action, text)
		if digest(f) != r.PostFormValue("base") {
			if complaint == "" && to.Text == f.Text && (f.State == schema.Confirmed || f.State == schema.Corrected) {
				break // the answer to the first sending was lost, or two people agree
			}
			return r.showPanel(v, path, skip, func(p *panel) {
				p.Now, p.Text = f.Text, text
			})
		}
		if complaint != "" {
			return r.showPanel(v, path, skip, func(p *panel) {
				p.Error, p.Force, p.Text = complaint, text, text
			})
		}
		note := action
		if r.s.doubled(path, f) {
			final, err := r.enter(ctx, v.Doc, path, to.Text)
			if err != nil {
				return err
			}
			if !final {
				break
			}
			note = "double"
		}
		_, err = r.s.store.Correct(ctx, v.Doc.ID, store.Batch{By: r.who.Name, Note: note, Revision: revision, Changes: []store.Change{{What: store.TheField, Path: path, Field: &to}}})
		if errors.Is(err, store.ErrConflict) {
			continue // somebody changed another field; look again
		}
		if err != nil {
			return err
		}
		break
	}
	if v.Doc, err = r.s.store.Document(ctx, v.Doc.ID); err != nil {
		return err
	}
	return r.showPanel(v, "", skip, nil)
}

// decide makes the new content of a field. The complaint is empty when it fits.
func (r *request) decide(doc *schema.Document, path string, f *schema.Field, action, text string) (to schema.Field, complaint string) {
	to = *f
	to.Why, to.Confidence, to.State = nil, 1, schema.Corrected
	at := parsePath(path)
	switch action {
	case "blank", "unreadable":
		to.Value, to.Text = nil, ""
		if action == "unreadable" {
			to.Why = []string{"unreadable"}
		}
	case "above":
		from := above(doc, recordIndex(doc, at.record), path, at)
		if from == nil {
			return to, r.texts.T("There is no row above.")
		}
		to.Value, to.Text = from.Value, from.Text
	default:
		if text == f.Text && (f.Value != nil || text == "") {
			to.State = schema.Confirmed
			return to, ""
		}
		value, err := r.interpret(at.name, f, text)
		if err != nil {
			if r.PostFormValue("force") != text || text == "" {
				return to, r.texts.T(err.Error())
			}
			value = nil // kept as text, knowingly
		}
		to.Value, to.Text = value, text
		if text == f.Text {
			to.State = schema.Confirmed
		}
	}
	if to.Text != f.Text {
		to.Repairs = append(slices.Clone(f.Repairs), schema.Repair{From: f.Text, To: to.Text, Reason: "person", Score: 1})
	}
	return to, ""
}

// interpret makes a value of a text.
func (r *request) interpret(name string, f *schema.Field, text string) (any, error) {
	return r.s.Value(name, f, text)
}

// clean makes one line of what was typed: OCR and people use every kind of
// white space.
func clean(text string) string { return strings.Join(strings.Fields(text), " ") }

// readBack says how a text would be understood, while it is being typed.
func (r *request) readBack() error {
	doc, _, err := r.s.store.Current(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	path := r.FormValue("path")
	f := store.FieldAt(doc, path)
	if f == nil {
		return store.ErrNotFound
	}
	out := struct{ Read, Error string }{}
	name := parsePath(path).name
	value, err := r.interpret(name, f, clean(r.FormValue("text")))
	if err != nil {
		out.Error = r.texts.T(err.Error())
	} else {
		out.Read = r.texts.read(kindOf(name, f), value)
	}
	return r.json(out)
}

func (r *request) json(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	r.w.Header().Set("Content-Type", "application/json")
	r.w.Header().Set("Cache-Control", "no-store")
	_, err = r.w.Write(data)
	return err
}

// claim is the heartbeat of a reviewer who is at work.
func (r *request) claim() error {
	if _, err := r.s.store.Claim(r.Context(), r.PathValue("id"), r.who.Name, r.s.set.ClaimTime); err != nil {
		return err
	}
	r.w.WriteHeader(http.StatusNoContent)
	return nil
}

func (r *request) release() error {
	if err := r.s.store.Release(r.Context(), r.PathValue("id"), r.who.Name); err != nil {
		return err
	}
	return r.redirect("/")
}

// Reviewed is the number of fields that nobody has to look at any more.
func (p *panel) Reviewed() int { return p.Doc.Fields - p.Doc.FieldsLeft }

// Level puts the confidence into one of three colours.
func (p *panel) Level() string { return level(p.Field.Confidence) }

func level(confidence float64) string {
	switch {
	case confidence < 0.5:
		return "low"
	case confidence < 0.8:
		return "middle"
	}
	return "high"
}
