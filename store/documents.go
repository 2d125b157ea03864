package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/sohoa/sohoa/schema"
)

// State is how far a document, or a version of one, is.
type State string

const (
	Queued     State = "queued"   // nothing is known of it yet
	Reading    State = "reading"  // its pages are being read
	Ready      State = "ready"    // there is a document to look at
	Unreadable State = "failed"   // it cannot be read; the reason is with it
	Locked     State = "approved" // a person approved it; it changes no more unless reopened
)

// machine is the actor of what nobody asked for.
const machine = "sohoa"

// Document is a document as lists show it.
type Document struct {
	ID         string
	Names      []string // that it was submitted under, oldest first
	MediaType  string
	Bytes      int64
	State      State
	Reason     string // why it failed
	Remedy     string // what to do about it
	Version    int    // the newest finished one; 0 when there is none
	Revision   int64  // grows with each change; see [Batch]
	Pages      int
	Fields     int
	FieldsLeft int    // in state needs_review
	Profile    string // report type
	Title      string
	Issuer     string
	Number     string
	Date       string // "2025-07-07", unknown digits as "?"
	Created    time.Time
	Changed    time.Time
	Claim      *Claim // who works on it; nil when nobody does
}

// DocumentQuery selects documents. Zero fields do not restrict.
type DocumentQuery struct {
	States   []State
	Profile  string
	Search   string    // in name, title, number and issuer; letter case does not matter for ASCII
	Changed  time.Time // at or after
	ToReview bool      // only with fields left
	Order    Order
	After    string // cursor that an earlier page of results ended with
	Limit    int    // 0 means 100
}

// Order of a list of documents.
type Order string

const (
	NewestFirst Order = "" // by the time of the last change
	OldestFirst Order = "oldest"
	FewestLeft  Order = "fewest" // fields left
)

const documentColumns = `SELECT d.id, d.media_type, d.bytes, d.state, d.reason, d.remedy, d.version, d.revision, d.pages, d.fields, d.fields_left,
	d.profile, d.title, d.issuer, d.number, d.date, d.created_at, d.changed_at, COALESCE(c.by_whom, ''), COALESCE(c.since, 0), COALESCE(c.until, 0)
	FROM documents d LEFT JOIN claims c ON c.document = d.id AND c.until > $1 `

func scanDocument(r scanner) (d Document, err error) {
	var created, changed, since, until int64
	var who string
	err = r.Scan(&d.ID, &d.MediaType, &d.Bytes, &d.State, &d.Reason, &d.Remedy, &d.Version, &d.Revision, &d.Pages, &d.Fields, &d.FieldsLeft,
		&d.Profile, &d.Title, &d.Issuer, &d.Number, &d.Date, &created, &changed, &who, &since, &until)
	d.Created, d.Changed = timeOf(created), timeOf(changed)
	if who != "" {
		d.Claim = &Claim{Document: d.ID, By: who, Since: timeOf(since), Until: timeOf(until)}
	}
	return d, notFound(err)
}

// Document returns one document, [ErrNotFound] when there is none.
func (s *Store) Document(ctx context.Context, id string) (Document, error) {
	d, err := scanDocument(s.db.row(ctx, documentColumns+`WHERE d.id = $2`, microseconds(s.now()), id))
	if err != nil {
		return d, fmt.Errorf("document %s: %w", id, err)
	}
	all := []Document{d}
	err = s.addNames(ctx, all)
	return all[0], err
}

