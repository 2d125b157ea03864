package ingest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"io"
	"slices"

	"github.com/hhrutter/tiff"
)

// Tags of a page's pixels (TIFF 6.0; Technical Note 2 for JPEG).
const (
	tagBits         = 258
	tagCompression  = 259
	tagPhotometric  = 262
	tagFillOrder    = 266
	tagStripOffsets = 273
	tagSamples      = 277
	tagRowsPerStrip = 278
	tagStripBytes   = 279
	tagPlanar       = 284
	tagT4Options    = 292
	tagTileWidth    = 322
	tagTileHeight   = 323
	tagTileOffsets  = 324
	tagTileBytes    = 325
	tagJPEGTables   = 347
)

// compressions names the forms that are known and not read.
var compressions = map[int]string{
	6: "JPEG of the old form", 9: "JBIG", 10: "JBIG", 32766: "NeXT", 32809: "ThunderScan", 32908: "Pixar", 34661: "JBIG", 34676: "LogLuv",
	34712: "JPEG 2000", 34887: "LERC", 34892: "lossy JPEG of DNG", 34925: "LZMA", 50000: "Zstandard", 50001: "WebP", 50002: "JPEG XL",
}

// tiffPage is a page in a TIFF file.
type tiffPage struct {
	tiffHead
	tags          map[uint16]tiffEntry
	width, height int
}

// decodeTIFF decodes the page whose directory is at the job's offset. The
// picture has fewer rows than announced when the others are damaged.
func decodeTIFF(file *io.SectionReader, job pictureJob) (image.Image, error) {
	h, err := readTIFFHead(file, file.Size())
	if err != nil {
		return nil, err
	}
	p := &tiffPage{tiffHead: h, width: job.Width, height: job.Height}
	if p.tags, _, err = h.entries(job.Offset); err != nil {
		return nil, err
	}
	compression := p.one(tagCompression, 1)
	switch {
	case compression == 3:
		return p.fax()
	case compression == 7:
		return p.jpeg()
	case !slices.Contains([]int{0, 1, 2, 4, 5, 8, 32773, 32946}, compression):
		name := compressions[compression]
		if name == "" {
			name = "an unknown form"
		}
		return nil, fault(ErrForm, nil, "compressed as %s (%d); %s", name, compression, toConvert)
	case p.one(tagSamples, 1) > 1 && p.one(tagPlanar, 1) != 1:
		return nil, &Error{Kind: ErrForm, Detail: "each colour by itself; " + toColours, Help: toColours}
	}
	im, err := p.library(file, job.Offset)
	if err == nil {
		return im, nil
	}
	if form, ok := p.form(); ok {
		if im, again := p.rows(form); again == nil {
			return im, nil
		}
	}
	var unsupported tiff.UnsupportedError
	if errors.As(err, &unsupported) {
		return nil, &Error{Kind: ErrForm, Detail: string(unsupported) + "; " + toColours, Help: toColours}
	}
	return nil, err
}

// one gives the first number of a tag, otherwise when there is none.
func (p *tiffPage) one(tag uint16, otherwise int) int {
	if v := p.ints(p.tags[tag], 1); len(v) == 1 && v[0] < 1<<32 {
		return int(v[0])
	}
	return otherwise
}

// library decodes by the library, which knows no BigTIFF: such a file gets a
// head and a directory of the old form laid over and behind it. Its places fit,
// as files are much smaller than 4 GiB.
func (p *tiffPage) library(file *io.SectionReader, offset int64) (image.Image, error) {
	if !p.big {
		return tiff.DecodeAt(file, offset)
	}
	if p.size >= 1<<32 {
		return nil, fault(ErrLimit, nil, "a BigTIFF of %s, %s allowed", megabytes(p.size), megabytes(1<<32))
	}
	over := &overlaid{file: file, size: p.size, head: [4]byte{'I', 'I', 42, 0}}
	if p.order == binary.BigEndian {
		over.head = [4]byte{'M', 'M', 0, 42}
	}
	over.tail = p.oldDirectory()
	return tiff.DecodeAt(io.NewSectionReader(over, 0, p.size+int64(len(over.tail))), p.size)
}

// maxBlocks bounds the strips or tiles of a page; a row each of A3 at 600 dpi
// makes ten thousand.
const maxBlocks = 1 << 20

