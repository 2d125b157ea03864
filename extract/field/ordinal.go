package field

import (
	"strconv"
	"strings"
)

// Ordinal reads the number in a first column: "7", "07", "7.", "10 |", "l0".
// It refuses what holds anything but one number of at most four digits.
func Ordinal(s string) (int, bool) {
	s = strings.Trim(s, " \t\n.,|[](){}:;_-")
	if s == "" || len(s) > 4 {
		return 0, false
	}
	digits := 0
	var b strings.Builder
	for _, r := range s {
		switch {
		case isDigit(r):
			b.WriteRune(r)
			digits++
		case r == 'l' || r == 'I' || r == 'i':
			b.WriteByte('1')
		case r == 'o' || r == 'O':
			b.WriteByte('0')
		case r == 'S' || r == 's':
			b.WriteByte('5')
		default:
			return 0, false
		}
	}
	if digits == 0 {
		return 0, false
	}
	n, err := strconv.Atoi(b.String())
	return n, err == nil && n > 0
}

var romans = []string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII", "XVIII", "XIX", "XX"}

// Roman writes 1 to 20 as a roman numeral; other numbers as "".
func Roman(n int) string {
	if n < 1 || n >= len(romans) {
		return ""
	}
	return romans[n]
}

// ReadRoman reads a roman numeral as OCR leaves it: strokes as "1", "l" or "|",
// any case. A lone "1" or "l" is a stroke too; strokes get lost, so a numeral
// that fits the place in the sequence is taken when it needs one stroke more:
// "v" is 4 where 4 is next, and "I" is 2 where 2 is next. next is the numeral
// expected here, 0 when nothing is known.
func ReadRoman(s string, next int) (n int, exact, ok bool) {
	s = strings.Trim(s, " \t\n.,[](){}:;_-–")
	if s == "" || len(s) > 6 {
		return 0, false, false
	}
	s = strings.Map(func(r rune) rune {
		switch r {
		case '1', 'l', 'i', '|', 'í', 'ỉ', 'I', '!':
			return 'I'
		case 'v', 'V', 'y', 'Y':
			return 'V'
		case 'x', 'X':
			return 'X'
		}
		return '?'
	}, s)
	if strings.Contains(s, "?") {
		return 0, false, false
	}
	value := 0
	for i, r := range romans {
		if r == s && i > 0 {
			value = i
		}
	}
	if next > 0 && next < len(romans) && value != next {
		want := romans[next]
		// One stroke lost or one too many.
		if lostStroke(want, s) || lostStroke(s, want) {
			return next, false, true
		}
		// "II" and "III" shrink to one stroke when OCR joins them.
		if s == "I" && strings.Trim(want, "I") == "" {
			return next, false, true
		}
	}
	return value, true, value > 0
}

// lostStroke reports whether short is long without one I.
func lostStroke(long, short string) bool {
	if len(long) != len(short)+1 {
		return false
	}
	for i := range long {
		if long[i] == 'I' && long[:i]+long[i+1:] == short {
			return true
		}
	}
	return false
}
