package confidence

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// doubts returns a list with some of them set.
func doubts(set map[int]float64) []float64 {
	d := make([]float64, Count)
	for i, v := range set {
		d[i] = v
	}
	return d
}

// invented makes fields of documents whose chance of being right follows from
// three doubts; a fourth says nothing.
func invented(n int, seed uint64, slope float64) []Sample {
	rng := rand.New(rand.NewPCG(seed, 1))
	var out []Sample
	for i := range n {
		class := []string{Short, Long, Money}[i%3]
		engine, rival, format := rng.Float64()*0.5, rng.Float64(), 0.0
		if rng.IntN(10) == 0 {
			format = 0.5
		}
		odds := 7 - slope*engine - 5*rival - 4*format
		if class == Long {
			odds--
		}
		out = append(out, Sample{
			Evidence: schema.Evidence{Source: Sources[i%len(Sources)], Class: class, Doubts: doubts(map[int]float64{Engine: engine, Rival: rival, Format: format, Small: rng.Float64()})},
			Right:    rng.Float64() < 1/(1+math.Exp(-odds)), Document: fmt.Sprint("d", i/60),
		})
	}
	return out
}

func TestFitFindsTheChances(t *testing.T) {
	m, out, err := Fit(invented(7200, 1, 4), Options{Precision: 0.99, On: "invented"})
	if err != nil {
		t.Fatal(err)
	}
	// Documents that it has never seen.
	fresh := invented(7200, 2, 4)
	q := quality(fresh, func(i int) (float64, bool) {
		s := &fresh[i]
		p := m.Probability(&s.Evidence)
		return p, p >= m.Threshold(s.Source, s.Class, 0.95)
	})
	if q.ECE > 0.03 || math.Abs(q.LogLoss-out.New.LogLoss) > 0.04 {
		t.Errorf("fresh documents: %+v, cross-validation said %+v", q, out.New)
	}
	if q.Right < 0.94 || q.Accepted < 0.2 {
		t.Errorf("of %.3f accepted %.4f are right", q.Accepted, q.Right)
	}
	p := m.find(schema.FromOCR, Short)
	if w := p.weights; w[Rival] < 3 || w[Rival] > 7 || w[Small] > 0.5 || w[Format] < 2 {
		t.Errorf("weights %v", p.Weights)
	}
}

// More doubt never makes a field surer, whatever the data say.
func TestProbabilityIsMonotone(t *testing.T) {
	m := Default()
	rng := rand.New(rand.NewPCG(3, 3))
	for _, p := range m.Parts {
		for range 200 {
			e := schema.Evidence{Source: p.Source, Class: p.Class, Doubts: make([]float64, Count)}
			for i := range e.Doubts {
				e.Doubts[i] = rng.Float64()
			}
			before := m.Probability(&e)
			e.Doubts[rng.IntN(Count)] += rng.Float64()
			if after := m.Probability(&e); after > before || after < 0 || before > 1 {
				t.Fatalf("%s, %s: %v after %v", p.Source, p.Class, after, before)
			}
		}
	}
}

