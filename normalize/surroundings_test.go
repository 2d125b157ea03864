package normalize

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
)

func defaultRestorer(t *testing.T) *Restorer {
	t.Helper()
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// trainedSurroundings learns from a few lines which say over and over what stands
// beside what, with no word between that tells.
func trainedSurroundings(t *testing.T, r *Restorer) string {
	t.Helper()
	var text strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&text, "nông dân đã tính toán và gieo trồng %d lúa mùa\n", i)
		fmt.Fprintf(&text, "công ty đã tính toán và điện thoại trong %d máy lạnh\n", i)
	}
	var out bytes.Buffer
	if err := TrainSurroundings(t.Context(), strings.NewReader(text.String()), &out, r.model, nil); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestSurroundingsLearn(t *testing.T) {
	r := defaultRestorer(t)
	data := trainedSurroundings(t, r)
	if data != trainedSurroundings(t, r) {
		t.Error("the same text does not give the same bytes")
	}
	s, err := loadSurroundings(r.model, data)
	if err != nil {
		t.Fatal(err)
	}
	gain := func(word string, line ...string) float32 {
		rows := make([]uint16, len(line))
		at := 0
		for i, w := range line {
			id, ok := r.model.ID(w)
			if w == "?" {
				at = i
			} else if !ok {
				t.Fatalf("no word %q", w)
			} else {
				rows[i] = s.rows[id]
			}
		}
		var scene [aroundDims]float32
		s.scene(&scene, rows, at)
		id, _ := r.model.ID(word)
		return s.likelier(&scene, id)
	}
	farm := []string{"gieo", "?", "lúa", "mùa"}
	if a, b := gain("trồng", farm...), gain("trong", farm...); a <= b {
		t.Errorf("in a field trồng gains %.2f, trong %.2f", a, b)
	}
	office := []string{"điện", "thoại", "?", "máy", "lạnh"}
	if a, b := gain("trong", office...), gain("trồng", office...); a <= b {
		t.Errorf("beside machines trong gains %.2f, trồng %.2f", a, b)
	}
}

func TestSurroundingsDamaged(t *testing.T) {
	m := defaultRestorer(t).model
	for name, data := range map[string]string{
		"empty":  "",
		"cut":    surroundingsData[:len(surroundingsData)/2],
		"longer": surroundingsData + "x",
		"other":  strings.Replace(surroundingsData, "1\n", "2\n", 1),
	} {
		if _, err := loadSurroundings(m, data); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// The words around decide between words that the search leaves open, and leave alone
// what it is sure of.
func TestSurroundingsDecide(t *testing.T) {
	r := defaultRestorer(t)
	s, err := loadSurroundings(r.model, surroundingsData)
	if err != nil {
		t.Fatal(err)
	}
	id := func(w string) uint16 {
		id, ok := r.model.ID(w)
		if !ok {
			t.Fatalf("no word %q", w)
		}
		return id
	}
	var scene [aroundDims]float32
	var rows []uint16
	for _, w := range strings.Fields("cấp giấy chứng x quyền sử dụng đất") {
		rows = append(rows, s.rows[id(w)])
	}
	s.scene(&scene, rows, 3)
	better, worse := id("nhận"), id("nhấn")
	open := choice{
		hypothesis: hypothesis{n: 1, ids: [2]uint16{worse}}, score: 0.5,
		rest: []rival{{hypothesis{n: 1, ids: [2]uint16{better}}, 0.48}},
	}
	if ahead := s.likelier(&scene, better) - s.likelier(&scene, worse); ahead < aroundMargin+0.1 {
		t.Fatalf("%s is ahead by %.2f nats only", r.model.Word(better), ahead)
	}
	s.decide(&open, &scene)
	if open.ids[0] != better || len(open.rest) != 1 || open.rest[0].hyp.ids[0] != worse {
		t.Errorf("chose %s, rest %v", r.model.Word(open.ids[0]), open.rest)
	}
	if sum := float64(open.score + open.rest[0].score); math.Abs(sum-1) > 1e-4 || open.score <= open.rest[0].score {
		t.Errorf("scores %.3f and %.3f", open.score, open.rest[0].score)
	}
	sure := choice{
		hypothesis: hypothesis{n: 1, ids: [2]uint16{worse}}, score: 0.9999,
		rest: []rival{{hypothesis{n: 1, ids: [2]uint16{better}}, 1e-9}},
	}
	s.decide(&sure, &scene)
	if sure.ids[0] != worse || sure.score != 0.9999 {
		t.Errorf("changed a sure choice to %s", r.model.Word(sure.ids[0]))
	}
}
