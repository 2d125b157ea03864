package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sohoa/sohoa/schema"
)

// What says which part of a document a change is about.
type What string

const (
	// TheField is a field; Path is that of the field ("records/ID/title").
	TheField What = "field"
	// TheRecord is a whole record; Path is "records/ID". A change to null
	// removes it, one from null adds it at the end.
	TheRecord What = "record"
	// TheTable is a whole table, for moved, split and joined rows; Path is
	// "tables/INDEX".
	TheTable What = "table"
)

// Change is a wish to change one part of a document.
type Change struct {
	What What
	Path string
	// The new content, by What: Field, Record (nil removes) or Table.
	Field  *schema.Field
	Record *schema.Record
	Table  *schema.Table
	At     int  // where a new record is put; see [Change.Insert]
	Insert bool // put a new record before index At instead of at the end
}

// Batch is a set of changes that belong together: they are made all or none,
// are one entry of the history, and are undone as one.
type Batch struct {
	By   string
	Note string
	// Revision is the revision that the changes were made on. When the document
	// has another by now the batch is refused with [ErrConflict]. 0 does not
	// ask: each change then wins over what was there.
	Revision int64
	Changes  []Change
}

// Correction is an entry of the history of a document: one change of a batch.
// Entries are only ever added; undoing adds another one.
type Correction struct {
	ID       int64
	Document string
	Version  int
	Revision int64 // of the document after the batch
	Batch    string
	What     What
	Path     string
	Before   json.RawMessage // null when there was nothing
	After    json.RawMessage
	Undoes   string // the batch that this entry takes back, "" otherwise
	Carried  int64  // the entry of an older version that it repeats, 0 otherwise
	By       string
	Note     string
	At       time.Time
}

// Result says what a batch did.
type Result struct {
	Batch      string // names it in the history and for Undo
	Revision   int64  // the document's from now on
	FieldsLeft int
}

// Correct makes changes to the current version of a document. A field that is
// set should carry the state Corrected or Confirmed. It fails with
// [ErrConflict], [ErrApproved], [ErrInvalid] or [ErrNotFound], and then nothing
// was changed.
func (s *Store) Correct(ctx context.Context, document string, b Batch) (Result, error) {
	out, err := s.amend(ctx, document, b, "")
	if err != nil {
		return out, fmt.Errorf("correct %s: %w", document, err)
	}
	return out, nil
}

// Undo takes a batch back: what it changed gets the content of before. It
// fails with [ErrConflict] when something of it was changed again since, or
// when it was made to another version. The undoing can itself be undone.
func (s *Store) Undo(ctx context.Context, document, batch, by string) (Result, error) {
	out, err := s.amend(ctx, document, Batch{By: by}, batch)
	if err != nil {
		return out, fmt.Errorf("undo %s: %w", batch, err)
	}
	return out, nil
}

// amend is the one way in which a document changes by a person's hand.
func (s *Store) amend(ctx context.Context, document string, b Batch, undo string) (out Result, err error) {
	out.Batch = rand.Text()[:16]
	err = s.db.durable(ctx, func(t tx) error {
		var version int
		var state State
		if err := t.row(ctx, `SELECT version, revision, state FROM documents WHERE id = $1`+s.db.dialect().forUpdate, document).Scan(&version, &out.Revision, &state); err != nil {
			return notFound(err)
		}
		switch {
		case version == 0:
			return ErrNotFound
		case state == Locked:
			return ErrApproved
		case b.Revision != 0 && b.Revision != out.Revision:
			return ErrConflict
		}
		doc, err := s.load(ctx, t, document, version)
		if err != nil {
			return err
		}
		var entries []Correction
		if undo != "" {
			entries, err = s.undoing(ctx, t, doc, document, version, undo)
		} else {
			entries, err = recordChanges(doc, b.Changes)
		}
		if err != nil {
			return err
		}
		out.Revision++
		now := s.now()
		for i := range entries {
			e := &entries[i]
			e.Document, e.Version, e.Revision, e.Batch, e.Undoes, e.By, e.Note, e.At = document, version, out.Revision, out.Batch, undo, b.By, b.Note, now
			if err := insertCorrection(ctx, t, e); err != nil {
				return err
			}
		}
		if out.FieldsLeft, err = s.reindex(ctx, t, document, version, doc, entries); err != nil {
			return err
		}
		h := &doc.Header
		if _, err := t.exec(ctx, `UPDATE documents SET revision = $2, changed_at = $3, title = $4, issuer = $5, number = $6, date = $7 WHERE id = $1`,
			document, out.Revision, microseconds(now), textOf(h.Title), textOf(h.Issuer), textOf(h.Number), valueOf(h.Date)); err != nil {
			return err
		}
		if err := s.keepOrigin(ctx, t, document, doc); err != nil {
			return err
		}
		var paths []string
		for _, e := range entries {
			paths = append(paths, e.Path)
		}
		return s.audit(ctx, t, b.By, Amended, document, version, map[string]any{"batch": out.Batch, "undoes": undo, "paths": paths, "revision": out.Revision, "digest": digest(entries)})
	})
	return out, err
}