func TestFitIsTheSameInAnyOrder(t *testing.T) {
	a := invented(1500, 4, 4)
	b := append([]Sample(nil), a...)
	rand.New(rand.NewPCG(5, 5)).Shuffle(len(b), func(i, k int) { b[i], b[k] = b[k], b[i] })
	write := func(s []Sample) string {
		m, _, err := Fit(s, Options{Precision: 0.99})
		if err != nil {
			t.Fatal(err)
		}
		data, err := m.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	if write(a) != write(b) {
		t.Error("the order of the fields changes the model")
	}
}

func TestFitRefuses(t *testing.T) {
	old, _, err := Fit(invented(6000, 6, 4), Options{Precision: 0.99})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Fit(invented(200, 7, 4), Options{Base: old, Precision: 0.99}); !errors.Is(err, ErrTooFew) {
		t.Errorf("200 fields: %v", err)
	}
	right := invented(3000, 7, 4)
	for i := range right {
		right[i].Right = true
	}
	if _, _, err := Fit(right, Options{Base: old, Precision: 0.99}); !errors.Is(err, ErrTooFew) {
		t.Errorf("nothing wrong: %v", err)
	}
	// Right and wrong at random: there is nothing to learn that the old model
	// does not know.
	again := invented(6000, 6, 4)[:1500]
	if m, out, err := Fit(again, Options{Base: old, Precision: 0.99}); !errors.Is(err, ErrNoBetter) || m != nil || out.Old.LogLoss == 0 {
		t.Errorf("what the old one was fitted to: %v, %+v", err, out)
	}
	// Where this engine's scores mean something else, a new model is better.
	m, out, err := Fit(invented(3000, 8, 25), Options{Base: old, Precision: 0.99})
	if err != nil || m == nil || out.New.LogLoss >= out.Old.LogLoss {
		t.Errorf("another engine: %v, %+v", err, out)
	}
}

// Sources that are not asked for keep their parts to the byte, whatever the fields
// of theirs are like.
func TestFitSomeSources(t *testing.T) {
	old, _, err := Fit(invented(6000, 6, 4), Options{Precision: 0.99, On: "the first"})
	if err != nil {
		t.Fatal(err)
	}
	asked := []schema.TextSource{schema.FromText, CleanText}
	for _, fresh := range []bool{false, true} {
		m, out, err := Fit(invented(6000, 8, 25), Options{Base: old, Fresh: fresh, Sources: asked, Precision: 0.99, On: "the second"})
		if err != nil {
			t.Fatal(err)
		}
		if (out.Old == Quality{}) != fresh {
			t.Errorf("fresh %v: compared with %+v", fresh, out.Old)
		}
		for _, source := range Sources {
			var a, b Model
			for from, to := range map[*Model]*Model{old: &a, m: &b} {
				to.Sources = []*SourceFitted{from.fitted(source)}
				for _, p := range from.Parts {
					if p.Source == source {
						to.Parts = append(to.Parts, p)
					}
				}
			}
			before, err := a.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			after, err := b.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			if changed := string(before) != string(after); changed != slices.Contains(asked, source) {
				t.Errorf("fresh %v, %s: changed is %v", fresh, source, changed)
			}
			want := "the first"
			if slices.Contains(asked, source) {
				want = "the second"
			}
			if f := m.fitted(source); f == nil || f.On != want || f.Fields != 1500 {
				t.Errorf("fresh %v, %s: fitted to %+v", fresh, source, f)
			}
		}
	}
	if _, _, err := Fit(invented(6000, 8, 25), Options{Sources: asked, Precision: 0.99}); !errors.Is(err, ErrTooFew) {
		t.Errorf("two sources and no model that has the others: %v", err)
	}
}

// part is a part of scans with a ladder alone.
func part(class string, ladder ...Rung) *Part {
	return &Part{Source: schema.FromOCR, Class: class, Ladder: ladder}
}

func TestThreshold(t *testing.T) {
	m := &Model{Parts: []*Part{
		part(Any, Rung{0.999, 1000, 0}, Rung{0.97, 4000, 16}, Rung{0.95, 5000, 90}),
		part(Short, Rung{0.99, 500, 0}, Rung{0.98, 900, 2}, Rung{0.96, 1500, 30}),
		part(Name, Rung{0.995, 50, 0}, Rung{0.97, 90, 2}, Rung{0.95, 110, 9}), // too few to prove anything
		part(Money, Rung{0.998, 600, 0}, Rung{0.98, 700, 1}, Rung{0.95, 800, 1}),
		part(Quantity, Rung{0.998, 600, 0}, Rung{0.98, 700, 1}, Rung{0.96, 1600, 1}, Rung{0.95, 1700, 3}),
		part(Code, Rung{0.99, 20, 6}),
		part(Cell, Rung{0.99, 100, 0}),
	}}
	for _, tt := range []struct {
		class string
		want  float64
	}{
		{Any, 0.97},
		{Status, 0.97}, // has no part
		{Short, 0.97},  // its own would be 0.98
		{Name, 0.97},
		{Money, 0.998},   // above the wrong one that was seen, as there are too few others
		{Quantity, 0.96}, // one of 1,600 is less than a tenth of what is promised
		{Code, 2},
		{Cell, 2}, // does not lean on the fields
	} {
		if got := m.Threshold(schema.FromOCR, tt.class, 0.99); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.class, got, tt.want)
		}
	}
	if a, b := m.Threshold(schema.FromOCR, Short, 0.95), m.Threshold(schema.FromOCR, Short, 0.99); a > b {
		t.Errorf("less is promised, and less accepted: %v, %v", a, b)
	}
}

