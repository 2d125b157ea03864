package field

import (
	"math"
	"strconv"
	"strings"
)

// A Reading is one way to read a written number.
type Reading struct {
	Value float64
	// Doubt is true when the marks allow another value: "2.500" may be two and
	// a half or two thousand five hundred.
	Doubt bool
	Other float64 // that other value
}

// marksOut leaves out what parts groups of digits.
var marksOut = strings.NewReplacer(".", "", ",", "")

// Number reads a number as it is written in Vietnamese: points part the
// thousands, a comma the decimals. OCR and careless typing swap them, so the
// groups decide: several groups of three digits are thousands, whichever mark
// parts them; one mark before one, two or more than three digits is a decimal
// mark; one mark before exactly three digits means thousands unless decimal is
// set, which callers do before a unit word such as "tỷ".
func Number(s string, decimal bool) (Reading, bool) {
	s = strings.TrimSpace(s)
	digits := 0
	var marks []int
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' || c == ',':
			marks = append(marks, i)
		default:
			return Reading{}, false
		}
	}
	if digits == 0 || digits > 15 || s[0] == '.' || s[0] == ',' {
		return Reading{}, false
	}
	parse := func(t string) float64 {
		v, err := strconv.ParseFloat(t, 64)
		if err != nil || math.IsInf(v, 0) {
			return 0
		}
		return v
	}
	plain := marksOut.Replace(s)
	if len(marks) == 0 {
		return Reading{Value: parse(plain)}, true
	}
	last := marks[len(marks)-1]
	tail := len(s) - last - 1
	point := marksOut.Replace(s[:last]) + "." + s[last+1:]
	if len(marks) == 1 {
		head := last
		switch {
		case tail != 3 || s[0] == '0' && head == 1 || head > 3:
			return Reading{Value: parse(point)}, true
		case decimal:
			return Reading{parse(point), true, parse(plain)}, true
		default:
			return Reading{parse(plain), true, parse(point)}, true
		}
	}
	thousands := true
	for i, m := range marks {
		end := len(s)
		if i+1 < len(marks) {
			end = marks[i+1]
		}
		if end-m-1 != 3 {
			thousands = false
		}
	}
	switch {
	case thousands && sameMark(s, marks):
		return Reading{Value: parse(plain)}, true
	case s[last] != s[marks[0]]:
		// The last mark differs from the others: they part thousands, it the
		// decimals ("1.234,5").
		return Reading{Value: parse(point)}, true
	default:
		// Uneven groups: a digit was lost or put in.
		return Reading{parse(plain), true, parse(point)}, true
	}
}

func sameMark(s string, marks []int) bool {
	for _, m := range marks {
		if s[m] != s[marks[0]] {
			return false
		}
	}
	return true
}