// oldDirectory writes the page's directory in the form of TIFF 6.0, to stand at
// the end of the file, each number of four bytes.
func (p *tiffPage) oldDirectory() []byte {
	var tags []uint16
	values := map[uint16][]uint64{}
	for tag, e := range p.tags {
		if v := p.ints(e, maxBlocks); v != nil {
			tags, values[tag] = append(tags, tag), v
		}
	}
	slices.Sort(tags)
	put := func(b []byte, v uint64) []byte {
		var four [4]byte
		p.order.PutUint32(four[:], uint32(min(v, 1<<32-1)))
		return append(b, four[:]...)
	}
	short := func(b []byte, v uint16) []byte {
		var two [2]byte
		p.order.PutUint16(two[:], v)
		return append(b, two[:]...)
	}
	dir, far := short(nil, uint16(len(tags))), []byte{}
	begin := uint64(p.size) + 2 + 12*uint64(len(tags)) + 4
	for _, tag := range tags {
		v := values[tag]
		dir = put(short(short(dir, tag), 4), uint64(len(v)))
		if len(v) == 1 {
			dir = put(dir, v[0])
			continue
		}
		dir = put(dir, begin+uint64(len(far)))
		for _, x := range v {
			far = put(far, x)
		}
	}
	return append(put(dir, 0), far...)
}

// overlaid is a file with another head, and with something behind it.
type overlaid struct {
	file io.ReaderAt
	size int64
	head [4]byte
	tail []byte
}

