package eval

import (
	"cmp"
	"slices"
)

// alignSequence pairs the members of two sequences so that the sum of their
// likeness is greatest and no two pairs cross; it returns for each of the n
// members of the first its partner in the second, or -1. Pairs of likeness 0
// or less are not made.
func alignSequence(n, m int, likeness func(i, j int) float64) []int {
	best := make([][]float64, n+1)
	for i := range best {
		best[i] = make([]float64, m+1)
	}
	like := make([][]float64, n)
	for i := range n {
		like[i] = make([]float64, m)
		for j := range m {
			like[i][j] = likeness(i, j)
		}
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if like[i][j] > 0 {
				best[i][j] = max(best[i][j], like[i][j]+best[i+1][j+1])
			}
		}
	}
	partner := make([]int, n)
	i, j := 0, 0
	for i < n {
		switch {
		case j < m && like[i][j] > 0 && best[i][j] == like[i][j]+best[i+1][j+1]:
			partner[i] = j
			i, j = i+1, j+1
		case j < m && best[i][j] == best[i][j+1]:
			j++
		default:
			partner[i] = -1
			i++
		}
	}
	return partner
}

// alignTexts pairs two sequences of texts by their likeness. Texts that are
// nothing like each other may still be paired when nothing else is left for
// them: a row that was read badly is the same row.
func alignTexts(a, b []string) []int {
	ga, gb := make([]map[[2]rune]int, len(a)), make([]map[[2]rune]int, len(b))
	for i, s := range a {
		ga[i] = bigrams(s)
	}
	for i, s := range b {
		gb[i] = bigrams(s)
	}
	const unlike = 0.05
	return alignSequence(len(a), len(b), func(i, j int) float64 { return unlike + dice(ga[i], gb[j]) })
}

// alignRows returns for each row of the true table the predicted one.
func alignRows(gold, pred *grid) []int {
	texts := func(g *grid) []string {
		out := make([]string, g.rows)
		for r := range out {
			out[r] = g.rowText(r)
		}
		return out
	}
	return alignTexts(texts(gold), texts(pred))
}

// alignColumns returns for each column of the true table the predicted one:
// the same number when there are as many, otherwise by their texts.
func alignColumns(gold, pred *grid) []int {
	if gold.cols == pred.cols {
		out := make([]int, gold.cols)
		for i := range out {
			out[i] = i
		}
		return out
	}
	texts := func(g *grid) []string {
		out := make([]string, g.cols)
		for c := range out {
			out[c] = g.colText(c)
		}
		return out
	}
	return alignTexts(texts(gold), texts(pred))
}

// alignTables pairs true and predicted tables, the likest first; each is used
// once. Two tables on no common page are never paired when both know their
// pages. The result gives for each true table the predicted one or -1.
func alignTables(gold, pred []*grid) []int {
	var pairs []likePair
	gp := make([]map[[2]rune]int, len(pred))
	for j, p := range pred {
		gp[j] = bigrams(p.text())
	}
	for i, g := range gold {
		gg := bigrams(g.text())
		for j, p := range pred {
			shared := 0
			for n := range g.pages {
				if p.pages[n] {
					shared++
				}
			}
			if len(g.pages) > 0 && len(p.pages) > 0 && shared == 0 {
				continue
			}
			like := dice(gg, gp[j])
			if len(g.pages) > 0 {
				like += 0.2 * float64(shared) / float64(len(g.pages))
			}
			pairs = append(pairs, likePair{i, j, like})
		}
	}
	return likestPairs(pairs, len(gold))
}

// A likePair is a true and a predicted thing that may be one, by index.
type likePair struct {
	i, j int
	like float64
}

// likestPairs gives each of n true things the predicted one that is likest, or -1; each
// is used once.
func likestPairs(pairs []likePair, n int) []int {
	slices.SortStableFunc(pairs, func(a, b likePair) int { return cmp.Compare(b.like, a.like) })
	out := make([]int, n)
	for i := range out {
		out[i] = -1
	}
	used := make(map[int]bool)
	for _, p := range pairs {
		if out[p.i] < 0 && !used[p.j] {
			out[p.i], used[p.j] = p.j, true
		}
	}
	return out
}
