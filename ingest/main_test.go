package ingest

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/sohoa/sohoa/ingest/pdf"
)

// The test binary plays the helpers that read PDF files.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "pdf-child" {
		if err := pdf.ServeChild(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	if shared != nil {
		shared.Close()
	}
	os.Exit(code)
}

var (
	shared *pdf.Renderer
	once   sync.Once
)

func renderer(t testing.TB) *pdf.Renderer {
	t.Helper()
	once.Do(func() {
		var err error
		if shared, err = pdf.NewRenderer(context.Background(), pdf.Config{}); err != nil {
			t.Fatal(err)
		}
	})
	if shared == nil {
		t.Fatal("no renderer")
	}
	return shared
}
