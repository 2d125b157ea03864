package review

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// batch is an entry of the history as people see it: what one key did.
type batch struct {
	ID      string
	By      string
	At      time.Time
	Note    string
	Undoes  string
	Undone  bool
	CanUndo bool
	Version int
	Changes []change
	More    int // changes beyond those shown
}

type change struct {
	Path, Label, Row string
	From, To         string
	State            schema.State
}

const shownChanges = 8 // of a batch

// batches groups the corrections of a document, newest first.
func (r *request) batches(doc *schema.Document, all []store.Correction, version int) []batch {
	var out []batch
	index := map[string]int{}
	for _, c := range all {
		if c.Carried != 0 {
			continue // it stands there once already
		}
		i, ok := index[c.Batch]
		if !ok {
			i = len(out)
			index[c.Batch] = i
			out = append(out, batch{ID: c.Batch, By: c.By, At: c.At, Note: c.Note, Undoes: c.Undoes, Version: c.Version})
		}
		b := &out[i]
		if len(b.Changes) == shownChanges {
			b.More++
			continue
		}
		b.Changes = append(b.Changes, r.change(doc, c))
	}
	for i := range out {
		if j, ok := index[out[i].Undoes]; ok && out[i].Undoes != "" {
			out[j].Undone = true
		}
	}
	for i := range out {
		out[i].CanUndo = !out[i].Undone && out[i].Version == version
	}
	slices.Reverse(out)
	return out
}

func (r *request) change(doc *schema.Document, c store.Correction) change {
	a := parsePath(c.Path)
	out := change{Path: c.Path, Label: r.texts.T(label(a.name))}
	switch c.What {
	case store.TheField:
		var from, to schema.Field
		_ = json.Unmarshal(c.Before, &from) // null, before the field was there, stays the empty one
		_ = json.Unmarshal(c.After, &to)
		out.From, out.To, out.State = from.Text, to.Text, to.State
	case store.TheRecord:
		out.Label = r.texts.T("Row")
		var from, to struct{ Record *schema.Record }
		_ = json.Unmarshal(c.Before, &from)
		_ = json.Unmarshal(c.After, &to)
		if from.Record != nil {
			out.From = rowName(from.Record, "")
		}
		if to.Record != nil {
			out.To = rowName(to.Record, "")
		}
		a.record, _ = strings.CutPrefix(c.Path, "records/")
	case store.TheTable:
		out.Label = r.texts.T("Table")
	}
	if i := recordIndex(doc, a.record); i >= 0 {
		out.Row = rowName(&doc.Records[i], "")
	}
	return out
}

func (r *request) history() error {
	ctx := r.Context()
	v, err := r.documentPage("")
	if err != nil {
		return err
	}
	page := struct {
		documentView
		Batches []batch
		Log     []store.AuditEntry
	}{documentView: v}
	if v.Doc.Version > 0 {
		doc, _, err := r.s.store.Current(ctx, v.Doc.ID)
		if err != nil {
			return err
		}
		all, err := r.s.store.History(ctx, v.Doc.ID)
		if err != nil {
			return err
		}
		page.Batches = r.batches(doc, all, v.Doc.Version)
	}
	log, err := r.s.store.AuditLog(ctx, v.Doc.ID, 0, 1000)
	if err != nil {
		return err
	}
	for _, e := range log {
		if e.Action != store.Amended {
			page.Log = append(page.Log, e)
		}
	}
	slices.Reverse(page.Log)
	page.Section = "history"
	return r.render("history", page)
}

