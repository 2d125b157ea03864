package schema

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
)

// JSONSchema is the JSON Schema (2020-12) of [Document].
//
//go:embed document.schema.json
var JSONSchema []byte

// Seal readies a finished document for writing: the version is set and nil
// lists become empty ones, so that its JSON form has no null where the schema
// wants an array.
func (d *Document) Seal() {
	d.Schema = Version
	d.Records = orEmpty(d.Records)
	d.Tables = orEmpty(d.Tables)
	d.Citations = orEmpty(d.Citations)
	d.Amounts = orEmpty(d.Amounts)
	d.Pages = orEmpty(d.Pages)
	d.Checks = orEmpty(d.Checks)
	d.Header.Recipients = orEmpty(d.Header.Recipients)
	for i := range d.Tables {
		t := &d.Tables[i]
		t.Pages, t.Columns, t.Rows = orEmpty(t.Pages), orEmpty(t.Columns), orEmpty(t.Rows)
		for r, row := range t.Rows {
			t.Rows[r] = orEmpty(row)
			for c := range row {
				row[c].Boxes = orEmpty(row[c].Boxes)
			}
		}
	}
	for i := range d.Records {
		if d.Records[i].Fields == nil {
			d.Records[i].Fields = map[string]Entry{}
		}
	}
	for i := range d.Checks {
		c := &d.Checks[i]
		c.Records, c.Fields = orEmpty(c.Records), orEmpty(c.Fields)
	}
}

// DropLayers takes away what is no part of the JSON form and only extraction
// and calibration need: the words that cells and fields were made of.
func (d *Document) DropLayers() {
	d.EachField(func(_ string, f *Field) { f.Evidence = nil })
	for i := range d.Tables {
		for _, row := range d.Tables[i].Rows {
			for c := range row {
				row[c].Lines, row[c].Evidence = nil, nil
			}
		}
	}
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// EachField calls f for every field of the document, with its path in the JSON
// form ("records[3].fields.title").
func (d *Document) EachField(f func(path string, field *Field)) {
	named := d.Header.Fields()
	for _, name := range sortedKeys(named) {
		f("header."+name, named[name])
	}
	list := func(path string, fields []Field) {
		for i := range fields {
			f(fmt.Sprintf("%s[%d]", path, i), &fields[i])
		}
	}
	list("header.recipients", d.Header.Recipients)
	for i, r := range d.Records {
		for _, name := range sortedKeys(r.Fields) {
			path := fmt.Sprintf("records[%d].fields.%s", i, name)
			if e := r.Fields[name]; e.One != nil {
				f(path, e.One)
			} else {
				list(path, e.List)
			}
		}
	}
	for i := range d.Tables {
		list(fmt.Sprintf("tables[%d].columns", i), d.Tables[i].Columns)
	}
	list("citations", d.Citations)
	list("amounts", d.Amounts)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Validate checks what a JSON Schema cannot say: that pages are numbered
// without gaps, that boxes lie on their pages, that references lead somewhere
// and ids are unique. The error names every fault, joined.
func (d *Document) Validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }

	if d.Schema != Version {
		fault("schema is %q, want %q", d.Schema, Version)
	}
	for i, p := range d.Pages {
		if p.Number != i+1 {
			fault("pages[%d] has number %d", i, p.Number)
		}
		if (p.Outcome == Done) != (p.Reason == "") {
			fault("page %d: outcome %s with reason %q", p.Number, p.Outcome, p.Reason)
		}
	}
	place := func(path string, p Place) {
		switch {
		case p.Page < 1 || p.Page > len(d.Pages):
			fault("%s: no page %d", path, p.Page)
		case (p.Box == nil) == (p.Line == nil):
			fault("%s: want a box or a line range", path)
		case p.Line != nil && (p.Line[0] < 1 || p.Line[1] < p.Line[0]):
			fault("%s: line range %v", path, *p.Line)
		case p.Box != nil:
			page := d.Pages[p.Page-1]
			b := *p.Box
			if b.Empty() || b.X0 < 0 || b.Y0 < 0 || b.X1 > page.Width || b.Y1 > page.Height {
				fault("%s: box %v is not on page %d (%d×%d)", path, b, p.Page, page.Width, page.Height)
			}
		}
	}
	d.EachField(func(path string, f *Field) {
		if !(f.Confidence >= 0 && f.Confidence <= 1) {
			fault("%s: confidence %v", path, f.Confidence)
		}
		for _, p := range f.Boxes {
			place(path, p)
		}
	})
	ids := map[string]bool{}
	for i, r := range d.Records {
		if ids[r.ID] {
			fault("records[%d]: id %q is not unique", i, r.ID)
		}
		ids[r.ID] = true
		if r.Table != nil && (*r.Table < 0 || *r.Table >= len(d.Tables)) {
			fault("records[%d]: no table %d", i, *r.Table)
		}
	}
	for i, t := range d.Tables {
		for r, row := range t.Rows {
			for c, cell := range row {
				for _, p := range cell.Boxes {
					place(fmt.Sprintf("tables[%d].rows[%d][%d]", i, r, c), p)
				}
			}
		}
	}
	for i, c := range d.Checks {
		for _, id := range c.Records {
			if !ids[id] {
				fault("checks[%d] (%s): no record %q", i, c.Rule, id)
			}
		}
		for _, p := range c.Places {
			place(fmt.Sprintf("checks[%d] (%s)", i, c.Rule), p)
		}
	}
	return errors.Join(faults...)
}
