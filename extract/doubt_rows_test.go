package extract

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/schema"
)

// lineOf makes a passage of the words of lines, numbered from first on.
func lineOf(first int, lines ...string) passage {
	var words []word
	for i, l := range lines {
		for _, w := range strings.Fields(l) {
			words = append(words, word{text: w, raw: w, line: first + i})
		}
	}
	return newPassage(words)
}

func TestRowsDoubtTheirCells(t *testing.T) {
	p := &Profile{Kind: "x", Columns: []Column{
		{Field: "number", Type: TypeOrdinal}, {Field: "title", Type: TypeTitle}, {Field: "results", Type: TypeText}, {Field: "unit", Type: TypeUnit},
	}}
	rows := []*row{
		{cells: []passage{lineOf(0, "1"), lineOf(0, "Cấp nước sạch"), lineOf(0, "Đã nối ống cho bản trên", "và bản dưới"), {}}},
		{cells: []passage{lineOf(3, "2"), lineOf(3, "Sửa đường làng"), {}, {}}},
		{cells: []passage{lineOf(6, "3"), {}, {}, {}}},
	}
	b := &builder{lines: make([]textLine, 8), left: []passage{lineOf(4, "mất chỗ")}}
	heads := headRegion{}
	table := recordTable{profile: p, rows: rows, section: &section{}, heads: heads.known(p, []bool{true, true, false, true})}
	for i := range rows {
		rec := schema.Record{Fields: map[string]schema.Entry{}}
		for c, col := range p.Columns {
			rec.Fields[col.Field] = schema.One(schema.Field{Text: rows[i].cells[c].text, Evidence: &schema.Evidence{Doubts: make([]float64, confidence.Count)}})
		}
		table.records = append(table.records, i)
		b.res.Records = append(b.res.Records, rec)
	}
	b.tables = []recordTable{table}
	b.doubtRows()
	doubt := func(record int, field string, d int) float64 {
		return b.res.Records[record].Fields[field].One.Evidence.Doubts[d]
	}
	for _, x := range []struct {
		record int
		field  string
		doubt  int
		name   string
		some   bool
	}{
		{0, "unit", confidence.Crowd, "crowd", true},
		{1, "unit", confidence.Crowd, "crowd", false},
		{0, "results", confidence.Crowd, "crowd", false},
		{1, "results", confidence.Beside, "beside", true},
		{2, "results", confidence.Beside, "beside", false},
		{1, "unit", confidence.Around, "around", true},
		{0, "results", confidence.Around, "around", false},
		{1, "results", confidence.Lost, "lost", true},
		{0, "results", confidence.Lost, "lost", false},
		{2, "results", confidence.Lost, "lost", true},
		{1, "unit", confidence.Needed, "needed", true},
		{1, "results", confidence.Needed, "needed", false},
		{1, "results", confidence.Headless, "headless", true},
		{1, "unit", confidence.Headless, "headless", false},
		{1, "unit", confidence.Missing, "missing", true},
		{1, "unit", confidence.Own, "own", false},
	} {
		if got := doubt(x.record, x.field, x.doubt); (got > 0) != x.some {
			t.Errorf("record %d, %s: %s is %v", x.record, x.field, x.name, got)
		}
	}
	if own, other := doubt(2, "results", confidence.Untitled), doubt(1, "results", confidence.Untitled); own != 1 || other <= 0 || other >= 1 {
		t.Errorf("untitled is %v where the title lacks, %v elsewhere", own, other)
	}
}

func TestLettersOfOtherRowsIntrude(t *testing.T) {
	table := recordTable{rows: []*row{
		{cells: []passage{lineOf(0, "một hai"), lineOf(1, "ba")}},
		{cells: []passage{lineOf(1, "bốn"), lineOf(2, "năm")}},
		{cells: []passage{lineOf(4, "sáu")}},
	}}
	if got := table.intruders(); got[0] != 3 || got[1] != 2 || got[2] != 0 {
		t.Errorf("got %v", got)
	}
}

func TestShortAndWideLines(t *testing.T) {
	for _, x := range []struct {
		lines       []string
		short, wide bool
	}{
		{[]string{"một hai ba bốn năm", "sáu bảy tám"}, false, false},
		{[]string{"một hai", "ba bốn năm sáu bảy"}, true, false},
		{[]string{"một hai.", "Ba bốn năm sáu bảy"}, false, false},
		{[]string{"một hai ba bốn năm sáu bảy tám chín", "mười"}, false, true},
	} {
		if short, wide := offWidth(lineOf(0, x.lines...), 19); (short > 0.2) != x.short || (wide > 0) != x.wide {
			t.Errorf("%q: short by %v, wide by %v", x.lines, short, wide)
		}
	}
	if got := holes(concat(lineOf(0, "một"), lineOf(3, "hai"))); got < 1 || got > 1.1 {
		t.Errorf("two lines between are %v, want ln 3", got)
	}
}

func TestSeamIsBetweenLines(t *testing.T) {
	p := concat(lineOf(0, "một hai"), lineOf(1, "ba bốn"))
	e := gather(p)
	if got := e.seam([]float64{9, 8, 5, 7}); got != 5 {
		t.Errorf("got %v, want what the first word of the second line costs", got)
	}
}