// digest ties the audit entry to the very content of the corrections.
func digest(entries []Correction) string {
	var b strings.Builder
	for _, e := range entries {
		b.WriteString(mustJSON([]any{e.What, e.Path, string(e.Before), string(e.After)}))
	}
	e := AuditEntry{Data: json.RawMessage(b.String())}
	return e.chain("")
}

// recordChanges makes the changes to doc and returns the entries that tell of
// them.
func recordChanges(doc *schema.Document, changes []Change) ([]Correction, error) {
	if len(changes) == 0 {
		return nil, fmt.Errorf("%w: no change given", ErrInvalid)
	}
	var entries []Correction
	for _, c := range changes {
		e := Correction{What: c.What, Path: c.Path}
		switch c.What {
		case TheField:
			if c.Field == nil {
				return nil, fmt.Errorf("%w: %s without a field", ErrInvalid, c.Path)
			}
			e.After = json.RawMessage(mustJSON(c.Field))
		case TheRecord:
			e.After = json.RawMessage(mustJSON(placedRecord{c.Record, c.At, c.Insert}))
		case TheTable:
			if c.Table == nil {
				return nil, fmt.Errorf("%w: %s without a table", ErrInvalid, c.Path)
			}
			e.After = json.RawMessage(mustJSON(c.Table))
		default:
			return nil, fmt.Errorf("%w: a change of %q", ErrInvalid, c.What)
		}
		var err error
		if e.Before, err = content(doc, e.What, e.Path); err != nil {
			return nil, err
		}
		if err := e.apply(doc); err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	doc.Seal()
	if err := doc.Validate(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return entries, nil
}

// placedRecord is a record with its place among the others, so that undoing
// its removal puts it back where it was.
type placedRecord struct {
	Record *schema.Record `json:"record"` // nil: not there
	At     int            `json:"at"`
	Insert bool           `json:"insert"`
}

var null = json.RawMessage("null")

// content returns what stands at a path now, as JSON.
func content(doc *schema.Document, what What, path string) (json.RawMessage, error) {
	switch what {
	case TheField:
		f := lookUp(doc, path)
		if f == nil {
			return null, nil
		}
		return json.RawMessage(mustJSON(f)), nil
	case TheRecord:
		id, ok := strings.CutPrefix(path, "records/")
		if !ok {
			return nil, fmt.Errorf("%w: no record %s", ErrInvalid, path)
		}
		i, r := record(doc, id)
		return json.RawMessage(mustJSON(placedRecord{r, max(i, 0), r != nil})), nil
	case TheTable:
		index, _ := strings.CutPrefix(path, "tables/")
		t := table(doc, index)
		if t == nil {
			return nil, fmt.Errorf("%w: no table %s", ErrInvalid, path)
		}
		return json.RawMessage(mustJSON(t)), nil
	}
	return nil, fmt.Errorf("%w: a change of %q", ErrInvalid, what)
}

// apply repeats the correction on a document.
func (c *Correction) apply(doc *schema.Document) error {
	switch c.What {
	case TheField:
		if string(c.After) == "null" {
			return unset(doc, c.Path)
		}
		var f schema.Field
		if err := json.Unmarshal(c.After, &f); err != nil {
			return err
		}
		f.Value = schema.TypedValue(f.Value)
		return set(doc, c.Path, f)
	case TheRecord:
		var p placedRecord
		if err := json.Unmarshal(c.After, &p); err != nil {
			return err
		}
		id, _ := strings.CutPrefix(c.Path, "records/")
		i, old := record(doc, id)
		switch {
		case p.Record == nil && old == nil:
			return fmt.Errorf("%w: no record %s", ErrInvalid, c.Path)
		case p.Record == nil:
			doc.Records = slices.Delete(doc.Records, i, i+1)
			// Checks that name it would point nowhere.
			for k := range doc.Checks {
				doc.Checks[k].Records = slices.DeleteFunc(doc.Checks[k].Records, func(r string) bool { return recordPath(r) == c.Path })
			}
			return nil
		case recordPath(p.Record.ID) != c.Path:
			return fmt.Errorf("%w: record %q at %s", ErrInvalid, p.Record.ID, c.Path)
		}
		for name, e := range p.Record.Fields {
			if e.One != nil {
				e.One.Value = schema.TypedValue(e.One.Value)
			}
			for k := range e.List {
				e.List[k].Value = schema.TypedValue(e.List[k].Value)
			}
			p.Record.Fields[name] = e
		}
		switch {
		case old != nil:
			*old = *p.Record
		case p.Insert && p.At >= 0 && p.At <= len(doc.Records):
			doc.Records = slices.Insert(doc.Records, p.At, *p.Record)
		default:
			doc.Records = append(doc.Records, *p.Record)
		}
		return nil
	case TheTable:
		index, _ := strings.CutPrefix(c.Path, "tables/")
		t := table(doc, index)
		if t == nil {
			return fmt.Errorf("%w: no table %s", ErrInvalid, c.Path)
		}
		var with schema.Table
		if err := json.Unmarshal(c.After, &with); err != nil {
			return err
		}
		*t = with
		return nil
	}
	return fmt.Errorf("%w: a change of %q", ErrInvalid, c.What)
}

// undoing returns the entries that take a batch back, and applies them.
func (s *Store) undoing(ctx context.Context, t tx, doc *schema.Document, document string, version int, batch string) ([]Correction, error) {
	all, err := s.history(ctx, t, document, version)
	if err != nil {
		return nil, err
	}
	var entries []Correction
	for _, c := range slices.Backward(all) {
		if c.Undoes == batch {
			return nil, fmt.Errorf("%w: it is undone already", ErrConflict)
		}
		if c.Batch != batch {
			continue
		}
		now, err := content(doc, c.What, c.Path)
		if err != nil {
			return nil, err
		}
		if !sameContent(c.What, now, c.After) {
			return nil, fmt.Errorf("%w: %s has another value since", ErrConflict, c.Path)
		}
		e := Correction{What: c.What, Path: c.Path, Before: now, After: c.Before}
		if err := e.apply(doc); err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	if len(entries) == 0 {
		return nil, ErrNotFound
	}
	doc.Seal()
	return entries, nil
}

// sameContent compares what stands there with what a correction left. The
// place of a record among the others does not count.
func sameContent(what What, now, after json.RawMessage) bool {
	if what != TheRecord {
		return string(now) == string(after)
	}
	var a, b placedRecord
	return json.Unmarshal(now, &a) == nil && json.Unmarshal(after, &b) == nil && mustJSON(a.Record) == mustJSON(b.Record)
}

// reindex brings the index of fields and records up to date after changes and
// returns the number of fields left.
func (s *Store) reindex(ctx context.Context, t tx, document string, version int, doc *schema.Document, entries []Correction) (left int, err error) {
	var id int64
	if err := t.row(ctx, `SELECT id FROM versions WHERE document = $1 AND version = $2`, document, version).Scan(&id); err != nil {
		return 0, err
	}
	simple := true // only fields changed that were there before
	paths := map[string]bool{}
	for _, e := range entries {
		simple = simple && e.What == TheField && string(e.Before) != "null" && string(e.After) != "null"
		paths[e.Path] = true
	}
	total := 0
	records := map[string]bool{}
	var values []any
	eachField(doc, func(l located) {
		total++
		if l.field.State == schema.NeedsReview {
			left++
		}
		if paths[l.path] {
			values = append(values, fieldRow(id, l)...)
			records[l.record] = true
		}
	})
	if !simple {
		for _, table := range []string{"fields", "records"} {
			if _, err := t.exec(ctx, `DELETE FROM `+table+` WHERE version_id = $1`, id); err != nil {
				return 0, err
			}
		}
		if _, _, err := s.index(ctx, t, id, doc); err != nil {
			return 0, err
		}
	} else {
		for path := range paths {
			if _, err := t.exec(ctx, `DELETE FROM fields WHERE version_id = $1 AND path = $2`, id, clean(path)); err != nil {
				return 0, err
			}
		}
		if err := insertRows(ctx, t, `INSERT INTO fields (version_id, path, record, record_kind, name, kind, state, confidence, text, why, page)`, 11, values); err != nil {
			return 0, err
		}
		for i := range doc.Records {
			r := &doc.Records[i]
			if !records[r.ID] {
				continue
			}
			row := recordRow(id, i, r)
			if _, err := t.exec(ctx, `UPDATE records SET number = $3, title = $4, status = $5, data = $6 WHERE version_id = $1 AND id = $2`, id, clean(r.ID), row[4], row[5], row[6], row[7]); err != nil {
				return 0, err
			}
		}
	}
	_, err = t.exec(ctx, `UPDATE documents SET fields = $2, fields_left = $3 WHERE id = $1`, document, total, left)
	return left, err
}

func insertCorrection(ctx context.Context, t tx, c *Correction) error {
	return t.row(ctx, `INSERT INTO corrections (document, version, revision, batch, what, path, before, after, undoes, carried, by_whom, note, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id`,
		c.Document, c.Version, c.Revision, c.Batch, string(c.What), clean(c.Path), clean(string(c.Before)), clean(string(c.After)), c.Undoes, c.Carried, clean(c.By), clean(c.Note), microseconds(c.At)).Scan(&c.ID)
}

const correctionColumns = `SELECT id, document, version, revision, batch, what, path, before, after, undoes, carried, by_whom, note, at FROM corrections `

func scanCorrection(r scanner) (c Correction, err error) {
	var before, after string
	var at int64
	err = r.Scan(&c.ID, &c.Document, &c.Version, &c.Revision, &c.Batch, &c.What, &c.Path, &before, &after, &c.Undoes, &c.Carried, &c.By, &c.Note, &at)
	c.Before, c.After, c.At = json.RawMessage(before), json.RawMessage(after), timeOf(at)
	return c, err
}

func (s *Store) history(ctx context.Context, q querier, document string, version int) ([]Correction, error) {
	r, err := q.query(ctx, correctionColumns+`WHERE document = $1 AND version = $2 ORDER BY id`, document, version)
	return collect(r, err, scanCorrection)
}

// History returns all corrections of a document, of all versions, oldest first.
func (s *Store) History(ctx context.Context, document string) ([]Correction, error) {
	r, err := s.db.query(ctx, correctionColumns+`WHERE document = $1 ORDER BY id`, document)
	return collect(r, err, scanCorrection)
}

// Stranded is a correction that found no place in a newer version.
type Stranded struct {
	Correction
	Version int // the newer one
	Why     string
}

// Stranded lists the corrections of older versions that could not be carried
// over to the given version.
func (s *Store) Stranded(ctx context.Context, document string, version int) ([]Stranded, error) {
	r, err := s.db.query(ctx, `SELECT s.reason, c.id, c.document, c.version, c.revision, c.batch, c.what, c.path, c.before, c.after, c.undoes, c.carried, c.by_whom, c.note, c.at
		FROM stranded s JOIN corrections c ON c.id = s.correction JOIN versions v ON v.id = s.version_id
		WHERE v.document = $1 AND v.version = $2 ORDER BY c.id`, document, version)
	return collect(r, err, func(s scanner) (out Stranded, err error) {
		out.Version = version
		var before, after string
		var at int64
		c := &out.Correction
		err = s.Scan(&out.Why, &c.ID, &c.Document, &c.Version, &c.Revision, &c.Batch, &c.What, &c.Path, &before, &after, &c.Undoes, &c.Carried, &c.By, &c.Note, &at)
		c.Before, c.After, c.At = json.RawMessage(before), json.RawMessage(after), timeOf(at)
		return out, err
	})
}

// carryOver repeats on a new version what people corrected in the one before,
// where the field is still there, and lists what has no place. Of several
// corrections of one field the last counts; corrections that were undone count
// not at all.
func (s *Store) carryOver(ctx context.Context, t tx, task Task, before int, doc *schema.Document) error {
	all, err := s.history(ctx, t, task.Document, before)
	if err != nil || len(all) == 0 {
		return err
	}
	was, err := s.load(ctx, t, task.Document, before)
	if err != nil {
		return err
	}
	var revision int64
	if err := t.row(ctx, `SELECT revision FROM documents WHERE id = $1`, task.Document).Scan(&revision); err != nil {
		return err
	}
	now := s.now()
	batch := rand.Text()[:16]
	for _, c := range effective(all) {
		err := fits(&c, was, doc)
		if err == nil {
			repeat := c
			if repeat.Before, err = content(doc, c.What, c.Path); err == nil {
				if repeat.What == TheField {
					repeat.After = keepMachine(c.After, repeat.Before)
				}
				err = repeat.apply(doc)
			}
			if err == nil {
				err = doc.Validate()
			}
			if err != nil { // it made the new version invalid: take it back
				_ = (&Correction{What: c.What, Path: c.Path, After: repeat.Before}).apply(doc)
			} else {
				repeat.Version, repeat.Revision, repeat.Batch, repeat.Undoes, repeat.Carried, repeat.At = task.Version, revision+1, batch, "", c.ID, now
				if err := insertCorrection(ctx, t, &repeat); err != nil {
					return err
				}
				continue
			}
		}
		if _, err := t.exec(ctx, `INSERT INTO stranded (correction, version_id, reason) VALUES ($1, $2, $3)`, c.ID, task.id, clean(err.Error())); err != nil {
			return err
		}
	}
	doc.Seal()
	return nil
}

// effective returns, of a history, what is still in force: the last entry of
// each path whose content is not what the machine had.
func effective(all []Correction) []Correction {
	first, last := map[string]Correction{}, map[string]Correction{}
	var order []string
	for _, c := range all {
		key := string(c.What) + " " + c.Path
		if _, ok := first[key]; !ok {
			first[key] = c
			order = append(order, key)
		}
		last[key] = c
	}
	var out []Correction
	for _, key := range order {
		if c := last[key]; !sameContent(c.What, first[key].Before, c.After) {
			out = append(out, c)
		}
	}
	return out
}

var errMoved = errors.New("the list it stands in was read differently")

// fits reports whether a correction of an older version has its place in the
// new one.
func fits(c *Correction, was, doc *schema.Document) error {
	switch c.What {
	case TheField:
		there := lookUp(doc, c.Path)
		parts := strings.Split(c.Path, "/")
		if _, err := strconv.Atoi(parts[len(parts)-1]); err != nil {
			// A named field: it may also be one that a person added to a record
			// that is still there.
			if there == nil && parts[0] == "records" {
				if _, r := record(doc, parts[1]); r == nil {
					return errors.New("the record is not there any more")
				}
			}
			return nil
		}
		// An item of a list is known by its place on the page.
		if there == nil {
			return errors.New("the field is not there any more")
		}
		old := lookUp(was, c.Path)
		if old == nil || !samePlace(old.Boxes, there.Boxes) {
			return errMoved
		}
		return nil
	case TheRecord:
		var p placedRecord
		if err := json.Unmarshal(c.After, &p); err != nil {
			return err
		}
		if p.Record != nil && p.Record.Table != nil && *p.Record.Table >= len(doc.Tables) {
			return errors.New("its table is not there any more")
		}
		_, there := record(doc, strings.TrimPrefix(c.Path, "records/"))
		if p.Record == nil && there == nil {
			return errors.New("the record is not there any more")
		}
		return nil
	case TheTable:
		// A new version reads tables anew; what a person moved in the old grid
		// cannot be told for the new one.
		index := strings.TrimPrefix(c.Path, "tables/")
		was, is := table(was, index), table(doc, index)
		if was == nil || is == nil || !slices.Equal(was.Pages, is.Pages) || len(was.Columns) != len(is.Columns) {
			return errors.New("the table was read differently")
		}
		return nil
	}
	return ErrInvalid
}

// samePlace reports whether two fields stand on the same piece of a page. The
// pixels may differ a little between versions.
func samePlace(a, b []schema.Place) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	p, q := a[0], b[0]
	switch {
	case p.Page != q.Page:
		return false
	case p.Box != nil && q.Box != nil:
		return 2*p.Box.Intersect(*q.Box).Area() >= min(p.Box.Area(), q.Box.Area())
	case p.Line != nil && q.Line != nil:
		return *p.Line == *q.Line
	}
	return false
}

// keepMachine joins what a person said in an older version (value, text,
// state) with where the new version found the field and how it read it.
func keepMachine(person, machine json.RawMessage) json.RawMessage {
	var said, found schema.Field
	if json.Unmarshal(person, &said) != nil || json.Unmarshal(machine, &found) != nil || len(found.Boxes) == 0 {
		return person
	}
	found.Value, found.Text, found.State, found.Confidence, found.Why = said.Value, said.Text, said.State, said.Confidence, said.Why
	return json.RawMessage(mustJSON(found))
}
