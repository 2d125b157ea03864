package scan

import (
	"cmp"
	"image"
	"slices"

	"github.com/sohoa/sohoa/schema"
)

// A ruling line is found by what makes it one: a thin ridge of dark, long and
// without gaps. The picture is first averaged along the line's direction, which
// lifts a faint grey rule out of the noise; then a pixel belongs to a ridge
// when it is darker than the paper at some pixels' distance on both sides.
// Ridges are bits, so that "long" is a handful of word operations.

// ruleSize holds the lengths, in pixels, that the search works with.
type ruleSize struct {
	smooth int   // window of the average along the rule
	offs   []int // distances to the paper on either side
	long   int   // shortest ridge that counts by itself
	short  int   // shortest ridge that counts between two others
	gap    int   // break in a rule that is bridged
	nick   int   // lightness along a rule that is no break yet
	thick  int   // thickest rule
}

func ruleSizes(dpi int) ruleSize {
	return ruleSize{
		smooth: max(dpi/14|1, 7),
		offs:   []int{max(dpi/66, 2), max(dpi/33, 4)},
		long:   dpi * 36 / 100,
		short:  dpi * 15 / 100,
		gap:    dpi * 12 / 100,
		nick:   max(dpi*25/1000, 3),
		thick:  max(dpi*4/100, 3),
	}
}

// ridgeContrast is the darkness, of 255, by which an averaged ridge must stand
// out from both sides.
const ridgeContrast = 14

// noRidge is from where on a pixel is too light to be on a ridge.
const noRidge = 256 - ridgeContrast

// piece is a stretch of a rule in the coordinates of its direction: u runs
// along the rule, v across it.
type piece struct {
	u0, u1 int
	v0, v1 int // v1 is one past the last
	trace  []int32
	thick  int
	breaks [][2]int // stretches of the trace that were bridged, from and to
}

// rulesOf finds the horizontal and the vertical rules of a whitened page.
func rulesOf(g *image.Gray, dpi int) (h, v []piece) {
	s := ruleSizes(dpi)
	hr := ridgesH(g, s)
	vr := ridgesV(g, s)
	w, ht := g.Rect.Dx(), g.Rect.Dy()
	level := printLevel(g)
	hs := surface{hr, func(x, y int) uint8 { return g.Pix[y*g.Stride+x] }, ht, level}
	vs := surface{vr.transpose(), func(y, x int) uint8 { return g.Pix[y*g.Stride+x] }, w, level}
	h = horizontals(hs, s)
	v = horizontals(vs, s)
	h, v = anchored(h, v, s), anchored(v, h, s)
	h, v = withoutGhosts(h, v, hs, vs, s)
	return complete(h, v, hs, vs, s)
}

// eraseTraces removes what eraseRules left of worn tables.
func eraseTraces(g *image.Gray, h, v []piece, dpi int) {
	s := ruleSizes(dpi)
	w, ht := g.Rect.Dx(), g.Rect.Dy()
	level := printLevel(g)
	hs := surface{at: func(x, y int) uint8 { return g.Pix[y*g.Stride+x] }, h: ht, print: level}
	vs := surface{at: func(y, x int) uint8 { return g.Pix[y*g.Stride+x] }, h: w, print: level}
	for _, c := range groups(h, v, s) {
		hl, vl := lines(c.h, s.thick), lines(c.v, s.thick)
		if len(hl) == 0 || len(vl) == 0 || len(hl)+len(vl) < 3 {
			continue
		}
		white := func(x, y int) {
			if x >= 0 && y >= 0 && x < w && y < ht {
				g.Pix[y*g.Stride+x] = 255
			}
		}
		eraseRemains(hl, vl, hs, white, s)
		eraseRemains(vl, hl, vs, func(y, x int) { white(x, y) }, s)
	}
}

