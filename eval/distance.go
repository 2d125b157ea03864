package eval

// Distance returns the Levenshtein distance between a and b: the least number
// of insertions, deletions and substitutions that make one the other. It runs
// in O(len(a)·len(b)/64) by the bit-parallel method of Myers (1999), in the
// block form of Hyyrö (2003), which is what makes pages of thousands of
// characters cheap to compare.
func Distance(a, b []rune) int {
	a, b = trimCommon(a, b)
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return len(b)
	}
	const word = 64
	blocks := (len(a) + word - 1) / word
	peq := make(map[rune][]uint64)
	for i, r := range a {
		row := peq[r]
		if row == nil {
			row = make([]uint64, blocks)
			peq[r] = row
		}
		row[i/word] |= 1 << (i % word)
	}
	pv := make([]uint64, blocks)
	mv := make([]uint64, blocks)
	for i := range pv {
		pv[i] = ^uint64(0)
	}
	none := make([]uint64, blocks)
	last := uint64(1) << ((len(a) - 1) % word)
	score := len(a)
	for _, r := range b {
		row := peq[r]
		if row == nil {
			row = none
		}
		carry := 1 // the first row of the matrix grows by one a column
		for k := range blocks {
			high := uint64(1) << (word - 1)
			if k == blocks-1 {
				high = last
			}
			eq := row[k]
			xv := eq | mv[k]
			if carry < 0 {
				eq |= 1
			}
			xh := (((eq & pv[k]) + pv[k]) ^ pv[k]) | eq
			ph := mv[k] | ^(xh | pv[k])
			mh := pv[k] & xh
			out := 0
			if ph&high != 0 {
				out = 1
			} else if mh&high != 0 {
				out = -1
			}
			ph <<= 1
			mh <<= 1
			if carry < 0 {
				mh |= 1
			} else if carry > 0 {
				ph |= 1
			}
			pv[k] = mh | ^(xv | ph)
			mv[k] = ph & xv
			carry = out
		}
		score += carry
	}
	return score
}

// trimCommon takes off the prefix and the suffix that both share: they cost
// nothing and are most of the text when a reading is good.
func trimCommon(a, b []rune) ([]rune, []rune) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return a, b
}

// wordDistance is [Distance] over words: each distinct word becomes a symbol.
func wordDistance(a, b []string) int {
	ids := make(map[string]rune)
	encode := func(words []string) []rune {
		out := make([]rune, len(words))
		for i, w := range words {
			id, ok := ids[w]
			if !ok {
				id = rune(len(ids))
				ids[w] = id
			}
			out[i] = id
		}
		return out
	}
	return Distance(encode(a), encode(b))
}

// dice returns the Sørensen–Dice similarity of the character bigrams of two
// texts, 0 to 1: a cheap likeness for aligning rows and tables.
func dice(a, b map[[2]rune]int) float64 {
	na, nb, common := 0, 0, 0
	for k, n := range a {
		na += n
		common += min(n, b[k])
	}
	for _, n := range b {
		nb += n
	}
	if na+nb == 0 {
		return 1 // two empty texts are alike
	}
	return 2 * float64(common) / float64(na+nb)
}

// bigrams counts the pairs of neighbouring characters of s, with a space put
// before and behind, so that texts of one character have bigrams as well.
func bigrams(s string) map[[2]rune]int {
	out := make(map[[2]rune]int)
	if s == "" {
		return out
	}
	prev := ' '
	for _, r := range s + " " {
		out[[2]rune{prev, r}]++
		prev = r
	}
	return out
}
