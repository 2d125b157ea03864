package scan_test

import (
	"cmp"
	"encoding/json"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract/table"
	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/schema"
)

// TestRealScans holds the grids of real scans against tables annotated by
// hand: on every page the same rows, columns and spans. Texts are not looked
// at. It needs the annotated collection and pdftoppm, and is skipped without.
func TestRealScans(t *testing.T) {
	if testing.Short() {
		t.Skip("renders some twenty pages")
	}
	shared := cmp.Or(os.Getenv("SOHOA_SHARED"), filepath.Join("..", "..", "..", "shared"))
	golds, _ := filepath.Glob(filepath.Join(shared, "gold", "real", "*.json"))
	if len(golds) == 0 {
		t.Skip("annotated scans not found: set SOHOA_SHARED to their folder")
	}
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Skip("pdftoppm, which renders the scans for this test, is not installed")
	}
	for _, path := range golds {
		stem := strings.TrimSuffix(filepath.Base(path), ".json")
		t.Run(stem, func(t *testing.T) {
			want := goldPages(t, path)
			for _, page := range slices.Sorted(maps.Keys(want)) {
				img := render(t, filepath.Join(shared, "scans", stem+".pdf"), page)
				s, err := scan.Prepare(t.Context(), img, 200, scan.Options{})
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, g := range table.Grids(s.Rules, s.Gray.Rect.Dx(), s.Gray.Rect.Dy(), s.DPI) {
					got = append(got, shape(g.Cells))
				}
				if !slices.Equal(got, want[page]) {
					t.Errorf("page %d:\ngot  %q\nwant %q", page, got, want[page])
				}
			}
		})
	}
}

// shape writes the cells as rows of column spans × row spans.
func shape(cells []schema.GridCell) string {
	var b strings.Builder
	for i, c := range cells {
		if i > 0 && c.Row != cells[i-1].Row {
			b.WriteByte('/')
		}
		b.WriteString(" " + strconv.Itoa(c.RowSpan) + "x" + strconv.Itoa(c.ColSpan))
	}
	return b.String()
}

// goldPages reads the annotated tables and returns for each page the shapes of
// the grids on it. A row that runs over pages has a part on each of them.
func goldPages(t *testing.T, path string) map[int][]string {
	t.Helper()
	var gold struct {
		Tables []struct {
			Rows [][]struct {
				RowSpan int `json:"row_span"`
				ColSpan int `json:"col_span"`
				Page    int
				Pages   []int
			}
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &gold); err != nil {
		t.Fatal(err)
	}
	out := map[int][]string{}
	for _, tab := range gold.Tables {
		rows := map[int][][]schema.GridCell{}
		for _, row := range tab.Rows {
			parts := map[int][]schema.GridCell{}
			for _, c := range row {
				pages := c.Pages
				if len(pages) == 0 {
					pages = []int{c.Page}
				}
				for _, p := range pages {
					parts[p] = append(parts[p], schema.GridCell{Row: len(rows[p]), RowSpan: c.RowSpan, ColSpan: c.ColSpan})
				}
			}
			for p, cells := range parts {
				rows[p] = append(rows[p], cells)
			}
		}
		for p, rs := range rows {
			out[p] = append(out[p], shape(slices.Concat(rs...)))
		}
	}
	return out
}

// render draws a page of a PDF at 200 dpi.
func render(t *testing.T, pdf string, page int) image.Image {
	t.Helper()
	stem := filepath.Join(t.TempDir(), "page")
	n := strconv.Itoa(page)
	cmd := exec.Command("pdftoppm", "-r", "200", "-jpeg", "-f", n, "-l", n, "-singlefile", pdf, stem)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("rendering page %d: %v: %s", page, err, out)
	}
	f, err := os.Open(stem + ".jpg")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}