// boxes returns the pieces as rules, sorted.
func boxes(h, v []piece, dpi int) []schema.Rule {
	s := ruleSizes(dpi)
	var out []schema.Rule
	for _, p := range h {
		for _, q := range p.straight(s) {
			out = append(out, schema.Rule{Box: schema.Box{X0: q.u0, Y0: q.v0, X1: q.u1, Y1: q.v1}})
		}
	}
	for _, p := range v {
		for _, q := range p.straight(s) {
			out = append(out, schema.Rule{Box: schema.Box{X0: q.v0, Y0: q.u0, X1: q.v1, Y1: q.u1}, Vertical: true})
		}
	}
	sortRules(out)
	return out
}

// sortRules puts the horizontal rules first, from the top down, then the
// vertical ones from left to right.
func sortRules(out []schema.Rule) {
	slices.SortFunc(out, func(a, b schema.Rule) int {
		if a.Vertical != b.Vertical {
			if b.Vertical {
				return -1
			}
			return 1
		}
		if a.Vertical {
			return cmp.Or(cmp.Compare(a.Box.X0, b.Box.X0), cmp.Compare(a.Box.Y0, b.Box.Y0))
		}
		return cmp.Or(cmp.Compare(a.Box.Y0, b.Box.Y0), cmp.Compare(a.Box.X0, b.Box.X0))
	})
}

// ridgesH marks the pixels on horizontal ridges.
func ridgesH(g *image.Gray, s ruleSize) *bitmap {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	far := s.offs[len(s.offs)-1]
	// A ring of averaged rows around the one that is judged.
	ring := make([][]uint8, 2*far+1)
	for i := range ring {
		ring[i] = make([]uint8, w)
	}
	b := newBitmap(w, h)
	for y := -far; y < h; y++ {
		if in := y + far; in < h {
			average(g.Pix[in*g.Stride:in*g.Stride+w], ring[in%len(ring)], s.smooth)
		}
		if y < far || y >= h-far {
			continue
		}
		at := ring[y%len(ring)]
		markRidge(b.row(y), at, func(k int) []uint8 { return ring[(y+k+len(ring))%len(ring)] }, s.offs)
	}
	return b
}

// markRidge sets the bits of the pixels that are darker by the contrast than
// both neighbours at one of the distances.
func markRidge(dst []uint64, at []uint8, row func(k int) []uint8, offs []int) {
	for i := range dst {
		lo, hi := i*64, min(i*64+64, len(at))
		a := at[lo:hi]
		if lighter(a, noRidge) {
			continue
		}
		for _, k := range offs {
			var v uint64
			u, d := row(-k)[lo:hi], row(k)[lo:hi]
			for j, p := range a {
				m := uint32(min(u[j], d[j]))
				v |= uint64((uint32(p)+ridgeContrast-m-1)>>31) << uint(j)
			}
			dst[i] |= v
		}
	}
}

// average writes the mean over n pixels, n odd, centred.
func average(src, dst []uint8, n int) {
	w := len(src)
	half := n / 2
	if w < n {
		copy(dst, src)
		return
	}
	sum := uint32(0)
	for _, v := range src[:n] {
		sum += uint32(v)
	}
	// Multiplying by the rounded-up reciprocal divides sums below 2^16 exactly
	// enough for a threshold.
	inv := uint32((1<<16 + n - 1) / n)
	for x := half; ; x++ {
		dst[x] = uint8(min(sum*inv>>16, 255))
		if x+half+1 >= w {
			break
		}
		sum += uint32(src[x+half+1]) - uint32(src[x-half])
	}
	for x := range half {
		dst[x], dst[w-1-x] = dst[half], dst[w-1-half]
	}
}

