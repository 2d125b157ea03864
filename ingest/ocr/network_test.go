package ocr

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// usual loads the usual model, and skips where the own arithmetic cannot run.
func usual(t *testing.T) (*reader, *lineModel) {
	t.Helper()
	s := &server{hello: hello{Models: []Model{{Languages: []string{"vie"}}}, Variables: variables}, readers: make([]*reader, 1)}
	r, err := s.reader(0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() {
		networkOff()
		s.close()
	})
	path, err := traineddata("", "vie")
	if err != nil {
		t.Skip(err)
	}
	m, err := readLineModel(path)
	if errors.Is(err, errOtherNetwork) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	if !loadNetwork(m, false) {
		t.Skip("this processor or this Tesseract is not one of those that the arithmetic was written for")
	}
	if !s.ownNetwork {
		t.Error("the library computed the sample line otherwise")
	}
	return r, m
}

func TestNetworkAgreesWithTheLibrary(t *testing.T) {
	r, m := usual(t)
	for _, older := range []bool{false, true} {
		if !loadNetwork(m, older) {
			t.Fatal("the network was not taken")
		}
		widths := []int{40, 41, 97, 640, 2100}
		same := checkNetwork(func() error {
			for _, w := range widths {
				for _, scale := range []float64{0.8, 1, 1.25} {
					page := sampleLine(w)
					if _, err := r.read(page, 170, schema.Box{X1: w, Y1: page.Rect.Dy()}, psm[Line], scale); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if same < len(widths) {
			t.Errorf("older instructions %v: the library's result came out of %d lines of at least %d", older, same, len(widths))
		}
	}
}

func TestNetworkThatDisagreesIsNotUsed(t *testing.T) {
	r, m := usual(t)
	m.matrices[17].weights[5] ^= 1
	if !loadNetwork(m, false) {
		t.Fatal("the network was not taken")
	}
	page := sampleLine(640)
	read := func() (string, error) {
		lines, err := r.read(page, 170, schema.Box{X1: page.Rect.Dx(), Y1: page.Rect.Dy()}, psm[Line], 1)
		var b bytes.Buffer
		for _, l := range lines {
			for _, w := range l {
				b.WriteString(w.text + " ")
			}
		}
		return b.String(), err
	}
	networkOff()
	want, err := read()
	if err != nil {
		t.Fatal(err)
	}
	same := checkNetwork(func() error {
		_, err := read()
		return err
	})
	if same != -1 {
		t.Errorf("%d lines passed with a changed weight", same)
	}
	if got, err := read(); got != want || err != nil {
		t.Errorf("after a failed check %q is read (%v), before it %q", got, err, want)
	}
}

func TestLineModel(t *testing.T) {
	path, err := traineddata("", "vie")
	if err != nil {
		t.Skip(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parseLineModel(data); errors.Is(err, errOtherNetwork) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(data); n += 1 + n/50 {
		// The network stands before the words; its last numbers may be cut off.
		if _, err := parseLineModel(data[:n]); err == nil && n < 430_000 {
			t.Errorf("the first %d bytes of %d were taken for a model", n, len(data))
		}
	}
	for _, layer := range []string{"Maxpool", "SummLSTM", "Softmax", "RTLReversed"} {
		other := bytes.Replace(data, []byte(layer), bytes.Repeat([]byte("x"), len(layer)), 1)
		if _, err := parseLineModel(other); !errors.Is(err, errOtherNetwork) {
			t.Errorf("without %s: %v", layer, err)
		}
	}
	if _, err := readLineModel(t.TempDir() + "/none"); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func FuzzLineModel(f *testing.F) {
	head := binary.LittleEndian.AppendUint32(nil, lstmPart+1)
	for i := range lstmPart + 1 {
		at := int64(-1)
		if i == lstmPart {
			at = 4 + 8*(lstmPart+1)
		}
		head = binary.LittleEndian.AppendUint64(head, uint64(at))
	}
	f.Add(append(head, "\x00\x06\x00\x00\x00Series\x00\x00\xc0\x00\x00\x00"...))
	f.Add([]byte("no model"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := parseLineModel(data); err == nil && !m.fits() {
			t.Error("a model whose matrices do not follow on each other")
		}
	})
}

// BenchmarkLine reads a line as long as a page is wide.
func BenchmarkLine(b *testing.B) {
	s := &server{hello: hello{Models: []Model{{Languages: []string{"vie"}}}, Variables: variables}, readers: make([]*reader, 1)}
	r, err := s.reader(0)
	if err != nil {
		b.Skip(err)
	}
	defer s.close()
	page := sampleLine(1400)
	for _, own := range []bool{true, false} {
		name := "own"
		if !own {
			networkOff()
			name = "library"
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := r.read(page, 170, schema.Box{X1: page.Rect.Dx(), Y1: page.Rect.Dy()}, psm[Line], 1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
