package normalize

import "testing"

// A word gains by being elsewhere in the text, and not by where it stands
// itself.
func TestMemory(t *testing.T) {
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	d := r.decoders.Get().(*decoder)
	d.r = r
	one, _ := r.model.ID("câu")
	other, _ := r.model.ID("cầu")
	costs := func(places int) (float32, float32) {
		d.chunks, d.units = nil, nil
		var choices []choice
		for i := range places {
			d.chunks = append(d.chunks, "cau")
			d.units = append(d.units, unit{piece: piece{wordPiece, 0, 3}, chunk: int32(i), mode: bareMode, last: true})
			h := hypothesis{from: int32(i), to: int32(i + 1), n: 1, ids: [2]uint16{one}}
			choices = append(choices, choice{hypothesis: h, score: 0.9, rest: []rival{{hypothesis{from: int32(i), to: int32(i + 1), n: 1, ids: [2]uint16{other}}, 0.1}}})
		}
		defer d.memory.clear()
		if again := d.memory.learn(d, choices); again != (places > 1) {
			t.Errorf("%d places: a second search is worth it: %v", places, again)
		}
		hyps := []hypothesis{{n: 1, ids: [2]uint16{one}}, {n: 1, ids: [2]uint16{other}}}
		d.memory.weigh(d, 0, hyps)
		return hyps[0].cost, hyps[1].cost
	}
	if a, b := costs(1); a != 0 || b != 0 {
		t.Errorf("a place alone changes its own costs by %v and %v", a, b)
	}
	if a, b := costs(12); a >= 0 || b <= 0 {
		t.Errorf("eleven other places change the costs by %v and %v", a, b)
	}
}