// ridgesV marks the pixels on vertical ridges. The average runs down the
// columns, a whole row of sums at a time.
func ridgesV(g *image.Gray, s ruleSize) *bitmap {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	b := newBitmap(w, h)
	n, half := s.smooth, s.smooth/2
	if h <= n {
		return b
	}
	sum := make([]uint16, w)
	for y := range n {
		for x, v := range g.Pix[y*g.Stride : y*g.Stride+w] {
			sum[x] += uint16(v)
		}
	}
	mean := make([]uint8, w)
	inv := uint32((1<<16 + n - 1) / n)
	far := s.offs[len(s.offs)-1]
	for y := half; ; y++ {
		for x, v := range sum {
			mean[x] = uint8(min(uint32(v)*inv>>16, 255))
		}
		dst := b.row(y)
		for i := range dst {
			lo, hi := max(i*64, far), min(i*64+64, w-far)
			if lo >= hi || lighter(mean[lo:hi], noRidge) {
				continue
			}
			for _, k := range s.offs {
				var v uint64
				a, l, r := mean[lo:hi], mean[lo-k:hi-k], mean[lo+k:hi+k]
				for j, p := range a {
					m := uint32(min(l[j], r[j]))
					v |= uint64((uint32(p)+ridgeContrast-m-1)>>31) << uint(j)
				}
				dst[i] |= v << uint(lo-i*64)
			}
		}
		if y+half+1 >= h {
			break
		}
		in, out := g.Pix[(y+half+1)*g.Stride:], g.Pix[(y-half)*g.Stride:]
		for x := range sum {
			sum[x] += uint16(in[x]) - uint16(out[x])
		}
	}
	// The first and last rows take the nearest judged ones.
	for y := range half {
		copy(b.row(y), b.row(half))
		copy(b.row(h-1-y), b.row(h-1-half))
	}
	return b
}

// horizontals turns ridge bits into pieces of rules: runs of neighbouring rows
// are tied together, judged against the picture, and those on one line joined.
func horizontals(f surface, s ruleSize) []piece {
	// A rule that still leans a little, or wobbles, steps from row to row: one
	// row of slack on both sides keeps its runs long.
	grown := f.ridge.clone()
	grown.dilateV(1)
	grown.openH(s.short)
	grown.and(f.ridge) // back to the ridge's own rows
	pieces := trace(grown, s)
	kept := pieces[:0]
	for _, p := range pieces {
		if q, ok := p.judge(f.h, s, f.at); ok {
			kept = append(kept, q)
		}
	}
	return chain(kept, s)
}

// trace ties the runs of neighbouring rows into pieces. Two runs belong
// together when they overlap, or follow each other with a short break.
func trace(b *bitmap, s ruleSize) []piece {
	type node struct {
		u0, u1, v int
		id        int
	}
	var all []piece
	var parent []int
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	const reach = 2
	var recent []node
	for y := range b.h {
		row := b.row(y)
		recent = slices.DeleteFunc(recent, func(n node) bool { return n.v < y-reach })
		old := len(recent)
		for x := nextSet(row, 0, b.w); x < b.w; {
			e := nextClear(row, x, b.w)
			if e-x >= 3 {
				id := -1
				for _, n := range recent[:old] {
					if n.u0 > e+2 || n.u1 < x-2 {
						continue
					}
					p := find(n.id)
					if id < 0 {
						id = p
					} else if p != id {
						lo, hi := min(p, id), max(p, id)
						parent[hi] = lo
						id = lo
					}
				}
				if id < 0 {
					id = len(parent)
					parent = append(parent, id)
					all = append(all, piece{u0: x, u1: e, v0: y, v1: y + 1})
				}
				recent = append(recent, node{x, e, y, id})
				p := &all[id]
				p.u0, p.u1, p.v0, p.v1 = min(p.u0, x), max(p.u1, e), min(p.v0, y), y+1
			}
			x = nextSet(row, e, b.w)
		}
	}
	for i := range all {
		if r := find(i); r != i {
			p, q := &all[r], all[i]
			p.u0, p.u1, p.v0, p.v1 = min(p.u0, q.u0), max(p.u1, q.u1), min(p.v0, q.v0), max(p.v1, q.v1)
		}
	}
	var out []piece
	for i, p := range all {
		if parent[i] == i && p.u1-p.u0 >= s.short {
			out = append(out, p)
		}
	}
	return out
}

