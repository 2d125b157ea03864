package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// Lesson is a version of a document as the machine made it, with the pages
// that it was made of.
type Lesson struct {
	Document string
	Version  int
	Profile  string             // as asked for; "" left it to the program
	Made     *schema.Document   // without any correction
	Pages    []schema.Page      // with all their layers, in order
	Judged   map[string]Verdict // what people said of its fields, by path
}

// Verdict is what a person said of a field that they looked at by itself.
type Verdict struct {
	Right bool         // they left it as the machine had it
	Was   schema.Field // as the machine had it
}

// EachLesson calls f for the current version of every document, in order of
// their ids, until it fails. What people confirmed in bulk is no verdict: they
// have not looked at each of those fields.
func (s *Store) EachLesson(ctx context.Context, f func(Lesson) error) error {
	type row struct {
		Lesson
		id   int64
		data []byte
	}
	after := ""
	for {
		// One at a time, for the pages of a document may be large.
		var r row
		rows, err := s.db.query(ctx, `SELECT v.id, v.document, v.version, v.profile, v.data FROM versions v
			JOIN documents d ON d.id = v.document AND d.version = v.version WHERE v.document > $1 AND v.state = $2 ORDER BY v.document LIMIT 1`, after, Ready)
		all, err := collect(rows, err, func(s scanner) (r row, err error) {
			return r, s.Scan(&r.id, &r.Document, &r.Version, &r.Profile, &r.data)
		})
		if err != nil {
			return fmt.Errorf("list lessons: %w", err)
		}
		if len(all) == 0 {
			return nil
		}
		r = all[0]
		after = r.Document
		if r.Made, err = unpackDocument(r.data); err != nil {
			return fmt.Errorf("document %s: %w", r.Document, err)
		}
		if r.Pages, err = s.pages(ctx, r.id); err != nil {
			return fmt.Errorf("pages of %s: %w", r.Document, err)
		}
		history, err := s.history(ctx, s.db, r.Document, r.Version)
		if err != nil {
			return fmt.Errorf("history of %s: %w", r.Document, err)
		}
		if r.Judged, err = verdicts(history); err != nil {
			return fmt.Errorf("history of %s: %w", r.Document, err)
		}
		if err := f(r.Lesson); err != nil {
			return err
		}
	}
}

// verdicts follows the fields of a version through its history, oldest entry
// first. What was done to a record or a table as a whole moves fields to other
// paths: fields of such records are left out.
func verdicts(history []Correction) (map[string]Verdict, error) {
	type course struct {
		first, last Correction
		looked      bool
	}
	courses := map[string]*course{}
	var moved []string
	for _, c := range history {
		if c.What != TheField {
			moved = append(moved, c.Path)
			continue
		}
		x := courses[c.Path]
		if x == nil {
			x = &course{first: c}
			courses[c.Path] = x
		}
		x.last = c
		x.looked = x.looked || !strings.HasPrefix(c.Note, "accept above")
	}
	out := map[string]Verdict{}
	for path, x := range courses {
		touched := !x.looked
		for _, m := range moved {
			touched = touched || strings.HasPrefix(path, m+"/") || strings.HasPrefix(m, "tables/") && strings.HasPrefix(path, "records/")
		}
		if touched {
			continue
		}
		var was, is schema.Field
		if err := json.Unmarshal(x.first.Before, &was); err != nil {
			return nil, fmt.Errorf("entry %d: %w", x.first.ID, err)
		}
		if err := json.Unmarshal(x.last.After, &is); err != nil {
			return nil, fmt.Errorf("entry %d: %w", x.last.ID, err)
		}
		if string(x.first.Before) == "null" || is.State != schema.Confirmed && is.State != schema.Corrected {
			continue // a person added it, or took back what they said
		}
		out[path] = Verdict{Right: sameSaying(&was, &is), Was: was}
	}
	return out, nil
}

// sameSaying reports whether two fields say the same: equal texts but for white
// space, and equal values.
func sameSaying(a, b *schema.Field) bool {
	return strings.Join(strings.Fields(a.Text), " ") == strings.Join(strings.Fields(b.Text), " ") &&
		mustJSON(schema.TypedValue(a.Value)) == mustJSON(schema.TypedValue(b.Value))
}
