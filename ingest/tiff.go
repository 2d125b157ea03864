package ingest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"strings"
)

// tiffFile is a TIFF of one or more pages. The directories are walked here,
// with bounds, for their number, sizes and resolutions; the library decodes
// one page at a time.
type tiffFile struct {
	file    *os.File
	size    int64
	dirs    []tiffDir
	limits  Limits
	decoder *Decoder
}

// tiffDir is an image file directory: a page.
type tiffDir struct {
	offset        int64
	width, height int
	meta          pictureMeta
	thumbnail     bool // a reduced copy of another page, or a mask
}

func openTIFF(f *os.File, size int64, opt Options) (pages, error) {
	dirs, err := tiffDirs(f, size, opt.Limits.Pages)
	if err != nil {
		return nil, err
	}
	t := &tiffFile{file: f, size: size, limits: opt.Limits, decoder: opt.Decoder}
	for _, d := range dirs {
		if !d.thumbnail {
			t.dirs = append(t.dirs, d)
		}
	}
	if len(t.dirs) == 0 {
		return nil, fault(ErrDamaged, nil, "no page in it")
	}
	for i, d := range t.dirs {
		if err := checkPixels(image.Config{Width: d.width, Height: d.height}, opt.Limits); err != nil {
			return nil, fmt.Errorf("page %d: %w", i+1, err)
		}
	}
	return t, nil
}

func (t *tiffFile) count() int   { return len(t.dirs) }
func (t *tiffFile) close() error { return nil }

func (t *tiffFile) page(ctx context.Context, n int) (PageInput, error) {
	d := t.dirs[n-1]
	in, err := t.decoder.decode(ctx, t.file, pictureJob{
		Media: typeTIFF, Size: t.size, Offset: d.offset, Width: d.width, Height: d.height, Meta: d.meta, Limit: t.limits.Pixels,
	})
	if e := (*Error)(nil); errors.As(err, &e) {
		return PageInput{}, &Error{Kind: e.Kind, Detail: strings.TrimSuffix(fmt.Sprintf("page %d: %s", n, e.Detail), ": "), Err: e.Err}
	}
	return in, err
}

// Tags of an image file directory (TIFF 6.0, part 1) and of EXIF.
const (
	tagSubfileType    = 254
	tagWidth          = 256
	tagHeight         = 257
	tagOrientation    = 274
	tagXResolution    = 282
	tagYResolution    = 283
	tagResolutionUnit = 296
)

// maxTags bounds the entries of a directory; real ones have some twenty.
const maxTags = 1000

// tiffDirs walks the chain of directories. The chain of a bad file may lead in
// a circle or on for ever, so each place is visited once and maxPages are
// enough.
func tiffDirs(r io.ReaderAt, size int64, maxPages int) ([]tiffDir, error) {
	head := make([]byte, 8)
	if _, err := r.ReadAt(head, 0); err != nil {
		return nil, fault(ErrDamaged, nil, "cut off in its head")
	}
	order := byteOrder(head)
	if order == nil {
		return nil, fault(ErrDamaged, nil, "no head of a TIFF file")
	}
	var dirs []tiffDir
	seen := map[int64]bool{}
	for next := int64(order.Uint32(head[4:])); next != 0; {
		if seen[next] {
			break
		}
		seen[next] = true
		if len(dirs) >= maxPages {
			return nil, fault(ErrLimit, nil, "more than %d pages", maxPages)
		}
		d, after, err := readDir(r, order, next)
		if err != nil {
			if len(dirs) > 0 { // the pages before it are sound
				break
			}
			return nil, err
		}
		dirs = append(dirs, d)
		next = after
	}
	if len(dirs) == 0 {
		return nil, fault(ErrDamaged, nil, "no page in it")
	}
	return dirs, nil
}

func byteOrder(head []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(head, []byte("II*\x00")):
		return binary.LittleEndian
	case bytes.HasPrefix(head, []byte("MM\x00*")):
		return binary.BigEndian
	}
	return nil
}

// readDir reads the directory at offset and where the next one is.
func readDir(r io.ReaderAt, order binary.ByteOrder, offset int64) (d tiffDir, next int64, err error) {
	d.offset = offset
	var count [2]byte
	if _, err := r.ReadAt(count[:], offset); err != nil {
		return d, 0, fault(ErrDamaged, nil, "cut off before a page's directory")
	}
	n := int(order.Uint16(count[:]))
	if n > maxTags {
		return d, 0, fault(ErrDamaged, nil, "a page's directory of %d entries", n)
	}
	b := make([]byte, 12*n+4)
	if _, err := r.ReadAt(b, offset+2); err != nil {
		return d, 0, fault(ErrDamaged, nil, "cut off in a page's directory")
	}
	unit := uint32(2)
	var resX, resY float64
	for e := b[:12*n]; len(e) > 0; e = e[12:] {
		kind := order.Uint16(e[2:])
		var v uint32
		switch kind {
		case 1, 6:
			v = uint32(e[8])
		case 3, 8:
			v = uint32(order.Uint16(e[8:]))
		default:
			v = order.Uint32(e[8:])
		}
		switch order.Uint16(e) {
		case tagSubfileType:
			d.thumbnail = v&1 != 0 || v&4 != 0
		case tagWidth:
			d.width = int(v)
		case tagHeight:
			d.height = int(v)
		case tagOrientation:
			d.meta.Orientation = int(v)
		case tagXResolution:
			resX = rational(r, order, int64(v))
		case tagYResolution:
			resY = rational(r, order, int64(v))
		case tagResolutionUnit:
			unit = v
		}
	}
	switch unit {
	case 2:
		d.meta.DPIX, d.meta.DPIY = resX, resY
	case 3:
		d.meta.DPIX, d.meta.DPIY = resX*2.54, resY*2.54
	}
	return d, int64(order.Uint32(b[12*n:])), nil
}

// rational reads a fraction; 0 when it is none.
func rational(r io.ReaderAt, order binary.ByteOrder, offset int64) float64 {
	var b [8]byte
	if _, err := r.ReadAt(b[:], offset); err != nil {
		return 0
	}
	den := order.Uint32(b[4:])
	if den == 0 {
		return 0
	}
	return float64(order.Uint32(b[:])) / float64(den)
}

// exifMeta reads the EXIF of a JPEG file, which is a TIFF without pixels.
func exifMeta(b []byte) (pictureMeta, bool) {
	if len(b) < 8 {
		return pictureMeta{}, false
	}
	order := byteOrder(b)
	if order == nil {
		return pictureMeta{}, false
	}
	d, _, err := readDir(bytes.NewReader(b), order, int64(order.Uint32(b[4:])))
	return d.meta, err == nil
}
