package eval

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// sameValue reports whether the value of a field is what truth says in words. It
// reads them by a grammar of its own, not by that of the extraction, whose faults
// would excuse themselves. Where truth is no date, number or document number ("Hằng
// quý"), there is no value to compare, and the text decides.
func sameValue(f *schema.Field, want string) bool {
	want = Canonical(want)
	switch v := schema.TypedValue(f.Value).(type) {
	case schema.Citation:
		return citedAs(v, want)
	case schema.Quantity:
		numbers := printedNumbers(want)
		return len(numbers) > 0 && numbers[0] == v.Number && (v.Of == 0 || len(numbers) > 1 && numbers[1] == v.Of)
	case float64:
		sign, n, ok := printedMeasure(want)
		return ok && sign == "" && n == v
	case string:
		if iso := isoDate(want); iso != "" {
			return v == iso
		}
		sign, n, ok := printedMeasure(want)
		if !ok {
			return !printedCode.MatchString(want)
		}
		// Bounds are kept as text; a bare number is to be one.
		gotSign, got, ok := printedMeasure(v)
		return ok && sign != "" && gotSign == sign && got == n
	case nil:
		_, _, number := printedMeasure(want)
		return !number && isoDate(want) == "" && !printedCode.MatchString(want)
	}
	return true
}

// citedAs reports whether a citation has the number of the text, and its date
// where the text has one.
func citedAs(c schema.Citation, want string) bool {
	return c.Number == printedCode.FindString(want) && c.Date == isoDate(printedDate.FindString(want))
}

var (
	printedDate   = regexp.MustCompile(`\d{1,2}/\d{1,2}/\d{4}`)
	printedCode   = regexp.MustCompile(`\d+(?:/\d{4})?[/-]\p{Lu}[\p{Lu}&]*(?:[-/][\p{L}&]+)*`)
	printedNumber = regexp.MustCompile(`\d[\d.,]*`)
	thousands     = regexp.MustCompile(`^\d{1,3}(\.\d{3})+$`)
	measure       = regexp.MustCompile(`^(>=|<=|>|<|)\s*([+-]?)\s*(\d(?:[\d.,]*\d)?)\s*%?\.?$`)
	spelledBounds = strings.NewReplacer("≥", ">=", "≤", "<=", "giảm ", "-", "tăng ", "+")
)

// printedMeasure reads a text that is a number and nothing else but a bound before
// it and a per cent sign behind.
func printedMeasure(s string) (sign string, n float64, ok bool) {
	m := measure.FindStringSubmatch(spelledBounds.Replace(strings.ToLower(s)))
	if m == nil {
		return "", 0, false
	}
	n, ok = vietnameseNumber(m[3])
	if m[2] == "-" {
		n = -n
	}
	return m[1], n, ok
}

// printedNumbers returns all numbers of a text.
func printedNumbers(s string) []float64 {
	var out []float64
	for _, t := range printedNumber.FindAllString(s, -1) {
		if n, ok := vietnameseNumber(strings.TrimRight(t, ".,")); ok {
			out = append(out, n)
		}
	}
	return out
}

// vietnameseNumber reads a number as truth writes it: points between thousands, a
// comma before decimals. One point before other than three digits is a decimal
// mark, as some reports print it.
func vietnameseNumber(s string) (float64, bool) {
	whole, decimals, comma := strings.Cut(s, ",")
	if thousands.MatchString(whole) {
		whole = strings.ReplaceAll(whole, ".", "")
	}
	if comma {
		whole += "." + decimals
	}
	n, err := strconv.ParseFloat(whole, 64)
	return n, err == nil
}
