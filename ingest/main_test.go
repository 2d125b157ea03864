package ingest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/sohoa/sohoa/ingest/child"
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
	if len(os.Args) > 1 && os.Args[1] == "picture-child" {
		if err := playPicture(os.Args[2:]); err != nil {
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

// playPicture plays the helpers that decode pictures: the real one and broken
// ones.
func playPicture(args []string) error {
	if len(args) == 0 {
		return ServePicture(os.Stdin, os.Stdout)
	}
	if _, _, err := child.ReadFrame(os.Stdin, 1<<20); err != nil {
		return nil
	}
	switch args[0] {
	case "hang":
		time.Sleep(time.Hour)
	case "eats":
		var held [][]byte
		for range 4096 {
			held = append(held, bytes.Repeat([]byte{1}, 1<<20))
			time.Sleep(time.Millisecond)
		}
		fmt.Fprint(io.Discard, held)
	case "exit":
		os.Exit(3)
	case "garbage":
		os.Stdout.WriteString("panic: something else\n")
	case "huge":
		os.Stdout.Write([]byte{msgPixels, 0xff, 0xff, 0xff, 0xff})
	case "wrong-size":
		return child.WriteFrame(os.Stdout, msgPixels, []byte("\x00\x00\x00\x19{\"w\":200,\"h\":1,\"dpi\":9}ab"))
	case "no-json":
		return child.WriteFrame(os.Stdout, msgPixels, []byte("\x00\x00\x00\x01{"))
	case "other":
		return child.WriteFrame(os.Stdout, 'Z')
	}
	return nil
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
