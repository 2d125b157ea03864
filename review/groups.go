package review

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// Group check: what was read as the same value, from all documents, side by
// side. An eye finds the odd one among forty crops faster than it reads forty
// fields, above all for digits and statuses.

const (
	groupRows  = 5000 // fields of a name that are grouped
	groupCrops = 60   // crops on a page
	groupLong  = 60   // letters of the longest value that is worth grouping
)

// groupNames are the fields that the check is offered for.
var groupNames = []string{"number", "status", "amounts", "lead_agency", "deadline", "ratio", "unit"}

type groupsView struct {
	view
	Names  []string
	Name   string
	Values []groupValue
	Text   string
	Items  []groupItem
	Next   string // value that comes next in the list
	Notice string
	Change bool
}

type groupValue struct {
	Text string
	Left int // fields that need review
	All  int
}

type groupItem struct {
	Document, Path, Crop string
	Left                 bool
	Percent              int
}

// Label names a field; for templates.
func (v groupsView) Label(name string) string { return v.T(label(name)) }

// URL is the address of a group.
func (v groupsView) URL(text string) string {
	return "/groups?" + url.Values{"name": {v.Name}, "text": {text}}.Encode()
}

// groups shows the values of a field, or the crops of one value.
func (r *request) groups() error {
	ctx := r.Context()
	v := groupsView{view: r.view(r.texts.T("Group check")), Names: groupNames, Name: r.FormValue("name"), Text: r.FormValue("text"), Change: r.role >= Reviewer}
	v.Section = "groups"
	if !slices.Contains(groupNames, v.Name) {
		v.Name = groupNames[0]
	}
	for _, state := range []schema.State{schema.NeedsReview, schema.Accepted} {
		rows, err := r.s.store.Fields(ctx, store.FieldQuery{Name: v.Name, State: string(state), LeastSure: true, Limit: groupRows})
		if err != nil {
			return err
		}
		for _, f := range rows {
			if f.Text == "" || len([]rune(f.Text)) > groupLong || f.Record == "" {
				continue
			}
			v.add(f, state == schema.NeedsReview)
		}
	}
	slices.SortStableFunc(v.Values, func(a, b groupValue) int {
		return cmp.Or(cmp.Compare(b.Left, a.Left), cmp.Compare(b.All, a.All), cmp.Compare(a.Text, b.Text))
	})
	for i, g := range v.Values {
		if g.Text == v.Text && i+1 < len(v.Values) {
			v.Next = v.Values[i+1].Text
		}
	}
	v.Notice = r.s.sessions.PopString(ctx, "notice")
	return r.render("groups", v)
}

func (v *groupsView) add(f store.FieldRow, left bool) {
	i := slices.IndexFunc(v.Values, func(g groupValue) bool { return g.Text == f.Text })
	if i < 0 {
		i = len(v.Values)
		v.Values = append(v.Values, groupValue{Text: f.Text})
	}
	v.Values[i].All++
	if left {
		v.Values[i].Left++
	}
	if f.Text == v.Text && len(v.Items) < groupCrops {
		v.Items = append(v.Items, groupItem{f.Document, f.Path, "/d/" + f.Document + "/crop?" + url.Values{"path": {f.Path}}.Encode(), left, int(f.Confidence*100 + 0.5)})
	}
}

// fieldCrop is the crop of the first place of a field, found when it is asked
// for, so that a page of many crops is quickly made.
func (r *request) fieldCrop() error {
	ctx := r.Context()
	id := r.PathValue("id")
	doc, _, err := r.s.store.Current(ctx, id)
	if err != nil {
		return err
	}
	d, err := r.s.store.Document(ctx, id)
	if err != nil {
		return err
	}
	if f := store.FieldAt(doc, r.FormValue("path")); f != nil {
		for _, b := range f.Boxes {
			if b.Box != nil {
				return r.redirect(cropURL(doc, d, b))
			}
		}
	}
	return fmt.Errorf("crop: %w", store.ErrNotFound)
}

// saveGroup confirms the crops of a value but for those that were picked out;
// these need review from then on. It is an entry in the history of each
// document.
func (r *request) saveGroup() error {
	ctx := r.Context()
	r.Body = http.MaxBytesReader(r.w, r.Body, 1<<20)
	if err := r.ParseForm(); err != nil {
		return err
	}
	text, odd := r.PostFormValue("text"), r.PostForm["odd"]
	byDocument := map[string][]string{}
	var order []string
	for _, item := range r.PostForm["item"] {
		id, path, ok := strings.Cut(item, " ")
		if !ok {
			continue
		}
		if byDocument[id] == nil {
			order = append(order, id)
		}
		byDocument[id] = append(byDocument[id], path)
	}
	confirmed, picked, passed := 0, 0, 0
	for _, id := range order {
		c, p, err := r.saveGroupIn(id, text, byDocument[id], odd)
		switch {
		case errors.Is(err, store.ErrClaimed), errors.Is(err, store.ErrApproved), errors.Is(err, store.ErrConflict):
			passed += len(byDocument[id])
		case err != nil:
			return err
		}
		confirmed, picked = confirmed+c, picked+p
	}
	notice := r.texts.T("%d confirmed, %d picked out.", confirmed, picked)
	if passed > 0 {
		notice += " " + r.texts.T("%d passed over: their documents are approved, or somebody works on them.", passed)
	}
	r.s.sessions.Put(ctx, "notice", notice)
	return r.redirect("/groups?" + url.Values{"name": {r.PostFormValue("name")}, "text": {r.PostFormValue("next")}}.Encode())
}

func (r *request) saveGroupIn(id, text string, paths, odd []string) (confirmed, picked int, err error) {
	ctx := r.Context()
	d, err := r.s.store.Document(ctx, id)
	if err != nil {
		return 0, 0, err
	}
	if d.Claim != nil && d.Claim.By != r.who.Name {
		return 0, 0, store.ErrClaimed
	}
	doc, revision, err := r.s.store.Current(ctx, id)
	if err != nil {
		return 0, 0, err
	}
	b := store.Batch{By: r.who.Name, Note: "group", Revision: revision}
	for _, path := range paths {
		f := store.FieldAt(doc, path)
		if f == nil || f.Text != text || f.State == schema.Confirmed || f.State == schema.Corrected || r.s.doubled(path, f) {
			continue // it changed since the page was made, or two people have to type it
		}
		to := *f
		if slices.Contains(odd, id+" "+path) {
			to.State, to.Why = schema.NeedsReview, []string{"group"}
			picked++
		} else {
			to.State, to.Why = schema.Confirmed, nil
			confirmed++
		}
		b.Changes = append(b.Changes, store.Change{What: store.TheField, Path: path, Field: &to})
	}
	if len(b.Changes) == 0 {
		return 0, 0, nil
	}
	if _, err = r.s.store.Correct(ctx, id, b); err != nil {
		return 0, 0, err
	}
	return confirmed, picked, nil
}
