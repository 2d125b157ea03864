package review

import (
	"context"
	"fmt"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/store"
)

// What people find in the random sample of accepted fields tells how right the
// machine is where nobody looks.

// samplesView is the part of the figures about the sample.
type samplesView struct {
	Kinds []sampleRow // by report type
	All   sampleRow
}

// sampleRow tells about the sample of one report type, or of all.
type sampleRow struct {
	store.SampleTotals
}

// Left is the number of drawn fields that nobody has looked at yet.
func (r sampleRow) Left() int { return r.Drawn - r.Looked }

// Interval returns the bounds that the share of errors among accepted fields
// hardly lies beyond (Wilson, 95 %), in per cent; "–" while nobody has looked.
func (v figuresView) Interval(r sampleRow) string {
	if r.Looked == 0 {
		return "–"
	}
	low, high := confidence.Interval(r.Wrong, r.Looked)
	return fmt.Sprintf("%s – %s", v.Percent(low), v.Percent(high))
}

func samples(ctx context.Context, s *store.Store) (v samplesView, err error) {
	totals, err := s.SampleTotals(ctx)
	if err != nil {
		return v, err
	}
	for _, t := range totals {
		v.Kinds = append(v.Kinds, sampleRow{t})
		v.All.Drawn += t.Drawn
		v.All.Looked += t.Looked
		v.All.Wrong += t.Wrong
	}
	return v, nil
}
