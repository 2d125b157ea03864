package archive

import (
	"bytes"
	"fmt"
	"math"

	"github.com/sohoa/sohoa/export/archive/pdffile"
)

// An eraser takes the meaning of old text out of a page, and leaves how the
// page looks: a search must find the repaired words, not beside them what an
// earlier program had made of the scan.
//
// Text that shows no ink (rendering mode 3, or text that begins beneath a
// picture over most of the page) is dropped. Text that can be seen stays, under
// an ActualText of a single space, which is what search and copying then read
// (ISO 32000-1, 14.9.4): rebuilding the page from its picture would lose the
// sharpness of its letters, and many times its size. Forms that a page draws
// are treated in the same way; other objects are never changed.
type eraser struct {
	file  *pdffile.File
	out   *pdffile.Writer
	page  float64 // area of the page, in square points
	forms map[drawn]pdffile.Ref
}

// drawn is a form as it is drawn: what its pictures cover depends on whether it
// may fill a page. What of it was replaced by nothing stays as it was.
type drawn struct {
	form  pdffile.Ref
	large bool
}

// silence is the mark that stands before text whose meaning is taken away.
const silence = "/Span<</ActualText<FEFF0020>>>BDC\n"

// maxForms bounds how deep forms draw forms.
const maxForms = 8

// coverShare is the share of the page from which a picture covers what was
// drawn before.
const coverShare = 0.6

// maxCovers bounds how many pictures of a page are looked beneath: a scan has
// one, or a few for its strips.
const maxCovers = 200

// transform is a matrix as content streams have it: a b c d e f.
type transform [6]float64

// then gives the transform that applies t, then u.
func (t transform) then(u transform) transform {
	return transform{
		t[0]*u[0] + t[1]*u[2], t[0]*u[1] + t[1]*u[3],
		t[2]*u[0] + t[3]*u[2], t[2]*u[1] + t[3]*u[3],
		t[4]*u[0] + t[5]*u[2] + u[4], t[4]*u[1] + t[5]*u[3] + u[5],
	}
}

func (t transform) area() float64 { return math.Abs(t[0]*t[3] - t[1]*t[2]) }

var identity = transform{1, 0, 0, 1, 0, 0}

// graphics is what of the graphics state matters here.
type graphics struct {
	ctm   transform
	mode  int  // text rendering mode
	small bool // within a form that does not fill the page

	line    transform // of the line of text that is being shown
	leading float64   // between lines of text
}

// nextLine moves to the line of text that begins at x, y from the last.
func (g *graphics) nextLine(x, y float64) { g.line = transform{1, 0, 0, 1, x, y}.then(g.line) }

// moveText follows the operators that move text.
func (g *graphics) moveText(operator string, operands []pdffile.Object) {
	number := func(n int) float64 { // from the end
		if n > len(operands) {
			return 0
		}
		v, _ := pdffile.Float(operands[len(operands)-n])
		return v
	}
	switch operator {
	case "BT":
		g.line = identity
	case "Tm":
		if m, ok := matrixOf(operands); ok {
			g.line = m
		}
	case "TL":
		g.leading = number(1)
	case "TD":
		g.leading = -number(1)
		g.nextLine(number(2), number(1))
	case "Td":
		g.nextLine(number(2), number(1))
	case "T*", "'", "\"":
		g.nextLine(0, -g.leading)
	}
}

// holds reports whether a point lies in the unit square that t transforms: in a
// picture.
func (t transform) holds(p [2]float64) bool {
	det := t[0]*t[3] - t[1]*t[2]
	dx, dy := p[0]-t[4], p[1]-t[5]
	u, v := (dx*t[3]-dy*t[2])/det, (dy*t[0]-dx*t[1])/det
	return u >= 0 && u <= 1 && v >= 0 && v <= 1
}

// invisible is the text rendering mode that shows nothing.
const invisible = 3

// piece is a stretch of a content stream.
type piece struct {
	data  []byte
	block int        // the text object that it lies in, from 1; 0: none
	shows bool       // it shows text that can be seen
	at    [2]float64 // where the line of that text begins
}

// erased is what became of a content stream.
type erased struct {
	data    []byte
	changed bool
	open    int                          // saved graphics states that it does not restore
	forms   map[pdffile.Name]pdffile.Ref // what replaces forms, by new names: others may be drawn under the old
}

// erase goes through a content stream. resources are those that its names stand
// for.
func (e *eraser) erase(data []byte, resources pdffile.Dict, start graphics, depth int) (erased, error) {
	l := pdffile.Lexer{Data: data, Content: true}
	r := erasing{eraser: e, resources: resources, depth: depth, state: start}
	r.out.forms = map[pdffile.Name]pdffile.Ref{}
	var operands []pdffile.Object
	from := 0 // where the operator with its operands begins
	for {
		o, word, err := l.Next()
		if err != nil {
			// What is left is no operator; it is kept as it is.
			r.pieces = append(r.pieces, piece{data: data[from:], block: r.block})
			break
		}
		if word == "" {
			if operands = append(operands, o); len(operands) > 512 {
				operands = operands[1:]
			}
			continue
		}
		if word == "ID" {
			l.Pos = endOfInlineImage(data, l.Pos)
		}
		if err := r.operator(word, operands, data[from:l.Pos]); err != nil {
			return r.out, err
		}
		operands, from = operands[:0], l.Pos
	}
	r.out.open = len(r.saved)
	r.out.data = joinPieces(r.pieces, &r.out.changed)
	return r.out, nil
}

