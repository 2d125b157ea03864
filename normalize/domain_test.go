package normalize

import "testing"

// In cells the table of the domain counts for less, and never turns its mind.
func TestDomainOfCells(t *testing.T) {
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	cells := r.ForCells()
	bounded := 0
	for id, gain := range r.domain {
		got := cells.domain[id]
		switch {
		case got*gain < 0 || got*got > gain*gain:
			t.Fatalf("%q gains %.2f in cells, %.2f in text", r.model.Word(uint16(id)), got, gain)
		case got == cellGain || got == -cellGain:
			bounded++
		}
	}
	if bounded == 0 || bounded == len(r.domain) {
		t.Errorf("%d of %d gains are at their bound", bounded, len(r.domain))
	}
}
