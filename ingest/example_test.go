package ingest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/schema"
)

func ExampleOpen() {
	dir, err := os.MkdirTemp("", "reports")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	os.WriteFile(filepath.Join(dir, "bao-cao.txt"), []byte("BÁO CÁO\n\nKết quả sáu tháng\n\n\n\n\nPHỤ LỤC\n"), 0o600)

	found := ingest.Find([]string{dir})
	fmt.Println(len(found.Files), len(found.Problems))
	f, err := ingest.Open(context.Background(), found.Files[0], ingest.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	for n := 1; n <= f.Pages(); n++ {
		page, err := f.Page(context.Background(), n)
		if err != nil {
			fmt.Println(err)
			continue
		}
		for _, line := range page.Lines {
			fmt.Println(page.Number, line.Number, schema.RawOf([]schema.Line{line}, ""))
		}
	}
	// Output:
	// 1 0
	// 1 1 BÁO CÁO
	// 1 3 Kết quả sáu tháng
	// 2 8 PHỤ LỤC
}
