package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/schema"
)

// linking gathers the catalogues of a run: a plan often lies in the same folder
// as the reports about it. When all documents are there, those that are no
// catalogue themselves are linked and written again. Then reports on the same
// list help each other: torn ones are made once more with the titles of the
// others. What comes out depends on the documents alone, not on the order in which
// they came.
type linking struct {
	profiles []extract.Profile
	entries  map[string][]extract.CatalogueEntry // by document
	others   map[string]string                   // file to document, of documents with records
	titles   map[string]extract.ReportTitles     // of those, by file
}

func newLinking(profiles []extract.Profile) *linking {
	return &linking{profiles, map[string][]extract.CatalogueEntry{}, map[string]string{}, map[string]extract.ReportTitles{}}
}

// add notes a finished document. It is not safe for many goroutines at once.
func (l *linking) add(file string, doc *schema.Document) {
	switch {
	case l.isCatalogue(doc):
		l.entries[doc.DocumentID] = extract.CatalogueOf(doc)
	case len(doc.Records) > 0:
		l.others[file], l.titles[file] = doc.DocumentID, extract.TitlesOfReport(doc)
	}
}

func (l *linking) isCatalogue(doc *schema.Document) bool {
	for _, name := range strings.Split(doc.Engine.Profile, "+") {
		if slices.ContainsFunc(l.profiles, func(p extract.Profile) bool { return p.Name == name && p.Catalogue }) {
			return true
		}
	}
	return false
}

// catalogue lists the entries of all catalogues, by document number and then by
// document.
func (l *linking) catalogue() []extract.CatalogueEntry {
	var lists [][]extract.CatalogueEntry
	var ids []string
	for id := range l.entries {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		if len(l.entries[id]) > 0 {
			lists = append(lists, l.entries[id])
		}
	}
	slices.SortStableFunc(lists, func(a, b []extract.CatalogueEntry) int { return cmp.Compare(a[0].Document, b[0].Document) })
	return slices.Concat(lists...)
}

// run makes the documents anew in the light of the catalogues, then torn ones in
// the light of each other, and hands those that changed to write. It returns by how
// much the fields to review changed.
func (l *linking) run(ctx context.Context, relink relinker, write func(file string, doc *schema.Document) error) (review int, err error) {
	remake := func(file string, entries, beside []extract.CatalogueEntry) (*schema.Document, error) {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		before, doc, err := relink(ctx, l.others[file], entries, beside)
		if err != nil {
			return nil, fmt.Errorf("link %s: %w", file, err)
		}
		if doc == nil {
			return nil, nil
		}
		review += pipeline.Review(doc) - pipeline.Review(before)
		return doc, write(file, doc)
	}
	entries := l.catalogue()
	files := slices.Sorted(maps.Keys(l.others))
	for _, file := range files {
		if len(entries) == 0 {
			break
		}
		doc, err := remake(file, entries, nil)
		if err != nil {
			return review, err
		}
		if doc != nil {
			l.titles[file] = extract.TitlesOfReport(doc)
		}
	}
	reports := slices.Collect(maps.Values(l.titles))
	for _, file := range files {
		if !l.titles[file].Torn {
			continue
		}
		if beside := extract.Beside(l.titles[file], reports); len(beside) > 0 {
			if _, err := remake(file, entries, beside); err != nil {
				return review, err
			}
		}
	}
	return review, nil
}

// relinker makes a document anew with the entries of catalogues and the titles of
// other reports on the same list. doc is nil when that changes nothing.
type relinker func(ctx context.Context, id string, entries, beside []extract.CatalogueEntry) (before, doc *schema.Document, err error)

// relink makes a document of its kept pages again: titles of a plan help to
// repair, to link and to check, so linking is more than adding a field. What
// people have corrected meanwhile is left as it is, but for links.
func (b *batch) relink(ctx context.Context, id string, entries, beside []extract.CatalogueEntry) (before, doc *schema.Document, err error) {
	if before, _, err = b.store.Current(ctx, id); err != nil {
		return nil, nil, err
	}
	info, err := b.store.Document(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	pages := make([]schema.Page, len(before.Pages))
	for i := range before.Pages {
		if pages[i], err = b.store.Page(ctx, id, info.Version, before.Pages[i].Number); err != nil {
			return nil, nil, err
		}
	}
	p, err := b.reader.linked(b.profile, entries, beside)
	if err != nil {
		return nil, nil, err
	}
	if doc, err = p.Assemble(id, before.Source, pages); err != nil {
		return nil, nil, err
	}
	if same, err := sameDocument(before, doc); err != nil || same {
		return before, nil, err
	}
	replaced, err := b.store.Replace(ctx, id, info.Version, doc)
	if err != nil || replaced {
		return before, doc, err
	}
	if doc, _, err = b.store.Current(ctx, id); err != nil || extract.Link(doc.Records, entries, b.set.Extract.Threshold) == 0 {
		return before, nil, err
	}
	return before, doc, nil
}

// linked returns the pipeline for a report type with the entries of catalogues and
// the titles of other reports.
func (r *reader) linked(profile string, entries, beside []extract.CatalogueEntry) (*pipeline.Pipeline, error) {
	set, err := r.settingsFor(profile)
	if err != nil {
		return nil, err
	}
	set.Extract.Catalogue = append(slices.Clip(set.Extract.Catalogue), entries...)
	set.Extract.Beside = beside
	return pipeline.New(set), nil
}

// sameDocument compares documents as they are written.
func sameDocument(a, b *schema.Document) (bool, error) {
	x, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	y, err := json.Marshal(b)
	return bytes.Equal(x, y), err
}