// judge follows a piece through the picture: along a rule nearly every column
// is dark, and as dark as the rest of it. It returns the piece with its exact
// ends and its course.
func (p piece) judge(h int, s ruleSize, at func(u, v int) uint8) (piece, bool) {
	n := p.u1 - p.u0
	if p.v1-p.v0 > s.thick+n/40 {
		return p, false // a blot, or slanting strokes
	}
	course := make([]int32, n)
	dark := make([]uint8, n)
	lo, hi := max(p.v0-1, 0), min(p.v1+1, h)
	for i := range n {
		best, bestV := uint8(255), (p.v0+p.v1)/2
		for v := lo; v < hi; v++ {
			if d := at(p.u0+i, v); d < best {
				best, bestV = d, v
			}
		}
		course[i], dark[i] = int32(bestV), 255-best
	}
	sorted := slices.Clone(dark)
	slices.Sort(sorted)
	usual := int(sorted[n/2])
	if usual < ridgeContrast {
		return p, false
	}
	// Trim the ends that the average smeared, then ask for few gaps.
	enough := func(i int) bool { return int(dark[i])*2 >= usual }
	a, b := 0, n
	for a < b && !enough(a) {
		a++
	}
	for b > a && !enough(b-1) {
		b--
	}
	if b-a < s.short {
		return p, false
	}
	full := 0
	for i := a; i < b; i++ {
		if enough(i) {
			full++
		}
	}
	if full*100 < (b-a)*65 {
		return p, false
	}
	q := piece{u0: p.u0 + a, u1: p.u0 + b, v0: p.v0, v1: p.v1}
	q.trace = smoothCourse(course[a:b], s.smooth)
	q.thick = thickness(q, usual, h, s, at)
	if q.thick > s.thick {
		return p, false
	}
	if !q.solid(usual, h, s, at) || len(q.trace) < s.short {
		return p, false
	}
	return q, true
}

// solid tells a rule from a row of serifs. A rule is dark in nearly every
// column, within a pixel of its course, and has paper on both sides; the feet
// of a line of letters have stems above them. Text may stand on a rule, so a
// long and unbroken one may have print along it.
func (p *piece) solid(usual, h int, s ruleSize, at func(u, v int) uint8) bool {
	dark, above, below := 0, 0, 0
	off := p.thick/2 + 1 + max(s.thick/4, 2)
	n, light := 0, 0
	for i, c := range p.trace {
		u, v := p.u0+i, int(c)
		d := uint8(255)
		for k := max(v-1, 0); k <= min(v+1, h-1); k++ {
			d = min(d, at(u, k))
		}
		n++
		if 2*int(255-d) >= usual {
			dark++
			light = 0
		} else if light++; light == s.nick {
			p.breaks = append(p.breaks, [2]int{i + 1 - light, i + 1})
			n -= light
		} else if light > s.nick {
			p.breaks[len(p.breaks)-1][1] = i + 1
			n--
		}
		if v-off >= 0 && 2*int(255-at(u, v-off)) >= usual {
			above++
		}
		if v+off < h && 2*int(255-at(u, v+off)) >= usual {
			below++
		}
	}
	p.dropShreds(s.short)
	crowd := max(above, below)
	whole := len(p.trace)
	switch {
	case len(p.breaks) > 1+whole/s.long || n*2 < whole:
		return false
	case whole >= 3*s.long:
		return dark*100 >= n*93 && (crowd*4 < whole || dark*100 >= n*97)
	default:
		return dark*100 >= n*93 && crowd*5 < whole
	}
}

