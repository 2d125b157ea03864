package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/schema"
)

// linking gathers the catalogues of a run: a plan often lies in the same folder
// as the reports about it. When all documents are there, those that are no
// catalogue themselves are linked and written again. What is linked depends on
// the documents alone, not on the order in which they came.
type linking struct {
	profiles []extract.Profile
	entries  map[string][]extract.CatalogueEntry // by document
	others   map[string]string                   // file to document, of documents with records
}

func newLinking(profiles []extract.Profile) *linking {
	return &linking{profiles, map[string][]extract.CatalogueEntry{}, map[string]string{}}
}

// add notes a finished document. It is not safe for many goroutines at once.
func (l *linking) add(file string, doc *schema.Document) {
	switch {
	case l.isCatalogue(doc):
		l.entries[doc.DocumentID] = extract.CatalogueOf(doc)
	case len(doc.Records) > 0:
		l.others[file] = doc.DocumentID
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

// run links the documents and hands those that changed to write. current reads
// a document by its id. It returns by how much the fields to review changed.
func (l *linking) run(ctx context.Context, threshold float64, current func(ctx context.Context, id string) (*schema.Document, error), write func(file string, doc *schema.Document) error) (review int, err error) {
	entries := l.catalogue()
	if len(entries) == 0 {
		return 0, nil
	}
	var files []string
	for f := range l.others {
		files = append(files, f)
	}
	slices.Sort(files)
	for _, file := range files {
		if err := context.Cause(ctx); err != nil {
			return review, err
		}
		doc, err := current(ctx, l.others[file])
		if err != nil {
			return review, fmt.Errorf("link %s: %w", file, err)
		}
		before := pipeline.Review(doc)
		if extract.Link(doc.Records, entries, threshold) == 0 {
			continue
		}
		review += pipeline.Review(doc) - before
		if err := write(file, doc); err != nil {
			return review, err
		}
	}
	return review, nil
}
