package sohoa_test

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestLimitsAreThoseOfThePage reads the table of limits in docs/security.md
// and compares each default with the program's source.
func TestLimitsAreThoseOfThePage(t *testing.T) {
	page, err := os.ReadFile("docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	where := regexp.MustCompile("^`([^`]+\\.go)` `(\\w+)`$")
	rows := 0
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(line, "|")
		if len(cells) != 7 {
			continue
		}
		place := where.FindStringSubmatch(strings.TrimSpace(cells[3]))
		if place == nil {
			continue
		}
		rows++
		name, said := strings.TrimSpace(cells[1]), strings.TrimSpace(cells[2])
		want, err := quantity(said)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := inSource(place[1], place[2])
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got != want {
			t.Errorf("%s: the page says %s (%g), %s has %g", name, said, want, place[1], got)
		}
	}
	if rows < 30 {
		t.Errorf("%d rows with a place were found", rows)
	}
}

// quantity reads "512 MiB", "80 million", "2 min", "5,000", "4.5 times".
func quantity(s string) (float64, error) {
	number, unit, _ := strings.Cut(strings.ReplaceAll(s, ",", ""), " ")
	v, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is no quantity", s)
	}
	for prefix, factor := range map[string]float64{
		"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "million": 1e6, "min": 60e9, "s": 1e9, "h": 3600e9,
	} {
		if unit == prefix {
			return v * factor, nil
		}
	}
	return v, nil // of pages, words, helpers
}

// inSource finds what is given to name in a file: by a constant, by an
// assignment to a field of that name, in a literal, or as the argument after
// it. Durations count in nanoseconds.
func inSource(file, name string) (float64, error) {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		return 0, err
	}
	var found ast.Expr
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			for i, id := range n.Names {
				if id.Name == name && i < len(n.Values) {
					found = n.Values[i]
				}
			}
		case *ast.AssignStmt:
			if s, ok := n.Lhs[0].(*ast.SelectorExpr); ok && s.Sel.Name == name {
				if _, err := value(n.Rhs[0]); err == nil {
					found = n.Rhs[0]
				}
			}
		case *ast.KeyValueExpr:
			if id, ok := n.Key.(*ast.Ident); ok && id.Name == name {
				if _, err := value(n.Value); err == nil {
					found = n.Value
				}
			}
		case *ast.CallExpr:
			if len(n.Args) == 2 {
				if s, ok := n.Args[0].(*ast.SelectorExpr); ok && s.Sel.Name == name {
					found = n.Args[1]
				}
			}
		}
		return true
	})
	if found == nil {
		return 0, fmt.Errorf("%s sets no %s", file, name)
	}
	v, err := value(found)
	if err != nil {
		return 0, fmt.Errorf("%s: %s: %w", file, name, err)
	}
	out, _ := constant.Float64Val(constant.ToFloat(v))
	return out, nil
}

// value computes an expression of numbers and of package time's units.
func value(e ast.Expr) (constant.Value, error) {
	switch e := e.(type) {
	case *ast.BasicLit:
		v := constant.MakeFromLiteral(e.Value, e.Kind, 0)
		if e.Kind == token.FLOAT {
			if i := constant.ToInt(v); i.Kind() == constant.Int {
				return i, nil
			}
		}
		return v, nil
	case *ast.ParenExpr:
		return value(e.X)
	case *ast.SelectorExpr:
		units := map[string]int64{"Millisecond": 1e6, "Second": 1e9, "Minute": 60e9, "Hour": 3600e9}
		if u, ok := units[e.Sel.Name]; ok {
			return constant.MakeInt64(u), nil
		}
	case *ast.BinaryExpr:
		x, err := value(e.X)
		if err != nil {
			return nil, err
		}
		y, err := value(e.Y)
		if err != nil {
			return nil, err
		}
		if e.Op == token.SHL {
			n, _ := constant.Uint64Val(y)
			return constant.Shift(x, token.SHL, uint(n)), nil
		}
		return constant.BinaryOp(x, e.Op, y), nil
	}
	return nil, fmt.Errorf("no number: %T", e)
}

// The image is built with the compiler that go.mod names: another one gives
// other bytes.
func TestImageNamesTheCompiler(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	image, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\S+)$`).FindSubmatch(mod)
	if version == nil || !strings.Contains(string(image), "FROM golang:"+string(version[1])+"-") {
		t.Errorf("go.mod names %q, the Dockerfile another compiler", version)
	}
}