func (o *overlaid) ReadAt(b []byte, off int64) (n int, err error) {
	if off < o.size {
		n, err = o.file.ReadAt(b[:min(int64(len(b)), o.size-off)], off)
		if err != nil && err != io.EOF {
			return n, err
		}
		for i := off; i < 4 && int(i-off) < n; i++ {
			b[i-off] = o.head[i]
		}
	}
	if behind := off + int64(n) - o.size; behind >= 0 && behind < int64(len(o.tail)) {
		n += copy(b[n:], o.tail[behind:])
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// block is a strip or a tile: where it lies in the picture and in the file.
type block struct {
	image.Rectangle
	at, bytes int64
}

// blocks lists the page's strips or tiles, row by row.
func (p *tiffPage) blocks() ([]block, error) {
	w, h, places, sizes := p.width, min(p.one(tagRowsPerStrip, p.height), p.height), uint16(tagStripOffsets), uint16(tagStripBytes)
	if p.one(tagTileWidth, 0) > 0 {
		w, h, places, sizes = p.one(tagTileWidth, 0), p.one(tagTileHeight, 0), tagTileOffsets, tagTileBytes
	}
	if w <= 0 || h <= 0 {
		return nil, fault(ErrDamaged, nil, "strips or tiles of %d×%d pixels", w, h)
	}
	across, down := (p.width+w-1)/w, (p.height+h-1)/h
	if across*down > maxBlocks {
		return nil, fault(ErrLimit, nil, "a picture in %d pieces, %d allowed", across*down, maxBlocks)
	}
	at, n := p.ints(p.tags[places], across*down), p.ints(p.tags[sizes], across*down)
	if len(n) == 0 && len(at) == 1 { // left out by some fax programs
		n = []uint64{uint64(p.size) - min(at[0], uint64(p.size))}
	}
	var out []block
	for i := range min(len(at), len(n)) {
		x, y := i%across*w, i/across*h
		b := block{Rectangle: image.Rect(x, y, x+w, y+h), at: int64(min(at[i], uint64(p.size)))}
		b.bytes = min(int64(min(n[i], 1<<40)), p.size-b.at) // of a file that is cut off, what there is
		out = append(out, b)
	}
	return out, nil
}

// content reads a block's bytes.
func (p *tiffPage) content(b block) ([]byte, error) {
	data := make([]byte, b.bytes)
	_, err := p.r.ReadAt(data, b.at)
	if err == io.EOF {
		err = nil
	}
	return data, err
}

// fax decodes a page of CCITT Group 3.
func (p *tiffPage) fax() (image.Image, error) {
	options := p.one(tagT4Options, 0)
	switch {
	case p.one(tagBits, 1) != 1 || p.one(tagSamples, 1) != 1 || p.one(tagTileWidth, 0) > 0:
		return nil, fault(ErrForm, nil, "fax of more than two tones or in tiles; %s", toConvert)
	case options&2 != 0:
		return nil, fault(ErrForm, nil, "fax with uncompressed parts; %s", toConvert)
	}
	blocks, err := p.blocks()
	if err != nil {
		return nil, err
	}
	im := image.NewGray(image.Rect(0, 0, p.width, p.height))
	rows := 0
	for _, b := range blocks {
		data, err := p.content(b)
		if err != nil {
			return nil, err
		}
		high := min(b.Max.Y, p.height) - b.Min.Y
		n := decodeFax(im.Pix[b.Min.Y*im.Stride:], data, p.width, high, options&1 != 0, p.one(tagFillOrder, 1) == 2)
		rows += n
		if n < high {
			break
		}
	}
	if rows == 0 {
		return nil, errNothingLeft
	}
	if p.one(tagPhotometric, 0) == 0 { // white is zero: ink is black
		for i, v := range im.Pix {
			im.Pix[i] = ^v
		}
	}
	return im.SubImage(image.Rect(0, 0, p.width, rows)), nil
}

// jpeg decodes a page whose strips or tiles are JPEG pictures of their own,
// with their tables in the directory.
func (p *tiffPage) jpeg() (image.Image, error) {
	photometric, samples := p.one(tagPhotometric, 1), p.one(tagSamples, 1)
	switch {
	case samples > 1 && p.one(tagPlanar, 1) != 1:
		return nil, fault(ErrForm, nil, "JPEG with each colour by itself; %s", toConvert)
	case samples != 1 && samples != 3 || photometric > 2 && photometric != 6:
		return nil, fault(ErrForm, nil, "JPEG of %d samples in colours of kind %d; %s", samples, photometric, toConvert)
	}
	blocks, err := p.blocks()
	if err != nil {
		return nil, err
	}
	var canvas draw.Image = image.NewRGBA(image.Rect(0, 0, p.width, p.height))
	if samples == 1 {
		canvas = image.NewGray(canvas.Bounds())
	}
	rows := 0
	for _, b := range blocks {
		part, err := p.jpegBlock(b, photometric == 2)
		if err != nil {
			if rows == 0 {
				return nil, err
			}
			break
		}
		draw.Draw(canvas, b.Rectangle, part, part.Bounds().Min, draw.Src)
		if b.Max.X >= p.width {
			rows = min(b.Max.Y, p.height)
		}
	}
	if g, ok := canvas.(*image.Gray); ok && photometric == 0 {
		for i, v := range g.Pix {
			g.Pix[i] = ^v
		}
	}
	if rows == 0 {
		return nil, errNothingLeft
	}
	return canvas.(interface {
		SubImage(image.Rectangle) image.Image
	}).SubImage(image.Rect(0, 0, p.width, rows)), nil
}

// plainRGB is the segment by which a JPEG says that its components are red,
// green and blue (Adobe's APP14, transform 0).
const plainRGB = "\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"

// maxTables bounds the tables of a page; all that JPEG can have are some 2 kB.
const maxTables = 64 << 10

func (p *tiffPage) jpegBlock(b block, rgb bool) (image.Image, error) {
	data, err := p.content(b)
	if err != nil || !bytes.HasPrefix(data, []byte("\xff\xd8")) {
		return nil, fault(ErrDamaged, err, "a strip that is no JPEG")
	}
	head := []byte("\xff\xd8")
	if rgb && !bytes.Contains(data[:min(len(data), sniffLen)], []byte("Adobe\x00")) {
		head = append(head, plainRGB...)
	}
	if tables := p.bytes(p.tags[tagJPEGTables], maxTables); len(tables) > 4 {
		head = append(head, tables[2:len(tables)-2]...) // without its own begin and end
	}
	whole := func() io.Reader {
		return bufio.NewReader(io.MultiReader(bytes.NewReader(head), bytes.NewReader(data[2:])))
	}
	config, err := jpeg.DecodeConfig(whole())
	switch {
	case err != nil:
		return nil, err
	case config.Width > b.Dx()+16 || config.Height > b.Dy()+16:
		return nil, fault(ErrDamaged, nil, "a strip of %d×%d pixels where %d×%d were announced", config.Width, config.Height, b.Dx(), b.Dy())
	}
	im, err := jpeg.Decode(whole())
	if err != nil {
		return nil, fmt.Errorf("the strip from row %d: %w", b.Min.Y, err)
	}
	return im, nil
}
