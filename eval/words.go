package eval

import (
	"strings"

	"github.com/sohoa/sohoa/extract/confidence"
)

// RightWords tells which words of a field or cell that came straight from
// extraction are right; nil where nothing tells. Values that are not copied word
// for word tell nothing, and neither do texts that have hardly a word in common
// with what is true: it is their place that is wrong.
func (s *Sample) RightWords() []bool {
	switch s.Class {
	case confidence.Cell, confidence.Short, confidence.Long, confidence.Name:
	default:
		return nil
	}
	if s.Evidence == nil || len(s.Evidence.Words) == 0 {
		return nil
	}
	out := make([]bool, len(s.Evidence.Words))
	if s.Right {
		for i := range out {
			out[i] = true
		}
		return out
	}
	got := make([]string, len(out))
	for i, w := range s.Evidence.Words {
		got[i] = Canonical(w.Text)
	}
	right := 0
	for i, ok := range commonWords(strings.Fields(Canonical(s.Want)), got) {
		if out[i] = ok; ok {
			right++
		}
	}
	if sameText*float64(len(out)) > float64(right) && len(out) > 2 {
		return nil
	}
	return out
}

// sameText is the share of words that two readings of one text have in common at
// least. With fewer it is a text of another place that shares some words.
const sameText = 0.7

// commonWords tells which words of got stand in want too, in the same order:
// those of a longest common subsequence.
func commonWords(want, got []string) []bool {
	n, m := len(got), len(want)
	most := make([][]int, n+1)
	for i := range most {
		most[i] = make([]int, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if got[i] == want[j] {
				most[i][j] = most[i+1][j+1] + 1
			} else {
				most[i][j] = max(most[i+1][j], most[i][j+1])
			}
		}
	}
	out := make([]bool, n)
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case got[i] == want[j]:
			out[i] = true
			i++
			j++
		case most[i+1][j] >= most[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}
