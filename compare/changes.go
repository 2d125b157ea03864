package compare

import "slices"

// ChangeKind is the kind of a [Change].
type ChangeKind string

// Changes between two periods.
const (
	Appeared      ChangeKind = "new"    // only the later report names it
	Gone          ChangeKind = "gone"   // only the earlier report names it
	StatusChanged ChangeKind = "status" // the status is another one
	AmountChanged ChangeKind = "amount" // the sums are others
	ValuesChanged ChangeKind = "values" // a field of the comparison is another one
)

// Change is a difference between two periods of one province.
type Change struct {
	Province string       `json:"province"`
	From     Period       `json:"from"`
	To       Period       `json:"to"`
	Ref      string       `json:"ref,omitempty"`
	Title    string       `json:"title"`
	What     []ChangeKind `json:"what"`
	Back     bool         `json:"back"`   // the status is behind what it was
	Unsure   bool         `json:"unsure"` // it rests on something that needs review
	Before   *Cell        `json:"before"`
	After    *Cell        `json:"after"`
}

// progress orders the statuses that lead from one to the next.
var progress = map[string]int{"not_registered": 1, "not_started": 2, "in_progress": 3, "completed": 4}

// changes compares each column with the one before it of the same province,
// and reports whether there was one.
func changes(columns []Column, rows []Row) (all []Change, some bool) {
	all = []Change{}
	for n := 1; n < len(columns); n++ {
		before, after := &columns[n-1], &columns[n]
		if after.Province == "" || key(before.Province) != key(after.Province) {
			continue
		}
		some = true
		for _, r := range rows {
			c := Change{Province: after.Province, From: before.Period, To: after.Period, Ref: r.Ref, Title: r.Title, Before: r.Cells[n-1], After: r.Cells[n]}
			if c.compare(); len(c.What) > 0 {
				all = append(all, c)
			}
		}
	}
	return all, some
}

func (c *Change) compare() {
	a, b := c.Before, c.After
	switch {
	case a == nil && b == nil:
		return
	case a == nil:
		c.What = []ChangeKind{Appeared}
		c.Unsure = b.doubts("title", "link")
		return
	case b == nil:
		c.What = []ChangeKind{Gone}
		c.Unsure = a.doubts("title", "link")
		return
	}
	rests := []string{"link", "several"}
	if a.Status != b.Status {
		c.What = append(c.What, StatusChanged)
		rests = append(rests, "status")
		c.Back = progress[a.Status] > progress[b.Status] && progress[b.Status] > 0
	}
	if !sameAmounts(a, b) {
		c.What = append(c.What, AmountChanged)
		rests = append(rests, "amounts")
	}
	if !slices.EqualFunc(a.Values, b.Values, func(x, y Value) bool { return x.Text == y.Text }) {
		c.What = append(c.What, ValuesChanged)
		for _, v := range a.Values {
			rests = append(rests, v.Field)
		}
	}
	c.Unsure = a.doubts(rests...) || b.doubts(rests...)
}

// doubts reports whether the cell says to look at any of these.
func (c *Cell) doubts(what ...string) bool {
	return slices.ContainsFunc(c.Unsure, func(u string) bool { return slices.Contains(what, u) })
}