// Documents lists documents and returns the cursor of the next page of
// results, "" at the end. With NewestFirst and OldestFirst a document that
// changes between two calls may be seen twice or, having moved to the other
// end, again later; none that stays as it is is left out.
func (s *Store) Documents(ctx context.Context, q DocumentQuery) (_ []Document, next string, _ error) {
	if q.Limit <= 0 {
		q.Limit = 100
	}
	where, args := []string{"1 = 1"}, []any{microseconds(s.now())}
	arg := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	if len(q.States) > 0 {
		var in []string
		for _, st := range q.States {
			in = append(in, arg(string(st)))
		}
		where = append(where, "d.state IN ("+strings.Join(in, ", ")+")")
	}
	if q.Profile != "" {
		where = append(where, "d.profile = "+arg(q.Profile))
	}
	if !q.Changed.IsZero() {
		where = append(where, "d.changed_at >= "+arg(microseconds(q.Changed)))
	}
	if q.ToReview {
		where = append(where, "d.fields_left > 0")
	}
	if q.Search != "" {
		like := arg("%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(q.Search)) + "%")
		where = append(where, `(LOWER(d.title) LIKE `+like+` ESCAPE '\' OR LOWER(d.number) LIKE `+like+` ESCAPE '\' OR LOWER(d.issuer) LIKE `+like+` ESCAPE '\'
			OR EXISTS (SELECT 1 FROM names n WHERE n.document = d.id AND LOWER(n.name) LIKE `+like+` ESCAPE '\'))`)
	}
	column, compare, direction := "d.changed_at", "<", "DESC"
	switch q.Order {
	case OldestFirst:
		compare, direction = ">", "ASC"
	case FewestLeft:
		column, compare, direction = "d.fields_left", ">", "ASC"
	}
	if q.After != "" {
		key, id, err := parseCursor(q.After)
		if err != nil {
			return nil, "", err
		}
		where = append(where, fmt.Sprintf("(%s, d.id) %s (%s, %s)", column, compare, arg(key), arg(id)))
	}
	r, err := s.db.query(ctx, documentColumns+"WHERE "+strings.Join(where, " AND ")+
		fmt.Sprintf(" ORDER BY %s %s, d.id %s LIMIT %s", column, direction, direction, arg(q.Limit+1)), args...)
	all, err := collect(r, err, scanDocument)
	if err != nil {
		return nil, "", fmt.Errorf("list documents: %w", err)
	}
	if len(all) > q.Limit {
		all = all[:q.Limit]
		last := all[len(all)-1]
		key := microseconds(last.Changed)
		if q.Order == FewestLeft {
			key = int64(last.FieldsLeft)
		}
		next = fmt.Sprintf("%d-%s", key, last.ID)
	}
	return all, next, s.addNames(ctx, all)
}

func parseCursor(c string) (key int64, id string, err error) {
	if _, err := fmt.Sscanf(c, "%d-%s", &key, &id); err != nil {
		return 0, "", fmt.Errorf("%w: cursor %q", ErrInvalid, c)
	}
	return key, id, nil
}

func (s *Store) addNames(ctx context.Context, docs []Document) error {
	for i := range docs {
		r, err := s.db.query(ctx, `SELECT name FROM names WHERE document = $1 ORDER BY at, name`, docs[i].ID)
		names, err := collect(r, err, func(s scanner) (n string, err error) { return n, s.Scan(&n) })
		if err != nil {
			return fmt.Errorf("names of %s: %w", docs[i].ID, err)
		}
		docs[i].Names = names
	}
	return nil
}

// Version is one reading of a document.
type Version struct {
	Document  string
	Version   int
	Engine    string
	Profile   string // as asked for
	State     State
	Reason    string
	Remedy    string
	Pages     int
	PagesLeft int // not read yet
	Created   time.Time
	Finished  time.Time // zero while it is not
	Exported  time.Time // likewise
}

// Versions lists the versions of a document, oldest first.
func (s *Store) Versions(ctx context.Context, document string) ([]Version, error) {
	r, err := s.db.query(ctx, `SELECT document, version, engine, profile, state, reason, remedy, pages, pages_left, created_at, finished_at, exported_at
		FROM versions WHERE document = $1 ORDER BY version`, document)
	return collect(r, err, func(s scanner) (v Version, err error) {
		var created, finished, exported int64
		err = s.Scan(&v.Document, &v.Version, &v.Engine, &v.Profile, &v.State, &v.Reason, &v.Remedy, &v.Pages, &v.PagesLeft, &created, &finished, &exported)
		v.Created, v.Finished, v.Exported = timeOf(created), timeOf(finished), timeOf(exported)
		return v, err
	})
}

// PageState says how a page of a version ended.
type PageState struct {
	Number  int
	Outcome schema.Outcome
	Reason  string
}

// PageStates lists the pages of a version that were read so far, in order.
func (s *Store) PageStates(ctx context.Context, document string, version int) ([]PageState, error) {
	r, err := s.db.query(ctx, `SELECT p.number, p.outcome, p.reason FROM pages p JOIN versions v ON v.id = p.version_id
		WHERE v.document = $1 AND v.version = $2 ORDER BY p.number`, document, version)
	return collect(r, err, func(s scanner) (p PageState, err error) { return p, s.Scan(&p.Number, &p.Outcome, &p.Reason) })
}

// Page returns a page with all its layers.
func (s *Store) Page(ctx context.Context, document string, version, number int) (schema.Page, error) {
	var page schema.Page
	var data []byte
	err := s.db.row(ctx, `SELECT p.data FROM pages p JOIN versions v ON v.id = p.version_id
		WHERE v.document = $1 AND v.version = $2 AND p.number = $3`, document, version, number).Scan(&data)
	if err == nil {
		err = unpack(data, &page)
	}
	if err != nil {
		return page, fmt.Errorf("page %d of %s: %w", number, document, notFound(err))
	}
	return page, nil
}

// pages returns the pages of a version in order.
func (s *Store) pages(ctx context.Context, version int64) ([]schema.Page, error) {
	r, err := s.db.query(ctx, `SELECT data FROM pages WHERE version_id = $1 ORDER BY number`, version)
	t := tight{}
	return collect(r, err, func(s scanner) (p schema.Page, err error) {
		var data []byte
		if err = s.Scan(&data); err == nil {
			err = unpack(data, &p)
		}
		t.page(&p)
		return p, err
	})
}

// tight lays pages out in as little memory as they need: all pages of a document
// are there at once, and a document of hundreds of pages has hundreds of
// thousands of words, but some thousand different ones. It holds their letters
// by themselves, for all pages to share.
type tight map[string]string

// page moves the page's words and lines to lists without room to grow; what
// decodes JSON doubles a list that is full.
func (t tight) page(p *schema.Page) {
	p.Noise = t.words(p.Noise)
	p.Lines = t.lines(p.Lines)
	for i := range p.Grids {
		g := &p.Grids[i]
		g.Cells = exact(g.Cells)
		for k := range g.Cells {
			g.Cells[k].Lines = t.lines(g.Cells[k].Lines)
		}
	}
}

func (t tight) lines(ls []schema.Line) []schema.Line {
	ls = exact(ls)
	for i := range ls {
		ls[i].Words = t.words(ls[i].Words)
	}
	return ls
}

func (t tight) words(ws []schema.Word) []schema.Word {
	ws = exact(ws)
	for i := range ws {
		w := &ws[i]
		t.share(&w.Text)
		t.share(&w.Raw)
		t.share(&w.Font)
		w.Repairs = exact(w.Repairs)
		for k := range w.Repairs {
			t.share(&w.Repairs[k].From)
			t.share(&w.Repairs[k].To)
			t.share(&w.Repairs[k].Reason)
		}
		w.Alternatives = exact(w.Alternatives)
		for k := range w.Alternatives {
			t.share(&w.Alternatives[k].Text)
		}
	}
	return ws
}

func (t tight) share(s *string) {
	one, ok := t[*s]
	if !ok {
		one = *s
		t[one] = one
	}
	*s = one
}

// exact returns the list with room for what it holds and no more.
func exact[T any](list []T) []T {
	if cap(list) == len(list) {
		return list
	}
	return append(make([]T, 0, len(list)), list...)
}

// Machine returns a version as the machine made it, without corrections.
func (s *Store) Machine(ctx context.Context, document string, version int) (*schema.Document, error) {
	var data []byte
	err := s.db.row(ctx, `SELECT data FROM versions WHERE document = $1 AND version = $2 AND data IS NOT NULL`, document, version).Scan(&data)
	if err != nil {
		return nil, fmt.Errorf("document %s version %d: %w", document, version, notFound(err))
	}
	return unpackDocument(data)
}

// currentCache keeps the last documents that were asked for, by id, at their
// revision. Reviewers ask for the same one for minutes.
type currentCache struct {
	mu   sync.Mutex
	docs map[string]cached
}

// forget drops a document.
func (c *currentCache) forget(document string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.docs, document)
}

