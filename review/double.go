package review

import (
	"context"
	"slices"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// Double entry: for the fields that the project names, a person types what the
// paper says without seeing the machine's reading or another's entry. A second
// person does the same; when they agree the field is settled, otherwise a third
// chooses. Nothing of the document changes before.

// doubled reports whether a field has to be typed twice.
func (v *Server) doubled(path string, f *schema.Field) bool {
	a := parsePath(path)
	return a.room == "records" && f.State == schema.NeedsReview && slices.Contains(v.set.Double, a.name)
}

// entries are what people typed for the doubled fields of a document, by path;
// nil when the project has no double entry.
func (v *Server) entries(ctx context.Context, d store.Document) (map[string][]store.Entry, error) {
	if len(v.set.Double) == 0 {
		return nil, nil
	}
	all, err := v.store.Entries(ctx, d.ID, d.Version)
	if err != nil {
		return nil, err
	}
	out := map[string][]store.Entry{}
	for _, e := range all {
		out[e.Path] = append(out[e.Path], e)
	}
	return out, nil
}

// entered reports whether somebody is among those who typed.
func entered(entries []store.Entry, who string) bool {
	return slices.ContainsFunc(entries, func(e store.Entry) bool { return e.By == who })
}

// blind makes a panel of one that shows the paper alone, or, for the third
// person, what the two typed.
func (r *request) blind(p *panel, entries []store.Entry) {
	p.Double, p.Text, p.Choices, p.Raw, p.Read, p.Above = true, "", nil, nil, "", ""
	switch {
	case entered(entries, r.who.Name):
		p.Mine = false
		p.Notice = r.texts.T("You typed this field already; another person has to now.")
	case len(entries) >= 2:
		p.Settle = true
		for i, e := range entries[:2] {
			p.Choices = append(p.Choices, choice{Key: []string{"1", "2"}[i], Name: r.texts.T("typed"), Text: e.Text, Pieces: differences(e.Text, entries[1-i].Text)})
		}
	}
}

// enter takes an entry. final is true when the field is settled by it: then the
// text is to be saved like any other.
func (r *request) enter(ctx context.Context, d store.Document, path, text string) (final bool, err error) {
	all, err := r.s.entries(ctx, d)
	if err != nil {
		return false, err
	}
	var others []store.Entry
	for _, e := range all[path] {
		if e.By != r.who.Name {
			others = append(others, e)
		}
	}
	if len(others) >= 2 || len(others) == 1 && others[0].Text == text {
		return true, nil
	}
	return false, r.s.store.Enter(ctx, d.ID, d.Version, store.Entry{Path: path, By: r.who.Name, Text: text})
}
