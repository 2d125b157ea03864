package scan_test

import (
	"slices"
	"testing"

	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/schema"
)

func TestDiacriticOf(t *testing.T) {
	for _, c := range []struct {
		letter rune
		want   scan.Diacritic
		ok     bool
	}{
		{'a', scan.Diacritic{}, true},
		{'Ổ', scan.Diacritic{Letter: 3, Capital: true, Shape: 1, Tone: 3}, true},
		{'ự', scan.Diacritic{Letter: 4, Shape: 3, Tone: 5}, true},
		{'ẵ', scan.Diacritic{Shape: 2, Tone: 4}, true},
		{'đ', scan.Diacritic{Letter: 6, Shape: 1}, true},
		{'n', scan.Diacritic{}, false},
	} {
		got, ok := scan.DiacriticOf(c.letter)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%c: %+v, %v; want %+v, %v", c.letter, got, ok, c.want, c.ok)
		}
	}
}

func TestLetterCentres(t *testing.T) {
	at := scan.LetterCentres(schema.Box{X0: 100, X1: 250}, "một")
	if len(at) != 3 || !slices.IsSorted(at) || at[0] < 130 || at[0] > 145 || at[1] < 195 || at[1] > 215 {
		t.Errorf("letters of một at %.0f", at)
	}
}
