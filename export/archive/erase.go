package archive

import (
	"bytes"
	"math"

	"github.com/sohoa/sohoa/export/archive/pdffile"
)

// An eraser takes the meaning of old text out of a page, and leaves how the
// page looks: a search must find the repaired words, not beside them what an
// earlier program had made of the scan.
//
// Text that shows no ink (rendering mode 3, or text that a picture over most of
// the page covers) is dropped. Text that can be seen stays, under an
// ActualText of a single space, which is what search and copying then read
// (ISO 32000-1, 14.9.4): rebuilding the page from its picture would lose the
// sharpness of its letters, and many times its size. Forms that a page draws
// are treated in the same way; other objects are never changed.
type eraser struct {
	file  *pdffile.File
	out   *pdffile.Writer
	page  float64 // area of the page, in square points
	forms map[pdffile.Ref]pdffile.Ref
}

// silence is the mark that stands before text whose meaning is taken away.
const silence = "/Span<</ActualText<FEFF0020>>>BDC\n"

// maxForms bounds how deep forms draw forms.
const maxForms = 8

// coverShare is the share of the page from which a picture covers what was
// drawn before.
const coverShare = 0.6

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
	ctm  transform
	mode int // text rendering mode
}

// invisible is the text rendering mode that shows nothing.
const invisible = 3

// piece is a stretch of a content stream.
type piece struct {
	data  []byte
	block int  // the text object that it lies in, from 1; 0: none
	shows bool // it shows text that can be seen
}

// erased is what became of a content stream.
type erased struct {
	data    []byte
	changed bool
	open    int                          // saved graphics states that it does not restore
	forms   map[pdffile.Name]pdffile.Ref // forms drawn that were replaced, by their names
}

// erase goes through a content stream. resources are those that its names stand
// for.
func (e *eraser) erase(data []byte, resources pdffile.Dict, start graphics, depth int) (erased, error) {
	l := pdffile.Lexer{Data: data, Content: true}
	out := erased{forms: map[pdffile.Name]pdffile.Ref{}}
	state, saved := start, []graphics(nil)
	var pieces []piece
	var operands []pdffile.Object
	block, blocks := 0, 0
	from := 0    // where the operator with its operands begins
	covered := 0 // pieces that a picture covers already
	for {
		o, word, err := l.Next()
		if err != nil {
			// What is left is no operator; it is kept as it is.
			pieces = append(pieces, piece{data: data[from:], block: block})
			break
		}
		if word == "" {
			if operands = append(operands, o); len(operands) > 512 {
				operands = operands[1:]
			}
			continue
		}
		p := piece{data: data[from:l.Pos], block: block}
		switch word {
		case "q":
			if saved = append(saved, state); len(saved) > 4096 {
				return out, pdffile.ErrLimit
			}
		case "Q":
			if n := len(saved); n > 0 {
				state, saved = saved[n-1], saved[:n-1]
			} else {
				// Readers pass over it; here it would restore what we save.
				p.data, out.changed = []byte("\n"), true
			}
		case "cm":
			if m, ok := matrixOf(operands); ok {
				state.ctm = m.then(state.ctm)
			}
		case "Tr":
			if len(operands) > 0 {
				state.mode, _ = pdffile.Int(operands[len(operands)-1])
			}
		case "BT":
			blocks++
			block = blocks
			p.block = block
		case "ET":
			block = 0
		case "ID":
			l.Pos = endOfInlineImage(data, l.Pos)
			p.data = data[from:l.Pos]
		case "Tj", "TJ", "'", "\"":
			if p.shows = state.mode != invisible; !p.shows {
				p.data, out.changed = withoutShowing(word), true
			}
		case "Do":
			name, _ := operand(operands).(pdffile.Name)
			covers, form, err := e.draw(name, resources, state, depth)
			if err != nil {
				return out, err
			}
			if form != (pdffile.Ref{}) {
				out.forms[name], out.changed = form, true
			}
			for ; covers && covered < len(pieces); covered++ {
				if p := &pieces[covered]; p.shows {
					p.data, p.shows, out.changed = []byte("\n"), false, true
				}
			}
		}
		pieces = append(pieces, p)
		operands, from = operands[:0], l.Pos
	}
	out.open = len(saved)
	out.data = joinPieces(pieces, &out.changed)
	return out, nil
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
		return opaque && state.ctm.area() >= coverShare*e.page, form, err
	case pdffile.Name("Form"):
		if !isRef || depth >= maxForms {
			return false, form, nil
		}
		form, err = e.form(ref, stream, resources, state, depth)
	}
	return false, form, err
}

// form erases the text of a form, once for all pages that draw it.
func (e *eraser) form(ref pdffile.Ref, stream *pdffile.Stream, outer pdffile.Dict, state graphics, depth int) (_ pdffile.Ref, err error) {
	if done, ok := e.forms[ref]; ok {
		return done, nil
	}
	e.forms[ref] = pdffile.Ref{} // a form that draws itself
	defer func() {
		if err != nil {
			delete(e.forms, ref) // the next page that draws it is to fail too
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
	if o, err := e.file.Resolve(stream.Dict["Matrix"]); err != nil {
		return pdffile.Ref{}, err
	} else if a, ok := o.(pdffile.Array); ok {
		if m, ok := matrixOf(a); ok {
			state.ctm = m.then(state.ctm)
		}
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
	e.forms[ref] = e.out.AddStream(dict, got.data)
	return e.forms[ref], nil
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
