package compare

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// source names the report.
func (r *Report) source() Source {
	s := Source{Document: r.DocumentID, Version: r.Version, State: r.State, Name: r.Source.Name, Evidence: r.Evidence, Link: r.Link}
	if f := r.Header.Number; f != nil {
		s.Number = f.Text
	}
	if f := r.Header.Date; f != nil {
		s.Date, _ = f.Value.(string)
	}
	return s
}

// recordSource names a record of the report.
func (r *Report) recordSource(rec *schema.Record) Source {
	s := r.source()
	s.Evidence = Evidence{}
	s.Record, s.Ordinal, s.Title, s.Page = rec.ID, numberOf(rec), nameOf(rec), rec.FirstPage()
	if r.Link != "" {
		field := ""
		for _, f := range append([]string{"status"}, titleFields...) {
			if rec.Fields[f].One != nil {
				field = "/" + f
				break
			}
		}
		s.Link = r.Link + "?path=" + url.QueryEscape("records/"+url.PathEscape(rec.ID)+field)
	}
	return s
}

func numberOf(r *schema.Record) string {
	f := r.Fields["number"].One
	if f == nil {
		return ""
	}
	if s, ok := f.Value.(string); ok {
		return s
	}
	return f.Text
}

// join puts a record into its cell. Where the cell has one already, of another
// document about the same time, it keeps what it has, takes what it lacks, and
// says when the two differ.
func (c *Comparison) join(cell *Cell, r *Report, m member) *Cell {
	next := c.cell(r, m)
	if cell == nil {
		return next
	}
	differ := false
	switch {
	case cell.Status == "":
		cell.Status = next.Status
	case next.Status != "" && next.Status != cell.Status:
		differ = true
	}
	switch {
	case len(cell.Amounts) == 0:
		cell.Amounts, cell.Amount, cell.sums = next.Amounts, next.Amount, next.sums
	case len(next.Amounts) > 0 && !sameAmounts(cell, next):
		differ = true
	}
	for i := range cell.Values {
		switch {
		case cell.Values[i].Text == "":
			cell.Values[i] = next.Values[i]
		case next.Values[i].Text != "" && next.Values[i].Text != cell.Values[i].Text:
			differ = true
		}
	}
	cell.Unsure = append(cell.Unsure, next.Unsure...)
	if differ {
		cell.Unsure = append(cell.Unsure, "several")
	}
	slices.Sort(cell.Unsure)
	cell.Unsure = slices.Compact(cell.Unsure)
	cell.Sources = append(cell.Sources, next.Sources...)
	return cell
}

// cell makes the cell of one record.
func (c *Comparison) cell(r *Report, m member) *Cell {
	rec := m.record
	cell := &Cell{Linked: m.by, Likeness: m.like, Amounts: []Amount{}, Values: []Value{}, Sources: []Source{r.recordSource(rec)}}
	cell.sums = cell.Sources[0]
	if m.by == Alone {
		cell.Likeness = 1
	}
	look := map[string]bool{}
	if m.unsure {
		look["link"] = true
	}
	take := func(name string) []schema.Field {
		fields := rec.Fields[name].All()
		for _, f := range fields {
			if f.State == schema.NeedsReview {
				look[name] = true
			}
		}
		return fields
	}
	for _, f := range take("status") {
		if cell.Status == "" {
			cell.Status = statusOf(&f)
		}
	}
	if m.by == Alone { // a title that was misread may be why nobody else has it
		for _, name := range titleFields {
			take(name)
		}
	}
	cell.Amounts, cell.Amount = amountsOf(take("amounts"))
	for _, name := range c.Fields {
		cell.Values = append(cell.Values, valueOf(name, take(name)))
	}
	for name := range look {
		cell.Unsure = append(cell.Unsure, name)
	}
	slices.Sort(cell.Unsure)
	return cell
}

func statusOf(f *schema.Field) string {
	switch v := f.Value.(type) {
	case string:
		return v
	case schema.Status:
		return string(v)
	}
	return ""
}

// costColumn is the column whose sums are what a record costs. Sums in other
// columns may be savings, loans or fines.
const costColumn = "cost"

// amountsOf lists the sums of a record: of the column of costs where it has
// one, else all. The one amount is their total when they are costs, or the only
// sum there is; prices ("8.000 đ/lượt") and ranges are never added up.
func amountsOf(fields []schema.Field) ([]Amount, *int64) {
	out, costs := []Amount{}, []Amount{}
	for _, f := range fields {
		m, ok := schema.TypedValue(f.Value).(schema.Money)
		if !ok {
			continue
		}
		out = append(out, Amount{m, f.Text})
		if m.Column == costColumn {
			costs = append(costs, Amount{m, f.Text})
		}
	}
	if len(costs) > 0 {
		out = costs
	} else if len(out) != 1 {
		return out, nil
	}
	total, some := int64(0), false
	for _, a := range out {
		if a.Per == "" && a.VNDTo == 0 {
			total, some = total+a.VND, true
		}
	}
	if !some {
		return out, nil
	}
	return out, &total
}

// amountOnce is the amount of a cell without the sums that were counted before:
// a merged cell of the report gives all its records the same sum.
func (c *Cell) amountOnce(counted map[string]bool) (total int64) {
	for _, a := range c.Amounts {
		if a.Per != "" || a.VNDTo != 0 {
			continue
		}
		if len(a.SharedWith) > 0 {
			all := append([]string{c.sums.Ordinal}, a.SharedWith...)
			slices.Sort(all)
			id := fmt.Sprint(c.sums.Document, a.VND, strings.Join(all, ","))
			if counted[id] {
				continue
			}
			counted[id] = true
		}
		total += a.VND
	}
	return total
}

func sameAmounts(a, b *Cell) bool {
	return slices.EqualFunc(a.Amounts, b.Amounts, func(x, y Amount) bool { return x.VND == y.VND && x.VNDTo == y.VNDTo && x.Per == y.Per })
}

// valueOf joins the texts of a field.
func valueOf(name string, fields []schema.Field) Value {
	v := Value{Field: name}
	var parts []string
	for _, f := range fields {
		parts = append(parts, f.Text)
	}
	v.Text = strings.Join(parts, "; ")
	if len(fields) == 1 {
		switch x := schema.TypedValue(fields[0].Value).(type) {
		case float64:
			v.Number = &x
		case schema.Quantity:
			if x.Of == 0 && x.Qualifier == "" {
				v.Number = &x.Number
			}
		}
	}
	return v
}
