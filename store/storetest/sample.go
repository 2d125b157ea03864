package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// testSample draws half of the accepted fields, reads the document again, and
// has a person look at some of them.
func testSample(t *testing.T, db Database) {
	s := db.Open(t)
	r := submit(t, s, 1, 4)
	start(t, s, Work(s), store.WorkerConfig{Slots: 2, Sample: 0.5})
	idle(t, s)
	drawn := func() (paths []string) {
		rows, err := s.Fields(t.Context(), store.FieldQuery{Document: r.Document, State: string(schema.NeedsReview)})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if slices.Contains(row.Why, store.WhySampled) {
				if !store.Sampled(r.Document, row.Path, 0.5) {
					t.Errorf("%s was drawn and is not in the sample", row.Path)
				}
				paths = append(paths, row.Path)
			}
		}
		slices.Sort(paths)
		return paths
	}
	first := drawn()
	if len(first) < 4 {
		t.Fatalf("drawn: %v", first)
	}
	totals, err := s.SampleTotals(t.Context())
	if err != nil || len(totals) != 1 || totals[0].Drawn != len(first) || totals[0].Looked != 0 {
		t.Errorf("totals %+v, %v; want %d drawn", totals, err, len(first))
	}

	// Two are right, one is not, and one is confirmed with many others.
	doc, _, err := s.Current(t.Context(), r.Document)
	if err != nil {
		t.Fatal(err)
	}
	say := func(path, text, note string, state schema.State) {
		t.Helper()
		f := *store.FieldAt(doc, path)
		if text != "" {
			f.Text, f.Value = text, text
		}
		f.State, f.Why = state, nil
		if _, err := s.Correct(t.Context(), r.Document, store.Batch{By: "Lan", Note: note, Changes: []store.Change{{What: store.TheField, Path: path, Field: &f}}}); err != nil {
			t.Fatal(err)
		}
	}
	say(first[0], "", "", schema.Confirmed)
	say(first[1], "", "", schema.Confirmed)
	say(first[2], "khác", "", schema.Corrected)
	say(first[3], "", "accept above 0.9", schema.Confirmed)
	totals, err = s.SampleTotals(t.Context())
	if err != nil || len(totals) != 1 || totals[0].Looked != 3 || totals[0].Wrong != 1 {
		t.Errorf("totals %+v, %v; want 3 looked at, 1 wrong", totals, err)
	}

	// What people said is what calibrations are fitted to.
	lessons := 0
	err = s.EachLesson(t.Context(), func(l store.Lesson) error {
		lessons++
		if l.Document != r.Document || l.Version != 1 || len(l.Pages) != 4 || len(l.Judged) != 3 {
			t.Errorf("lesson of %s, version %d: %d pages, %d judged", l.Document, l.Version, len(l.Pages), len(l.Judged))
		}
		if v := l.Judged[first[2]]; v.Right || v.Was.Text == "khác" {
			t.Errorf("the corrected field: %+v", v)
		}
		if v := l.Judged[first[0]]; !v.Right {
			t.Errorf("the confirmed field: %+v", v)
		}
		if f := store.FieldAt(l.Made, first[2]); f == nil || f.Text == "khác" {
			t.Errorf("the machine's reading holds the correction: %+v", f)
		}
		return nil
	})
	if err != nil || lessons != 1 {
		t.Errorf("%d lessons, %v", lessons, err)
	}

	// Another reading draws the same fields; what was looked at stays so.
	if _, err := s.Submit(t.Context(), store.Upload{Name: "again.txt", Bytes: bytes.NewReader(Report(1, 4)), Engine: "two", By: "Lan"}); err != nil {
		t.Fatal(err)
	}
	idle(t, s)
	var again []string
	for _, path := range first {
		f := store.FieldAt(current(t, s, r.Document), path)
		if f != nil && (slices.Contains(f.Why, store.WhySampled) || f.State == schema.Confirmed || f.State == schema.Corrected) {
			again = append(again, path)
		}
	}
	if !slices.Equal(first, again) {
		data, _ := json.Marshal(first)
		t.Errorf("another reading drew %v, the first %s", again, data)
	}
}

func current(t *testing.T, s *store.Store, id string) *schema.Document {
	t.Helper()
	doc, _, err := s.Current(context.WithoutCancel(t.Context()), id)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