// erasing is how far the way through a content stream has come.
type erasing struct {
	*eraser
	resources pdffile.Dict
	depth     int

	state    graphics
	saved    []graphics
	block    int // the text object that is open, from 1; 0: none
	blocks   int
	pictures int // and forms that were drawn
	pieces   []piece
	out      erased
}

// operator follows an operator; data is how it is written, with its operands.
func (r *erasing) operator(word string, operands []pdffile.Object, data []byte) error {
	p := piece{data: data, block: r.block}
	r.state.moveText(word, operands)
	switch word {
	case "q":
		if r.saved = append(r.saved, r.state); len(r.saved) > 4096 {
			return pdffile.ErrLimit
		}
	case "Q":
		if n := len(r.saved); n > 0 {
			r.state, r.saved = r.saved[n-1], r.saved[:n-1]
		} else {
			// Readers pass over it; here it would restore what we save.
			p.data, r.out.changed = []byte("\n"), true
		}
	case "cm":
		if m, ok := matrixOf(operands); ok {
			r.state.ctm = m.then(r.state.ctm)
		}
	case "Tr":
		if len(operands) > 0 {
			r.state.mode, _ = pdffile.Int(operands[len(operands)-1])
		}
	case "BT":
		r.blocks++
		r.block = r.blocks
		p.block = r.block
	case "ET":
		r.block = 0
	case "Tj", "TJ", "'", "\"":
		begin := r.state.line.then(r.state.ctm)
		p.at = [2]float64{begin[4], begin[5]}
		if p.shows = r.state.mode != invisible; !p.shows {
			p.data, r.out.changed = withoutShowing(word), true
		}
	case "Do":
		name, _ := operand(operands).(pdffile.Name)
		instead, err := r.do(name)
		if err != nil {
			return err
		}
		if instead != nil {
			p.data, r.out.changed = instead, true
		}
	}
	r.pieces = append(r.pieces, p)
	return nil
}

// do draws what a name stands for: a picture silences the text beneath it, a
// form may be replaced; then instead is the operator that draws the new one.
func (r *erasing) do(name pdffile.Name) (instead []byte, err error) {
	covers, form, err := r.draw(name, r.resources, r.state, r.depth)
	if err != nil {
		return nil, err
	}
	if form != (pdffile.Ref{}) {
		if name, err = r.rename(name, form, r.resources, r.out.forms); err != nil {
			return nil, err
		}
		r.out.forms[name] = form
		var do bytes.Buffer
		pdffile.Write(&do, name)
		instead = fmt.Appendf(nil, "\n%s Do\n", do.Bytes())
	}
	if r.pictures++; !covers || r.pictures > maxCovers {
		return instead, nil
	}
	for i := range r.pieces {
		if p := &r.pieces[i]; p.shows && r.state.ctm.holds(p.at) {
			p.data, p.shows, r.out.changed = []byte("\n"), false, true
		}
	}
	return instead, nil
}

// joinPieces puts the pieces together; text objects with visible text are
// silenced.
func joinPieces(pieces []piece, changed *bool) []byte {
	visible := map[int]bool{}
	for _, p := range pieces {
		if p.shows && p.block > 0 {
			visible[p.block] = true
		}
	}
	var b bytes.Buffer
	for i, p := range pieces {
		if visible[p.block] && (i == 0 || pieces[i-1].block != p.block) {
			*changed = true
			b.WriteString("\n" + silence)
		}
		b.Write(p.data)
		if visible[p.block] && (i+1 == len(pieces) || pieces[i+1].block != p.block) {
			b.WriteString("\nEMC\n")
		}
	}
	return b.Bytes()
}

// withoutShowing is what stays of an operator that shows text: some go to the
// next line first.
func withoutShowing(operator string) []byte {
	if operator == "'" || operator == "\"" {
		return []byte("\nT*\n")
	}
	return []byte("\n")
}

func operand(operands []pdffile.Object) pdffile.Object {
	if len(operands) == 0 {
		return nil
	}
	return operands[len(operands)-1]
}

func matrixOf(operands []pdffile.Object) (m transform, ok bool) {
	if len(operands) != len(m) {
		return identity, false
	}
	for i, o := range operands {
		if m[i], ok = pdffile.Float(o); !ok {
			return identity, false
		}
	}
	return m, true
}

// endOfInlineImage finds where the data of a picture in the stream ends: EI
// between white space. Its data may hold these letters too, so what follows has
// to look like text.
func endOfInlineImage(data []byte, from int) int {
	for i := from; i+2 < len(data); i++ {
		if !isWhite(data[i]) || data[i+1] != 'E' || data[i+2] != 'I' || i+3 < len(data) && !isWhite(data[i+3]) {
			continue
		}
		text := true
		for _, c := range data[i+3 : min(i+3+16, len(data))] {
			text = text && (c < 0x7f && c >= ' ' || isWhite(c))
		}
		if text {
			return i + 3
		}
	}
	return len(data)
}

