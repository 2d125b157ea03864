package lm_test

import (
	"bytes"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/normalize/lm"
)

// sentences are invented; they repeat enough for counts above one.
const sentences = `tỉnh ban hành kế hoạch
tỉnh ban hành quyết định
sở trình kế hoạch
sở ban hành kế hoạch
xã trình quyết định
tỉnh giao sở trình kế hoạch
xã thực hiện kế hoạch`

func train(t testing.TB, opts lm.Options) []byte {
	t.Helper()
	tr, err := lm.NewTrainer(opts)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(sentences, "\n") {
		var tokens []lm.Token
		for _, w := range strings.Fields(line) {
			tokens = append(tokens, lm.Token{Text: w, Form: w})
		}
		tr.Add(tokens, 1+i%2)
	}
	data, err := tr.Build()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

var small = lm.Options{MinCount: 1, Cutoff: [5]int{1, 1, 1, 1, 1}}

func ExampleModel_Score() {
	tr, err := lm.NewTrainer(lm.Options{Order: 3, MinCount: 1})
	if err != nil {
		log.Fatal(err)
	}
	for _, line := range []string{"số hóa hồ sơ", "nộp hồ sơ", "hồ sơ số hóa"} {
		var tokens []lm.Token
		for _, w := range strings.Fields(line) {
			tokens = append(tokens, lm.Token{Text: w})
		}
		tr.Add(tokens, 1)
	}
	data, err := tr.Build()
	if err != nil {
		log.Fatal(err)
	}
	m, err := lm.Load(data)
	if err != nil {
		log.Fatal(err)
	}
	score := func(text string) (sum float32) {
		s := m.Begin()
		for _, w := range strings.Fields(text) {
			id, _ := m.ID(w)
			sum += m.Score(&s, id, &s)
		}
		return sum
	}
	fmt.Println(score("số hóa hồ sơ") > score("hóa số sơ hồ"))
	// Output: true
}

func TestProbabilitiesSumToOne(t *testing.T) {
	for _, opts := range []lm.Options{
		small,
		{MinCount: 1, Cutoff: [5]int{1, 1, 1, 1, 1}, MaxGrams: 12},
		{Order: 2, MinCount: 2},
		{Order: 3, MinCount: 1},
	} {
		m, err := lm.Load(train(t, opts))
		if err != nil {
			t.Fatal(err)
		}
		for _, context := range []string{"", "tỉnh", "tỉnh ban hành", "sở trình kế", "hành tỉnh xã"} {
			s := m.Begin()
			for _, w := range strings.Fields(context) {
				id, _ := m.ID(w)
				m.Score(&s, id, &s)
			}
			sum := 0.0
			for id := range m.Words() {
				var next lm.State
				sum += math.Exp(float64(m.Score(&s, uint16(id), &next)))
			}
			// Levels of probability are rounded.
			if math.Abs(sum-1) > 0.1 {
				t.Errorf("%+v: after %q probabilities sum to %v", opts, context, sum)
			}
		}
	}
}

// What a scorer leaves out changes nothing of what it returns.
func TestScorer(t *testing.T) {
	m, err := lm.Load(train(t, small))
	if err != nil {
		t.Fatal(err)
	}
	c := m.NewScorer()
	random := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		var s lm.State
		for range 10 {
			w := uint16(random.IntN(m.Words() + 1))
			var next lm.State
			want := m.Score(&s, w, &next)
			if got := c.Prob(&s, w); got != want {
				t.Fatalf("Prob is %v, Score %v", got, want)
			}
			if c.Next(&s, w) != next {
				t.Fatalf("the state after token %d differs", w)
			}
			s = next
		}
	}
}

func TestContextHelps(t *testing.T) {
	m, err := lm.Load(train(t, small))
	if err != nil {
		t.Fatal(err)
	}
	hanh, _ := m.ID("hành")
	ban, _ := m.ID("ban")
	s := m.Begin()
	alone := m.Score(&s, hanh, &lm.State{})
	m.Score(&s, ban, &s)
	if after := m.Score(&s, hanh, &s); after <= alone {
		t.Errorf("after its partner the token scores %v, alone %v", after, alone)
	}
	if w := m.Word(hanh); w != "hành" {
		t.Errorf("Word(%d) = %q", hanh, w)
	}
	if id, ok := m.ID("vắng"); ok || id != lm.Unknown {
		t.Errorf("ID of an absent word = %d, %v", id, ok)
	}
}

func TestSameBytes(t *testing.T) {
	if a, b := train(t, small), train(t, small); !bytes.Equal(a, b) {
		t.Error("two trainings on the same sentences differ")
	}
}

func TestWriting(t *testing.T) {
	tr, err := lm.NewTrainer(lm.Options{MinCount: 1})
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		tr.Add([]lm.Token{{Text: "qua", Form: "Qua"}, {Text: "vneid", Form: "VNeID"}, {Text: "hà", Form: "Hà"}, {Text: "ubnd", Form: "UBND"}}, 1)
	}
	data, err := tr.Build()
	if err != nil {
		t.Fatal(err)
	}
	m, err := lm.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string]lm.Writing{
		"qua": {}, "vneid": {Mixed: 1}, "hà": {Title: 1}, "ubnd": {Upper: 1},
	} {
		id, ok := m.ID(word)
		if got := m.Writing(id); !ok || got != want {
			t.Errorf("Writing(%q) = %+v, want %+v", word, got, want)
		}
	}
	id, _ := m.ID("vneid")
	if got := m.Form(id); got != "VNeID" {
		t.Errorf("Form = %q", got)
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	data := train(t, small)
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	m, err := lm.Open(write("good.lm", data))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	flip := func(at int) []byte {
		b := bytes.Clone(data)
		b[at] ^= 1
		return b
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":      {nil, "not a language model"},
		"text":       {[]byte(strings.Repeat("xin chào ", 20)), "not a language model"},
		"version":    {flip(8), "another version"},
		"incomplete": {append(append(bytes.Clone(data[:12]), 0, 0, 0, 0), data[16:]...), "not written to its end"},
		"short":      {data[:len(data)-1], "damaged"},
		"flipped":    {flip(len(data) / 2), "damaged"},
	} {
		_, err := lm.Open(write(name, c.data))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "sohoa lm train") {
			t.Errorf("%s: error %v, want one with %q and the command to rebuild", name, err, c.want)
		}
	}
	if _, err := lm.Open(filepath.Join(dir, "absent.lm")); err == nil {
		t.Error("no error for a file that is not there")
	}
}

func FuzzLoad(f *testing.F) {
	data := train(f, small)
	f.Add(data, 0, byte(0))
	f.Add(data[:100], 3, byte(9))
	f.Add([]byte{}, 0, byte(0))
	f.Fuzz(func(t *testing.T, data []byte, at int, with byte) {
		// Right checksums let the damage through to the readers behind them.
		data = lm.Resum(data)
		if at >= 40 && at < len(data) {
			data[at] ^= with
			data = lm.Resum(data)
		}
		m, err := lm.Load(data)
		if err != nil {
			return
		}
		s := m.Begin()
		for id := range uint16(40) {
			m.Score(&s, id, &s)
			m.ID(m.Word(id))
			m.Form(id)
			m.Writing(id)
		}
	})
}
