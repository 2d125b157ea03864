package ingest

import (
	"bytes"
	"compress/zlib"
	"image"
	"image/color"
	"io"
	"slices"

	"golang.org/x/image/ccitt"
	"golang.org/x/image/tiff/lzw"
)

// The library refuses greys of two and four bits, and gives nothing of a page
// that is cut off. Both are read here, row by row as far as they go, where they
// lie in strips.

// Tags that the rows need besides.
const (
	tagPredictor = 317
	tagColorMap  = 320
)

// Compressions of rows, and the numbers that older programs write for two of them.
const (
	packNoneOld    = 0
	packNone       = 1
	packGroup4     = 4
	packLZW        = 5
	packDeflate    = 8
	packBytes      = 32773
	packDeflateOld = 32946
)

// Photometric interpretations.
const (
	whiteIsZero = iota
	blackIsZero
	redGreenBlue
	palette
)

// rowForm is how the rows of a page are packed and what their samples mean.
type rowForm struct {
	bits, samples int
	photometric   int
	compression   int
	differences   bool          // samples are told as differences from those before
	colours       color.Palette // of a palette
}

// form tells how the rows are packed, and whether they can be read here.
func (p *tiffPage) form() (f rowForm, ok bool) {
	f = rowForm{
		bits: p.one(tagBits, 1), samples: p.one(tagSamples, 1), photometric: p.one(tagPhotometric, whiteIsZero),
		compression: p.one(tagCompression, 1), differences: p.one(tagPredictor, 1) == 2,
	}
	switch f.photometric {
	case whiteIsZero, blackIsZero:
		ok = f.samples == 1 && slices.Contains([]int{1, 2, 4, 8}, f.bits)
	case palette:
		ok = f.samples == 1 && slices.Contains([]int{2, 4, 8}, f.bits)
		of := p.ints(p.tags[tagColorMap], 3<<8)
		if n := 1 << (f.bits & 15); ok && len(of) == 3*n {
			for i := range n {
				f.colours = append(f.colours, color.RGBA{byte(of[i] >> 8), byte(of[n+i] >> 8), byte(of[2*n+i] >> 8), 0xff})
			}
		}
		ok = ok && f.colours != nil
	case redGreenBlue:
		ok = f.samples == 3 && f.bits == 8 && p.one(tagPlanar, 1) == 1
	}
	return f, ok && p.one(tagTileWidth, 0) == 0 && (!f.differences || f.bits == 8)
}

// rows decodes the page's rows from the first one to the last that is whole.
func (p *tiffPage) rows(f rowForm) (image.Image, error) {
	blocks, err := p.blocks()
	if err != nil {
		return nil, err
	}
	var out interface {
		image.Image
		SubImage(image.Rectangle) image.Image
	}
	all := image.Rect(0, 0, p.width, p.height)
	paint := f.grey
	if f.photometric == redGreenBlue || f.photometric == palette {
		im := image.NewRGBA(all)
		out, paint = im, f.colour
	} else {
		out = image.NewGray(all)
	}
	pix, stride, _ := pixels(out)
	done, rowBytes := 0, (p.width*f.samples*f.bits+7)/8
	for _, b := range blocks {
		data, err := p.content(b)
		if err != nil {
			return nil, err
		}
		high := min(b.Max.Y, p.height) - b.Min.Y
		data = f.unpack(data, p.width, high, high*rowBytes, p.one(tagFillOrder, 1) == 2)
		n := len(data) / rowBytes
		for y := range n {
			paint(pix[(b.Min.Y+y)*stride:][:stride], f.summed(data[y*rowBytes:][:rowBytes]))
		}
		if done += n; n < high {
			break
		}
	}
	if done == 0 {
		return nil, errNothingLeft
	}
	return out.SubImage(image.Rect(0, 0, p.width, done)), nil
}

// unpack gives the first size bytes of a strip, fewer when it ends early.
func (f *rowForm) unpack(data []byte, width, high, size int, reversed bool) []byte {
	var r io.Reader = bytes.NewReader(data)
	switch f.compression {
	case packNoneOld, packNone:
	case packGroup4:
		order := ccitt.MSB
		if reversed {
			order = ccitt.LSB
		}
		r = ccitt.NewReader(r, order, ccitt.Group4, width, high, &ccitt.Options{Invert: f.photometric == whiteIsZero})
	case packLZW:
		r = lzw.NewReader(r, lzw.MSB, 8)
	case packDeflate, packDeflateOld:
		var err error
		if r, err = zlib.NewReader(r); err != nil {
			return nil
		}
	case packBytes:
		return unpackBits(data, size)
	default:
		return nil
	}
	out := make([]byte, size)
	n, _ := io.ReadFull(r, out) // where it ends early, what came before
	return out[:n]
}

// unpackBits unpacks runs and literal bytes (TIFF 6.0, section 9).
func unpackBits(data []byte, size int) []byte {
	out := make([]byte, 0, size)
	for len(data) > 1 && len(out) < size {
		n := int(int8(data[0]))
		switch {
		case n >= 0:
			out = append(out, data[1:min(n+2, len(data))]...)
			data = data[min(n+2, len(data)):]
		case n > -128:
			out = append(out, bytes.Repeat(data[1:2], 1-n)...)
			data = data[2:]
		default:
			data = data[1:]
		}
	}
	return out[:min(len(out), size)]
}

// summed undoes the differences in a row.
func (f *rowForm) summed(row []byte) []byte {
	if f.differences {
		for i := f.samples; i < len(row); i++ {
			row[i] += row[i-f.samples]
		}
	}
	return row
}

// sample reads the x-th sample of a row of one sample a pixel.
func (f *rowForm) sample(row []byte, x int) int {
	at := x * f.bits
	return int(row[at/8]) >> (8 - f.bits - at%8) & (1<<f.bits - 1)
}

func (f *rowForm) grey(pix, row []byte) {
	most := 1<<f.bits - 1
	for x := range pix {
		v := byte(f.sample(row, x) * 255 / most)
		if f.photometric == whiteIsZero {
			v = ^v
		}
		pix[x] = v
	}
}

func (f *rowForm) colour(pix, row []byte) {
	for x := range len(pix) / 4 {
		if f.photometric == palette {
			c := f.colours[f.sample(row, x)].(color.RGBA)
			copy(pix[4*x:], []byte{c.R, c.G, c.B, 0xff})
		} else {
			copy(pix[4*x:], row[3*x:3*x+3])
			pix[4*x+3] = 0xff
		}
	}
}
