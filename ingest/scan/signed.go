package scan

import (
	_ "embed"
	"math"
	"sync"

	"github.com/sohoa/sohoa/schema"
)

// Engines drop the signs before and behind numbers or take them for digits: a
// model of Vietnamese text has hardly seen "≥", and of "±" it makes "+". Two of
// three such signs are lost, and with them what the number says. In a cell that
// holds a number alone the signs are therefore seen by their shape and by where
// they stand above the digits' foot.

//go:embed figures.bin
var figureData []byte

// figureGlyph is a digit or sign as one face draws it. foot and head are where it
// begins and ends above the digits' foot, in their height.
type figureGlyph struct {
	glyph
	foot, head float64
}

// figureGlyphs returns the digits and signs that the program knows.
var figureGlyphs = sync.OnceValue(func() []figureGlyph {
	var out []figureGlyph
	for b := figureData; len(b) > 0; {
		n := int(b[0])
		g := figureGlyph{glyph: glyph{text: string(b[1 : 1+n])}}
		b = b[1+n:]
		g.foot, g.head = (float64(b[0])-64)/64, (float64(b[1])-64)/64
		g.shape = unpackShape(b[2 : 2+shapeBytes])
		b = b[2+shapeBytes:]
		out = append(out, g)
	}
	return out
})

// Signed is how a number that stands alone is written.
type Signed struct {
	Before, After string     // the signs: "≥", "<=", "-"; "%"
	First, Last   schema.Box // where they stand, empty when there are none
	Digits        schema.Box // digits, stops and commas between them
	Count         int        // digits, by their pieces; those that touch by their width
	Touching      bool       // whether some do
	Unclear       bool       // print before the digits that may be a sign
	apartBy       int        // white between a sign and digits that parts words
}

// Apart reports whether a word's space is between the digits and the sign in a box.
func (n *Signed) Apart(sign schema.Box) bool {
	gap := max(n.Digits.X0-sign.X1, sign.X0-n.Digits.X1)
	return gap > n.apartBy
}

// How near a sign must be to a drawn one, and how much nearer than to drawn digits
// and other signs; or less near, and much nearer than those.
const (
	signNear, signClearer = 0.30, 0.92
	signFar, signClearest = 0.38, 0.85
)

// How large dashes are, and where they lie above the digits' foot, in percent of
// the digits' height.
const (
	dashHigh, dashWide, dashWidest = 26, 26, 110
	dashFrom, dashTo               = 18, 62
)

// tintLevel is the lightness below which a pixel is no bare paper: worn strokes
// of signs, which are thinner than those of digits.
const tintLevel = 226

// Signed looks for the signs of a number that stands alone in a box. ok is false
// where there is no line of digits.
func (s *Sheet) Signed(b schema.Box) (n Signed, ok bool) {
	ink, x := s.Ink(b), s.xHeight()
	if ink.Empty() || x <= 0 || ink.Height() > 3*x || ink.Width() > 14*x {
		return n, false
	}
	// Signs of thin strokes may be too pale for ink.
	room := schema.Box{X0: ink.X0 - 2*x, Y0: ink.Y0 - x/3, X1: ink.X1 + 2*x, Y1: ink.Y1 + x/3}
	if room = room.Intersect(b.Inset(max(s.DPI/60, 2))).Union(ink); room.Empty() {
		return n, false
	}
	parts, foot, high := s.lineOf(room, x)
	if high == 0 {
		return n, false
	}
	first := s.signsBefore(&n, parts, foot, high)
	last := s.signBehind(&n, parts, first, foot, high)
	for _, p := range parts[first:last] {
		if n.Count == 0 && p.Height()*100 < high*80 {
			continue // dirt, or what is left of a sign
		}
		n.Digits = n.Digits.Union(p)
		if p.Height()*100 < high*80 {
			continue
		}
		k := 1
		if p.Width() > high {
			k = (p.Width()*5/4 + high/2) / high
			n.Touching = true
		}
		n.Count += k
	}
	n.apartBy = high * 38 / 100
	if n.Count == 0 {
		return n, false
	}
	s.wornSign(&n, b, foot, high)
	if n.Before == "=" || n.Before != "" && bound[n.Before] == "" {
		n.Before, n.First, n.Unclear = "", schema.Box{}, true // the half of one, or dirt beside it
	}
	return n, true
}

// lineOf returns the pieces of print in a room, the line that its digits stand
// on, and how high they are; 0 when none is as high as a digit. What is as thin
// as the remains of a rule is left out, and what is no larger than grain.
func (s *Sheet) lineOf(room schema.Box, x int) (parts []schema.Box, foot, high int) {
	for _, p := range s.pieces(room, paleLevel) {
		if p.Width() <= 2*x {
			high = max(high, p.Height())
		}
	}
	if high*100 < 115*x || high*100 > 220*x {
		return nil, 0, 0
	}
	var digits []schema.Box
	for _, p := range s.pieces(room, paleLevel) {
		atEdge := p.X0 <= room.X0+1 || p.X1 >= room.X1-1
		if atEdge && (p.Width()*100 < high*20 || p.Height()*100 < high*8) || max(p.Width(), p.Height())*100 < high*12 {
			continue
		}
		parts = append(parts, p)
		if p.Height()*100 >= high*80 {
			digits = append(digits, p)
		}
	}
	if len(digits) == 0 {
		return nil, 0, 0
	}
	return parts, footOf(digits), high
}

