package extract

import (
	"cmp"
	"slices"
	"strings"
	"testing"
)

func linesOf(texts ...string) []*titleLine {
	var out []*titleLine
	for _, t := range texts {
		var words []word
		for _, w := range strings.Fields(t) {
			words = append(words, word{text: w, raw: w})
		}
		out = append(out, newTitleLine(words))
	}
	return out
}

// trailText are the words that a trail took, from its first line on.
func trailText(lines []*titleLine, end *titleTrail) string {
	var out []string
	for t := end; t != nil; t = t.prev {
		for _, w := range slices.Backward(lines[t.line].words[t.from:t.to]) {
			out = append(out, w.text)
		}
	}
	slices.Reverse(out)
	return strings.Join(out, " ")
}

// The words of a title stand at the heads of lines that hold other cells too; of
// entries that begin alike the one that its later lines tell is its own.
func TestTitleIsLaidAlongLines(t *testing.T) {
	var entries []titleEntry
	for _, e := range []string{"Theo dõi mực nước hồ chứa ở các đập nhỏ", "Theo dõi mực nước sông qua trạm đo tự động", "Bán vé đò qua điện thoại"} {
		entries = append(entries, newTitleEntry(e))
	}
	lines := linesOf(
		"Theo doi muc nuoc Da lap 12 tram do tren song",
		"va gui so lieu ve tinh",
		"7 séng qua tram do sau moi gio",
		"tu déng Thieu pin du phong",
	)
	best := slices.MaxFunc(layTitles(lines, 0, entries, 0, "1"), func(a, b laidTitle) int { return cmp.Compare(a.score, b.score) })
	if got, want := trailText(lines, best.end), "Theo doi muc nuoc séng qua tram do tu déng"; got != want || best.entry != 1 {
		t.Errorf("%q of entry %d, want %q of 1", got, best.entry, want)
	}
	if laid := layTitles(linesOf("Khao sat gieng khoan ven bien", "cua cac thon"), 0, entries, 0, "1"); len(laid) > 0 {
		t.Error("a title that the catalogue lacks was found in it")
	}
}

// A row whose beginning was destroyed is found by an entry that no row has.
func TestFreeTitle(t *testing.T) {
	entries := []titleEntry{newTitleEntry("Bán vé đò qua điện thoại"), newTitleEntry("Kiểm đếm cột mốc trên đê")}
	entries[0].taken = true
	lines := linesOf("Ban ve do qua dien thoai", "8 ;: Kiem dem cot Da dem 40 cot", "moc tren de con lai sang nam")
	best, _ := freeTitle(lines, entries, "1")
	if got, want := trailText(lines, best.end), "Kiem dem cot moc tren de"; got != want || best.entry != 1 {
		t.Errorf("%q of entry %d, want %q of 1", got, best.entry, want)
	}
}

func TestResegmented(t *testing.T) {
	want := strings.Fields("Theo dõi khu bến cá ở sông lớn")
	for have, right := range map[string]string{
		"Theo dõi khubến cá ở sông lớn":    "Theo dõi khu bến cá ở sông lớn",
		"Theo dõi khu b ến cá ở sông lớn":  "Theo dõi khu bến cá ở sông lớn",
		"Theo dõi khu bến ở sông lớn":      "Theo dõi khu bến cá ở sông lớn",
		"Theo dõi khu bến cá ở sông nhỏ":   "Theo dõi khu bến cá ở sông nhỏ",
		"Theo dõi các bến tàu ở sông lớn":  "Theo dõi các bến tàu ở sông lớn",
		"Theo dõi khu bến, ở sông lớn thu": "Theo dõi khu bến, ở sông lớn thu",
	} {
		if got := strings.Join(resegmented(strings.Fields(have), want), " "); got != right {
			t.Errorf("%q: %q, want %q", have, got, right)
		}
	}
}

// Full lines of a column lie close together; what came there wrongly does not.
func TestDensest(t *testing.T) {
	if got := densest([]float64{16, 15, 59, 14, 5, 16, 13, 60, 15}); got != 16 {
		t.Errorf("%v, want 16", got)
	}
}
