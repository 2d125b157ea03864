package scan

import "slices"

// The rules of a table on the back of a thin sheet show through: faint, and
// belonging to nothing on this side. A table's own faint rules end at others.

// withoutGhosts drops the faint rules of a page that has a lattice of dark
// ones, when most of what is faint does not run from one dark rule to another.
func withoutGhosts(h, v []piece, hs, vs surface, s ruleSize) (hOut, vOut []piece) {
	hd, vd := darknesses(h, hs), darknesses(v, vs)
	limit := faintBelow(h, v, hd, vd)
	dark := func(ps []piece, ds []int) (out []piece) {
		for i, p := range ps {
			if ds[i] >= limit {
				out = append(out, p)
			}
		}
		return out
	}
	hDark, vDark := dark(h, hd), dark(v, vd)
	if len(hDark) == len(h) && len(vDark) == len(v) || len(lines(hDark, s.thick)) < 3 || len(lines(vDark, s.thick)) < 3 {
		return h, v
	}
	held, all := 0, 0
	weigh := func(ps, crossing []piece, ds []int) {
		for i, p := range ps {
			if ds[i] >= limit {
				continue
			}
			all += len(p.trace)
			if endsAt(p.u0, int(p.trace[0]), crossing, s) && endsAt(p.u1, int(p.trace[len(p.trace)-1]), crossing, s) {
				held += len(p.trace)
			}
		}
	}
	weigh(h, vDark, hd)
	weigh(v, hDark, vd)
	if held*2 >= all {
		return h, v
	}
	return hDark, vDark
}

// darknesses returns how dark each rule is: the median along its course.
func darknesses(ps []piece, f surface) []int {
	out := make([]int, len(ps))
	for i, p := range ps {
		var ds []int
		for k := 0; k < len(p.trace); k += 3 {
			y, most := int(p.trace[k]), 0
			for n := max(y-1, 0); n <= min(y+1, f.h-1); n++ {
				most = max(most, 255-int(f.at(p.u0+k, n)))
			}
			ds = append(ds, most)
		}
		slices.Sort(ds)
		out[i] = ds[len(ds)/2]
	}
	return out
}

// faintBelow returns the darkness below which a rule is faint beside the
// darkest quarter, by length, of the rules.
func faintBelow(h, v []piece, hd, vd []int) int {
	var long [256]int
	all := 0
	count := func(ps []piece, ds []int) {
		for i, p := range ps {
			long[ds[i]] += len(p.trace)
			all += len(p.trace)
		}
	}
	count(h, hd)
	count(v, vd)
	n := 0
	for d := 255; d > 0; d-- {
		if n += long[d]; 4*n >= all {
			return d * 45 / 100
		}
	}
	return 0
}

// endsAt reports whether a rule's end at u, v lies at one of the crossing ones.
func endsAt(u, v int, crossing []piece, s ruleSize) bool {
	near := max(s.thick, 4)
	return slices.ContainsFunc(crossing, func(q piece) bool {
		if v < q.u0-near || v > q.u1+near {
			return false
		}
		k := min(max(v-q.u0, 0), len(q.trace)-1)
		return abs(int(q.trace[k])-u) <= near
	})
}
