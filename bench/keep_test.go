package main

import (
	"strings"
	"testing"
	"time"
)

func TestReplaced(t *testing.T) {
	page := "before\n" + keepFrom + "\nold\n" + keepTo + "\nafter\n"
	got, err := replaced(page, "| new |\n")
	if want := "before\n" + keepFrom + "\n\n| new |\n\n" + keepTo + "\nafter\n"; err != nil || got != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	if again, _ := replaced(got, "| new |\n"); again != got {
		t.Errorf("the same table again gives %q", again)
	}
	for _, bad := range []string{"", "text", keepFrom + " no end"} {
		if _, err := replaced(bad, "x"); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func TestReport(t *testing.T) {
	sides := []*side{
		{name: "a", took: []time.Duration{4 * time.Second, 2 * time.Second, 3 * time.Second}, cpu: []time.Duration{6 * time.Second}, used: usage{bytes: 5 << 20}},
		{name: "b", took: []time.Duration{6 * time.Second}, cpu: []time.Duration{3 * time.Second}},
	}
	got := report(sides, 10, 2, 4, 3)
	for _, want := range []string{"| a | 0.30 | 1.00× | 0.60 | 1.00× | 5 MB |", "| b | 0.60 | 0.50× | 0.30 | 2.00× | 0 MB |"} {
		if !strings.Contains(got, want) {
			t.Errorf("no line %q in\n%s", want, got)
		}
	}
}
