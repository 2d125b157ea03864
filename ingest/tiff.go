package ingest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
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

	// lost is why the directory cannot be read: the file ends before it. Nobody
	// knows what its page, and those after it, would have been.
	lost error
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
		if d.lost != nil {
			continue
		}
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
	if d.lost != nil {
		return PageInput{}, d.lost
	}
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

// errCutOff is the reason when the file ends before a directory that is announced.
// Without it nobody knows how its strips are packed.
var errCutOff = fault(ErrDamaged, nil, "cut off before a page's directory")

// maxTags bounds the entries of a directory; real ones have some twenty.
const maxTags = 1000

// tiffDirs walks the chain of directories. The chain of a bad file may lead in
// a circle or on for ever, so each place is visited once and maxPages are
// enough. Where the file ends before a directory that is announced, the pages
// before it are followed by one that is lost; it stands for all after them.
func tiffDirs(r io.ReaderAt, size int64, maxPages int) ([]tiffDir, error) {
	h, err := readTIFFHead(r, size)
	if err != nil {
		return nil, err
	}
	var dirs []tiffDir
	seen := map[int64]bool{}
	for next := h.first; next != 0; {
		if seen[next] {
			break
		}
		seen[next] = true
		if len(dirs) >= maxPages {
			return nil, fault(ErrLimit, nil, "more than %d pages", maxPages)
		}
		d, after, err := h.readDir(next)
		if err != nil {
			if len(dirs) == 0 {
				return nil, err
			}
			// The pages before it are sound.
			if errors.Is(err, errCutOff) {
				dirs = append(dirs, tiffDir{lost: fault(ErrDamaged, nil, "cut off before this page; those after it are missing, too")})
			}
			break
		}
		dirs = append(dirs, d)
		next = after
	}
	if len(dirs) == 0 {
		return nil, fault(ErrDamaged, nil, "no page in it")
	}
	return dirs, nil
}

// tiffHead is what a TIFF file begins with.
type tiffHead struct {
	r     io.ReaderAt
	size  int64 // of the file
	order binary.ByteOrder
	big   bool // BigTIFF: places and counts of eight bytes
	first int64
}

func readTIFFHead(r io.ReaderAt, size int64) (h tiffHead, err error) {
	var b [16]byte
	if n, _ := r.ReadAt(b[:], 0); n < 8 {
		return h, fault(ErrDamaged, nil, "cut off in its head")
	}
	h = tiffHead{r: r, size: size, order: binary.LittleEndian}
	if b[0] == 'M' {
		h.order = binary.BigEndian
	}
	switch {
	case bytes.HasPrefix(b[:], []byte("II*\x00")), bytes.HasPrefix(b[:], []byte("MM\x00*")):
		h.first = int64(h.order.Uint32(b[4:]))
	case isBigTIFF(b[:]) && h.order.Uint16(b[4:]) == 8:
		h.big, h.first = true, int64(h.order.Uint64(b[8:]))
	default:
		return h, fault(ErrDamaged, nil, "no head of a TIFF file")
	}
	return h, nil
}

func isBigTIFF(head []byte) bool {
	return bytes.HasPrefix(head, []byte("II+\x00")) || bytes.HasPrefix(head, []byte("MM\x00+"))
}

// tiffEntry is an entry of a directory.
type tiffEntry struct {
	kind  uint16
	count uint64
	at    int64 // where its values lie
}

// kindBytes are the bytes of a value of each kind (TIFF 6.0, section 2; BigTIFF).
var kindBytes = [...]uint64{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}

