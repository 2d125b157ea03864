package ocr

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
)

// lineModel is the network of a Tesseract model that reads lines: what its
// traineddata file holds of the kind that network.cpp computes.
type lineModel struct {
	matrices []matrix // the convolution, four gates of four cells, the output
	seed     uint64   // of the noise around a line
}

// matrix has a row of inputs+1 weights an output, the last of which is its bias.
type matrix struct {
	outputs, inputs int
	weights         []int8
	scales          []float32
}

// errOtherNetwork says that a model is none of the kind that is computed here.
var errOtherNetwork = errors.New("a network of another kind")

// traineddata returns the path of a language's model, looked for where Tesseract
// does.
func traineddata(dir, language string) (string, error) {
	dirs := []string{dir}
	if dir == "" {
		dirs = []string{os.Getenv("TESSDATA_PREFIX"), "/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tessdata",
			"/usr/share/tesseract/tessdata", "/usr/local/share/tessdata"}
	}
	for _, d := range dirs {
		path := filepath.Join(d, language+".traineddata")
		if _, err := os.Stat(path); d != "" && err == nil {
			return path, nil
		}
	}
	return "", os.ErrNotExist
}

// readLineModel reads the network out of a traineddata file.
func readLineModel(path string) (*lineModel, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m, err := parseLineModel(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return m, nil
}

// lstmPart is the number of the part of a traineddata file that holds the
// network.
const lstmPart = 17

// parseLineModel takes a traineddata file apart: the number of parts, where each
// begins or -1, and the parts; integers little-endian.
func parseLineModel(data []byte) (*lineModel, error) {
	r := &modelReader{data: data}
	parts := int(r.int32())
	if r.err != nil || parts <= lstmPart || parts > 1000 {
		return nil, errors.New("no traineddata file")
	}
	begins := make([]int64, parts)
	for i := range begins {
		begins[i] = int64(r.uint64())
	}
	from, to := begins[lstmPart], int64(len(data))
	for _, b := range begins {
		if b > from && b < to {
			to = b
		}
	}
	if r.err != nil || from < 0 || from > to {
		return nil, errOtherNetwork
	}
	return parseNetwork(data[from:to])
}

// layers are those of the network [1,36,0,1Ct3,3,16Mp3,3LfysALfxBLrxCLfxDO1cN],
// in the order of the file.
var layers = []string{"Series", "Input", "Series", "Convolve", "Tanh", "Maxpool", "XYTranspose", "SummLSTM",
	"LSTM", "RTLReversed", "LSTM", "LSTM", "Softmax"}

func parseNetwork(data []byte) (*lineModel, error) {
	p := &networkParser{modelReader: modelReader{data: data}}
	p.layer()
	r := &p.modelReader
	r.string() // the network's description
	r.take(8)  // flags, rounds of training
	// The generator is begun with the number of samples that were trained on.
	p.model.seed = uint64(int64(r.int32()) * 0x10000001)
	switch {
	case p.other:
		return nil, errOtherNetwork
	case r.err != nil:
		return nil, r.err
	case !slices.Equal(p.found, layers) || !p.model.fits():
		return nil, errOtherNetwork
	}
	return &p.model, nil
}

// fits reports whether the matrices follow on each other: the convolution's 16
// features go into the first cell, and each cell's units into the next.
func (m *lineModel) fits() bool {
	if len(m.matrices) != 18 || m.matrices[0].inputs != 9 || m.matrices[0].outputs != 16 {
		return false
	}
	inputs := 16
	for i := 1; i < 17; i += 4 {
		units := m.matrices[i].outputs
		for _, gate := range m.matrices[i : i+4] {
			if gate.outputs != units || gate.inputs != inputs+units {
				return false
			}
		}
		if units <= 0 || units%16 != 0 || units > 1024 {
			return false
		}
		inputs = units
	}
	return m.matrices[17].inputs == inputs && m.matrices[17].outputs > 0
}

// networkParser walks the layers of a network.
type networkParser struct {
	modelReader
	model lineModel
	found []string
	other bool // a layer is of a size or kind not foreseen
	depth int
}

// ownRates is the flag of a layer that keeps rates of learning for its parts.
const ownRates = 64

func (p *networkParser) layer() {
	p.depth++
	defer func() { p.depth-- }()
	if p.take(1); p.err != nil || p.other || p.depth > 10 || len(p.found) > len(layers) {
		p.other = true
		return
	}
	kind := p.string()
	p.take(2) // whether it was being trained
	flags := p.int32()
	p.take(12) // inputs, outputs, weights
	p.string() // name
	p.found = append(p.found, kind)
	switch kind {
	case "Series", "XYTranspose", "RTLReversed":
		for range p.count(16) {
			p.layer()
		}
		if flags&ownRates != 0 {
			p.take(4 * p.count(1000))
		}
	case "Input":
		p.expect(1, 36, 0, 1)
		p.take(4)
	case "Convolve":
		p.expect(1, 1)
	case "Maxpool":
		p.expect(3, 3)
	case "LSTM", "SummLSTM":
		p.take(4)
		for range 4 {
			p.matrix()
		}
	case "Tanh", "Softmax":
		p.matrix()
	default:
		p.other = true
	}
}

func (p *networkParser) expect(values ...int32) {
	for _, v := range values {
		if p.int32() != v {
			p.other = true
		}
	}
}

// matrix reads weights of eight bits with scales of doubles.
func (p *networkParser) matrix() {
	const ofBytes, ofDoubles = 1, 128
	mode := p.take(1)
	if p.err != nil || mode[0]&ofBytes == 0 || mode[0]&ofDoubles == 0 {
		p.other = true
		return
	}
	rows, columns := int(p.int32()), int(p.int32())
	p.take(1) // what stands in empty places
	if p.err != nil || rows < 1 || columns < 2 || rows > 1<<14 || columns > 1<<14 {
		p.other = true
		return
	}
	m := matrix{outputs: rows, inputs: columns - 1}
	for _, b := range p.take(rows * columns) {
		m.weights = append(m.weights, int8(b))
	}
	if p.count(1<<15) < rows {
		p.other = true
		return
	}
	for range rows {
		m.scales = append(m.scales, float32(math.Float64frombits(p.uint64())/math.MaxInt8))
	}
	p.model.matrices = append(p.model.matrices, m)
}

// modelReader reads numbers one after the other; after the first error nothing
// but zeros.
type modelReader struct {
	data []byte
	err  error
}

func (r *modelReader) take(n int) []byte {
	if r.err == nil && (n < 0 || n > len(r.data)) {
		r.err = errors.New("the file ends within its network")
	}
	if r.err != nil {
		return make([]byte, max(0, min(n, 8)))
	}
	out := r.data[:n]
	r.data = r.data[n:]
	return out
}

func (r *modelReader) int32() int32   { return int32(binary.LittleEndian.Uint32(r.take(4))) }
func (r *modelReader) uint64() uint64 { return binary.LittleEndian.Uint64(r.take(8)) }
func (r *modelReader) string() string { return string(r.take(r.count(1 << 10))) }

// count reads how many there are of something, at most limit.
func (r *modelReader) count(limit int) int {
	n := r.int32()
	if n < 0 || int(n) > limit {
		r.err = cmp.Or(r.err, fmt.Errorf("%d of something where at most %d are allowed", n, limit))
		return 0
	}
	return int(n)
}
