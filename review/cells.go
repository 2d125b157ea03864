package review

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// Cells whose text the machine put one cell too far: a column read with its
// neighbour, a line that belongs to the row above or below. What moves is
// joined to what stands in the other cell.

// cellMoves are the directions, as steps over rows and over columns.
var cellMoves = map[string]struct{ down, across int }{
	"cell-left": {0, -1}, "cell-right": {0, 1}, "cell-up": {-1, 0}, "cell-down": {1, 0},
}

// moveCell moves the text of a cell of the record at index i, or the part of
// it that the form calls rest, to the next cell in a direction. focus is the
// record of that cell.
func (r *request) moveCell(doc *schema.Document, i int, action string) (changes []store.Change, focus string, err error) {
	step := cellMoves[action]
	rec, path := &doc.Records[i], r.PostFormValue("path")
	from := store.FieldAt(doc, path)
	at := parsePath(path)
	if from == nil || at.record != rec.ID {
		return nil, "", fmt.Errorf("cell %s: %w", path, store.ErrNotFound)
	}
	if r.s.doubled(path, from) {
		return nil, "", r.complaint(http.StatusConflict, "Two people type this field; key C leads to it.")
	}
	target, name := rec, at.name
	if step.down != 0 {
		k, err := r.neighbour(doc, i, step.down)
		if err != nil {
			return nil, "", err
		}
		target = &doc.Records[k]
	} else {
		names := columns(doc, rec.Kind)
		k := slices.Index(names, at.name) + step.across
		if k < 0 || k >= len(names) {
			return nil, "", r.complaint(http.StatusConflict, "There is no column there.")
		}
		name = names[k]
	}
	stays, moves := clean(r.PostFormValue("text")), clean(r.PostFormValue("rest"))
	if moves == "" {
		stays, moves = "", from.Text
	}
	if moves == "" {
		return nil, "", r.complaint(http.StatusConflict, "The cell is empty.")
	}

	left := *from
	if stays == "" {
		left.Value, left.Text, left.Why, left.Confidence, left.State = nil, "", nil, 1, schema.Corrected
	} else if left, err = r.typed(doc, path, from, stays); err != nil {
		return nil, "", err
	}
	to, f := receiver(target, name, listed(doc, rec.Kind)[name])
	if r.s.doubled(to, f) {
		return nil, "", r.complaint(http.StatusConflict, "Two people type this field; key C leads to it.")
	}
	text := moves
	switch {
	case f.Text == "":
	case step.down+step.across > 0:
		text = moves + " " + f.Text // the end of one cell is the beginning of the next
	default:
		text = f.Text + " " + moves
	}
	got, err := r.typed(doc, to, f, text)
	if err != nil {
		return nil, "", err
	}
	got.Raw = strings.TrimSpace(f.Raw + " " + from.Raw)
	for _, b := range from.Boxes {
		if !slices.ContainsFunc(got.Boxes, func(have schema.Place) bool { return samePlace(have, b) }) {
			got.Boxes = append(slices.Clip(got.Boxes), b)
		}
	}
	return []store.Change{{What: store.TheField, Path: path, Field: &left}, {What: store.TheField, Path: to, Field: &got}}, target.ID, nil
}

// receiver finds where in a record what is moved goes: the field, or a new
// item of it where it is a list. The field is empty when there was none.
func receiver(rec *schema.Record, name string, list bool) (path string, f *schema.Field) {
	e, ok := rec.Fields[name]
	switch {
	case ok && e.One != nil:
		return store.FieldPath(rec.ID, name), e.One
	case ok || list:
		return store.FieldPath(rec.ID, name, len(e.List)), &schema.Field{}
	}
	return store.FieldPath(rec.ID, name), &schema.Field{}
}

// typed is a field with a text that fits its type, as if it had been typed.
func (r *request) typed(doc *schema.Document, path string, f *schema.Field, text string) (schema.Field, error) {
	to, complaint := r.decide(doc, path, f, "accept", text)
	if complaint != "" {
		return to, &said{http.StatusConflict, complaint}
	}
	return to, nil
}

func samePlace(a, b schema.Place) bool {
	return a.Page == b.Page && (a.Box == b.Box || a.Box != nil && b.Box != nil && *a.Box == *b.Box)
}
