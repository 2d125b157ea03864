package review

import "strings"

var digitNames = [...]string{"không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"}

// inWords reads a number out in Vietnamese, as sums are written on vouchers:
// 2_505_000_000 is "hai tỷ năm trăm linh năm triệu".
func inWords(n int64) string {
	switch {
	case n == 0:
		return digitNames[0]
	case n < 0:
		if n == -n { // the least number has no opposite
			return "âm " + strings.TrimSpace(inWords(-(n / 1_000_000_000))) + " tỷ"
		}
		return "âm " + inWords(-n)
	}
	const billion = 1_000_000_000
	if n >= billion {
		out := inWords(n/billion) + " tỷ"
		if rest := n % billion; rest > 0 {
			out += " " + belowBillion(rest, true)
		}
		return out
	}
	return belowBillion(n, false)
}

// belowBillion reads 1 to 999 999 999. After higher groups the first group that
// is not nought is read in full: "một tỷ không trăm linh năm triệu".
func belowBillion(n int64, after bool) string {
	var parts []string
	for _, g := range []struct {
		size int64
		name string
	}{{1_000_000, " triệu"}, {1_000, " nghìn"}, {1, ""}} {
		if k := n / g.size; k > 0 {
			parts = append(parts, group(int(k), after || len(parts) > 0)+g.name)
			n %= g.size
		}
	}
	return strings.Join(parts, " ")
}

// group reads 1 to 999; full says the hundreds even when they are nought.
func group(n int, full bool) string {
	h, t, u := n/100, n/10%10, n%10
	var w []string
	if h > 0 || full {
		w = append(w, digitNames[h], "trăm")
	}
	switch {
	case t == 0 && u > 0 && len(w) > 0:
		w = append(w, "linh")
	case t == 1:
		w = append(w, "mười")
	case t > 1:
		w = append(w, digitNames[t], "mươi")
	}
	switch {
	case u == 0:
	case u == 1 && t > 1:
		w = append(w, "mốt")
	case u == 4 && t > 1:
		w = append(w, "tư")
	case u == 5 && t > 0:
		w = append(w, "lăm")
	default:
		w = append(w, digitNames[u])
	}
	return strings.Join(w, " ")
}
