package main

import (
	"strings"
	"testing"
)

func TestGrowth(t *testing.T) {
	steady := []round{{900 << 20, 90, 9}, {200 << 20, 20, 1}, {240 << 20, 24, 0}, {210 << 20, 22, 1}, {230 << 20, 25, 1}, {235 << 20, 21, 0}}
	if f := growth(steady); len(f) > 0 {
		t.Errorf("a steady run: %q", f)
	}
	for i, c := range []struct {
		last round
		says string
	}{
		{round{400 << 20, 20, 0}, "memory"}, {round{200 << 20, 40, 0}, "handles"}, {round{200 << 20, 20, 3}, "temporary files"},
	} {
		if f := growth(append(steady[:5:5], c.last)); len(f) != 1 || !strings.HasPrefix(f[0], c.says) {
			t.Errorf("%d: %q, want %s", i, f, c.says)
		}
	}
	if f := growth(steady[:2]); len(f) != 1 {
		t.Errorf("too short a run: %q", f)
	}
}
