package field

import (
	"regexp"
	"strings"

	"github.com/sohoa/sohoa/normalize"
)

// Columns of sums seldom repeat their unit in every cell: the head says it,
// "Kinh phí (triệu đồng)", or a line above the table, "Đơn vị tính: nghìn đồng".

// moneyUnit matches a scaled unit of money, folded, at the end of a text.
var moneyUnit = regexp.MustCompile(`(?:^|[\s(:,/])((?:ty|ti)\s*(?:dong|d|vnd)?|(?:trieu|tr)\.?\s*(?:dong|d|vnd)|trieu|(?:nghin|ngan)\s*(?:dong|d|vnd)|1[.,]?000\s*(?:dong|d|vnd))\s*[.;]*\s*$`)

// wholeUnit is the unit that must stand alone: "hội đồng" is none.
var wholeUnit = regexp.MustCompile(`^(?:(?:don vi|don vi tinh|dvt)\s*:?\s*)?(?:viet nam )?(?:dong|vnd|d)\s*[.;]*$`)

// unitNote begins a line that gives the unit of a table.
var unitNote = regexp.MustCompile(`(?:don vi tinh|don vi|dp?vt)\s*[:.]?\s*$`)

// MoneyUnit reads the unit that a head gives for the sums below it: "tỷ đồng",
// "triệu đồng", "nghìn đồng" or "đồng"; "" when it gives none.
func MoneyUnit(head string) string {
	fold := strings.ToLower(normalize.Fold(strings.TrimSpace(head)))
	for _, part := range bracketed.FindAllString(fold, -1) {
		if u := unitAtEnd(strings.Trim(part, "()[] ")); u != "" {
			return u
		}
	}
	if i := strings.LastIndexAny(fold, ":"); i > 0 {
		if u := unitAtEnd(fold[i+1:]); u != "" && unitNote.MatchString(fold[:i+1]) {
			return u
		}
	}
	return ""
}

// tornUnit matches the beginning of a unit in brackets: heads that wrap have its end on
// another line, behind words of other heads.
var tornUnit = regexp.MustCompile(`[(\[]\s*(?:(?:don vi tinh|don vi|dvt)\s*:?\s*)?(ty|trieu|tr\.?\s*d|nghin|ngan|1[.,]000)(?:[\s.,)]|$)`)

// TornMoneyUnit is [MoneyUnit] of heads that run across each other: "Kinh phí (triệu", and
// "đồng)" behind other words.
func TornMoneyUnit(heads string) string {
	m := tornUnit.FindStringSubmatch(strings.ToLower(normalize.Fold(heads)))
	if m == nil {
		return ""
	}
	switch m[1][:1] {
	case "1", "n":
		return "nghìn đồng"
	}
	if strings.HasPrefix(m[1], "tr") {
		return "triệu đồng"
	}
	return "tỷ đồng"
}

var bracketed = regexp.MustCompile(`[(\[][^()\[\]]*[)\]]`)

// UnitNote reads a line that says nothing but the unit of the table below it:
// "Đơn vị tính: triệu đồng", "(ĐVT: 1.000 đ)".
func UnitNote(line string) string {
	fold := strings.Trim(strings.ToLower(normalize.Fold(line)), " ()[].*-")
	i := strings.IndexAny(fold, ":")
	if i < 0 || i > 14 || len(fold) > 40 || !unitNote.MatchString(fold[:i+1]) {
		return ""
	}
	if u := unitAtEnd(fold[i+1:]); u != "" {
		return u
	}
	// "triệu @ông": a scale tells what the word behind it was.
	if m := damagedNote.FindStringSubmatch(fold[i+1:]); m != nil {
		return unitAtEnd(m[1] + " dong")
	}
	return ""
}

// damagedNote matches a scale with a short word behind it that was not read.
var damagedNote = regexp.MustCompile(`^\s*(ty|trieu|nghin|ngan|1[.,]?000)\s+\S{2,6}$`)

func unitAtEnd(fold string) string {
	if wholeUnit.MatchString(strings.TrimSpace(fold)) {
		return "đồng"
	}
	m := moneyUnit.FindStringSubmatch(fold)
	if m == nil {
		return ""
	}
	switch {
	case m[1][0] == '1' || strings.HasPrefix(m[1], "ng"):
		return "nghìn đồng"
	case strings.HasPrefix(m[1], "tr"):
		return "triệu đồng"
	}
	return "tỷ đồng"
}

// plainSum matches a cell that holds a number, or a range of two, and maybe a
// word or two of how sure it is, and no unit.
var plainSum = regexp.MustCompile(`^[^\d]{0,14}\d[\d.,]*(\s*[-–—]\s*\d[\d.,]*)?[\s.;]*$`)

// ScaledAmounts is [BareAmounts] for a cell below a head that gives the unit:
// a number that has none of its own is counted in it. Sums that have one are
// read as they stand.
func ScaledAmounts(text, unit string) []Amount {
	stopped := Stopped(text)
	if unit == "" || !plainSum.MatchString(stopped) {
		return BareAmounts(text)
	}
	if stopped != text {
		out := ScaledAmounts(stopped, unit)
		for i := range out {
			out[i].Clean = false
		}
		return out
	}
	whole := strings.TrimRight(text, " .;\t\n")
	out := BareAmounts(whole + " " + unit)
	for i := range out {
		out[i].To = min(out[i].To, len(whole))
	}
	return out
}

// colonMark matches a number whose only mark was read as a colon.
var colonMark = regexp.MustCompile(`^(\D{0,14}\d{1,3}):(\d{1,3}\D{0,3})$`)

// Stopped puts the mark back into a number in a cell of its own of which it was read as
// a colon: "1:980" is 1.980, "95:42" is 95,42. Other texts come back as they are.
func Stopped(text string) string {
	m := colonMark.FindStringSubmatch(text)
	if m == nil {
		return text
	}
	if len(m[2]) >= 3 && m[2][2] >= '0' && m[2][2] <= '9' {
		return m[1] + "." + m[2]
	}
	return m[1] + "," + m[2]
}
