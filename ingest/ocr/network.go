package ocr

// #cgo CXXFLAGS: -std=c++17 -O3
// #cgo LDFLAGS: -ldl
// #include "network.h"
import "C"

import (
	"image"
	"runtime"
	"unsafe"

	"github.com/sohoa/sohoa/schema"
)

// ownNetwork has the model's network computed by network.cpp in place of
// Tesseract, which spends two thirds of its time there: the same sums, several
// times faster. It is used when a first line, computed both ways,
// comes out the same to the last bit; otherwise, and for other models, versions
// and processors, Tesseract computes by itself, and nothing else changes. read
// reads a line with the model.
//
// docs/decisions/008-the-network-is-computed-here.md tells why.
func ownNetwork(m Model, read func(page *image.Gray, box schema.Box) error) bool {
	if len(m.Languages) != 1 {
		return false
	}
	path, err := traineddata(m.Dir, m.Languages[0])
	if err != nil {
		return false
	}
	model, err := readLineModel(path)
	if err != nil || !loadNetwork(model, false) {
		return false
	}
	return checkNetwork(func() error {
		page := sampleLine(640)
		return read(page, schema.Box{X1: page.Rect.Dx(), Y1: page.Rect.Dy()})
	}) > 0
}

// checkNetwork has the lines that read reads computed both ways and returns how
// many came out the same, 0 or less when the own arithmetic shall not be used.
func checkNetwork(read func() error) int {
	C.sohoa_network_check()
	err := read()
	same := int(C.sohoa_network_use())
	if err != nil {
		networkOff()
		return 0
	}
	return same
}

// loadNetwork hands the model over, which is copied there. older leaves out the
// newest instructions.
func loadNetwork(m *lineModel, older bool) bool {
	var pins runtime.Pinner
	defer pins.Unpin()
	var ms [C.SOHOA_MATRICES]C.sohoa_matrix
	for i := range ms {
		x := &m.matrices[i]
		pins.Pin(&x.weights[0])
		pins.Pin(&x.scales[0])
		ms[i] = C.sohoa_matrix{
			outputs: C.int(x.outputs), inputs: C.int(x.inputs),
			weights: (*C.int8_t)(unsafe.Pointer(&x.weights[0])), scales: (*C.float)(&x.scales[0]),
		}
	}
	mode := C.int(0)
	if older {
		mode = 1
	}
	return C.sohoa_network_load(&ms[0], C.uint64_t(m.seed), mode) == 0
}

// networkOff gives the lines of other models to Tesseract's own arithmetic.
func networkOff() { C.sohoa_network_off() }

// sampleLine draws a line of strokes of all kinds, which is nothing to read but
// takes the network through most of its values.
func sampleLine(width int) *image.Gray {
	const height = 48
	g := image.NewGray(image.Rect(0, 0, width, height))
	for i := range g.Pix {
		g.Pix[i] = 0xff
	}
	for x := min(20, width/4); x < width-min(20, width/4); x++ {
		letter, in := x/18, x%18
		for y := 8; y < 40; y++ {
			stem := in >= 3 && in < 6
			bar := in < 14 && (y-letter*5)&15 < 3
			slope := letter%3 == 1 && (in+y)%13 < 3 && in < 14
			if stem || bar || slope {
				g.Pix[y*g.Stride+x] = uint8(30 + (x*7+y*13)%90)
			}
		}
	}
	return g
}
