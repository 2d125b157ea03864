package export

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/sohoa/sohoa/schema"
)

// cellType is the type of a table cell.
type cellType uint8

const (
	textCell   cellType = iota
	numberCell          // Number
	moneyCell           // Text, whole đồng
	dateCell            // Text as "2025-07-07"
	boolCell            // Text as "true" or "false"
	linkCell            // Text is an address
)

// level says how a cell is to be looked at, for shading.
type level uint8

const (
	plainLevel   level = iota
	unsureLevel        // needs review
	doubtedLevel       // needs review, and is more likely wrong than right
	humanLevel         // confirmed or corrected by a person
)

// cell is a value of a row on its way into a table.
type cell struct {
	Type   cellType
	Text   string // the value as text, whatever the type
	Number float64
	Level  level
}

// named is a cell under the name of its column.
type named struct {
	Name string
	Cell cell
}

func text(s string) cell { return cell{Text: s} }

func integer(n int) cell {
	return cell{Type: numberCell, Text: strconv.Itoa(n), Number: float64(n)}
}

// fieldCell makes a cell of what a record holds under a name: typed when it is
// one value, text joined by "; " when there are more.
func fieldCell(name string, e schema.Entry) cell {
	fields := e.All()
	if len(fields) == 1 {
		c := valueCell(name, &fields[0])
		c.Level = levelOf(&fields[0])
		return c
	}
	var c cell
	var parts []string
	for i := range fields {
		parts = append(parts, valueCell(name, &fields[i]).Text)
		if l := levelOf(&fields[i]); l != humanLevel || c.Level == plainLevel {
			c.Level = max(c.Level%humanLevel, l)
		}
	}
	c.Text = strings.Join(parts, "; ")
	return c
}

func levelOf(f *schema.Field) level {
	switch {
	case f.State == schema.NeedsReview && f.Confidence < 0.5:
		return doubtedLevel
	case f.State == schema.NeedsReview:
		return unsureLevel
	case f.State == schema.Confirmed, f.State == schema.Corrected:
		return humanLevel
	}
	return plainLevel
}

// valueCell types one value. A sum that is a range and a quantity with a
// denominator or a qualifier are no plain numbers and stay text.
func valueCell(name string, f *schema.Field) cell {
	switch v := schema.TypedValue(f.Value).(type) {
	case string:
		if _, ok := day(v); ok {
			return cell{Type: dateCell, Text: v}
		}
		if name == "number" && ordinal(v) {
			n, _ := strconv.Atoi(v) // ordinal has looked at it
			return integer(n)
		}
		return text(v)
	case schema.Status:
		return text(string(v))
	case bool:
		return cell{Type: boolCell, Text: strconv.FormatBool(v)}
	case float64:
		return number(v)
	case int:
		return integer(v)
	case schema.Money:
		if v.VNDTo != 0 {
			return text(strconv.FormatInt(v.VND, 10) + ".." + strconv.FormatInt(v.VNDTo, 10))
		}
		return money(v.VND)
	case schema.Quantity:
		if v.Of == 0 && v.Qualifier == "" {
			return number(v.Number)
		}
	}
	return text(f.Text)
}

// money keeps all digits: a float64 has fewer than an amount may have.
func money(vnd int64) cell { return cell{Type: moneyCell, Text: strconv.FormatInt(vnd, 10)} }

func number(v float64) cell {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return text("")
	}
	return cell{Type: numberCell, Text: strconv.FormatFloat(v, 'f', -1, 64), Number: v}
}

// ordinal reports whether s is a number that nothing is lost of when it is
// written as one: "01" and "1.2" are names.
func ordinal(s string) bool {
	if s == "" || len(s) > 9 || s[0] == '0' {
		return false
	}
	return strings.Trim(s, "0123456789") == ""
}

// hasMoney reports whether an entry holds sums: they lose their wording
// ("khoảng", "cho 1.000 lượt") in a number, so that it gets a column beside.
func hasMoney(e schema.Entry) bool {
	for _, f := range e.All() {
		if _, ok := schema.TypedValue(f.Value).(schema.Money); ok {
			return true
		}
	}
	return false
}

// wording joins the texts of an entry.
func wording(e schema.Entry) string {
	var parts []string
	for _, f := range e.All() {
		parts = append(parts, f.Text)
	}
	return strings.Join(parts, "; ")
}

// tableRow is a row as CSV and XLSX have it: what is the same for all kinds
// before and behind, the fields between.
type tableRow struct {
	Kind   string
	Lead   []cell
	Fields []named
	Tail   []cell
}

var (
	leadColumns = []string{"province", "period", "source", "kind", "group_number", "group_name"}
	tailColumns = []string{"page", "confidence", "state", "unsure", "record", "document", "version", "document_state", "document_number", "document_date", "issuer", "profile", "changed_at", "link"}
)

func newTableRow(r row) tableRow {
	number, name := groupOf(r.rec)
	date := text(documentDate(r.doc.Document))
	if _, ok := day(date.Text); ok {
		date.Type = dateCell
	}
	changed := ""
	if !r.doc.Changed.IsZero() {
		changed = r.doc.Changed.UTC().Format(time.RFC3339)
	}
	t := tableRow{
		Kind: r.rec.Kind,
		Lead: []cell{text(r.doc.Province), text(r.doc.Period), text(r.doc.Source.Name), text(r.rec.Kind), text(number), text(name)},
		Tail: []cell{
			integer(r.page), {Type: numberCell, Text: strconv.FormatFloat(r.confidence, 'f', 3, 64), Number: math.Round(r.confidence*1000) / 1000, Level: rowLevel(r)},
			text(string(r.state)), text(strings.Join(r.unsure, "; ")), text(r.rec.ID), text(r.doc.DocumentID), integer(r.doc.Version), text(r.doc.State),
			text(headerText(r.doc.Header.Number)), date, text(headerText(r.doc.Header.Issuer)), text(r.doc.Engine.Profile), text(changed), {Type: linkCell, Text: r.link},
		},
	}
	for _, f := range fieldNames(r.rec) {
		e := r.rec.Fields[f]
		t.Fields = append(t.Fields, named{column(f), fieldCell(f, e)})
		if hasMoney(e) {
			t.Fields = append(t.Fields, named{column(f) + wordingSuffix, text(wording(e))})
		}
	}
	return t
}

// wordingSuffix names the column with the words of sums.
const wordingSuffix = "_text"

// column is the name of a field's column. A report type may call a field like
// one of the columns that every row has.
func column(field string) string {
	for _, list := range [][]string{leadColumns, tailColumns} {
		for _, taken := range list {
			if field == taken {
				return "field_" + field
			}
		}
	}
	return field
}

func rowLevel(r row) level {
	switch {
	case r.state == schema.NeedsReview && r.confidence < 0.5:
		return doubtedLevel
	case r.state == schema.NeedsReview:
		return unsureLevel
	}
	return plainLevel
}
