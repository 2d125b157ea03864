package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/ingest/pdf"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// TestFaultsAreTranslated reads the kinds and the details of the errors that
// the packages below tell of files.
func TestFaultsAreTranslated(t *testing.T) {
	vi, n := newTexts("vi"), 0
	check := func(at token.Position, lit *ast.BasicLit) {
		format, err := strconv.Unquote(lit.Value)
		format = strings.TrimSuffix(format, "; %s") // the way out
		for part := range strings.SplitSeq(format, ": ") {
			if strings.Trim(verbs.ReplaceAllString(part, ""), "-0123456789,QH ") == "" {
				continue // a detail that was worded elsewhere, or an example
			}
			if n++; err != nil || vi.phrase(part) == part {
				t.Errorf("%s: no Vietnamese for %q", at, part)
			}
		}
	}
	// In these every error is one that users are told.
	checked := map[string]bool{"../../extract/profile.go": true, "../../compare/period.go": true}
	for _, dir := range []string{"ingest/*.go", "ingest/pdf/*.go", "ingest/ocr/engine.go", "store/errors.go", "normalize/lm/format.go", "extract/profile.go", "compare/period.go"} {
		files, err := filepath.Glob("../../" + dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(node ast.Node) bool {
				switch node := node.(type) {
				case *ast.CallExpr:
					if f, ok := node.Fun.(*ast.Ident); ok && f.Name == "fault" {
						if lit, ok := node.Args[2].(*ast.BasicLit); ok {
							check(set.Position(lit.Pos()), lit)
						}
					}
					if f, ok := node.Fun.(*ast.SelectorExpr); ok && checked[name] && (f.Sel.Name == "Errorf" || f.Sel.Name == "New") {
						if lit, ok := node.Args[0].(*ast.BasicLit); ok {
							check(set.Position(lit.Pos()), lit)
						}
					}
				case *ast.ValueSpec:
					if strings.HasPrefix(node.Names[0].Name, "Err") && len(node.Values) == 1 {
						ast.Inspect(node.Values[0], func(node ast.Node) bool {
							if lit, ok := node.(*ast.BasicLit); ok {
								check(set.Position(lit.Pos()), lit)
							}
							return true
						})
					}
				}
				return true
			})
		}
	}
	if n < 60 {
		t.Errorf("%d texts found: where are the others?", n)
	}
}

// Every phrase is found, none is hidden by one before it, and none fills in
// what it has not got.
func TestPhrasesAreFound(t *testing.T) {
	vi, en := newTexts("vi"), newTexts("en")
	for _, p := range phrases {
		a, b := verbs.FindAllString(p.en, -1), verbs.FindAllString(p.vi, -1)
		if len(b) > len(a) || strings.Join(a[:len(b)], "") != strings.Join(b, "") {
			t.Errorf("%q has %v, its translation %v", p.en, a, b)
			continue
		}
		if got := vi.phrase(p.en); got != p.vi {
			t.Errorf("%q became %q, want %q", p.en, got, p.vi)
		}
		if got := en.phrase(p.en); got != p.en {
			t.Errorf("in English, %q became %q", p.en, got)
		}
	}
}