type cached struct {
	revision int64
	json     []byte
}

const keepCurrent = 64

// keepLargest is the size in bytes of JSON of the largest document that is kept
// at hand: some 150 pages. Larger ones take long to decode in any case.
const keepLargest = 4 << 20

// A capped buffer takes no more than it has room for.
type capped struct {
	data []byte
	room int
}

var errTooLarge = errors.New("too large to be kept at hand")

func (c *capped) Write(p []byte) (int, error) {
	if c.room -= len(p); c.room < 0 {
		return 0, errTooLarge
	}
	c.data = append(c.data, p...)
	return len(p), nil
}

// Current returns the newest version of a document with its corrections, and
// its revision. The caller may change the document.
func (s *Store) Current(ctx context.Context, document string) (*schema.Document, int64, error) {
	for {
		var version int
		var revision int64
		if err := s.db.row(ctx, `SELECT version, revision FROM documents WHERE id = $1`, document).Scan(&version, &revision); err != nil {
			return nil, 0, fmt.Errorf("document %s: %w", document, notFound(err))
		}
		if version == 0 {
			return nil, 0, fmt.Errorf("document %s is not finished: %w", document, ErrNotFound)
		}
		s.current.mu.Lock()
		hit := s.current.docs[document]
		s.current.mu.Unlock()
		if hit.json != nil && hit.revision == revision {
			doc, err := decodeDocument(hit.json)
			return doc, revision, err
		}
		doc, err := s.load(ctx, s.db, document, version)
		if err != nil {
			return nil, 0, err
		}
		var after int64
		if err := s.db.row(ctx, `SELECT revision FROM documents WHERE id = $1`, document).Scan(&after); err != nil {
			return nil, 0, err
		}
		if after != revision {
			continue // changed while we read
		}
		data := capped{room: keepLargest}
		if err := doc.WriteJSON(&data, false); errors.Is(err, errTooLarge) {
			return doc, revision, nil
		} else if err != nil {
			return nil, 0, err
		}
		s.current.mu.Lock()
		if s.current.docs == nil || len(s.current.docs) >= keepCurrent {
			s.current.docs = map[string]cached{}
		}
		s.current.docs[document] = cached{revision, data.data}
		s.current.mu.Unlock()
		return doc, revision, nil
	}
}