// dropShreds takes out what stands between two breaks, or before the first or
// after the last, and is shorter than n: it is as likely a letter's stem.
func (p *piece) dropShreds(n int) {
	if len(p.breaks) == 0 {
		return
	}
	var out [][2]int
	for _, k := range p.breaks {
		if m := len(out) - 1; m >= 0 && k[0]-out[m][1] < n {
			out[m][1] = k[1]
		} else {
			out = append(out, k)
		}
	}
	p.breaks = out
	if out[0][0] < n {
		p.trimFront(out[0][1])
	}
	if m := len(p.breaks) - 1; m >= 0 && len(p.trace)-p.breaks[m][1] < n {
		p.trimBack(p.breaks[m][0])
	}
}

// trimFront drops the first n columns, trimBack all from the n-th on.
func (p *piece) trimFront(n int) {
	n = min(n, len(p.trace))
	p.u0 += n
	p.trace = p.trace[n:]
	var rest [][2]int
	for _, k := range p.breaks {
		if k[1] > n {
			rest = append(rest, [2]int{max(k[0]-n, 0), k[1] - n})
		}
	}
	p.breaks = rest
}

func (p *piece) trimBack(n int) {
	p.u1 = p.u0 + n
	p.trace = p.trace[:n]
	var rest [][2]int
	for _, k := range p.breaks {
		if k[0] < n {
			rest = append(rest, [2]int{k[0], min(k[1], n)})
		}
	}
	p.breaks = rest
}

// smoothCourse is a running median, cheap because it samples.
func smoothCourse(c []int32, n int) []int32 {
	out := make([]int32, len(c))
	var win []int32
	last := int32(0)
	for i := range c {
		if i%4 == 0 {
			win = win[:0]
			for k := max(i-n, 0); k < min(i+n+1, len(c)); k += 2 {
				win = append(win, c[k])
			}
			slices.Sort(win)
			last = win[len(win)/2]
		}
		out[i] = last
	}
	return out
}

// thickness is the median extent of the dark around the course.
func thickness(p piece, usual, h int, s ruleSize, at func(u, v int) uint8) int {
	cut := uint8(255 - usual/2)
	var ts []int
	for i := 0; i < len(p.trace); i += 3 {
		u, v := p.u0+i, int(p.trace[i])
		t := 0
		for k := v; k < min(v+2*s.thick, h) && at(u, k) <= cut; k++ {
			t++
		}
		for k := v - 1; k >= max(v-2*s.thick, 0) && at(u, k) <= cut; k-- {
			t++
		}
		if t > 0 {
			ts = append(ts, t)
		}
	}
	if len(ts) == 0 {
		return 1
	}
	slices.Sort(ts)
	return ts[len(ts)/2]
}

// chain joins pieces that lie on one line: an overlap (a double rule, or one
// rule found twice) or a gap that is short, or short beside what it parts.
func chain(ps []piece, s ruleSize) []piece {
	slices.SortFunc(ps, func(a, b piece) int { return cmp.Or(cmp.Compare(a.u0, b.u0), cmp.Compare(a.v0, b.v0)) })
	for again := true; again; {
		again = false
		for i := 0; i < len(ps); i++ {
			for j := i + 1; j < len(ps); j++ {
				a, b := ps[i], ps[j]
				gap := b.u0 - a.u1
				if gap > s.gap && gap*8 > min(a.u1-a.u0, b.u1-b.u0) {
					continue
				}
				if gap < 0 {
					continue
				}
				end, start := int(a.trace[len(a.trace)-1]), int(b.trace[0])
				if abs(end-start) > 2+gap/20 || !sameWeight(a.thick, b.thick) {
					continue
				}
				ps[i] = a.join(b)
				ps = slices.Delete(ps, j, j+1)
				again = true
				j--
			}
		}
	}
	return ps
}

// sameWeight reports whether two pieces are about as thick: the stem of a bold
// letter that happens to lie on a hairline's course is no part of it.
func sameWeight(a, b int) bool {
	return max(a, b) <= 2*min(a, b)+1 && max(a, b)-min(a, b) <= 3
}

