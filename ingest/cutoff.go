package ingest

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"sort"
)

// A picture whose file was cut off, half copied or half uploaded, holds its
// upper rows whole. The decoders of the standard library give nothing of it, so
// such a file is offered to them again as a sound one that ends where the rows
// do.

// cutOff decodes the rows that the file of a PNG or JPEG picture still holds,
// and says what was lost. It is asked after the decoder gave up.
func cutOff(file *io.SectionReader, media string) (im image.Image, lost string, err error) {
	switch media {
	case typePNG:
		im, err = cutPNG(file)
	case typeJPEG:
		return cutJPEG(file)
	default:
		err = errNothingLeft
	}
	return im, "", err
}

var errNothingLeft = fault(ErrDamaged, nil, "none of its rows can be read")

// What [PageInput.Lost] says: of a picture whose lower rows are missing, with
// the percentage of those that were read, and of one without its finest strokes.
const (
	LostRows   = "the picture's file is cut off or damaged: the upper %d %% of its rows were read, the rest is left white; copy or scan the file again"
	LostPasses = "the picture's file is cut off or damaged: only its coarser passes were read; copy or scan the file again"
)

// onWhite lays the rows that were read onto a white page.
func onWhite(im image.Image, w, h int) image.Image {
	im = plain(im)
	out := like(im, w, h)
	draw.Draw(out.(draw.Image), out.Bounds(), image.White, image.Point{}, draw.Src)
	pix, stride, step := pixels(out)
	src, srcStride, _ := pixels(im)
	for y := range min(h, im.Bounds().Dy()) {
		copy(pix[y*stride:][:w*step], src[y*srcStride:][:min(w, im.Bounds().Dx())*step])
	}
	return out
}

// cutPNG decodes the whole rows of a PNG whose pixels end early: they are taken
// out of their chunks and packed again under a head that announces no more of
// them. Interlaced pictures have no upper rows; they give an error.
func cutPNG(file io.Reader) (image.Image, error) {
	data := &chunkReader{r: bufio.NewReader(file)}
	if _, err := io.CopyN(&data.before, data.r, 8); err != nil {
		return nil, errNothingLeft
	}
	z, err := zlib.NewReader(data) // walks to the first pixels
	if err != nil || len(data.head) != 13 || data.head[12] != 0 {
		return nil, errNothingLeft
	}
	rowBytes := pngRowBytes(data.head)
	if rowBytes <= 0 {
		return nil, errNothingLeft
	}
	var packed bytes.Buffer
	pack, err := zlib.NewWriterLevel(&packed, zlib.BestSpeed)
	if err != nil {
		return nil, err
	}
	rows, row := uint32(0), make([]byte, rowBytes)
	for height := binary.BigEndian.Uint32(data.head[4:]); rows < height; rows++ {
		if _, err := io.ReadFull(z, row); err != nil || row[0] > 4 { // a filter that does not exist
			break
		}
		if _, err := pack.Write(row); err != nil {
			return nil, err
		}
	}
	if err := pack.Close(); err != nil {
		return nil, err
	}
	if rows == 0 {
		return nil, errNothingLeft
	}
	head := bytes.Clone(data.head)
	binary.BigEndian.PutUint32(head[4:], rows)
	whole := data.before.Bytes()[:8:8]
	whole = appendChunk(whole, "IHDR", head)
	whole = append(whole, data.before.Bytes()[8:]...)
	whole = appendChunk(whole, "IDAT", packed.Bytes())
	return png.Decode(bytes.NewReader(appendChunk(whole, "IEND", nil)))
}

// pngRowBytes is the length of an unpacked row with its filter, 0 when the
// head is none (PNG specification, 11.2.2).
func pngRowBytes(head []byte) int64 {
	samples, ok := map[byte]int64{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[head[9]]
	if !ok {
		return 0
	}
	return 1 + (int64(binary.BigEndian.Uint32(head))*samples*int64(head[8])+7)/8
}

func appendChunk(b []byte, kind string, content []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(content)))
	at := len(b)
	b = append(append(b, kind...), content...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[at:]))
}

// maxHeadBytes bounds what is kept of a PNG before its pixels: a palette has
// 768 bytes.
const maxHeadBytes = 1 << 20

// chunkReader reads the packed pixels of a PNG file: what its IDAT chunks hold,
// up to the end of the file. On its way it keeps the head and the palette.
type chunkReader struct {
	r      *bufio.Reader
	head   []byte       // of the chunk IHDR
	before bytes.Buffer // the signature, and chunks that the pixels need
	left   uint32       // of the chunk IDAT under way
	inside bool
	sum    uint32 // CRC-32 of it
}

