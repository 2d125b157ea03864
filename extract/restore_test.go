package extract_test

import (
	"sync"
	"testing"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

var restorer = sync.OnceValues(normalize.Default)

// restore repairs pages as the pipeline does before records are made of them.
func restore(t *testing.T, pages []schema.Page) {
	t.Helper()
	r, err := restorer()
	if err != nil {
		t.Fatal(err)
	}
	for i := range pages {
		r.Page(&pages[i])
	}
}
