package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// A share of the fields that the machine accepted goes to review all the same:
// what it is sure of and wrong about would never be seen otherwise. Which fields
// these are follows from the document and the path alone, so that reading a
// document again draws the same ones, and asking for a larger share keeps those
// of the smaller one.

// sampleSalt is what a later program changes to draw other fields.
const sampleSalt = "sohoa.sample/1"

// Sampled reports whether a field is among the given share of all.
func Sampled(document, path string, share float64) bool {
	if share <= 0 {
		return false
	}
	sum := sha256.Sum256([]byte(sampleSalt + "\x00" + document + "\x00" + path))
	return float64(binary.BigEndian.Uint64(sum[:8]))/math.MaxUint64 < share
}

// WhySampled is the reason that fields of the sample carry.
const WhySampled = "sample"

// draw sends the sampled ones among the accepted fields of a fresh document to
// review, and returns them. What stands on no page cannot be looked at.
func draw(doc *schema.Document, share float64) (drawn []located) {
	if share <= 0 {
		return nil
	}
	eachField(doc, func(l located) {
		if l.field.State != schema.Accepted || len(l.field.Boxes) == 0 || strings.HasPrefix(l.path, "tables/") || !Sampled(doc.DocumentID, l.path, share) {
			return
		}
		l.field.State, l.field.Why = schema.NeedsReview, []string{WhySampled}
		drawn = append(drawn, l)
	})
	return drawn
}

// keepSample records what was drawn.
func (s *Store) keepSample(ctx context.Context, t tx, version int64, drawn []located, share float64) error {
	var values []any
	for _, l := range drawn {
		values = append(values, version, clean(l.path), clean(l.name), l.field.Confidence, share, microseconds(s.now()))
	}
	if err := insertRows(ctx, t, `INSERT INTO samples (version_id, path, name, confidence, share, at)`, 6, values); err != nil {
		return fmt.Errorf("record the sample: %w", err)
	}
	return nil
}

// SampleTotals says what people found in the sample of the documents of one
// report type.
type SampleTotals struct {
	Profile string
	Drawn   int
	Looked  int // of those drawn
	Wrong   int // of those looked at
}

// SampleTotals sums the sample of the current versions up, by report type.
func (s *Store) SampleTotals(ctx context.Context) ([]SampleTotals, error) {
	const current = ` FROM samples s JOIN versions v ON v.id = s.version_id JOIN documents d ON d.id = v.document AND d.version = v.version `
	r, err := s.db.query(ctx, `SELECT d.profile, COUNT(*)`+current+`GROUP BY d.profile ORDER BY d.profile`)
	all, err := collect(r, err, func(s scanner) (t SampleTotals, err error) { return t, s.Scan(&t.Profile, &t.Drawn) })
	if err != nil {
		return nil, fmt.Errorf("count the sample: %w", err)
	}
	type entry struct {
		Correction
		profile string
	}
	r, err = s.db.query(ctx, `SELECT d.profile, c.id, c.document, c.path, c.before, c.after, c.note`+current+
		`JOIN corrections c ON c.document = v.document AND c.version = v.version AND c.path = s.path WHERE c.what = $1 ORDER BY c.document, c.id`, string(TheField))
	entries, err := collect(r, err, func(s scanner) (e entry, err error) {
		var before, after string
		err = s.Scan(&e.profile, &e.ID, &e.Document, &e.Path, &before, &after, &e.Note)
		e.What, e.Before, e.After = TheField, []byte(before), []byte(after)
		return e, err
	})
	if err != nil {
		return nil, fmt.Errorf("count what was found in the sample: %w", err)
	}
	for len(entries) > 0 {
		n := 0
		var history []Correction
		for n < len(entries) && entries[n].Document == entries[0].Document {
			history = append(history, entries[n].Correction)
			n++
		}
		found, err := verdicts(history)
		if err != nil {
			return nil, fmt.Errorf("history of %s: %w", entries[0].Document, err)
		}
		for i := range all {
			if all[i].Profile != entries[0].profile {
				continue
			}
			for _, v := range found {
				all[i].Looked++
				if !v.Right {
					all[i].Wrong++
				}
			}
		}
		entries = entries[n:]
	}
	return all, nil
}