func (c *chunkReader) Read(p []byte) (int, error) {
	for c.left == 0 {
		if c.inside {
			c.inside = false
			var sum [4]byte
			if _, err := io.ReadFull(c.r, sum[:]); err != nil || binary.BigEndian.Uint32(sum[:]) != c.sum {
				return 0, io.ErrUnexpectedEOF
			}
		}
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	n, err := c.r.Read(p[:min(int64(len(p)), int64(c.left))])
	c.left -= uint32(n)
	c.sum = crc32.Update(c.sum, crc32.IEEETable, p[:n])
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// next goes to the chunk that follows.
func (c *chunkReader) next() error {
	var b [8]byte
	if _, err := io.ReadFull(c.r, b[:]); err != nil {
		return io.ErrUnexpectedEOF
	}
	n, kind := binary.BigEndian.Uint32(b[:]), string(b[4:])
	switch {
	case kind == "IDAT":
		c.left, c.inside, c.sum = n, true, crc32.ChecksumIEEE(b[4:])
		return nil
	case kind == "IEND" || n > math.MaxInt32:
		return io.ErrUnexpectedEOF
	case kind != "IHDR" && kind != "PLTE" && kind != "tRNS":
		_, err := c.r.Discard(int(n) + 4)
		return err
	case c.before.Len()+int(n) > maxHeadBytes:
		return errNothingLeft
	}
	content := make([]byte, n+4)
	if _, err := io.ReadFull(c.r, content); err != nil {
		return io.ErrUnexpectedEOF
	}
	if kind == "IHDR" {
		c.head = content[:n]
		return nil
	}
	c.before.Write(b[:])
	c.before.Write(content)
	return nil
}

// jpegPlan is where in a JPEG file its parts begin.
type jpegPlan struct {
	height int64 // offset of the height in the frame's head
	rows   int   // what it says
	unit   int   // rows of the smallest coded unit
	coarse bool  // progressive: the first scans are a coarse picture
	luma   byte  // the component that holds the brightness
	scans  int
	last   int64 // where the last scan begins
	// Whether a scan before the last, and the last, bring the brightness down
	// to its finest strokes.
	sharp, lastSharp bool
}

// cutJPEG decodes what a JPEG file holds whose pixels end early. Of a
// progressive one the last scan that is whole ends the picture; it must have
// got so far that letters can be told. In others it is looked for how high a
// picture the data fill: the frame's head is made to say so, and an end put
// behind.
func cutJPEG(file *io.SectionReader) (image.Image, string, error) {
	plan := planJPEG(file)
	if plan.rows <= 0 || plan.unit <= 0 || plan.scans == 0 {
		return nil, "", errNothingLeft
	}
	if plan.coarse {
		if !plan.sharp {
			return nil, "", errNothingLeft
		}
		im, err := jpeg.Decode(bufio.NewReader(io.MultiReader(io.NewSectionReader(file, 0, plan.last), endOfJPEG())))
		return im, LostPasses, err
	}
	decode := func(units int) (image.Image, error) {
		rows := min(units*plan.unit, plan.rows)
		height := binary.BigEndian.AppendUint16(nil, uint16(rows))
		rest := plan.height + 2
		return jpeg.Decode(bufio.NewReader(io.MultiReader(io.NewSectionReader(file, 0, plan.height), bytes.NewReader(height),
			io.NewSectionReader(file, rest, file.Size()-rest), endOfJPEG())))
	}
	all := (plan.rows + plan.unit - 1) / plan.unit
	units := sort.Search(all, func(n int) bool {
		_, err := decode(n + 1)
		return err != nil
	})
	if units == 0 {
		return nil, "", errNothingLeft
	}
	im, err := decode(units)
	return im, "", err
}

func endOfJPEG() io.Reader { return bytes.NewReader([]byte{0xff, 0xd9}) }

// planJPEG walks over the markers of a JPEG file up to its end (ITU-T T.81,
// annex B). What it does not find is zero.
func planJPEG(file *io.SectionReader) (p jpegPlan) {
	r := bufio.NewReader(io.NewSectionReader(file, 0, file.Size()))
	at := int64(0)
	next := func() (byte, bool) {
		b, err := r.ReadByte()
		at++
		return b, err == nil
	}
	for {
		b, ok := next()
		for ; ok && b != 0xff; b, ok = next() {
		}
		for ; ok && b == 0xff; b, ok = next() {
		}
		if !ok || b == 0xd9 {
			return p
		}
		if b == 0 || b == 0x01 || b >= 0xd0 && b <= 0xd8 { // pixels, or markers without a length
			continue
		}
		begin := at - 2
		var size [2]byte
		if _, err := io.ReadFull(r, size[:]); err != nil {
			return p
		}
		segment := make([]byte, max(int(binary.BigEndian.Uint16(size[:]))-2, 0))
		if _, err := io.ReadFull(r, segment); err != nil {
			return p
		}
		at += 2 + int64(len(segment))
		switch {
		case b >= 0xc0 && b <= 0xc2 && len(segment) >= 6 && p.rows == 0:
			p.height = begin + 5
			p.rows = int(binary.BigEndian.Uint16(segment[1:]))
			p.coarse = b == 0xc2
			if len(segment) > 6 {
				p.luma = segment[6]
			}
			for c := segment[6:]; len(c) >= 3; c = c[3:] {
				p.unit = max(p.unit, 8*int(c[1]&15))
			}
		case b == 0xda && len(segment) >= 6:
			if p.scans++; p.scans > maxScans {
				return p
			}
			p.sharp = p.sharp || p.lastSharp
			p.last = begin
			p.lastSharp = segment[1] == p.luma && segment[len(segment)-2] == 63
		}
	}
}

// maxScans bounds the scans that are looked at; programs write some ten.
const maxScans = 1000
