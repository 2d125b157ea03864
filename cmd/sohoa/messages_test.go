package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/message/catalog"

	"github.com/sohoa/sohoa/ingest"
)

// TestEveryMessageIsTranslated walks the help texts of all commands and every
// Sprintf of the program's console.
func TestEveryMessageIsTranslated(t *testing.T) {
	said := map[string]bool{}
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			if help := f.Tag.Get("help"); help != "" {
				said[help] = true
			}
			if f.Type.Kind() == reflect.Struct && f.Type.PkgPath() == typ.PkgPath() {
				walk(f.Type)
			}
		}
	}
	walk(reflect.TypeFor[cli]())

	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "Sprintf" {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "fmt" {
				return true
			}
			if lit, ok := call.Args[0].(*ast.BasicLit); ok {
				if s, err := strconv.Unquote(lit.Value); err == nil {
					said[s] = true
				}
			}
			return true
		})
	}
	for s := range said {
		if _, ok := vietnamese[s]; !ok {
			t.Errorf("no Vietnamese for %q", s)
		}
	}
}

// TestRemediesAreTranslated reads the remedies of the packages that read files.
func TestRemediesAreTranslated(t *testing.T) {
	n := 0
	for _, name := range []string{"../../ingest/errors.go", "../../ingest/pdf/errors.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok || spec.Names[0].Name != "remedies" && spec.Names[0].Name != "toConvert" && spec.Names[0].Name != "toColours" {
				return true
			}
			ast.Inspect(spec, func(node ast.Node) bool {
				if lit, ok := node.(*ast.BasicLit); ok {
					n++
					if s, err := strconv.Unquote(lit.Value); err != nil || vietnamese[s] == "" {
						t.Errorf("%s: no Vietnamese for %s", name, lit.Value)
					}
				}
				return true
			})
			return false
		})
	}
	if n < 12 {
		t.Errorf("%d remedies found: where are the others?", n)
	}
	if got, want := newTexts("vi").remedy("check the path"), vietnamese["check the path"]; got != want {
		t.Errorf("remedy is %q, want %q", got, want)
	}
	if got := newTexts("vi").remedy("50 % of it"); got != "50 % of it" {
		t.Errorf("a remedy that is not known became %q", got)
	}
}

// TestTranslationsKeepTheirVerbs compares the formatting verbs of both sides.
func TestTranslationsKeepTheirVerbs(t *testing.T) {
	verbs := regexp.MustCompile(`%[a-z]`)
	builder := catalog.NewBuilder()
	for en, vi := range vietnamese {
		if a, b := verbs.FindAllString(en, -1), verbs.FindAllString(vi, -1); strings.Join(a, "") != strings.Join(b, "") {
			t.Errorf("%q has %v, its translation %v", en, a, b)
		}
		if err := builder.SetString(language.Vietnamese, en, vi); err != nil {
			t.Errorf("%q: %v", en, err)
		}
	}
}

func TestLanguageIsChosen(t *testing.T) {
	for _, c := range []struct{ flag, sohoa, lang, want string }{
		{"", "", "", "error: "},
		{"", "", "vi_VN.UTF-8", "lỗi: "},
		{"", "en", "vi_VN.UTF-8", "error: "},
		{"vi", "en", "C", "lỗi: "},
	} {
		t.Setenv("SOHOA_LANG", c.sohoa)
		t.Setenv("LC_ALL", "")
		t.Setenv("LC_MESSAGES", "")
		t.Setenv("LANG", c.lang)
		if got := newTexts(c.flag).Sprintf("error: "); got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}

func TestOutputNames(t *testing.T) {
	long := strings.Repeat("dài ", 60)
	for _, name := range outputNames([]string{long + ".pdf", long + "2.pdf", "z/" + long + ".pdf"}) {
		if len(name) > 210 || !utf8.ValidString(name) {
			t.Errorf("a name of %d bytes", len(name))
		}
	}
	if n := len(slices.Compact(slices.Sorted(maps.Values(outputNames([]string{long + ".pdf", long + "2.pdf"}))))); n != 2 {
		t.Errorf("%d names for two files", n)
	}
	got := outputNames([]string{"a/x.pdf", "b/x.pdf", "b/x.txt", "c/x.pdf"})
	want := map[string]string{"a/x.pdf": "x.pdf", "b/x.pdf": "x.pdf~2", "b/x.txt": "x.txt", "c/x.pdf": "x.pdf~3"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}

// Why a picture was read in part is said in the user's language, whatever else
// went wrong with the page.
func TestReasonsOfLostRows(t *testing.T) {
	vi, en := newTexts("vi"), newTexts("en")
	reason := fmt.Sprintf(ingest.LostRows, 61) + "; 1 of 9 regions could not be read"
	if got := vi.reason(reason); !strings.Contains(got, "61 % số dòng") || !strings.HasSuffix(got, "; 1 trong 9 vùng không đọc được") {
		t.Error(got)
	}
	if got := en.reason(reason); got != reason {
		t.Error(got)
	}
	if got := vi.reason(ingest.LostPasses); !strings.Contains(got, "lượt thô") {
		t.Error(got)
	}
	if got := vi.reason("read: page refused"); got != "đọc: bỏ trang này" {
		t.Error(got)
	}
}