func isWhite(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

// draw looks at what a name draws: whether it covers what lies beneath, and,
// for a form with text in it, what replaces that.
func (e *eraser) draw(name pdffile.Name, resources pdffile.Dict, state graphics, depth int) (covers bool, form pdffile.Ref, err error) {
	objects, err := e.file.Dict(resources["XObject"])
	if err != nil || objects[name] == nil {
		return false, form, err
	}
	ref, isRef := objects[name].(pdffile.Ref)
	o, err := e.file.Resolve(objects[name])
	if err != nil {
		return false, form, err
	}
	stream, ok := o.(*pdffile.Stream)
	if !ok {
		return false, form, nil
	}
	switch stream.Dict["Subtype"] {
	case pdffile.Name("Image"):
		mask, err := e.file.Resolve(stream.Dict["ImageMask"])
		opaque := mask != pdffile.Raw("true") && stream.Dict["SMask"] == nil && stream.Dict["Mask"] == nil
		return opaque && !state.small && state.ctm.area() >= coverShare*e.page, form, err
	case pdffile.Name("Form"):
		if !isRef || depth >= maxForms {
			return false, form, nil
		}
		form, err = e.form(ref, stream, resources, state, depth)
	}
	return false, form, err
}

// rename finds a name for what is drawn instead of a form. The old one stays
// with the form, which may be drawn once more at another size.
func (e *eraser) rename(name pdffile.Name, form pdffile.Ref, resources pdffile.Dict, taken map[pdffile.Name]pdffile.Ref) (pdffile.Name, error) {
	objects, err := e.file.Dict(resources["XObject"])
	if err != nil {
		return "", err
	}
	for {
		name += "."
		if objects[name] == nil && (taken[name] == pdffile.Ref{} || taken[name] == form) {
			return name, nil
		}
	}
}

// large reports whether a form may fill the page: nothing of it shows outside
// its box.
func (e *eraser) large(stream *pdffile.Stream, ctm transform) (bool, error) {
	o, err := e.file.Resolve(stream.Dict["BBox"])
	if err != nil {
		return false, err
	}
	box, _ := o.(pdffile.Array)
	if len(box) != 4 {
		return true, nil
	}
	var at [4]float64
	for i, o := range box {
		var ok bool
		if at[i], ok = pdffile.Float(o); !ok {
			return true, nil
		}
	}
	return math.Abs((at[2]-at[0])*(at[3]-at[1]))*ctm.area() >= coverShare*e.page, nil
}

// form erases the text of a form, once for all pages that draw it as large.
func (e *eraser) form(ref pdffile.Ref, stream *pdffile.Stream, outer pdffile.Dict, state graphics, depth int) (_ pdffile.Ref, err error) {
	if o, err := e.file.Resolve(stream.Dict["Matrix"]); err != nil {
		return pdffile.Ref{}, err
	} else if a, ok := o.(pdffile.Array); ok {
		if m, ok := matrixOf(a); ok {
			state.ctm = m.then(state.ctm)
		}
	}
	large, err := e.large(stream, state.ctm)
	if err != nil {
		return pdffile.Ref{}, err
	}
	state.small = state.small || !large
	key := drawn{ref, !state.small}
	if done, ok := e.forms[key]; ok {
		return done, nil
	}
	e.forms[key] = pdffile.Ref{} // a form that draws itself
	defer func() {
		if err != nil {
			delete(e.forms, key) // the next page that draws it is to fail too
		}
	}()
	// What is erased holds wherever the form is drawn, so only what it says
	// itself makes its text invisible.
	state.mode = 0
	data, err := stream.Decode()
	if err != nil {
		return pdffile.Ref{}, err
	}
	resources, err := e.file.Dict(stream.Dict["Resources"])
	if err != nil {
		return pdffile.Ref{}, err
	}
	if resources == nil {
		resources = outer
	}
	got, err := e.erase(data, resources, state, depth+1)
	if err != nil || !got.changed {
		return pdffile.Ref{}, err
	}
	dict := pdffile.Dict{}
	for k, v := range stream.Dict {
		dict[k] = v
	}
	if dict["Resources"], err = e.withForms(resources, got.forms); err != nil {
		return pdffile.Ref{}, err
	}
	e.forms[key] = e.out.AddStream(dict, got.data)
	return e.forms[key], nil
}

// withForms gives resources in which forms are replaced.
func (e *eraser) withForms(resources pdffile.Dict, forms map[pdffile.Name]pdffile.Ref) (pdffile.Dict, error) {
	if len(forms) == 0 {
		return resources, nil
	}
	objects, err := e.file.Dict(resources["XObject"])
	if err != nil {
		return nil, err
	}
	out, replaced := pdffile.Dict{}, pdffile.Dict{}
	for k, v := range resources {
		out[k] = v
	}
	for k, v := range objects {
		replaced[k] = v
	}
	for k, v := range forms {
		replaced[k] = v
	}
	out["XObject"] = replaced
	return out, nil
}
