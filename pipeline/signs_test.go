package pipeline

import (
	"testing"

	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/schema"
)

func TestSignedDigits(t *testing.T) {
	first, last := schema.Box{X0: 10, X1: 20}, schema.Box{X0: 60, X1: 70}
	all, digits := schema.Box{X0: 10, X1: 70}, schema.Box{X0: 22, X1: 58}
	for _, c := range []struct {
		read, want string
		seen       scan.Signed
		box        schema.Box
		ok         bool
	}{
		{"60", "60", scan.Signed{Count: 2}, all, true},
		{"60", "60", scan.Signed{Count: 2, Before: "≥", First: first}, digits, true},   // lost
		{"2100%", "100", scan.Signed{Count: 3, Before: "≥", First: first}, all, true},  // read as a digit
		{"2100%", "", scan.Signed{Count: 3, Before: "≥", First: first}, digits, false}, // not by what was read
		{"96", "9", scan.Signed{Count: 1, After: "%", Last: last}, all, true},          // likewise
		{"96", "", scan.Signed{Count: 1, After: "%", Last: last}, digits, false},       // likewise
		{">1243", "", scan.Signed{Count: 3, Before: "≥", First: first}, all, false},    // the comma was
		{"45", "", scan.Signed{Count: 1, Touching: true, Before: "≥"}, all, false},     // a sign, or two digits
		{">45", "45", scan.Signed{Count: 1, Touching: true, Before: "≥"}, all, true},   // a sign was read
		{"4", "", scan.Signed{Count: 2, Before: "+", First: first}, all, false},        // a digit was lost
		{"4", "4", scan.Signed{Count: 2}, all, true},                                   // which others see to
		{"-4.512", "4.512", scan.Signed{Count: 4, Before: "-", First: first}, all, true},
	} {
		m := signed.FindStringSubmatch(c.read)
		if m == nil {
			t.Fatalf("%q is no number", c.read)
		}
		got, ok := signedDigits(m, &c.seen, c.box)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%q where %+v is seen: %q, %v", c.read, c.seen, got, ok)
		}
	}
}

func TestRewrite(t *testing.T) {
	l := schema.Line{Words: []schema.Word{{Text: ">", Raw: ">", Confidence: 0.9}, {Text: "100%", Raw: "100%", Confidence: 0.6}}}
	rewrite(&l, "≥", "100", "%", &scan.Signed{})
	w := l.Words[0]
	if len(l.Words) != 1 || w.Text != "≥ 100%" || w.Raw != "> 100%" || w.Confidence != 0.6 || len(w.Repairs) != 1 || w.Repairs[0].From != "> 100%" {
		t.Errorf("%+v", l.Words)
	}
}

func TestOnlyLine(t *testing.T) {
	word := func(text string, x, y, h int) schema.Line {
		b := schema.Box{X0: x, Y0: y, X1: x + 20, Y1: y + h}
		return schema.Line{Box: b, Words: []schema.Word{{Text: text, Box: b}}}
	}
	for _, c := range []struct {
		lines []schema.Line
		want  string
	}{
		{[]schema.Line{word("519%", 50, 10, 30)}, "519%"},
		{[]schema.Line{word("519%", 50, 10, 30), word(">", 10, 20, 12)}, "> 519%"},
		{[]schema.Line{word("51", 50, 10, 30), word("52", 50, 45, 30)}, ""},
		{nil, ""},
	} {
		got := ""
		if l := onlyLine(&schema.GridCell{Lines: c.lines}); l != nil {
			got = textOf(l.Words)
		}
		if got != c.want {
			t.Errorf("%v: got %q, want %q", c.lines, got, c.want)
		}
	}
}
