package store_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// A store, a document, and a worker whose reading is a line of Go.
func Example() {
	dir, err := os.MkdirTemp("", "store")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ctx, stop := context.WithCancel(context.Background())
	s, err := store.Open(ctx, dir+"/sohoa.db", store.Options{})
	if err != nil {
		panic(err)
	}
	defer s.Close()

	receipt, err := s.Submit(ctx, store.Upload{Name: "report.txt", Bytes: strings.NewReader("two\npages"), By: "Lan"})
	if err != nil {
		panic(err)
	}
	fmt.Println("queued:", receipt.Queued)

	work := store.Work{
		Split: func(_ context.Context, t store.Task) (schema.Source, error) {
			return schema.Source{Name: t.Name, MediaType: "text/plain", Pages: 2}, nil
		},
		Page: func(_ context.Context, t store.Task, n int) (store.PageResult, error) {
			return store.PageResult{Page: schema.Page{PageInfo: schema.PageInfo{Number: n, Outcome: schema.Done, TextSource: schema.FromText, Text: fmt.Sprint("page ", n)}}}, nil
		},
		Assemble: func(_ context.Context, t store.Task, pages []schema.Page) (*schema.Document, error) {
			doc := &schema.Document{DocumentID: t.Document, Source: t.Source}
			for _, p := range pages {
				doc.Pages = append(doc.Pages, p.PageInfo)
			}
			doc.Seal()
			return doc, nil
		},
	}
	worker := s.NewWorker(work, store.WorkerConfig{Slots: 2, Observe: func(e store.Event) {
		if e.Kind == store.Assembled {
			stop()
		}
	}})
	if err := worker.Run(ctx); err != nil {
		panic(err)
	}
	doc, _, err := s.Current(context.Background(), receipt.Document)
	if err != nil {
		panic(err)
	}
	fmt.Println(doc.Source.Name, len(doc.Pages), doc.Pages[1].Text)
	// Output:
	// queued: true
	// report.txt 2 page 2
}