// undo takes a batch back: the one that is named, or the visitor's last one
// that still stands. A script gets the panel of the field that it was about.
func (r *request) undo() error {
	ctx := r.Context()
	v, err := r.documentPage("")
	if err != nil {
		return err
	}
	if v.Claimed != "" {
		return fmt.Errorf("%w: %s", store.ErrClaimed, v.Claimed)
	}
	all, err := r.s.store.History(ctx, v.Doc.ID)
	if err != nil {
		return err
	}
	id := r.PostFormValue("batch")
	if id == "" {
		undone := map[string]bool{}
		for _, c := range slices.Backward(all) {
			if c.Undoes != "" {
				undone[c.Undoes] = true
				continue
			}
			if c.By == r.who.Name && c.Version == v.Doc.Version && c.Carried == 0 && !undone[c.Batch] {
				id = c.Batch
				break
			}
		}
		if id == "" {
			return r.complaint(http.StatusConflict, "There is nothing of yours to undo here.")
		}
	}
	path := ""
	for _, c := range all {
		if c.Batch == id && c.What == store.TheField {
			path = c.Path
			break
		}
	}
	if _, err := r.s.store.Undo(ctx, v.Doc.ID, id, r.who.Name); err != nil {
		if errors.Is(err, store.ErrConflict) {
			return r.complaint(http.StatusConflict, "It cannot be undone: a later change builds on it. Undo that one first.")
		}
		return err
	}
	if !r.wantsFragment() {
		return r.redirect("/d/" + v.Doc.ID + "/history")
	}
	if v.Doc, err = r.s.store.Document(ctx, v.Doc.ID); err != nil {
		return err
	}
	return r.showPanel(v, path, skipped(r), func(p *panel) { p.Notice = r.texts.T("Undone.") })
}

// acceptAbove confirms all fields that are left and surer than asked, as one
// entry of the history.
func (r *request) acceptAbove() error {
	ctx := r.Context()
	v, err := r.documentPage("")
	if err != nil {
		return err
	}
	if v.Claimed != "" {
		return fmt.Errorf("%w: %s", store.ErrClaimed, v.Claimed)
	}
	above, err := strconv.ParseFloat(strings.ReplaceAll(r.PostFormValue("above"), ",", "."), 64)
	if err != nil || above < 0.5 || above > 1 {
		return r.complaint(http.StatusUnprocessableEntity, "Give a share between 0.5 and 1.")
	}
	for range 5 {
		doc, revision, err := r.s.store.Current(ctx, v.Doc.ID)
		if err != nil {
			return err
		}
		rows, err := r.s.store.Fields(ctx, store.FieldQuery{Document: v.Doc.ID, State: string(schema.NeedsReview), Limit: 100_000})
		if err != nil {
			return err
		}
		b := store.Batch{By: r.who.Name, Note: "accept above " + strconv.FormatFloat(above, 'f', -1, 64), Revision: revision}
		for _, row := range rows {
			f := store.FieldAt(doc, row.Path)
			// What a check or a person's hand spoke against is no matter of shares,
			// nor is what two people have to type, nor what shall tell how right
			// such fields are.
			if f == nil || slices.Contains(f.Why, store.WhySampled) || f.Confidence < above || r.s.doubled(row.Path, f) || slices.Contains(f.Why, "check") || slices.Contains(f.Why, "handwriting") {
				continue
			}
			to := *f
			to.State, to.Why = schema.Confirmed, nil
			b.Changes = append(b.Changes, store.Change{What: store.TheField, Path: row.Path, Field: &to})
		}
		if len(b.Changes) == 0 {
			return r.complaint(http.StatusConflict, "No field that is left is so sure.")
		}
		if _, err = r.s.store.Correct(ctx, v.Doc.ID, b); errors.Is(err, store.ErrConflict) {
			continue
		}
		if err != nil {
			return err
		}
		return r.redirect("/d/" + v.Doc.ID)
	}
	return store.ErrConflict
}

// approve locks the document as it was looked at.
func (r *request) approve() error {
	ctx := r.Context()
	id := r.PathValue("id")
	d, err := r.s.store.Document(ctx, id)
	if err != nil {
		return err
	}
	if d.FieldsLeft > 0 && r.PostFormValue("anyway") != "yes" {
		return r.complaint(http.StatusConflict, "%d fields are still to be looked at.", d.FieldsLeft)
	}
	revision, err := strconv.ParseInt(r.PostFormValue("revision"), 10, 64)
	if err != nil {
		return r.complaint(http.StatusBadRequest, "It was changed in between. Load the page again.")
	}
	if err := r.s.store.Approve(ctx, id, r.who.Name, revision); err != nil {
		return err
	}
	if err := r.s.store.Release(ctx, id, r.who.Name); err != nil {
		return err
	}
	return r.redirect("/d/" + id)
}

func (r *request) reopen() error {
	id, reason := r.PathValue("id"), clean(r.PostFormValue("reason"))
	if reason == "" {
		return r.complaint(http.StatusUnprocessableEntity, "Say why it is reopened.")
	}
	if err := r.s.store.Reopen(r.Context(), id, r.who.Name, reason); err != nil {
		return err
	}
	return r.redirect("/d/" + id)
}
