package extract

import (
	"slices"
	"testing"

	"github.com/sohoa/sohoa/extract/field"
)

// Figures, units and texts of rows stand in the order of the columns; what they say of an
// order is the more, the better it agrees with theirs.
func TestRowsTellOrder(t *testing.T) {
	const name, unit, target, due = 0, 1, 2, 3
	p := &Profile{
		Columns: []Column{{Type: TypeTitle}, {Type: TypeUnit}, {Type: TypeMeasure}, {Type: TypeDate}},
		starts:  make([][]field.Phrase, 4),
	}
	item := func(text string, kind itemKind) rowItem { return rowItem{passageOf(text), kind} }
	words, figure, tons, day := item("Đò máy chở lúa", itemText), item("12", itemFigure), item("tấn", itemUnit), item("30/6/2025", itemDate)
	heads := []blockHead{{col: name}, {col: unit}, {col: target}, {col: due}}
	for _, test := range []struct {
		row          []rowItem
		right, wrong []int
	}{
		{[]rowItem{words, tons, figure, day}, []int{name, unit, target, due}, []int{name, target, unit, due}},
		{[]rowItem{words, figure, tons}, []int{name, target, unit, due}, []int{name, unit, target, due}},
		{[]rowItem{day, words, figure}, []int{due, name, unit, target}, []int{name, unit, target, due}},
	} {
		o := newRowOrder(p, heads, [][]rowItem{test.row}, false)
		if r, w := o.of(test.right), o.of(test.wrong); r <= w {
			t.Errorf("%v: %v has %.2f, %v has %.2f", test.row, test.right, r, test.wrong, w)
		}
	}
	if got := newRowOrder(p, heads, nil, false).of([]int{due, name, unit, target}); got != 0 {
		t.Errorf("no rows say %.2f of an order", got)
	}
}

// A figure in a sentence is no cell; figures behind each other, or before a capital, are.
func TestItemsOfLines(t *testing.T) {
	s := &splitter{b: &builder{}, p: &Profile{}}
	for line, want := range map[string][]string{
		"3 |Lắp 26 phao ngoài rạn |14 |13":   {"3", "Lắp 26 phao ngoài rạn", "14", "13"},
		"Lắp phao ngoài rạn 14 13 95,5% Đạt": {"Lắp phao ngoài rạn", "14", "13", "95,5%", "Đạt"},
		"|tấn |≥ 80 85 - 95 ± 2,5 |Đạt":      {"tấn", "≥ 80", "85 - 95", "± 2,5", "Đạt"},
		"Lắp phao |Hội Chài":                 {"Lắp phao", "Hội Chài"},
	} {
		var got []string
		for _, item := range s.items(passageOf(line), true) {
			got = append(got, item.text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

// Figures beside each other are cells, also within a line; what small letters go on from is
// none, nor is a share that lost its comma two.
func TestFiguresOfLines(t *testing.T) {
	s := &splitter{b: &builder{}, p: &Profile{Columns: []Column{{Type: TypeMeasure}, {Type: TypeMeasure}}}}
	for line, want := range map[string][]string{
		"2 27 30 ≥ 27,6 Chưa thả giống":    {"2", "27", "30", "≥ 27,6", "Chưa thả giống"},
		"Phao thả trong 48 giờ ngoài rạn":  {"Phao thả trong 48 giờ ngoài rạn"},
		"Lưới cũ % 86 Đổi dần":             {"Lưới cũ %", "86", "Đổi dần"},
		"Mở lớp thứ 30 2000 học viên":      {"Mở lớp thứ 30 2000 học viên"},
		"Hộ có bể 41 98 87% Đạt":           {"Hộ có bể", "41", "98 87%", "Đạt"},
		"Nuôi từ 15 - 20 lồng mỗi hộ chài": {"Nuôi từ 15 - 20 lồng mỗi hộ chài"},
	} {
		var got []string
		for _, part := range s.cutTypes(passageOf(line), true) {
			got = append(got, part.text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}
