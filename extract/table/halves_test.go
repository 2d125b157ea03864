package table

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// heights moves the rows of a page's only grid so that they are as high as
// given, in pixels.
func heights(p schema.Page, hs ...int) schema.Page {
	g := &p.Grids[0]
	ys := []int{g.Box.Y0}
	for _, h := range hs {
		ys = append(ys, ys[len(ys)-1]+h)
	}
	for i := range g.Cells {
		c := &g.Cells[i]
		c.Box.Y0, c.Box.Y1 = ys[c.Row], ys[c.Row+c.RowSpan]
	}
	g.Box.Y1 = ys[g.Rows]
	return p
}

// bordered gives the only grid of a page other column borders.
func bordered(p schema.Page, xs ...int) schema.Page {
	g := &p.Grids[0]
	g.Columns = len(xs) - 1
	for i := range g.Cells {
		c := &g.Cells[i]
		c.Box.X0, c.Box.X1 = xs[c.Col], xs[c.Col+c.ColSpan]
	}
	g.XS, g.Box.X0, g.Box.X1 = xs, xs[0], xs[len(xs)-1]
	return p
}

func TestStrips(t *testing.T) {
	left1 := func(n int) schema.Page {
		return bordered(heights(pageOf(n, "STT | Nhiệm vụ | Cơ quan", "I. Hạ tầng | < | <", "1 | Phủ sóng | Sở A"), 50, 40, 90), 100, 150, 700, 1000)
	}
	left2 := func(n int) schema.Page {
		return bordered(heights(pageOf(n, "STT | Nhiệm vụ | Cơ quan", "2 | Số hóa | Sở B"), 50, 70), 100, 150, 700, 1000)
	}
	right1 := func(n int) schema.Page {
		return bordered(heights(pageOf(n, "Hạn | Kết quả", " | ", "30/6 | Đã phủ."), 50, 40, 90), 100, 300, 1000)
	}
	right2 := func(n int) schema.Page {
		return bordered(heights(pageOf(n, "Hạn | Kết quả", "31/8 | Đã xong."), 50, 70), 100, 300, 1000)
	}
	const whole = `
table 0, pages [1 2 3 4], head 1
STT | Nhiệm vụ | Cơ quan | Hạn | Kết quả
I. Hạ tầng (1x5)
1 | Phủ sóng | Sở A | 30/6 | Đã phủ.
2 | Số hóa | Sở B | 31/8 | Đã xong.
`
	text := right1(3)
	text.Lines = []schema.Line{line("Phụ lục II. Kinh phí", 50)}
	for _, c := range []struct {
		name  string
		pages []schema.Page
		want  string
	}{
		{"behind all the others", []schema.Page{left1(1), left2(2), right1(3), right2(4)}, whole},
		{"each behind its own", []schema.Page{left1(1), right1(2), left2(3), right2(4)}, whole},
		{"rows of other heights", []schema.Page{left1(1), heights(right1(2), 50, 90, 40)}, `
table 0, pages [1], head 1
STT | Nhiệm vụ | Cơ quan
I. Hạ tầng (1x3)
1 | Phủ sóng | Sở A
table 1, pages [2], head 1
Hạn | Kết quả
 | 
30/6 | Đã phủ.
`},
		{"a title of its own", []schema.Page{left1(1), left2(2), text, right2(4)}, `
table 0, pages [1 2], head 1
STT | Nhiệm vụ | Cơ quan
I. Hạ tầng (1x3)
1 | Phủ sóng | Sở A
2 | Số hóa | Sở B
table 1, pages [3 4], head 1
Hạn | Kết quả
 | 
30/6 | Đã phủ.
31/8 | Đã xong.
`},
	} {
		tables, why := Explain(c.pages)
		if got := show(tables); got != strings.TrimPrefix(c.want, "\n") {
			t.Errorf("%s: got\n%s\n%+v", c.name, got, why)
		}
	}
}

// A sheet that looks like a strip and is none leaves its reason.
func TestStripsRefused(t *testing.T) {
	left := bordered(heights(pageOf(1, "STT | Nhiệm vụ | Cơ quan", "1 | Phủ sóng | Sở A", "2 | Số hóa | Sở B"), 50, 90, 70), 100, 150, 700, 1000)
	for reason, right := range map[string]schema.Page{
		"not as high":         bordered(heights(pageOf(2, "Hạn | Kết quả", "30/6 | Đã phủ.", "31/8 | Đã xong."), 50, 30, 30), 100, 300, 1000),
		"numbered themselves": bordered(heights(pageOf(2, "STT | Kết quả", "1 | Đã phủ.", "2 | Đã xong."), 50, 90, 70), 100, 300, 1000),
	} {
		_, log := Explain([]schema.Page{left, right})
		found := false
		for _, d := range log {
			found = found || d.What == "columns not beside" && strings.Contains(d.Reasons[0], reason)
		}
		if !found {
			t.Errorf("no decision that says %q: %v", reason, log)
		}
	}
}

// A strip whose upper rule is lost begins where its other rules do.
func TestStripsOpenAtTheTop(t *testing.T) {
	left := bordered(heights(pageOf(1, "STT | Nhiệm vụ | Cơ quan", "1 | Phủ sóng | Sở A", "2 | Số hóa | Sở B"), 50, 40, 90), 100, 150, 700, 1000)
	right := bordered(heights(pageOf(2, "Hạn | Kết quả", "30/6 | Đã phủ.", "31/8 | Đã xong."), 50, 40, 90), 100, 300, 1000)
	g := &right.Grids[0]
	g.OpenTop = true
	g.Box.Y0 += 15
	for i := range g.Cells {
		if g.Cells[i].Row == 0 {
			g.Cells[i].Box.Y0 += 15
		}
	}
	if got := Join([]schema.Page{left, right}); len(got) != 1 || len(got[0].Columns) != 5 {
		t.Errorf("got %s; want one table of five columns", show(got))
	}
}
