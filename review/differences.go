package review

import (
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/schema"
)

// differences cuts text into pieces and marks the characters that the other
// reading does not have, by a longest common subsequence. Texts too long for
// that are compared by words.
func differences(text, other string) []piece {
	a, b := letters(text), letters(other)
	if len(a)*len(b) > 1<<20 {
		a, b = words(text), words(other)
	}
	if len(a)*len(b) > 1<<22 {
		return []piece{{text, text != other}}
	}
	common := make([][]int32, len(a)+1)
	for i := range common {
		common[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var out []piece
	add := func(s string, differs bool) {
		if n := len(out); n > 0 && out[n-1].Differs == differs {
			out[n-1].Text += s
			return
		}
		out = append(out, piece{s, differs})
	}
	for i, j := 0, 0; i < len(a); {
		switch {
		case j < len(b) && a[i] == b[j]:
			add(a[i], false)
			i, j = i+1, j+1
		case j < len(b) && common[i][j+1] > common[i+1][j]:
			j++
		default:
			add(a[i], true)
			i++
		}
	}
	// Two texts that have little in common differ everywhere: marks would only
	// scatter.
	if len(a) > 4 && int(common[0][0])*2 < len(a) {
		return []piece{{text, false}}
	}
	return out
}

func letters(s string) []string {
	out := make([]string, 0, len(s))
	for _, r := range s {
		out = append(out, string(r))
	}
	return out
}

// words keeps the white space as words of its own.
func words(s string) []string {
	var out []string
	start, space := 0, false
	for i, r := range s {
		if sp := unicode.IsSpace(r); sp != space {
			if i > start {
				out = append(out, s[start:i])
			}
			start, space = i, sp
		}
	}
	return append(out, s[start:])
}

// unsure marks in a field's text the words that repair changed with a score
// that is not near 1, and the characters in which its alternatives differ.
func unsure(f *schema.Field) []piece {
	doubt := map[string]bool{}
	for _, r := range f.Repairs {
		if r.Score < 0.95 {
			for _, w := range strings.Fields(r.To) {
				doubt[w] = true
			}
		}
	}
	if len(doubt) == 0 && len(f.Alternatives) > 0 && !isDate.MatchString(f.Alternatives[0].Text) {
		return differences(f.Text, f.Alternatives[0].Text)
	}
	var out []piece
	for _, w := range words(f.Text) {
		d := doubt[w]
		if n := len(out); n > 0 && out[n-1].Differs == d {
			out[n-1].Text += w
			continue
		}
		out = append(out, piece{w, d})
	}
	return out
}
