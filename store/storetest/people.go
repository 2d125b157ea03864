package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// Tests of what people do to documents.

// said is a field as a person entered it.
func said(old *schema.Field, text string) *schema.Field {
	f := *old
	f.Value, f.Text, f.State = text, text, schema.Corrected
	return &f
}

// title returns the title of a record of the current version.
func title(t *testing.T, s *store.Store, id string, record int) *schema.Field {
	t.Helper()
	doc, _, err := s.Current(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return doc.Records[record].Fields["title"].One
}

func setTitle(t *testing.T, s *store.Store, id string, record int, text string) store.Change {
	t.Helper()
	doc, _, err := s.Current(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	r := doc.Records[record]
	return store.Change{What: store.TheField, Path: store.FieldPath(r.ID, "title"), Field: said(r.Fields["title"].One, text)}
}

func testCorrect(t *testing.T, db Database) {
	s := db.Open(t)
	id := process(t, s, 1, 2)
	_, revision, err := s.Current(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	batch := store.Batch{By: "Lan", Revision: revision, Changes: []store.Change{setTitle(t, s, id, 0, "Một"), setTitle(t, s, id, 4, "Năm")}}
	r, err := s.Correct(t.Context(), id, batch)
	if err != nil || r.Revision != revision+1 || r.FieldsLeft != 4 {
		t.Fatalf("correct: %+v, %v", r, err)
	}
	if got := title(t, s, id, 4); got.Text != "Năm" || got.State != schema.Corrected || got.Raw != "Mô hình 2 của trang 2" {
		t.Errorf("title %+v", got)
	}
	if _, err := s.Correct(t.Context(), id, batch); !errors.Is(err, store.ErrConflict) {
		t.Errorf("an old revision: %v", err)
	}
	// All or none: the second change leads nowhere.
	bad := store.Batch{By: "Lan", Changes: []store.Change{setTitle(t, s, id, 1, "Hai"), {What: store.TheField, Path: "citations/9", Field: &schema.Field{}}}}
	if _, err := s.Correct(t.Context(), id, bad); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("a path that leads nowhere: %v", err)
	}
	if got := title(t, s, id, 1); got.Text == "Hai" {
		t.Error("half of a refused batch was kept")
	}
	// A box beside the page is refused.
	f := *title(t, s, id, 1)
	f.Boxes = []schema.Place{{Page: 99, Line: &[2]int{1, 1}}}
	if _, err := s.Correct(t.Context(), id, store.Batch{By: "Lan", Changes: []store.Change{{What: store.TheField, Path: store.FieldPath("p1/2", "title"), Field: &f}}}); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("a place that is not there: %v", err)
	}
	rows, err := s.Fields(t.Context(), store.FieldQuery{Document: id, State: string(schema.Corrected)})
	if err != nil || len(rows) != 2 || rows[1].Text != "Năm" || rows[1].Record != "p2/2" {
		t.Errorf("index %+v, %v", rows, err)
	}
	history, err := s.History(t.Context(), id)
	if err != nil || len(history) != 2 || history[0].By != "Lan" || history[0].Batch != r.Batch || !strings.Contains(string(history[1].Before), "trang 2") {
		t.Errorf("history %+v, %v", history, err)
	}
	if _, err := s.Correct(t.Context(), "nothing", batch); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a document that is not there: %v", err)
	}
}

