package extract

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func newSlot(anchor int) slot { return slot{anchor: anchor} }

func wordsOf(text string) []word {
	var out []word
	for _, t := range strings.Fields(text) {
		out = append(out, word{text: t, raw: t, src: &schema.Word{}})
	}
	return out
}

// The end of a title that OCR wrote down above another row goes back to its row,
// with the cells behind it.
func TestReturnStrays(t *testing.T) {
	l := &layout{
		b: &builder{}, p: &Profile{Columns: []Column{{Field: "title"}, {Field: "results"}, {Field: "cost"}}}, lacks: make([]bool, 3),
		wording: []string{"Nuôi ong lấy mật trên đồi", "Trồng cây thuốc nam ven sông Đà"},
		titled:  titleWords{},
	}
	add := func(text string, gap bool, slot int) {
		pc := piece{passage: newPassage(wordsOf(text)), line: len(l.b.lines), lead: true, gap: gap}
		if slot >= 0 {
			l.slots = append(l.slots, newSlot(len(l.pieces)))
			l.titled[pc.words[3].src] = slot
		}
		l.b.lines = append(l.b.lines, textLine{passage: pc.passage, page: 1})
		l.pieces, l.groups = append(l.pieces, pc), append(l.groups, mark{slot: slot})
	}
	add("Mô hình 1: Nuôi ong lấy mật", true, 0)
	add("nam ven sông Da", true, -1)
	add("Đã trồng hai sào", true, -1)
	add("| trên đồi | mười đàn ong", true, -1)
	add("Mô hình 2: Trồng cây thuốc", true, 1)
	add("Giao huyện theo dõi", true, -1)
	moved, ok := l.returnStrays()
	var got []string
	for _, pc := range moved {
		got = append(got, pc.text)
	}
	want := []string{l.pieces[0].text, l.pieces[3].text, l.pieces[4].text, l.pieces[1].text, l.pieces[2].text, l.pieces[5].text}
	if !ok || strings.Join(got, "/") != strings.Join(want, "/") {
		t.Errorf("%v %q, want %q", ok, got, want)
	}
	l.wording[1] = "Thắp sáng đường làng"
	if _, ok := l.returnStrays(); ok {
		t.Error("blocks moved to a row whose title they are no part of")
	}
}

// A word pair that one title has tells its row; one that all have tells nothing.
func TestTopicsTellRows(t *testing.T) {
	l := &layout{wording: []string{"Triển khai bãi gửi xe thông minh", "Triển khai thu phí vườn thú", ""}}
	got := l.topics().of(wordsOf("vé của vườn thú do bãi triển khai bán"))
	if got[1] <= 0 {
		t.Errorf("the pair of one title says %v of its row", got[1])
	}
	if got[0] != 0 {
		t.Errorf("a pair of both titles says %v of the other row", got[0])
	}
}

// Parts of titles are known by their letters, whatever marks and spaces they lost.
func TestLikestPart(t *testing.T) {
	e := newTitleEntry("Triển khai thu phí vườn thú, công viên nước")
	if like := likestPart(e, lettersDigits("vuon thú. cong vién nudc")); like < strayLike {
		t.Errorf("a damaged part of the title is like it by %.2f", like)
	}
	if like := likestPart(e, lettersDigits("Đơn vị tự bố trí kinh phí")); like >= strayLike {
		t.Errorf("another cell is like the title by %.2f", like)
	}
}

// A capital that looks like its small letter says nothing in torn text; others, and
// a title's first letter, are the report's own.
func TestAsShaped(t *testing.T) {
	got := strings.Join(asShaped(strings.Fields("Kiểm Kê Nhà Văn hóa"), strings.Fields("kiểm kê nhà văn hóa"), nil), " ")
	if want := "Kiểm kê Nhà văn hóa"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	read := []schema.Repair{{From: "Gng", To: "Ứng"}, {From: "Nha", To: "Nhà"}}
	got = strings.Join(asShaped(strings.Fields("Kê khai qua Ứng dụng Nhà số"), strings.Fields("kê khai qua ứng dụng nhà số"), read), " ")
	if want := "Kê khai qua ứng dụng Nhà số"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
