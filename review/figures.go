package review

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// Figures tell how the work goes: what was done a day, how much the machine
// got right by itself, how long a field takes.

const (
	figureDays = 30
	figureRows = 5000            // last corrections that shares and times are counted from
	longestGap = 2 * time.Minute // between two fields of a person; longer ones are breaks
)

type figuresView struct {
	view
	Documents, Approved, Fields, Left, Touched int
	Groups                                     []groupFigures
	Charts                                     []chart
	Looked, Changed                            int // of the last corrections
	Samples                                    samplesView
	Median                                     float64 // seconds a field
	Days                                       int
	Made                                       time.Time
}

// Share writes n of m as a share, a dash when there is nothing to divide by.
func (v figuresView) Share(n, m int) string {
	if m == 0 {
		return "–"
	}
	return v.Percent(float64(n) / float64(m))
}

// Untouched is the number of fields that nobody had to touch.
func (v figuresView) Untouched() int { return max(0, v.Fields-v.Left-v.Touched) }

// Seconds writes the median.
func (v figuresView) Seconds() string { return seconds(v.Median) }

func seconds(s float64) string {
	if s == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f s", s)
}

// groupFigures are the figures of a report type in a province.
type groupFigures struct {
	store.Totals
	Median float64 // seconds a field
}

// Seconds writes the median.
func (g groupFigures) Seconds() string { return seconds(g.Median) }

func (r *request) groupFigures(ctx context.Context) ([]groupFigures, error) {
	totals, err := r.s.store.TotalsByGroup(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]groupFigures, len(totals))
	for i, t := range totals {
		all[i].Totals = t
	}
	return all, nil
}

// chart is a row of bars, a bar a day.
type chart struct {
	Title string
	Top   int
	Bars  []bar
}

type bar struct {
	X, Y, Height int
	Count        int
	Day          string
	Label        bool
}

// Measures of a chart, in units of its viewBox.
const (
	chartHigh = 120
	barStep   = 20
)

func newChart(title string, days []store.DayCount, today int64) chart {
	c := chart{Title: title, Top: 1}
	count := map[int64]int{}
	for _, d := range days {
		count[d.Day] = d.Count
		c.Top = max(c.Top, d.Count)
	}
	for i := range figureDays {
		day := today - int64(figureDays-1-i)
		n := count[day]
		h := n * chartHigh / c.Top
		if n > 0 {
			h = max(h, 2)
		}
		c.Bars = append(c.Bars, bar{X: i * barStep, Y: chartHigh - h, Height: h, Count: n, Day: time.Unix(day*86400, 0).UTC().Format("02/01"), Label: i%7 == 1})
	}
	return c
}

func (r *request) figures() error {
	ctx := r.Context()
	v := figuresView{view: r.view(r.texts.T("Figures")), Days: figureDays, Made: time.Now()}
	v.Section = "figures"
	var err error
	if v.Groups, err = r.groupFigures(ctx); err != nil {
		return err
	}
	for _, k := range v.Groups {
		v.Documents += k.Documents
		v.Approved += k.Approved
		v.Fields += k.Fields
		v.Left += k.FieldsLeft
	}
	if v.Touched, err = r.s.store.FieldsTouched(ctx); err != nil {
		return err
	}
	today := time.Now().Unix() / 86400
	fields, err := r.s.store.CorrectionDays(ctx, figureDays)
	if err != nil {
		return err
	}
	read, err := r.s.store.AuditDays(ctx, store.Processed, figureDays)
	if err != nil {
		return err
	}
	approved, err := r.s.store.AuditDays(ctx, store.Approved, figureDays)
	if err != nil {
		return err
	}
	v.Charts = []chart{
		newChart(r.texts.T("Fields reviewed a day"), fields, today),
		newChart(r.texts.T("Documents read a day"), read, today),
		newChart(r.texts.T("Documents approved a day"), approved, today),
	}
	last, err := r.s.store.LastCorrections(ctx, figureRows)
	if err != nil {
		return err
	}
	groups, err := r.s.store.GroupsOfLast(ctx, figureRows)
	if err != nil {
		return err
	}
	v.count(last, groups)
	if v.Samples, err = samples(ctx, r.s.store); err != nil {
		return err
	}
	return r.render("figures", v)
}

// count takes shares and times from the last corrections, newest first.
func (v *figuresView) count(last []store.Correction, groups map[string]store.Group) {
	var gaps []float64
	ofGroup := map[store.Group][]float64{}
	before := map[string]time.Time{} // of each person
	for _, c := range slices.Backward(last) {
		if c.Undoes != "" {
			continue
		}
		if at, ok := before[c.By]; ok && c.Note != "group" {
			// Fields of a batch have the same time; they were one decision.
			if gap := c.At.Sub(at); gap > 0 && gap < longestGap {
				gaps = append(gaps, gap.Seconds())
				g := groups[c.Document]
				ofGroup[g] = append(ofGroup[g], gap.Seconds())
			}
		}
		before[c.By] = c.At
		var from, to schema.Field
		if json.Unmarshal(c.Before, &from) != nil || json.Unmarshal(c.After, &to) != nil {
			continue
		}
		v.Looked++
		if from.Text != to.Text {
			v.Changed++
		}
	}
	v.Median = median(gaps)
	for i, g := range v.Groups {
		v.Groups[i].Median = median(ofGroup[g.Group])
	}
}

// median of some seconds, 0 of none.
func median(seconds []float64) float64 {
	if len(seconds) == 0 {
		return 0
	}
	sort.Float64s(seconds)
	return seconds[len(seconds)/2]
}