func testRecords(t *testing.T, db Database) {
	s := db.Open(t)
	id := process(t, s, 1, 2)
	doc, _, err := s.Current(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	second := doc.Records[1]
	added := schema.Record{ID: "by hand", Kind: "model", Fields: map[string]schema.Entry{"title": schema.One(schema.Field{Value: "Thêm", Text: "Thêm", Confidence: 1, State: schema.Corrected})}}
	r, err := s.Correct(t.Context(), id, store.Batch{By: "Lan", Changes: []store.Change{
		{What: store.TheRecord, Path: store.RecordPath(second.ID)},
		{What: store.TheRecord, Path: store.RecordPath("by hand"), Record: &added, Insert: true, At: 0},
		{What: store.TheField, Path: "header/number", Field: &schema.Field{Value: "12/BC", Text: "12/BC", Confidence: 1, State: schema.Corrected}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	doc, _, err = s.Current(t.Context(), id)
	if err != nil || len(doc.Records) != 6 || doc.Records[0].ID != "by hand" || doc.Records[2].ID != "p1/3" || doc.Header.Number == nil {
		t.Errorf("after: %v", err)
	}
	if d, err := s.Document(t.Context(), id); err != nil || d.Number != "12/BC" || d.Fields != 1+5*3+1+1+1 {
		t.Errorf("document %+v, %v", d, err)
	}
	if _, err := s.Undo(t.Context(), id, r.Batch, "Lan"); err != nil {
		t.Fatal(err)
	}
	doc, _, err = s.Current(t.Context(), id)
	if err != nil || len(doc.Records) != 6 || doc.Records[1].ID != second.ID || doc.Header.Number != nil {
		t.Errorf("after undo: %d records, %v", len(doc.Records), err)
	}
}

func testUndo(t *testing.T, db Database) {
	s := db.Open(t)
	id := process(t, s, 1, 1)
	change := func(record int, text string) store.Result {
		t.Helper()
		r, err := s.Correct(t.Context(), id, store.Batch{By: "Lan", Changes: []store.Change{setTitle(t, s, id, record, text)}})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	was := title(t, s, id, 0).Text
	first := change(0, "Một")
	second := change(0, "Uno")
	change(1, "Hai")
	if _, err := s.Undo(t.Context(), id, first.Batch, "Minh"); !errors.Is(err, store.ErrConflict) {
		t.Errorf("undo below another change: %v", err)
	}
	undone, err := s.Undo(t.Context(), id, second.Batch, "Minh")
	if err != nil || title(t, s, id, 0).Text != "Một" {
		t.Fatalf("undo: %v", err)
	}
	if _, err := s.Undo(t.Context(), id, second.Batch, "Minh"); !errors.Is(err, store.ErrConflict) {
		t.Errorf("undo twice: %v", err)
	}
	if _, err := s.Undo(t.Context(), id, undone.Batch, "Minh"); err != nil || title(t, s, id, 0).Text != "Uno" {
		t.Errorf("undo of the undoing: %v", err)
	}
	if title(t, s, id, 1).Text != "Hai" {
		t.Error("undo touched another field")
	}
	if was == "Một" {
		t.Error("nothing was tested")
	}
	if h, err := s.History(t.Context(), id); err != nil || len(h) != 5 {
		t.Errorf("%d entries, want 5, none deleted: %v", len(h), err)
	}
}

func testCarryOver(t *testing.T, db Database) {
	s := db.Open(t)
	id := process(t, s, 1, 2)
	correct := func(changes ...store.Change) store.Result {
		t.Helper()
		r, err := s.Correct(t.Context(), id, store.Batch{By: "Lan", Changes: changes})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	doc, _, err := s.Current(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	correct(setTitle(t, s, id, 0, "Một"))
	correct(setTitle(t, s, id, 5, "Sáu"))
	gone := correct(setTitle(t, s, id, 1, "Hai"))
	if _, err := s.Undo(t.Context(), id, gone.Batch, "Lan"); err != nil {
		t.Fatal(err)
	}
	correct(store.Change{What: store.TheField, Path: "citations/0", Field: said(&doc.Citations[0], "Nghị quyết")})

	// A newer engine finds no records on page 2 and reads page 1 otherwise.
	work := Work(s)
	assemble := work.Assemble
	work.Assemble = func(ctx context.Context, task store.Task, pages []schema.Page) (*schema.Document, error) {
		pages[1].Lines = nil
		d, err := assemble(ctx, task, pages)
		d.Records[0].Fields["title"].One.Raw = "read better"
		d.Citations[0].Boxes[0].Page = 2
		return d, err
	}
	if _, err := s.Submit(t.Context(), store.Upload{Name: "again", Bytes: bytes.NewReader(Report(1, 2)), By: "Lan", Engine: "two"}); err != nil {
		t.Fatal(err)
	}
	start(t, s, work, store.WorkerConfig{})
	idle(t, s)

	doc, _, err = s.Current(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if f := doc.Records[0].Fields["title"].One; f.Text != "Một" || f.State != schema.Corrected || f.Raw != "read better" {
		t.Errorf("carried over: %+v", f)
	}
	if f := doc.Records[1].Fields["title"].One; f.State != schema.NeedsReview {
		t.Errorf("an undone correction was carried over: %+v", f)
	}
	stranded, err := s.Stranded(t.Context(), id, 2)
	if err != nil || len(stranded) != 2 || stranded[0].Path != store.FieldPath("p2/3", "title") || stranded[1].Path != "citations/0" || stranded[0].Why == "" {
		t.Errorf("stranded %+v, %v", stranded, err)
	}
	if _, err := s.Correct(t.Context(), id, store.Batch{By: "Lan", Changes: []store.Change{setTitle(t, s, id, 2, "Ba")}}); err != nil {
		t.Errorf("correcting the new version: %v", err)
	}
}

// testReplace puts another result in the place of one that nobody has touched,
// and not in the place of others.
func testReplace(t *testing.T, db Database) {
	s := db.Open(t)
	id := process(t, s, 1, 2)
	other := func() (*schema.Document, int64) {
		t.Helper()
		doc, revision, err := s.Current(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		doc.Records = doc.Records[:3]
		for i := range doc.Records {
			f := doc.Records[i].Fields["title"].One
			f.Value, f.Text, f.State = "khác", "khác", schema.Accepted
		}
		return doc, revision
	}
	doc, revision := other()
	done, err := s.Replace(t.Context(), id, 1, doc)
	if err != nil || !done {
		t.Fatalf("replace: %v, %v", done, err)
	}
	got, after, err := s.Current(t.Context(), id)
	if err != nil || after != revision+1 || len(got.Records) != 3 || got.Records[2].Fields["title"].One.Text != "khác" {
		t.Errorf("current: revision %d after %d, %d records, %v", after, revision, len(got.Records), err)
	}
	machine, err := s.Machine(t.Context(), id, 1)
	if err != nil || len(machine.Records) != 3 {
		t.Errorf("as the machine made it: %v", err)
	}
	rows, err := s.Fields(t.Context(), store.FieldQuery{Document: id})
	found, left := 0, 0
	for _, row := range rows {
		if row.Text == "khác" {
			found++
		}
		if row.State == string(schema.NeedsReview) {
			left++
		}
	}
	if err != nil || found != 3 {
		t.Errorf("the index has %d of 3 titles, %v", found, err)
	}
	if info, err := s.Document(t.Context(), id); err != nil || info.Fields != len(rows) || info.FieldsLeft != left || info.State != store.Ready {
		t.Errorf("list: %+v, %v; want %d fields, %d left", info, err, len(rows), left)
	}

	// Neither another version, nor a document that is not there.
	if done, err := s.Replace(t.Context(), id, 2, doc); done || err != nil {
		t.Errorf("a version that is not there: %v, %v", done, err)
	}
	if _, err := s.Replace(t.Context(), strings.Repeat("0", 64), 1, doc); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a document that is not there: %v", err)
	}

	// What a person has said stays, though it was taken back; so does an approved document.
	r, err := s.Correct(t.Context(), id, store.Batch{By: "Lan", Changes: []store.Change{setTitle(t, s, id, 0, "Một")}})
	if err != nil {
		t.Fatal(err)
	}
	doc, _ = other()
	if done, err := s.Replace(t.Context(), id, 1, doc); done || err != nil {
		t.Errorf("a corrected document: %v, %v", done, err)
	}
	if got, revision, err := s.Current(t.Context(), id); err != nil || revision != r.Revision || got.Records[0].Fields["title"].One.Text != "Một" {
		t.Errorf("the correction: revision %d, want %d, %v", revision, r.Revision, err)
	}
	locked := process(t, s, 2, 2)
	doc, revision, err = s.Current(t.Context(), locked)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Approve(t.Context(), locked, "Lan", revision); err != nil {
		t.Fatal(err)
	}
	if done, err := s.Replace(t.Context(), locked, 1, doc); done || err != nil {
		t.Errorf("an approved document: %v, %v", done, err)
	}
	if _, _, err := s.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}

func testApprove(t *testing.T, db Database) {
	s := db.Open(t)
	id := process(t, s, 1, 1)
	_, revision, err := s.Current(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Approve(t.Context(), id, "Minh", revision+1); !errors.Is(err, store.ErrConflict) {
		t.Errorf("approve what was not looked at: %v", err)
	}
	if err := s.Approve(t.Context(), id, "Minh", revision); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Correct(t.Context(), id, store.Batch{By: "Lan", Changes: []store.Change{setTitle(t, s, id, 0, "x")}}); !errors.Is(err, store.ErrApproved) {
		t.Errorf("correct an approved document: %v", err)
	}
	again := store.Upload{Name: "again", Bytes: bytes.NewReader(Report(1, 1)), By: "Lan", Again: true}
	if _, err := s.Submit(t.Context(), again); !errors.Is(err, store.ErrApproved) {
		t.Errorf("read an approved document again: %v", err)
	}
	if err := s.Reopen(t.Context(), id, "Minh", "sai số"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Correct(t.Context(), id, store.Batch{By: "Lan", Changes: []store.Change{setTitle(t, s, id, 0, "x")}}); err != nil {
		t.Errorf("correct after reopening: %v", err)
	}
}

func testClaim(t *testing.T, db Database) {
	s := db.Open(t)
	id := submit(t, s, 1, 1).Document
	if _, err := s.Claim(t.Context(), id, "Lan", time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Claim(t.Context(), id, "Lan", time.Hour); err != nil {
		t.Errorf("prolong: %v", err)
	}
	if _, err := s.Claim(t.Context(), id, "Minh", time.Hour); !errors.Is(err, store.ErrClaimed) || !strings.Contains(fmt.Sprint(err), "Lan") {
		t.Errorf("a second person: %v", err)
	}
	if d, err := s.Document(t.Context(), id); err != nil || d.Claim == nil || d.Claim.By != "Lan" {
		t.Errorf("document %+v, %v", d, err)
	}
	if err := s.Release(t.Context(), id, "Minh"); err != nil {
		t.Error(err)
	}
	if err := s.Release(t.Context(), id, "Lan"); err != nil {
		t.Error(err)
	}
	if _, err := s.Claim(t.Context(), id, "Minh", -time.Second); err != nil {
		t.Errorf("after release: %v", err)
	}
	if c, err := s.Claim(t.Context(), id, "Lan", time.Hour); err != nil || c.By != "Lan" {
		t.Errorf("after the claim ran out: %v", err)
	}
}
