package normalize

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/normalize/lm"
)

// Cells of torn tables, put together, are read with the words that the language
// model expects where letters lost their shapes, and with a search that finds words
// which stand in few places.
func TestForCells(t *testing.T) {
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	cells := r.ForCells()
	for _, c := range []struct{ read, want string }{
		{"giup ngudi din dé dang tra ciru théng tin dat dai", "dễ dàng"},
		{"chua duge cép Giky chung nhin quyén st dung d4t", "Giấy chứng nhận"},
		{"bio céo két qua thyc hi@u ké hoach phat trién", "thực hiện"},
		{"C4c xã dã hoan thanh k_o} noi voi hé thong tinh", "kết nối"}, // a word of several pieces
		{"Gi&# chimg nhan dau tu", "Giấy chứng nhận"},                  // at the beginning of a cell
		{"luu tại may chu cua thiét b ghi hinh", "thiết bị"},           // a letter left no trace
		{"don vi do B6 Quéc phong quan 1)", "quản lý)"},
		{"cai thién trai nghu;m ngudi ding trén cong théng tin", "trải nghiệm"},
	} {
		if got := cells.Restore(c.read).Text; !strings.Contains(got, c.want) {
			t.Errorf("%q is read %q, want %q in it", c.read, got, c.want)
		}
	}
}

// An abbreviation that was read as one stays, though text seldom has it there.
func TestAbbreviationsStay(t *testing.T) {
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, read := range []string{
		"Céc xã dã trién khai 12 MH, trong d6 c6 5 MH hoan thanh",
		"Tinh hinh thyc hién: MH 7, MH 9 cham tién d6",
		"11 MH dat muc tiéu, 3 MH chua dang ky",
	} {
		want := strings.Count(read, "MH ")
		if got := r.ForCells().Restore(read).Text; strings.Count(got, "MH ") != want {
			t.Errorf("%q is read %q", read, got)
		}
	}
}

// A digit that a number may well be stays one.
func TestDigitsStay(t *testing.T) {
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, read := range []string{"giai doan 1 va giai doan 2", "(theo mie d6 1)", "vi tri vi6c lam cua 2 ngudi", "1) Ra soat van ban; 2) Cap nhat hd so"} {
		got := r.ForCells().Restore(read).Text
		for _, digit := range []string{"1", "2"} {
			if strings.Contains(read, digit) && !strings.Contains(got, digit) {
				t.Errorf("%q is read %q", read, got)
			}
		}
	}
}

// What stands behind a number is what it counts: no sum is guessed there.
func TestNoSumIsGuessed(t *testing.T) {
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	got := r.ForCells().Restore("kinh phi thyc hién la 12 wgx trong nim").Text
	for _, unit := range []string{"tỷ", "triệu", "đồng", "nghìn"} {
		if strings.Contains(got, unit) {
			t.Errorf("what cannot be read is read as %q", got)
		}
	}
}

// The vocabulary of a document is the cells', too.
func TestForCellsKeepsVocabulary(t *testing.T) {
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	named := r.WithVocabulary("Thủy Xuân Tiên").ForCells()
	a, _ := r.model.ID("thủy")
	b, _ := r.model.ID("xuân")
	if !named.favoured[phraseKey(a, b)] || r.ForCells().favoured[phraseKey(a, b)] {
		t.Error("favoured pairs of words are not the document's")
	}
}

// lostShapes takes the cheaper of what a channel knows and of a letter without shape.
func TestLostShapes(t *testing.T) {
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	cells := r.ForCells()
	d := cells.decoders.Get().(*decoder)
	d.r = cells
	c := cells.channels[heavyMode]
	cost := func(seen, word string) float32 {
		d.searcher.prepare(c, []rune(seen))
		return d.lostShapes(c, letterNumbers(word), lowerCase, 100)
	}
	right, marks, one, far := cost("nam", "nam"), cost("nam", "năm"), cost("n#m", "năm"), cost("qzx", "năm")
	if !(right < one && marks < one && one < far) {
		t.Errorf("costs %.1f, %.1f, %.1f, %.1f do not rise with what differs", right, marks, one, far)
	}
	if one > right+expectCosts[1][0]+1 {
		t.Errorf("a letter without shape costs %.1f more than all letters right, want %.1f at most", one-right, expectCosts[1][0])
	}
}

// Followers are the tokens that the model saw after a context, with the probability
// that it gives them there.
func TestFollowers(t *testing.T) {
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	m := r.model
	var s lm.State
	for _, w := range []string{"ủy", "ban"} {
		id, _ := m.ID(w)
		m.Score(&s, id, &s)
	}
	best := map[uint16]float32{}
	m.Followers(&s, -4, func(w uint16, p float32) {
		if p < -4 {
			t.Errorf("%q comes with %.2f", m.Word(w), p)
		}
		if _, ok := best[w]; !ok { // shorter contexts come later
			best[w] = p
		}
	})
	id, _ := m.ID("nhân")
	if p, ok := best[id]; !ok || p < -3 {
		t.Errorf("%d words follow, nhân with %.2f", len(best), best[id])
	}
	for w, p := range best {
		var next lm.State
		if score := m.Score(&s, w, &next); score >= -4 && (score < p-1e-3 || score > p+1e-3) {
			t.Errorf("%q follows with %.3f, its score is %.3f", m.Word(w), p, score)
		}
	}
}
