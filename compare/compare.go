package compare

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Version names the JSON form of a [Comparison].
const Version = "sohoa.comparison/1"

// JSONSchema is the JSON Schema (2020-12) of a [Comparison].
//
//go:embed comparison.schema.json
var JSONSchema []byte

// Options say what to compare.
type Options struct {
	Kind      string   // of records; "" takes the one that most reports have
	Fields    []string // to show beside status and sum; nil takes what the kind is about
	Provinces []string // only these; marks and letter case do not matter
	Within    Period   // only reports about a time in it; the zero Period takes all
	Same      Same     // titles that are one, though they are not alike
	ByPeriod  bool     // a column for each period of a province, not for the newest alone
}

// Comparison is a table of what reports say about the same subjects.
type Comparison struct {
	Schema   string   `json:"schema"` // [Version]
	Kind     string   `json:"kind"`
	Fields   []string `json:"fields"` // shown beside status and sum
	Columns  []Column `json:"columns"`
	Rows     []Row    `json:"rows"`
	Changes  []Change `json:"changes"`  // between the periods of a province, oldest first
	Plans    []Source `json:"plans"`    // documents that say what is to be done
	LeftOut  []Source `json:"left_out"` // reports of the kind that an older period or a filter left out
	Unplaced []Source `json:"unplaced"` // reports that name no province; each has a column of its own

	periods bool // some province has more than one
}

// Column is the reports of a province about a period.
type Column struct {
	Province  string   `json:"province"` // "" when nothing tells
	Period    Period   `json:"period"`
	Documents []Source `json:"documents"`
	Tally     Tally    `json:"tally"`
}

// Label names a column: the province, or the file where it has none.
func (c *Column) Label() string {
	if c.Province == "" && len(c.Documents) > 0 {
		return c.Documents[0].Name
	}
	return c.Province
}

// Tally counts the cells of a column.
type Tally struct {
	Reported int            `json:"reported"` // subjects that the reports name
	Missing  int            `json:"missing"`  // subjects that other reports or the plan name
	Statuses map[string]int `json:"statuses"` // by status, "" where none is said
	Amount   int64          `json:"amount"`   // đồng; a sum that several records share counts once
	Unsure   int            `json:"unsure"`   // cells that somebody should look at
}

// Row is a subject: a model, a task, an indicator.
type Row struct {
	Ref    string   `json:"ref,omitempty"`    // entry of the plan, "204/KH-UBND#25"
	Number string   `json:"number,omitempty"` // in the plan
	Group  string   `json:"group,omitempty"`
	Title  string   `json:"title"`
	Plan   []Source `json:"plan"`  // where the plan names it
	Cells  []*Cell  `json:"cells"` // one a column; null where the reports do not name it
}

// Cell is what the reports of a column say about a subject.
type Cell struct {
	Status   string   `json:"status,omitempty"`
	Amount   *int64   `json:"amount,omitempty"` // đồng: the cost, or the one sum there is
	Amounts  []Amount `json:"amounts"`
	Values   []Value  `json:"values"` // one a field of the comparison
	Linked   Linked   `json:"linked"`
	Likeness float64  `json:"likeness"`         // of the link, 1 for the same title or for what is alone
	Unsure   []string `json:"unsure,omitempty"` // what to look at: names of fields, "link", "several"
	Sources  []Source `json:"sources"`          // where it is from, the first being what is shown

	sums Source // the record that Amounts are from
}

// Amount is a sum of a cell.
type Amount struct {
	schema.Money
	Text string `json:"text"`
}

// Value is a field of a cell.
type Value struct {
	Field  string   `json:"field"`
	Text   string   `json:"text"`
	Number *float64 `json:"number,omitempty"`
}

// Source is a record, or a document where Record is "".
type Source struct {
	Document string   `json:"document"`
	Version  int      `json:"version,omitempty"`
	State    string   `json:"state,omitempty"`
	Name     string   `json:"name"` // of the file
	Number   string   `json:"number,omitempty"`
	Date     string   `json:"date,omitempty"`
	Evidence Evidence `json:"evidence,omitzero"` // of documents: where province and period were found
	Record   string   `json:"record,omitempty"`
	Ordinal  string   `json:"ordinal,omitempty"` // number of the record in the report
	Title    string   `json:"title,omitempty"`   // as the report writes it
	Page     int      `json:"page,omitempty"`
	Link     string   `json:"link,omitempty"`
}

// ErrNothing reports that there is nothing to compare.
var ErrNothing = errors.New("no records to compare")

