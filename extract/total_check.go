package extract

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/schema"
)

// Rows that sum up are held against the rows that they sum up: all of the table, or those
// since the row before that does. Total rows of known grids only; in lost ones their
// numbers cannot be told apart.

// totalSums is what a row that sums up says.
type totalSums struct {
	before int // how many rows stand above it
	sums   map[int]columnSum
}

// A columnSum is a sum in a column, as [TypeCount] or in đồng.
type columnSum struct {
	value float64
	step  float64 // what one of the last digit is worth, where such sums are rounded; 0 where they are not
	at    passage
}

// rowSums reads the counts and sums of money of a total row by column.
func rowSums(p *Profile, cells []*schema.Cell, assigned []int, units map[int]string) map[int]columnSum {
	out := make(map[int]columnSum)
	for c, cell := range cells {
		if cell == nil || c >= len(assigned) || assigned[c] < 0 {
			continue
		}
		col, text := assigned[c], cellPassage(cell).trimmed()
		switch p.Columns[col].Type {
		case TypeCount:
			if v, ok := readCount(text.text); ok {
				out[col] = columnSum{v, 0, text}
			}
		case TypeMoney:
			as := field.ScaledAmounts(text.text, units[col])
			if len(as) == 1 && as[0].Currency == "VND" && as[0].Money.VNDTo == 0 && len(as[0].Others) == 0 {
				out[col] = columnSum{float64(as[0].Money.VND), lastDigit(text.text, units[col]), text}
			}
		}
	}
	return out
}

// lastDigit is what one of the last digit of a rounded sum is worth in đồng: 100 million
// for "2,5" in billions. Sums in đồng are not rounded.
func lastDigit(text, unit string) float64 {
	scale := map[string]float64{"tỷ đồng": 1e9, "triệu đồng": 1e6, "nghìn đồng": 1e3}[unit]
	if _, decimals, ok := strings.Cut(strings.Trim(text, " ."), ","); ok && len(decimals) <= 3 {
		scale /= math.Pow10(len(decimals))
	}
	return scale
}

// checkTotals holds total rows against the sums of their columns. A sum in a merged cell
// counts once.
func (b *builder) checkTotals(t *recordTable) {
	from := 0
	for i, total := range t.totals {
		for col := range t.profile.Columns {
			want, ok := total.sums[col]
			if !ok {
				continue
			}
			since := b.columnSum(t, col, from, total.before)
			all := b.columnSum(t, col, 0, len(t.rows))
			if since.agrees(want) || all.agrees(want) || from > 0 && b.columnSum(t, col, 0, total.before).agrees(want) {
				continue
			}
			got := since
			if since.rows == 0 || i == len(t.totals)-1 {
				got = all
			}
			if got.rows < 2 || got.unread > 0 {
				continue
			}
			b.check(got.check(t, col, want))
		}
		from = total.before
	}
}

// addedUp is what the rows of a column add up to.
type addedUp struct {
	sum, each    float64 // each counts a merged cell in every row
	rows, unread int
}

// agrees reports whether a total is such a sum. Sums that are rounded each may be off by
// some of their last digits.
func (a addedUp) agrees(want columnSum) bool {
	slack := 0.5
	if want.step > 0 {
		slack = want.step * math.Max(1, math.Sqrt(float64(a.rows)/3)) * 1.001
	}
	return a.rows > 1 && a.unread == 0 && math.Abs(a.sum-want.value) <= slack
}

func (a addedUp) check(t *recordTable, col int, want columnSum) schema.Check {
	name := t.profile.Columns[col].Field
	message := fmt.Sprintf("the total row says %s for %s, the rows add up to %s", formatCount(want.value), name, formatCount(a.sum))
	if a.each != a.sum && (addedUp{sum: a.each, rows: a.rows}).agrees(want) {
		message += ", and to the total when the sum of a merged cell counts in each of its rows"
	}
	return schema.Check{Rule: "total", Severity: schema.Warning, Fields: []string{name}, Places: want.at.places(), Message: message}
}

// columnSum adds up a column of rows from to to. Rows whose parts have rows of their own
// ("1" above "1.1") count by their parts.
func (b *builder) columnSum(t *recordTable, col, from, to int) addedUp {
	parents := make(map[string]bool)
	for _, r := range t.rows {
		if over, _, ok := dottedOrdinal(r.label); ok {
			parents[strconv.Itoa(over)] = true
		}
	}
	var a addedUp
	name := t.profile.Columns[col].Field
	for i := from; i < min(to, len(t.rows)); i++ {
		r, f := t.rows[i], b.res.Records[t.records[i]].Fields[name].One
		if f == nil || f.Text == "" || parents[r.name()] && !strings.Contains(r.label, ".") {
			continue
		}
		v := 0.0
		switch value := f.Value.(type) {
		case float64:
			v = value
		case schema.Money:
			v = float64(value.VND)
		default:
			if field.ReadPresence(f.Text) != field.Dash {
				a.unread++
			}
			continue
		}
		a.each += v
		a.rows++
		if shared := r.shared[col]; len(shared) < 2 || shared[0] == r {
			a.sum += v
		}
	}
	return a
}
