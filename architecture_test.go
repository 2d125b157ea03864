// Package sohoa_test keeps the rules of docs/architecture.md that the compiler
// does not.
package sohoa_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/sohoa/sohoa/"

// mayImport names, for each package of this module, the packages of this
// module that it may import besides those below itself. A package that is not
// listed may import none.
var mayImport = map[string][]string{
	"extract/confidence": {"schema"},

	"ingest":          {"schema"},
	"ingest/pdf":      {"schema", "ingest/child"},
	"ingest/scan":     {"schema"},
	"ingest/ocr":      {"schema", "ingest/child"},
	"normalize":       {"schema"},
	"extract":         {"schema", "normalize"},
	"extract/table":   {"schema"},
	"extract/field":   {"schema", "normalize", "extract/profiles"},
	"extract/title":   {"normalize"},
	"eval":            {"schema", "normalize", "extract/table", "extract/confidence"},
	"pipeline":        {"schema", "ingest", "ingest/pdf", "ingest/scan", "ingest/ocr", "normalize", "extract", "extract/table"},
	"export":          {"schema"},
	"export/archive":  {"schema"},
	"compare":         {"schema", "normalize", "extract/title", "store", "export"}, // what a province and a period is, the store says
	"store":           {"schema"},
	"store/storetest": {"schema", "store"},
	"review":          {"schema", "store", "export", "compare", "extract/confidence"},
	"review/api":      {"schema", "store", "review", "export/webhook"},
	"export/webhook":  {"store"}, // it works on the queue: events come from the audit log, deliveries lie in the store
	"fixtures":        {"schema"},
	"cmd/sohoa":       {"*"},
}

// outside names packages that only some rooms may import, by prefix.
var outside = map[string][]string{
	"github.com/otiai10/gosseract":    {"ingest/ocr"},
	"github.com/klippa-app/go-pdfium": {"ingest/pdf"},
	"github.com/ledongthuc/pdf":       {"ingest/pdf"},
	"github.com/landlock-lsm":         {"ingest/child"},
	"github.com/elastic":              {"ingest/child"},
	"github.com/alecthomas/kong":      {"cmd/sohoa"},
	"github.com/vbauerster/mpb":       {"cmd/sohoa"},
	"github.com/danielgtaylor/huma":   {"review/api"},
	"github.com/standard-webhooks":    {"export/webhook"},
	"github.com/xuri/excelize":        {"export"},
	"github.com/parquet-go":           {"export"},
	"log":                             {"cmd/sohoa"},
	"log/slog":                        {"cmd/sohoa", "store"}, // River asks the store for a logger
	"database/sql":                    {"store"},
	"github.com/riverqueue/river":     {"store"},
	"github.com/jackc/pgx":            {"store", "store/storetest"},
	"modernc.org/sqlite":              {"store"},
	"gocloud.dev":                     {"store", "store/storetest", "cmd/sohoa"},
	"C":                               {"ingest/ocr"},
}

type goPackage struct {
	ImportPath string
	Name       string
	Imports    []string
	Standard   bool
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Name,Imports,Standard", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestImportRules(t *testing.T) {
	for _, p := range packages(t) {
		room, ours := strings.CutPrefix(p.ImportPath, module)
		if !ours || p.Name == "main" && room != "cmd/sohoa" {
			continue // generators and benches stand outside the rooms
		}
		for _, imp := range p.Imports {
			if other, ok := strings.CutPrefix(imp, module); ok {
				if !allowed(room, other) {
					t.Errorf("%s imports %s", room, other)
				}
				continue
			}
			if room == "schema" && strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") {
				t.Errorf("schema imports %s; it is the leaf and imports the standard library alone", imp)
			}
			for prefix, rooms := range outside {
				if imp == prefix || strings.HasPrefix(imp, prefix+"/") && !strings.HasPrefix(prefix, "log") {
					if !slices.Contains(rooms, room) {
						t.Errorf("%s imports %s, which belongs to %v", room, imp, rooms)
					}
				}
			}
		}
	}
}

// allowed reports whether room may import other: what its rule names, and what
// lies below itself.
func allowed(room, other string) bool {
	rule, listed := mayImport[room]
	if slices.Contains(rule, "*") || slices.Contains(rule, other) {
		return true
	}
	return listed && strings.HasPrefix(other, room+"/")
}

func TestEveryRoomHasAnOpening(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}}\t{{.Doc}}", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		path, doc, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if doc == "" && strings.HasPrefix(path, module) {
			t.Errorf("%s has no package comment", path)
		}
	}
}