// join appends b, which starts where a ends or later; the gap's course is a
// straight line.
func (p piece) join(b piece) piece {
	gap := b.u0 - p.u1
	t := slices.Clone(p.trace)
	end, start := p.trace[len(p.trace)-1], b.trace[0]
	for i := range gap {
		t = append(t, end+(start-end)*int32(i+1)/int32(gap+1))
	}
	q := piece{
		u0: p.u0, u1: b.u1, v0: min(p.v0, b.v0), v1: max(p.v1, b.v1),
		trace: append(t, b.trace...), thick: max(p.thick, b.thick), breaks: slices.Clone(p.breaks),
	}
	if gap > 0 {
		q.breaks = append(q.breaks, [2]int{p.u1 - p.u0, b.u0 - p.u0})
	}
	for _, k := range b.breaks {
		q.breaks = append(q.breaks, [2]int{k[0] + b.u0 - p.u0, k[1] + b.u0 - p.u0})
	}
	return q
}

// anchored keeps the long pieces, and of the short ones those that run from
// one perpendicular rule to another: the borders of small cells. Other short
// ridges are strokes of letters.
func anchored(ps, perpendicular []piece, s ruleSize) []piece {
	near := max(s.thick/2, 3)
	meets := func(u, v int) bool {
		for _, q := range perpendicular {
			if q.u1-q.u0 < s.long || v < q.u0-near || v > q.u1+near {
				continue
			}
			k := min(max(v-q.u0, 0), len(q.trace)-1)
			if abs(int(q.trace[k])-u) <= near {
				return true
			}
		}
		return false
	}
	var out []piece
	for _, p := range ps {
		// Short ends beyond a break need a rule to end at, too.
		for len(p.breaks) > 0 && p.breaks[0][0] < s.long && !meets(p.u0, int(p.trace[0])) {
			p.trimFront(p.breaks[0][1])
		}
		for m := len(p.breaks) - 1; m >= 0 && len(p.trace)-p.breaks[m][1] < s.long && !meets(p.u1, int(p.trace[len(p.trace)-1])); m = len(p.breaks) - 1 {
			p.trimBack(p.breaks[m][0])
		}
		if len(p.trace) == 0 {
			continue
		}
		if p.u1-p.u0 >= s.long || meets(p.u0, int(p.trace[0])) && meets(p.u1, int(p.trace[len(p.trace)-1])) {
			out = append(out, p)
		}
	}
	return out
}

// straight cuts a piece where it drifts by more than a pixel or two, so that
// each part is a box about as high as the rule is thick, and leaves out the
// breaks that were bridged: whether a border runs on there is for the grid to
// judge.
func (p piece) straight(s ruleSize) []piece {
	var out []piece
	start := 0
	for _, k := range append(slices.Clone(p.breaks), [2]int{len(p.trace), len(p.trace)}) {
		out = p.cut(out, start, k[0], s)
		start = k[1]
	}
	return out
}

func (p piece) cut(out []piece, from, to int, s ruleSize) []piece {
	if from >= to {
		return out
	}
	const slack = 2
	start := from
	lo, hi := p.trace[from], p.trace[from]
	flush := func(end int) {
		q := piece{u0: p.u0 + start, u1: p.u0 + end, v0: int(lo+hi)/2 - (p.thick-1)/2, thick: p.thick}
		q.v1 = q.v0 + max(p.thick, 1)
		out = append(out, q)
	}
	for i := from; i < to; i++ {
		v := p.trace[i]
		nlo, nhi := min(lo, v), max(hi, v)
		if nhi-nlo > slack && i-start >= s.long {
			flush(i)
			start, lo, hi = i, v, v
			continue
		}
		lo, hi = nlo, nhi
	}
	flush(to)
	return out
}