// entries reads the directory at offset, and where the next one is. Of a tag
// that comes twice the last counts.
func (h tiffHead) entries(offset int64) (map[uint16]tiffEntry, int64, error) {
	countBytes, entryBytes, placeBytes := int64(2), 12, 4
	if h.big {
		countBytes, entryBytes, placeBytes = 8, 20, 8
	}
	var count [8]byte
	if _, err := h.r.ReadAt(count[:countBytes], offset); err != nil {
		return nil, 0, errCutOff
	}
	n := uint64(h.order.Uint16(count[:]))
	if h.big {
		n = h.order.Uint64(count[:])
	}
	if n > maxTags {
		return nil, 0, fault(ErrDamaged, nil, "a page's directory of %d entries", n)
	}
	b := make([]byte, entryBytes*int(n)+placeBytes)
	if _, err := h.r.ReadAt(b, offset+countBytes); err != nil {
		return nil, 0, errCutOff
	}
	entries := map[uint16]tiffEntry{}
	for i := range int(n) {
		e := b[i*entryBytes:][:entryBytes]
		entry := tiffEntry{kind: h.order.Uint16(e[2:]), count: h.place(e[4:])}
		if int(entry.kind) >= len(kindBytes) || kindBytes[entry.kind] == 0 || entry.count > 1<<32 {
			continue
		}
		if kindBytes[entry.kind]*entry.count <= uint64(placeBytes) {
			entry.at = offset + countBytes + int64(i*entryBytes+entryBytes-placeBytes)
		} else {
			entry.at = int64(h.place(e[entryBytes-placeBytes:]))
		}
		entries[h.order.Uint16(e)] = entry
	}
	return entries, int64(h.place(b[entryBytes*int(n):])), nil
}

// place reads a place or a count.
func (h tiffHead) place(b []byte) uint64 {
	if h.big {
		return h.order.Uint64(b)
	}
	return uint64(h.order.Uint32(b))
}

// bytes gives the bytes of an entry's values, of at most limit values; nil when they
// are not in the file.
func (h tiffHead) bytes(e tiffEntry, limit int) []byte {
	n := int64(kindBytes[e.kind] * min(e.count, uint64(limit)))
	if n == 0 || e.at < 0 || e.at > h.size-n {
		return nil
	}
	b := make([]byte, n)
	if _, err := h.r.ReadAt(b, e.at); err != nil {
		return nil
	}
	return b
}

// ints gives an entry's whole numbers, at most limit; nil when it has none.
func (h tiffHead) ints(e tiffEntry, limit int) []uint64 {
	step := int(kindBytes[e.kind])
	b := h.bytes(e, limit)
	if b == nil {
		return nil
	}
	out := make([]uint64, len(b)/step)
	for i := range out {
		switch v := b[i*step:]; e.kind {
		case 1, 6, 7:
			out[i] = uint64(v[0])
		case 3, 8:
			out[i] = uint64(h.order.Uint16(v))
		case 4, 9, 13:
			out[i] = uint64(h.order.Uint32(v))
		case 16, 17, 18:
			out[i] = h.order.Uint64(v)
		default:
			return nil
		}
	}
	return out
}

// readDir reads the directory at offset and where the next one is.
func (h tiffHead) readDir(offset int64) (d tiffDir, next int64, err error) {
	d.offset = offset
	entries, next, err := h.entries(offset)
	if err != nil {
		return d, 0, err
	}
	one := func(tag uint16, otherwise int) int {
		if v := h.ints(entries[tag], 1); len(v) == 1 && v[0] <= math.MaxUint32 {
			return int(v[0])
		}
		return otherwise
	}
	subfile := one(tagSubfileType, 0)
	d.thumbnail = subfile&1 != 0 || subfile&4 != 0
	d.width, d.height = one(tagWidth, 0), one(tagHeight, 0)
	d.meta.Orientation = one(tagOrientation, 0)
	resX, resY := h.rational(entries[tagXResolution]), h.rational(entries[tagYResolution])
	switch one(tagResolutionUnit, 2) {
	case 2:
		d.meta.DPIX, d.meta.DPIY = resX, resY
	case 3:
		d.meta.DPIX, d.meta.DPIY = resX*2.54, resY*2.54
	}
	return d, next, nil
}

// rational reads a fraction; 0 when it is none.
func (h tiffHead) rational(e tiffEntry) float64 {
	b := h.bytes(e, 1)
	if len(b) < 8 || h.order.Uint32(b[4:]) == 0 {
		return 0
	}
	return float64(h.order.Uint32(b)) / float64(h.order.Uint32(b[4:]))
}

// exifMeta reads the EXIF of a JPEG file, which is a TIFF without pixels.
func exifMeta(b []byte) (pictureMeta, bool) {
	h, err := readTIFFHead(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return pictureMeta{}, false
	}
	d, _, err := h.readDir(h.first)
	return d.meta, err == nil
}