// One wrong field more or less than promised is chance: it does not decide alone
// whether a class is accepted when the fields beside it keep the promise, and neither
// does a class that has had luck where they do not.
func TestThresholdIsNoMatterOfOneField(t *testing.T) {
	any := part(Any, Rung{0.99, 9000, 9}, Rung{0.95, 12000, 60})
	for _, tt := range []struct {
		name  string
		class string
		parts []*Part
		want  float64
	}{
		{"three of 2,900 numbers are wrong", Quantity,
			[]*Part{any, part(Ordinal, Rung{0.99, 2900, 0}), part(Quantity, Rung{0.999, 60, 0}, Rung{0.998, 300, 1}, Rung{0.99, 2900, 3}, Rung{0.98, 3000, 12})}, 0.99},
		{"likewise, and the sums are wrong as often", Quantity,
			[]*Part{any, part(Money, Rung{0.999, 900, 0}, Rung{0.99, 2900, 4}), part(Quantity, Rung{0.999, 60, 0}, Rung{0.998, 300, 1}, Rung{0.99, 2900, 3})}, 0.999},
		{"nine of 2,900", Quantity,
			[]*Part{any, part(Ordinal, Rung{0.99, 9000, 0}), part(Quantity, Rung{0.999, 60, 0}, Rung{0.998, 300, 2}, Rung{0.99, 2900, 9})}, 0.999},
		{"sixty sums without a wrong one, where one of 100 numbers is wrong", Money,
			[]*Part{any, part(Quantity, Rung{0.999, 900, 9}, Rung{0.99, 2900, 29}), part(Money, Rung{0.999, 60, 0})}, 2},
		{"four of 129 empty fields", Empty, []*Part{any, part(Empty, Rung{0.985, 10, 0}, Rung{0.98, 25, 3}, Rung{0.96, 129, 4})}, 0.96},
		{"nine of 129 empty fields", Empty, []*Part{any, part(Empty, Rung{0.985, 10, 0}, Rung{0.98, 25, 3}, Rung{0.96, 129, 9})}, 0.985},
	} {
		m := &Model{Parts: tt.parts}
		if got := m.Threshold(schema.FromOCR, tt.class, 0.99); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// A doubt that spreads by hundredths gets the weight that it deserves, as one that
// spreads by ones does.
func TestFitFindsDoubtsThatHardlySpread(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var points []point
	for range 4000 {
		x := 0.04 + 0.06*rng.Float64()
		points = append(points, point{[]float64{x, rng.Float64()}, rng.Float64() < 1/(1+math.Exp(-(9-80*x)))})
	}
	w := fitLogistic(points, weighting{4, make([]float64, 2)}, pull)
	if w.weights[0] < 60 || w.weights[0] > 100 || w.weights[1] > 0.5 {
		t.Errorf("weights %.2f, want about 80 and 0", w.weights)
	}
}

// The surest fields of a class with hardly a wrong one do not all look alike.
// However far the prior lies from what the fields say, the fit ends where no weight
// would gain by a change.
func TestLogisticReachesTheOptimum(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	const doubts = 12
	for _, scale := range []float64{0.3, 1, 3} {
		var points []point
		for range 4000 {
			// Damage makes all doubts rise together, some of them by jumps.
			damage := rng.Float64()
			x := make([]float64, doubts)
			for k := range x {
				if rng.Float64() < damage {
					x[k] = scale * damage * float64(k+1) / doubts * (0.5 + rng.Float64())
				}
			}
			points = append(points, point{x, rng.Float64() > damage})
		}
		prior := weighting{4, make([]float64, doubts)}
		w := fitLogistic(points, prior, pull)
		at := append([]float64{-w.intercept}, w.weights...)
		strengths := []float64{pull}
		for _, s := range spread(points, doubts) {
			strengths = append(strengths, pull*s*s)
		}
		slope, _ := derivatives(points, at, strengths, append([]float64{-prior.intercept}, prior.weights...))
		for k, g := range slope {
			if math.Abs(g) > 0.1 && (k == 0 || at[k] > 0 || g < 0) {
				t.Errorf("doubts up to %v: weight %d is %.4f, where the loss has slope %.4f", scale, k, at[k], g)
			}
		}
	}
}

func TestCurveRisesToTheSurest(t *testing.T) {
	var fields []scored
	for i := range 1000 {
		fields = append(fields, scored{float64(i) / 100, i > 5})
	}
	p := &Part{Curve: curveOf(fields)}
	if a, b, c := p.at(8), p.at(9.9), p.at(12); !(a < b && b <= c && c < 1) {
		t.Errorf("probabilities %v, %v, %v do not rise", a, b, c)
	}
}

func TestWhy(t *testing.T) {
	p := &Part{Source: schema.FromOCR, Class: Any, Intercept: 4, Curve: straight()}
	p.weights[Rival], p.weights[Format], p.weights[Weakest], p.weights[Length] = 3, 2, 1, 9
	m := &Model{Parts: []*Part{p}}
	e := &schema.Evidence{Source: schema.FromOCR, Class: Short, Doubts: doubts(map[int]float64{Rival: 0.5, Format: 0.4, Weakest: 0.1, Length: 1})}
	if got := strings.Join(m.Why(e), " "); got != "repair format" {
		t.Errorf("why: %s", got)
	}
}

func TestWilson(t *testing.T) {
	for _, tt := range []struct {
		hits, n   int
		low, high float64
	}{{95, 100, 0.8882495307680808, 0.9784561}, {0, 0, 0, 1}, {0, 10, 0, 0.2775328}, {10, 10, 0.7224672, 1}} {
		low, high := Interval(tt.hits, tt.n)
		if math.Abs(low-tt.low) > 1e-6 || math.Abs(high-tt.high) > 1e-6 {
			t.Errorf("%d of %d: %v to %v, want %v to %v", tt.hits, tt.n, low, high, tt.low, tt.high)
		}
	}
}

func TestReadRefusesWhatIsNoModel(t *testing.T) {
	good := string(shipped)
	for name, text := range map[string]string{
		"another schema":    strings.Replace(good, Version, "other/1", 1),
		"an unknown doubt":  strings.Replace(good, `"position"`, `"posture"`, 1),
		"a negative weight": strings.Replace(good, `"engine":`, `"engine":-`, 1),
		"no parts":          `{"schema":"` + Version + `","fitted":{},"parts":[]}`,
		"an unknown key":    strings.Replace(good, `"fitted"`, `"fit"`, 1),
		"half a file":       good[:len(good)/2],
	} {
		path := filepath.Join(t.TempDir(), "m.json")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestShippedModelReadsBackTheSame(t *testing.T) {
	data, err := Default().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if string(data) != string(shipped) {
		t.Error("writing the shipped model gives other bytes")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(shipped)
	f.Add([]byte(`{"schema":"sohoa.confidence/1","parts":[{"source":"ocr","class":"any","curve":[{"odds":0,"p":0.5}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parse(data)
		if err != nil {
			return
		}
		e := &schema.Evidence{Source: schema.FromOCR, Class: Short, Doubts: make([]float64, Count)}
		if p := m.Probability(e); !(p >= 0 && p <= 1) {
			t.Errorf("probability %v", p)
		}
		m.Threshold(schema.FromOCR, Money, 0.99)
		m.Why(e)
	})
}