// load reads a version and applies the corrections made to it.
func (s *Store) load(ctx context.Context, q querier, document string, version int) (*schema.Document, error) {
	var data []byte
	if err := q.row(ctx, `SELECT data FROM versions WHERE document = $1 AND version = $2`, document, version).Scan(&data); err != nil {
		return nil, fmt.Errorf("document %s: %w", document, notFound(err))
	}
	doc, err := unpackDocument(data)
	if err != nil {
		return nil, fmt.Errorf("document %s: %w", document, err)
	}
	entries, err := s.history(ctx, q, document, version)
	if err != nil {
		return nil, err
	}
	for _, c := range entries {
		if err := c.apply(doc); err != nil {
			return nil, fmt.Errorf("document %s: correction %d: %w", document, c.ID, err)
		}
	}
	return doc, nil
}

// publish makes a finished version the current one: the document, the
// corrections that people made to the one before, the index of fields and
// records. fresh is false when another worker did it already.
func (s *Store) publish(ctx context.Context, t tx, task Task, doc *schema.Document) (fresh bool, err error) {
	lock := s.db.dialect().forUpdate
	var before int
	var state State
	if err := t.row(ctx, `SELECT version, state FROM documents WHERE id = $1`+lock, task.Document).Scan(&before, &state); err != nil {
		return false, notFound(err)
	}
	data, err := pack(doc)
	if err != nil {
		return false, err
	}
	now := microseconds(s.now())
	n, err := t.exec(ctx, `UPDATE versions SET state = $2, data = $3, finished_at = $4, reason = '', remedy = '' WHERE id = $1 AND state NOT IN ('ready', 'failed')`, task.id, Ready, data, now)
	if err != nil || n == 0 {
		return false, err
	}
	if task.Version < before || state == Locked {
		// It was overtaken by a newer one, or approved in the meantime.
		return true, s.audit(ctx, t, machine, Processed, task.Document, task.Version, map[string]any{"current": false})
	}
	// From here on doc is what readers see; work on a copy made from the stored
	// form, which is what they will get.
	shown, err := unpackDocument(data)
	if err != nil {
		return false, err
	}
	if before > 0 {
		if err := s.carryOver(ctx, t, task, before, shown); err != nil {
			return false, err
		}
		if _, err := t.exec(ctx, `DELETE FROM fields WHERE version_id = (SELECT id FROM versions WHERE document = $1 AND version = $2)`, task.Document, before); err != nil {
			return false, err
		}
		if _, err := t.exec(ctx, `DELETE FROM records WHERE version_id = (SELECT id FROM versions WHERE document = $1 AND version = $2)`, task.Document, before); err != nil {
			return false, err
		}
	}
	total, left, err := s.index(ctx, t, task.id, shown)
	if err != nil {
		return false, err
	}
	h := &shown.Header
	if _, err := t.exec(ctx, `UPDATE documents SET state = $2, reason = '', remedy = '', version = $3, revision = revision + 1, pages = $4, fields = $5, fields_left = $6,
		profile = $7, title = $8, issuer = $9, number = $10, date = $11, changed_at = $12 WHERE id = $1`,
		task.Document, Ready, task.Version, len(shown.Pages), total, left,
		clean(shown.Engine.Profile), textOf(h.Title), textOf(h.Issuer), textOf(h.Number), valueOf(h.Date), now); err != nil {
		return false, err
	}
	if err := s.keepOrigin(ctx, t, task.Document, shown); err != nil {
		return false, err
	}
	return true, s.audit(ctx, t, machine, Processed, task.Document, task.Version, map[string]any{"pages": len(shown.Pages), "records": len(shown.Records), "fields": total, "fields_left": left})
}

