package extract

import (
	"strings"
	"sync"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// content is what the cells of a column hold; the shares are of its filled cells, and all
// are nought where too few are filled to tell.
type content struct {
	figures, prose bool // most cells are numbers, or texts
	dates          float64
	offices        float64
	units          float64
	marks          float64 // of crosses and ticks, which say yes
	marked         markCounts
}

// fewCells is the number of filled cells below which a column tells nothing.
const fewCells = 3

// mayHold reports whether a column of the profile may hold such cells.
func (c *Column) mayHold(what content) bool {
	const most = 0.5
	dated := what.dates >= most
	switch c.Type {
	case TypeTitle:
		return !what.figures && !dated && what.marks < most
	case TypeOrdinal, TypeCount, TypePercent, TypeMoney:
		return !what.prose && what.offices < most && !dated
	case TypeMeasure:
		return what.offices < most && !dated
	case TypeUnit:
		return !what.figures && !dated && (what.offices < most || what.units >= most)
	case TypeAgency:
		return !what.figures && !dated && what.marks < most
	case TypeDate:
		return what.dates > 0 || !what.figures && !what.prose && what.offices < most && what.marks < most
	case TypeStatus:
		return !what.figures && !dated
	case TypeText:
		return !dated && what.marks < most
	}
	return true
}

// onlyMarks reports whether a column holds crosses.
func (what *content) onlyMarks() bool { return what.marks >= 0.5 }

// contents tells by column what the cells of a table hold below its heads.
func contents(t *schema.Table, columns int) []content {
	const most, long = 0.8, 12 // share of the cells; letters of prose
	type counts struct{ filled, figures, prose, dates, offices, units, marks int }
	all := make([]counts, columns)
	rows := spread(t)[min(t.HeadRows, len(t.Rows)):]
	for _, row := range rows {
		for c, cell := range row[:min(columns, len(row))] {
			if cell == nil || cell.ColSpan > 1 {
				continue
			}
			text := strings.Join(strings.Fields(cell.Text), " ")
			if text == "" {
				continue
			}
			n := &all[c]
			n.filled++
			switch k := letters(text); {
			case k >= long:
				n.prose++
			case k <= 1 && strings.ContainsAny(text, "0123456789"):
				n.figures++
			}
			if field.Recurring(text) || dateShaped(text) {
				n.dates++
			}
			if beginsOffice(text) {
				n.offices++
			}
			if usualUnit(text) {
				n.units++
			}
			if saysYes(text) {
				n.marks++
			}
		}
	}
	out := make([]content, columns)
	marked := marksBelow(rows, columns)
	for c, n := range all {
		out[c].marked = marked[c]
		if n.filled > 0 && n.marks == n.filled {
			out[c].marks = 1
		}
		if n.filled < fewCells {
			continue
		}
		share := func(k int) float64 { return float64(k) / float64(n.filled) }
		out[c] = content{
			figures: share(n.figures) >= most, dates: share(n.dates), offices: share(n.offices), units: share(n.units), marks: share(n.marks), marked: marked[c],
		}
		out[c].prose = !out[c].figures && share(n.prose) >= most
	}
	return out
}

// dateShaped reports whether a text is a day or a period and nothing else: a number alone is
// none.
func dateShaped(text string) bool {
	const long = 24 // letters of "trước ngày 30/6/2025 hoặc …"
	if letters(text) > long || !strings.ContainsAny(text, "0123456789") || !strings.ContainsAny(text, "/.-") && letters(text) < 3 {
		return false
	}
	d, ok := field.CellTime(text)
	return ok && d.Value != ""
}

// usualUnit reports whether a text is one of the units of the built-in profiles.
func usualUnit(text string) bool { return usualUnits()[strings.ToLower(normalize.Fold(text))] }

var usualUnits = sync.OnceValue(func() map[string]bool {
	out := make(map[string]bool)
	for _, p := range builtIn() {
		for i := range p.Columns {
			for _, v := range p.Columns[i].Values {
				out[strings.ToLower(normalize.Fold(v))] = true
			}
		}
	}
	return out
})
