package extract

import (
	"math"
	"slices"
	"testing"
)

// Words that other rows have in one column speak for it, pairs before single words; what
// the row itself says of them does not count.
func TestWordsOfOtherRowsSpeakForTheirColumn(t *testing.T) {
	line := func(words ...string) wovenLine {
		x := wovenLine{}
		for _, w := range words {
			x.words, x.sound = append(x.words, word{text: w, raw: w}), append(x.sound, true)
		}
		return x
	}
	w := &weaver{cols: []int{1, 2}, widths: make([]float64, 4), lines: []wovenLine{
		line("Đò", "chạy", "nhiều", "tay", "lái"), line("Góp", "tiền", "công", "chèo"),
		line("Lưới", "khô", "tay", "lái"), line("Góp", "tiền", "công", "vá"), line("Góp", "tiền", "công", "tay"), line("Góp", "tiền", "xe"), line("Mua", "tay", "lái"),
	}}
	rows, cols := []int{0, 0, 1, 1, 2, 3, 3}, []int32{1, 2, 1, 2, 1, 2, 1}
	var end weave
	for i := range w.lines {
		end.newTrack = &track{row: rows[i], parts: []part{{cols[i], 0, int32(len(w.lines[i].words))}}, prev: end.newTrack}
	}
	learnWords([]*weaver{w}, []*weave{&end})
	says := func(line, word, col int) float64 {
		l := w.lines[line].learned[col]
		return l[word+1] - l[word]
	}
	if a, b := says(4, 1, 2), says(4, 1, 1); a <= 0 || b >= 0 {
		t.Errorf("a word that three other rows have in column 2 says %.2f of it and %.2f of column 1", a, b)
	}
	// Another part of the table has a column that the first one has not.
	other := *w
	other.cols, other.lines = []int{1, 2, 3}, slices.Clone(w.lines)
	learnWords([]*weaver{w, &other}, []*weave{&end, &end})
	for c, x := range other.lines[4].learned {
		for k, v := range x {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("word %d says %v of column %d", k, v, c)
			}
		}
	}
	if a := says(0, 0, 1); a != 0 {
		t.Errorf("a word that no other row has says %.2f", a)
	}
	if a := says(4, 3, 1); a <= 0 {
		t.Errorf("a word that three other rows have in column 1 says %.2f of it", a)
	}
}

func TestDirt(t *testing.T) {
	for raw, want := range map[string]bool{
		`d:;‘f]‘!"”u`: true, `g:]f;g`: true, "i;“;ii:z'": true, "“Đò": false, "(25%);": false, "nu'óc": false, "https://vedo.vn": false, ">=60": false, "[chèo]": false,
	} {
		if isDirt(raw) != want {
			t.Errorf("%q: %v", raw, !want)
		}
	}
}