// index writes the fields and records of a version for queries.
func (s *Store) index(ctx context.Context, t tx, version int64, doc *schema.Document) (total, left int, err error) {
	var values []any
	eachField(doc, func(l located) {
		total++
		if l.field.State == schema.NeedsReview {
			left++
		}
		values = append(values, fieldRow(version, l)...)
	})
	if err := insertRows(ctx, t, `INSERT INTO fields (version_id, path, record, record_kind, name, kind, state, confidence, text, why, page)`, 11, values); err != nil {
		return 0, 0, fmt.Errorf("index fields: %w", err)
	}
	values = values[:0]
	for i := range doc.Records {
		values = append(values, recordRow(version, i, &doc.Records[i])...)
	}
	if err := insertRows(ctx, t, `INSERT INTO records (version_id, id, position, kind, number, title, status, data)`, 8, values); err != nil {
		return 0, 0, fmt.Errorf("index records: %w", err)
	}
	return total, left, nil
}

func fieldRow(version int64, l located) []any {
	page := 0
	if len(l.field.Boxes) > 0 {
		page = l.field.Boxes[0].Page
	}
	return []any{version, clean(l.path), clean(l.record), clean(l.recordKind), clean(l.name), kindOf(l.field), string(l.field.State), l.field.Confidence,
		clean(l.field.Text), clean(strings.Join(l.field.Why, ",")), page}
}

func recordRow(version int64, position int, r *schema.Record) []any {
	first := func(name string) string {
		for _, f := range r.Fields[name].All() {
			return valueOf(&f)
		}
		return ""
	}
	title := first("title")
	for _, other := range []string{"task", "name", "content"} {
		if title == "" {
			title = first(other)
		}
	}
	return []any{version, clean(r.ID), position, clean(r.Kind), first("number"), title, first("status"), clean(mustJSON(r))}
}

// insertRows inserts many rows with few statements. The statements differ only
// by their number of rows, and few numbers occur, so that the database's cache
// of statements stays small.
func insertRows(ctx context.Context, t tx, into string, columns int, values []any) error {
	const most = 40
	for len(values) > 0 {
		n := min(len(values)/columns, most)
		for n < most && n&(n-1) != 0 {
			n &= n - 1 // down to a power of two
		}
		if _, err := t.exec(ctx, into+valuesClause(n, columns), values[:n*columns]...); err != nil {
			return err
		}
		values = values[n*columns:]
	}
	return nil
}

var valuesClauses sync.Map // of [2]int to string

func valuesClause(rows, columns int) string {
	key := [2]int{rows, columns}
	if s, ok := valuesClauses.Load(key); ok {
		return s.(string)
	}
	var b strings.Builder
	b.WriteString(" VALUES ")
	for r := range rows {
		if r > 0 {
			b.WriteString(", ")
		}
		for c := range columns {
			b.WriteString(map[bool]string{true: "(", false: ", "}[c == 0])
			fmt.Fprintf(&b, "$%d", r*columns+c+1)
		}
		b.WriteByte(')')
	}
	valuesClauses.Store(key, b.String())
	return b.String()
}

func textOf(f *schema.Field) string {
	if f == nil {
		return ""
	}
	return clean(f.Text)
}

// valueOf is the value of a field where it is text, otherwise its text.
func valueOf(f *schema.Field) string {
	if f == nil {
		return ""
	}
	switch v := f.Value.(type) {
	case string:
		return clean(v)
	case schema.Status:
		return clean(string(v))
	}
	return clean(f.Text)
}

// clean makes a string fit for both databases: PostgreSQL takes no NUL and no
// broken UTF-8.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

func unmarshal(text string, v any) error { return json.Unmarshal([]byte(text), v) }

func decodeDocument(data []byte) (*schema.Document, error) {
	doc := new(schema.Document)
	if err := json.Unmarshal(data, doc); err != nil {
		return nil, err
	}
	doc.TypeValues()
	return doc, nil
}

// notFound translates the database's word for nothing.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}