// shown are the fields of the kinds that a comparison is about, beside status
// and sum.
var shown = map[string][]string{
	"model":     nil,
	"task":      {"deadline", "result"},
	"indicator": {"unit", "target", "progress"},
	"service":   {"total", "online", "ratio"},
	"benefit":   {"shortcomings", "solutions"},
}

// New compares the reports, which [Locate] has placed. It does not change
// them; their order does not matter.
func New(reports []*Report, o Options) (*Comparison, error) {
	reports = slices.Clone(reports)
	for i, r := range reports {
		own := *r // whether it is a plan depends on the kind
		reports[i] = &own
	}
	slices.SortFunc(reports, func(a, b *Report) int {
		return cmp.Or(cmp.Compare(key(a.Province), key(b.Province)), a.Period.before(b.Period), cmp.Compare(a.DocumentID, b.DocumentID), cmp.Compare(a.Path, b.Path))
	})
	// The same file may have been given under two names.
	reports = slices.CompactFunc(reports, func(a, b *Report) bool {
		return a.DocumentID == b.DocumentID && a.Version == b.Version && key(a.Province) == key(b.Province) && a.Period == b.Period
	})
	if o.Kind == "" {
		o.Kind = commonKind(reports)
	}
	for _, r := range reports {
		r.Plan = r.Plan || looksLikePlan(r, o.Kind)
	}
	c := &Comparison{Schema: Version, Kind: o.Kind, Fields: o.Fields, Columns: []Column{}, Rows: []Row{}, Changes: []Change{}, Plans: []Source{}, LeftOut: []Source{}, Unplaced: []Source{}}
	if c.Fields == nil {
		c.Fields = append([]string{}, shown[o.Kind]...)
	}
	kept := c.keep(reports, o)
	items := itemsOf(kept, o.Kind, o.Same)
	if len(items) == 0 {
		if o.Kind == "" {
			return nil, ErrNothing
		}
		return nil, fmt.Errorf("%w: no report has a %s", ErrNothing, o.Kind)
	}
	// All periods are linked, also those that get no column: what changed is
	// between them.
	all, of := columnsOf(kept)
	rows := c.fill(kept, all, of, link(items))
	c.Changes, c.periods = changes(all, rows)
	show := columnsToShow(all, o.ByPeriod)
	for _, n := range show {
		c.Columns = append(c.Columns, all[n])
		for _, d := range all[n].Documents {
			if all[n].Province == "" {
				c.Unplaced = append(c.Unplaced, d)
			}
		}
	}
	for n := range all {
		if !slices.Contains(show, n) {
			c.LeftOut = append(c.LeftOut, all[n].Documents...)
		}
	}
	for _, r := range rows {
		cells := make([]*Cell, len(show))
		some := len(r.Plan) > 0
		for i, n := range show {
			cells[i] = r.Cells[n]
			some = some || cells[i] != nil
		}
		if r.Cells = cells; some {
			c.Rows = append(c.Rows, r)
		}
	}
	c.tally()
	return c, nil
}

// commonKind is the kind that most reports have records of; of equals the one
// with more records.
func commonKind(reports []*Report) string {
	in, count := map[string]int{}, map[string]int{}
	for _, r := range reports {
		seen := map[string]bool{}
		for i := range r.Records {
			k := r.Records[i].Kind
			if count[k]++; !seen[k] {
				seen[k] = true
				in[k]++
			}
		}
	}
	var kinds []string
	for k := range in {
		kinds = append(kinds, k)
	}
	sort.Slice(kinds, func(i, j int) bool {
		a, b := kinds[i], kinds[j]
		return cmp.Or(cmp.Compare(in[b], in[a]), cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) < 0
	})
	if len(kinds) == 0 {
		return ""
	}
	return kinds[0]
}

// outcome names the fields that a report has and a plan has not.
var outcome = []string{"status", "results", "result", "amounts", "difficulties", "progress"}

// looksLikePlan reports whether a document lists what is to be done: it was
// read as a catalogue, or calls itself a plan, and has no outcome.
func looksLikePlan(r *Report, kind string) bool {
	catalogue := slices.ContainsFunc(strings.Split(r.Engine.Profile, "+"), func(p string) bool { return strings.Contains(p, "catalogue") })
	planned := r.Header.DocumentType != nil && normalize.Fold(r.Header.DocumentType.Text) == "ke hoach"
	if !catalogue && !planned {
		return false
	}
	for i := range r.Records {
		for _, f := range outcome {
			if r.Records[i].Kind == kind && len(r.Records[i].Fields[f].All()) > 0 {
				return false
			}
		}
	}
	return true
}