func TestErrorsOfFilesAreTranslated(t *testing.T) {
	vi := newTexts("vi")
	for _, c := range []struct {
		err  error
		want string
	}{
		{
			// A path may read like a phrase.
			fmt.Errorf("file is empty: %w", &ingest.Error{Kind: ingest.ErrMissing}),
			"file is empty: không có tệp hoặc thư mục này",
		},
		{
			fmt.Errorf("a.pdf: %w", &ingest.Error{Kind: pdf.ErrLimit, Detail: "2000 pages, 1000 allowed"}),
			"a.pdf: vượt giới hạn: 2000 trang, cho phép 1000",
		},
		{
			&ingest.Error{Kind: ingest.ErrForm, Detail: "compressed as lead (9); turn it", Help: "turn it"},
			"dạng ảnh không được hỗ trợ: nén kiểu lead (9); turn it",
		},
		{
			&ingest.Error{Kind: ingest.ErrDamaged, Err: &ingest.Error{Kind: ingest.ErrEmpty}},
			"tệp bị hỏng: tệp rỗng",
		},
		{&ingest.Error{Kind: ingest.ErrNoAccess, Err: fs.ErrClosed}, "không đọc được: tệp đã đóng"},
		{
			fmt.Errorf("reading truth: %w", &fs.PathError{Op: "open", Path: "read", Err: syscall.ENOENT}),
			"đọc đáp án: read: không có tệp hoặc thư mục này",
		},
		{
			failure("", fmt.Errorf("delete %s: %w", "abc", store.ErrNotFound)),
			"xóa abc: không có mục này",
		},
		{
			errors.Join(errors.New(`column "ten": no heads`), fmt.Errorf("%w (%d of them): %w", store.ErrInvalid, 2, store.ErrConflict)),
			"cột \"ten\": thiếu heads\nthay đổi không hợp (2 of them): trong lúc đó đã có người sửa",
		},
		{&net.OpError{Op: "listen", Net: "tcp", Addr: &net.TCPAddr{Port: 80}, Err: os.NewSyscallError("bind", syscall.EACCES)}, "phục vụ tại :80: nhận địa chỉ: không có quyền"},
		{errors.New("something else: entirely"), "something else: entirely"},
	} {
		if got := vi.told(c.err); got != c.want {
			t.Errorf("%v became %q, want %q", c.err, got, c.want)
		}
	}
	for _, o := range []schema.Outcome{schema.Partial, schema.TimedOut, schema.Refused, schema.Outcome(store.Unreadable)} {
		if got := vi.outcome(o); got == string(o) {
			t.Errorf("no Vietnamese for %q", o)
		}
	}
	if got, want := vi.reason("read: pdf is damaged: page 3 cannot be opened"), "đọc: tệp PDF bị hỏng: không mở được trang 3"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What the parser of the command line says is in the user's language.
func TestWrongCallsAreTranslated(t *testing.T) {
	t.Setenv("SOHOA_LANG", "vi")
	for call, want := range map[string]string{
		"run -o x":                   `thiếu "<path> ..."`,
		"run a":                      "thiếu tùy chọn: --out=DIR",
		"convert":                    "tham số convert không có ở đây",
		"tokn":                       `tham số tokn không có ở đây; có phải ý bạn là "token"?`,
		"run a -o x --bogus":         "không có tùy chọn --bogus",
		"run a -o x --form":          `không có tùy chọn --form; có phải ý bạn là "--formats"?`,
		"run a -o x --workers=abc":   `--workers: cần số nguyên (64 bit), không phải "abc"`,
		"run a -o x --page-time=abc": `--page-time: cần khoảng thời gian như 90s hay 3m, không phải "abc"`,
		"run a -o x --json=7":        `--json: cần true hoặc false, không phải "7"`,
		"run a -o":                   "--out: thiếu giá trị",
		"export --format=foo":        `--format phải là một trong "jsonl","csv","xlsx","parquet","json","pdf","hocr","alto", không phải "foo"`,
		"token":                      `cần một trong "create", "list", "revoke"`,
	} {
		var out, errOut bytes.Buffer
		code := run(strings.Fields(call), strings.NewReader(""), &out, &errOut)
		if line, _, _ := strings.Cut(errOut.String(), "\n"); code != exitUsage || line != "lỗi: "+want {
			t.Errorf("%s: code %d, %s", call, code, line)
		}
	}
}

// The headings of every page of help are in the user's language.
func TestHelpIsTranslated(t *testing.T) {
	for lang, want := range map[string][]string{
		"vi": {"Cách dùng: sohoa", "\nTùy chọn:\n", "xem phần trợ giúp này"},
		"en": {"Usage: sohoa", "\nFlags:\n", "Show context-sensitive help."},
	} {
		t.Setenv("SOHOA_LANG", lang)
		for _, call := range []string{"", "run", "restore", "eval", "lm", "lm train", "export", "token create", "doctor"} {
			var out, errOut bytes.Buffer
			if code := run(append(strings.Fields(call), "--help"), strings.NewReader(""), &out, &errOut); code != exitOK {
				t.Errorf("%s: code %d: %s", call, code, &errOut)
			}
			page := out.String()
			for _, w := range want {
				if !strings.Contains(page, w) {
					t.Errorf("%s: no %q in the help of %q:\n%s", lang, w, call, page)
				}
			}
			for _, english := range []string{"Usage:", "Arguments:", "Flags:", "Commands:", "[flags]", "<command>", "Examples:", `Run "`, "context-sensitive"} {
				if lang == "vi" && strings.Contains(page, english) {
					t.Errorf("%q in the help of %q:\n%s", english, call, page)
				}
			}
		}
	}
}
