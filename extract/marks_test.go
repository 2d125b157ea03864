package extract_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

// Bounds come out alike however they are spaced, and keep their sign of a share.
func TestBoundsAlike(t *testing.T) {
	for text, want := range map[string]any{
		"≥ 80": ">=80", ">=80": ">=80", "> = 80": ">=80", "~=80": ">=80",
		">= 80 %": ">=80%", "≥80%": ">=80%", "> 80 %": ">80%", "≤ 5 %": "<=5%",
		"trên 80 %": ">80%", "80 % trở lên": ">=80%", "80 %": 80.0,
	} {
		if got := extract.ReadMeasure(text, true); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// Letters of groups go on behind Z.
func TestGroupLetters(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 27: "AB", 52: "BA"} {
		if got := extract.GroupLetter(i); got != want {
			t.Errorf("%d: %s, want %s", i, got, want)
		}
	}
}

// Each of two tables of a page has the unit that stands above it.
func TestUnitOfEachTable(t *testing.T) {
	line := func(text string, y int) schema.Line {
		l := schema.Line{Box: schema.Box{X0: 10, Y0: y, X1: 400, Y1: y + 20}}
		for w := range strings.FieldsSeq(text) {
			l.Words = append(l.Words, schema.Word{Text: w, Raw: w, Box: l.Box})
		}
		return l
	}
	pages := []schema.Page{{PageInfo: schema.PageInfo{Number: 1}, Lines: []schema.Line{line("Đơn vị tính: triệu đồng", 100), line("Đơn vị tính: tỷ đồng", 500)}}}
	table := func(y int) schema.Table {
		box := schema.Box{X0: 10, Y0: y, X1: 400, Y1: y + 300}
		return schema.Table{Pages: []int{1}, Rows: [][]schema.Cell{{{Boxes: []schema.Place{{Page: 1, Box: &box}}}}}}
	}
	got := extract.UnitNotes(pages, []schema.Table{table(140), table(540), {Pages: []int{1}}})
	if want := []string{"triệu đồng", "tỷ đồng", ""}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
