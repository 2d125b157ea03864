package extract

import (
	"slices"
	"strings"
	"testing"
)

// blockOf is a block of heads, a line of words each; "|" begins a head.
func blockOf(lines ...string) *headBlock {
	x := &headBlock{asGrid: true, likes: newHeadLikes()}
	for _, l := range lines {
		var line []blockWord
		bar := true
		for _, w := range strings.Fields(l) {
			if strings.HasPrefix(w, "|") {
				bar, w = true, w[1:]
			}
			line = append(line, blockWord{text: foldedWord(w), read: foldedWord(w), shown: w, bar: bar, upper: startsUpper(w)})
			bar = false
		}
		x.words = append(x.words, line)
	}
	x.letters = lettersSaid(x.words)
	return x
}

// Heads that begin or end with a wording are told in running text, also over several lines
// beside others; a wording within another head is not taken for a column of its own.
func TestHeadsAlikeInRunningText(t *testing.T) {
	benefits := profileNamed(t, "benefits")
	for _, c := range []struct {
		lines []string
		want  map[string]string // field: words of its head
	}{
		{[]string{"Hợp tác xã, doanh", "TT |Tiện ích mới |Bà con nông dân được hưởng lợi |Điểm nghẽn", "nghiệp được hưởng lợi"},
			map[string]string{"for_businesses": "hop tac xa doanh nghiep duoc huong loi", "shortcomings": "diem nghen"}},
		{[]string{"TT |Tiện ích |Lợi ích mang lại cho người |Nguyên nhân chính", "dân"},
			map[string]string{"for_citizens": "loi ich mang lai cho nguoi dan"}},
	} {
		x := blockOf(c.lines...)
		got := map[string]string{}
		for _, h := range x.heads(benefits, wordLikes{}) {
			var words []string
			for _, at := range h.at {
				words = append(words, x.words[at.line][at.word].text)
			}
			if !h.other {
				got[benefits.Columns[h.col].Field] = strings.Join(words, " ")
			}
		}
		for field, want := range c.want {
			if got[field] != want {
				t.Errorf("%s: head %q, want %q of %v", field, got[field], want, got)
			}
		}
	}
}

// However many lines and bars there are, no more heads are tried than are needed, and no
// place twice in one.
func TestTriedHeadsAreBounded(t *testing.T) {
	x := blockOf(slices.Repeat([]string{"Tên |việc |làm Nội |dung |chính sau |mùa"}, 40)...)
	tried := x.mayBeHeads()
	if len(tried) > mostTried || len(tried) == 0 {
		t.Fatalf("%d heads are tried", len(tried))
	}
	for _, at := range tried {
		if len(at) > triedWords+6 {
			t.Errorf("a head of %d words", len(at))
		}
		for k := 1; k < len(at); k++ {
			if p, q := at[k-1], at[k]; p.line > q.line || p.line == q.line && p.word >= q.word {
				t.Errorf("places out of order: %v", at)
			}
		}
	}
}
