package eval

import (
	"os"
	"path/filepath"
	"testing"
)

// sharedDir finds the collection of hand-annotated documents, which is no part
// of the repository.
func sharedDir(t *testing.T) string {
	t.Helper()
	for _, dir := range []string{os.Getenv("SOHOA_SHARED"), filepath.Join("..", "..", "shared")} {
		if dir == "" {
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, "gold")); err == nil {
			return dir
		}
	}
	t.Skip("hand-annotated documents not found: set SOHOA_SHARED to their folder")
	return ""
}

func TestReadHandAnnotatedGold(t *testing.T) {
	dir := sharedDir(t)
	golds, err := ReadGolds(filepath.Join(dir, "gold"))
	if err != nil {
		t.Fatal(err)
	}
	records, tables, cited := 0, 0, 0
	for _, g := range golds {
		records += len(g.Records)
		tables += len(g.Tables)
		cited += len(g.Citations)
		for i := range g.Tables {
			grid := goldGrid(&g.Tables[i])
			for r := range grid.at {
				for c, k := range grid.at[r] {
					if k < 0 {
						t.Errorf("%v table %d: no cell covers row %d, column %d", g.Sources, i, r, c)
					}
				}
			}
		}
	}
	if records != 44+43+9 || tables < 6 || cited < 100 {
		t.Errorf("read %d records, %d tables, %d citations", records, tables, cited)
	}
}