// keep chooses the reports that are compared: those with records of the kind,
// of the provinces and the time that are asked for, and all plans.
func (c *Comparison) keep(reports []*Report, o Options) (kept []*Report) {
	var wanted []string
	for _, p := range o.Provinces {
		wanted = append(wanted, key(spell(p)))
	}
	for _, r := range reports {
		if !slices.ContainsFunc(r.Records, func(x schema.Record) bool { return x.Kind == c.Kind }) {
			continue
		}
		switch {
		case r.Plan:
			c.Plans = append(c.Plans, r.source())
		case len(wanted) > 0 && !slices.Contains(wanted, key(r.Province)) || !r.Period.Within(o.Within):
			c.LeftOut = append(c.LeftOut, r.source())
			continue
		}
		kept = append(kept, r)
	}
	return kept
}

// columnsOf makes a column of each province and period. of gives the column of
// each report, -1 for plans.
func columnsOf(reports []*Report) (columns []Column, of []int) {
	at := map[string]int{}
	for _, r := range reports {
		if r.Plan {
			of = append(of, -1)
			continue
		}
		id := key(r.Province) + "\n" + r.Period.Name
		if r.Province == "" {
			id = "\n" + r.DocumentID + r.Path
		}
		n, ok := at[id]
		if !ok {
			n = len(columns)
			at[id] = n
			columns = append(columns, Column{Province: r.Province, Period: r.Period})
		}
		columns[n].Documents = append(columns[n].Documents, r.source())
		of = append(of, n)
	}
	return columns, of
}

// columnsToShow are the newest of each province, or all.
func columnsToShow(all []Column, byPeriod bool) (show []int) {
	for n := range all {
		if !byPeriod && n+1 < len(all) && all[n].Province != "" && key(all[n].Province) == key(all[n+1].Province) {
			continue
		}
		show = append(show, n)
	}
	return show
}

// fill makes the rows over all columns.
func (c *Comparison) fill(reports []*Report, columns []Column, of []int, linked [][]member) []Row {
	type placed struct {
		Row
		plan, at int // place in the order
		first    string
	}
	var rows []placed
	for _, members := range linked {
		slices.SortFunc(members, func(a, b member) int {
			return cmp.Or(cmp.Compare(a.report, b.report), cmp.Compare(a.at, b.at))
		})
		p := placed{plan: len(reports), at: 1 << 30}
		p.Cells, p.Plan = make([]*Cell, len(columns)), []Source{}
		for _, m := range members {
			r := reports[m.report]
			if m.ref != "" && p.Ref == "" {
				p.Ref = m.ref
				_, p.Number, _ = strings.Cut(m.ref, "#")
			}
			if r.Plan {
				if len(p.Plan) == 0 {
					p.Title, p.plan, p.at, p.Ref = m.name, m.report, m.at, m.ref
					_, p.Number, _ = strings.Cut(m.ref, "#")
					p.Group = groupName(m.record)
				}
				p.Plan = append(p.Plan, r.recordSource(m.record))
				continue
			}
			n := of[m.report]
			p.Cells[n] = c.join(p.Cells[n], r, m)
		}
		if len(p.Plan) == 0 {
			m := clearest(members)
			p.Title, p.Group = m.name, groupName(m.record)
			p.at = members[0].at
			p.first = reports[members[0].report].Province
		}
		rows = append(rows, p)
	}
	slices.SortStableFunc(rows, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.plan, b.plan), cmp.Compare(key(a.first), key(b.first)), cmp.Compare(a.at, b.at), cmp.Compare(a.Title, b.Title))
	})
	out := make([]Row, len(rows))
	for i, p := range rows {
		out[i] = p.Row
	}
	return out
}

// clearest is the member whose title was read best, of equals the first.
func clearest(members []member) member {
	best, sure := members[0], -1.0
	for _, m := range members {
		for _, f := range titleFields {
			if e := m.record.Fields[f].One; e != nil {
				if e.Confidence > sure {
					best, sure = m, e.Confidence
				}
				break
			}
		}
	}
	return best
}

func groupName(r *schema.Record) string {
	if r.Group == nil {
		return ""
	}
	return strings.TrimSpace(strings.TrimSuffix(r.Group.Number+". "+r.Group.Name, ". "))
}

// tally counts the columns.
func (c *Comparison) tally() {
	for n := range c.Columns {
		t := Tally{Statuses: map[string]int{}}
		counted := map[string]bool{}
		for _, r := range c.Rows {
			cell := r.Cells[n]
			if cell == nil {
				t.Missing++
				continue
			}
			t.Reported++
			t.Statuses[cell.Status]++
			if len(cell.Unsure) > 0 {
				t.Unsure++
			}
			if cell.Amount != nil {
				t.Amount += cell.amountOnce(counted)
			}
		}
		c.Columns[n].Tally = t
	}
}
