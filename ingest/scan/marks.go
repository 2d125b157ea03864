package scan

import (
	"cmp"
	"image"
	"slices"

	"github.com/sohoa/sohoa/schema"
)

// ink finds the coloured marks of a page and takes them out of the picture
// that the OCR reads, before anything else looks at it.
//
// A red region of the size of a stamp is a [schema.Stamp]; blue strokes are
// [schema.Handwriting]. Both are bleached, which leaves the black print under
// them. Handwriting that is no taller than a line of text is kept in the
// picture, because it is content: the number and the day that are filled in by
// hand between printed words. Small red regions are red print and stay too.
// Boxes are in pixels of the source picture.
func ink(p planes, dpi int) []schema.Mark {
	if p.red == nil {
		return nil
	}
	var marks []schema.Mark
	// Pen strokes first: a signature usually lies across the stamp, whose own
	// bleaching is too weak for them.
	var pen []schema.Mark
	for _, b := range regions(p.blue, dpi/16) {
		if b.Width() < dpi/20 && b.Height() < dpi/20 {
			continue
		}
		pen = append(pen, schema.Mark{Kind: schema.Handwriting, Box: b})
		if b.Height() > dpi*32/100 {
			lift(p.gray, p.colourful, b, 2)
		}
	}
	for _, b := range regions(p.red, dpi/16) {
		if b.Width() < dpi*4/10 || b.Height() < dpi*4/10 {
			continue
		}
		marks = append(marks, schema.Mark{Kind: schema.Stamp, Box: b})
		lift(p.gray, p.colourful, b, 1)
	}
	return append(marks, pen...)
}

// lift replaces the box with its bleached pixels. The bleached plane holds the
// brightest channel plus the chroma once; strength 2 doubles that gain, for
// inks as dark as a pen's. What comes out pale is the ink's rim and becomes
// white; print in between keeps its contrast.
func lift(gray, bleached *image.Gray, b schema.Box, strength int) {
	b = b.Inset(-2).Intersect(schema.Box{X1: gray.Rect.Dx(), Y1: gray.Rect.Dy()})
	const dark, pale = 110, 190
	for y := b.Y0; y < b.Y1; y++ {
		row := gray.Pix[y*gray.Stride : (y+1)*gray.Stride]
		clean := bleached.Pix[y*bleached.Stride : (y+1)*bleached.Stride]
		for x := b.X0; x < b.X1; x++ {
			v := int(clean[x]) + (strength-1)*(int(clean[x])-int(row[x]))
			if v > dark {
				v = dark + (v-dark)*(255-dark)/(pale-dark)
			}
			row[x] = max(row[x], uint8(min(max(v, 0), 255)))
		}
	}
}

// regions groups the ink of a bitmap: pieces closer than about twice reach
// belong together. Groups with hardly any ink are noise. Top down, then left
// to right.
func regions(b *bitmap, reach int) []schema.Box {
	reach = max(reach, 4)
	cw, ch := (b.w+reach-1)/reach, (b.h+reach-1)/reach
	ink := make([]int, cw*ch)
	for y := range b.h {
		row := b.row(y)
		base := y / reach * cw
		for x := nextSet(row, 0, b.w); x < b.w; {
			e := nextClear(row, x, b.w)
			for c := x / reach; c <= (e-1)/reach; c++ {
				ink[base+c] += min(e, (c+1)*reach) - max(x, c*reach)
			}
			x = nextSet(row, e, b.w)
		}
	}
	small := newBitmap(cw, ch)
	for i, n := range ink {
		if n >= 2+reach/8 {
			small.set(i%cw, i/cw)
		}
	}
	small.dilateH(1)
	small.dilateV(1)
	var out []schema.Box
	for _, c := range small.blobs() {
		box := schema.Box{X0: c.x0 * reach, Y0: c.y0 * reach, X1: min(c.x1*reach, b.w), Y1: min(c.y1*reach, b.h)}
		box, area := b.tight(box)
		if area < reach*reach/2 || area*200 < box.Area() {
			continue
		}
		out = append(out, box)
	}
	slices.SortStableFunc(out, func(a, b schema.Box) int {
		return cmp.Or(cmp.Compare(a.Y0, b.Y0), cmp.Compare(a.X0, b.X0))
	})
	return out
}

// tight returns the smallest box around the ink in the given one, and how much
// ink that is.
func (b *bitmap) tight(in schema.Box) (schema.Box, int) {
	in = in.Intersect(schema.Box{X1: b.w, Y1: b.h})
	out := schema.Box{X0: in.X1, Y0: in.Y1, X1: in.X0, Y1: in.Y0}
	area := 0
	for y := in.Y0; y < in.Y1; y++ {
		n := b.count(y, in.X0, in.X1)
		if n == 0 {
			continue
		}
		area += n
		row := b.row(y)
		out.Y0, out.Y1 = min(out.Y0, y), y+1
		out.X0 = min(out.X0, nextSet(row, in.X0, in.X1))
		if out.X1 < in.X1 {
			// From the right: only what lies beyond the present edge matters.
			for x := in.X1 - 1; x >= out.X1; x-- {
				if row[x>>6]>>(uint(x)&63)&1 != 0 {
					out.X1 = x + 1
					break
				}
			}
		}
	}
	if area == 0 {
		return schema.Box{}, 0
	}
	return out, area
}