// signsBefore reads the signs at the head of a line and returns where its digits
// begin.
func (s *Sheet) signsBefore(n *Signed, parts []schema.Box, foot, high int) int {
	for i, p := range parts {
		sign := ""
		if i == 3 {
			return i
		} else if n.Before == "" && dash(p, foot, high) && i+1 < len(parts) && parts[i+1].X0-p.X1 < high*6/10 {
			sign = "-"
		} else if sign = s.figureAt(p, foot, high).sign(); sign == "%" {
			sign = ""
		}
		if sign == "" {
			return i
		}
		n.Before += sign
		n.First = n.First.Union(p)
	}
	return len(parts)
}

// wornSign looks once more before the digits of a number, for signs of which wear
// left too little for a piece of print, and for what makes another sign of one.
func (s *Sheet) wornSign(n *Signed, cell schema.Box, foot, high int) {
	from := n.Digits
	zone := schema.Box{X0: from.X0 - 5*high/2, Y0: foot - high*5/4, X1: from.X0, Y1: foot + high/4}.Intersect(cell.Inset(max(s.DPI/60, 2)))
	if zone.Empty() || len(bound[n.Before]) > 1 {
		return // nothing is more than that
	}
	var all schema.Box
	parts := s.pieces(zone, tintLevel)
	for i := len(parts) - 1; i >= 0; i-- {
		p := parts[i]
		if from.X0-p.X1 > high*3/4 || all.Union(p).Width() > 5*high/2 {
			break
		}
		if p.X0 <= zone.X0+1 && p.Width()*100 < high*20 {
			break // what is left of a rule
		}
		all, from = all.Union(p), p
	}
	if n.Before == "" && all.Empty() {
		n.Unclear = s.sweptDash(n.Digits.X0, foot, high)
	}
	if max(all.Width(), all.Height())*100 < high*30 || n.Before == "-" && dash(all, foot, high) {
		return
	}
	sign := s.figureAt(all, foot, high).sign()
	switch {
	case sign != "" && sign == n.Before:
	case sign != "" && sign != "%":
		n.Before, n.First = sign, all
	case n.Before == "" && dash(all, foot, high):
		n.Before, n.First = "-", all
	case n.Before != "" && all.Height() <= n.First.Height()+high/8:
	default:
		n.Unclear = true
	}
}

// sweptDash reports whether a speck that was taken out lay where a dash stands
// before a number that begins at x. Dust lies there too: who knows.
func (s *Sheet) sweptDash(x, foot, high int) bool {
	for _, f := range s.flat {
		if gap := x - f.X1; gap >= 0 && gap < high*6/10 && dash(f, foot, high) {
			return true
		}
	}
	return false
}

// signBehind reads a "%" at the end of a line, of which ring, slash and ring may
// be pieces of their own, and worn in pieces, and returns where the digits end.
func (s *Sheet) signBehind(n *Signed, parts []schema.Box, first, foot, high int) int {
	end := len(parts)
	best, at := signNear, end
	union := schema.Box{}
	apart := 0.0 // as digits
	for k := 1; k <= 6 && end-k > first; k++ {
		p := parts[end-k]
		union = union.Union(p)
		_, near, _ := s.figureAt(p, foot, high).among(digit)
		apart = max(apart, near)
		if union.Width()*100 > high*200 {
			break
		}
		if union.Width()*100 < high*85 || union.Height()*100 < high*80 {
			continue
		}
		if d, ok := s.figureAt(union, foot, high)["%"]; ok && d < best && d <= signClearer*apart {
			best, at = d, end-k
			n.After, n.Last = "%", union
		}
	}
	return at
}

// sign returns the sign that a piece is, "" where it may be something else. "≤" and
// "<=" say the same.
func (v verdict) sign() string {
	t, d, _ := v.among(isSign)
	_, other, _ := v.among(func(o string) bool { return digit(o) || bound[o] != bound[t] })
	if d <= signNear && d <= signClearer*other || d <= signFar && d <= signClearest*other {
		return t
	}
	return ""
}

// bound tells signs apart by what they say.
var bound = map[string]string{"<": "<", ">": ">", "≤": "<=", "<=": "<=", "≥": ">=", ">=": ">=", "=": "=", "+": "+", "-": "-", "±": "±", "%": "%"}

// isSign picks the signs.
func isSign(t string) bool { return !digit(t) }

// dash reports whether a piece is a dash by its size and place.
func dash(p schema.Box, foot, high int) bool {
	w, h := p.Width()*100, p.Height()*100
	at := (2*foot - p.Y0 - p.Y1) * 50
	return h <= high*dashHigh && w >= high*dashWide && w <= high*dashWidest && w*10 >= h*16 && at >= high*dashFrom && at <= high*dashTo
}

// figureAt compares a piece of a line with the digits and signs that are as high
// and stand as it does.
func (s *Sheet) figureAt(b schema.Box, foot, high int) verdict {
	form := shapeOf(s.Gray, b, high)
	low, top := float64(foot-b.Y1)/float64(high), float64(foot-b.Y0)/float64(high)
	v := verdict{}
	for i := range figureGlyphs() {
		g := &figureGlyphs()[i]
		off := 0.2 * (math.Abs(low-g.foot) + math.Abs(top-g.head))
		known, seen := v[g.text]
		if bound := off + 0.25*math.Abs(form.aspect-g.shape.aspect); bound > 0.6 || seen && bound >= known {
			continue
		}
		if d := form.distance(&g.shape) + off; !seen || d < known {
			v[g.text] = d
		}
	}
	return v
}
