package ocr

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// ErrNotRecorded tells that a region was asked for which no recording exists.
var ErrNotRecorded = errors.New("no recording of this region")

// Recorded replays what an engine read before. A recording belongs to the
// pixels of a region with its resolution, mode, scale and model: change one of
// them and there is none. With a live engine behind it, it asks that for what
// is missing and keeps the answer; failed readings are not kept.
//
// The folder holds one gzipped JSON file a page, named after the page's
// pixels, which is the same bytes for the same readings. It may be used by
// many goroutines, not by two programs at a time.
type Recorded struct {
	dir  string
	live Engine // nil: replay alone

	mu    sync.Mutex
	info  string
	files map[string]*recording // by file name
	used  map[string]bool       // keys asked for
}

// recording is a file of the folder.
type recording struct {
	Engine   string                  `json:"engine"`
	Readings map[string][]packedLine `json:"readings"` // by key
}

const recordingSuffix = ".ocr.json.gz"

// maxRecording bounds a recording's size once unpacked.
const maxRecording = 64 << 20

// OpenRecorded opens a folder of recordings. live may be nil; with one, the
// folder is made when it is not there.
func OpenRecorded(dir string, live Engine) (*Recorded, error) {
	r := &Recorded{dir: dir, live: live, files: map[string]*recording{}, used: map[string]bool{}}
	if live != nil {
		r.info = live.Info()
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, fmt.Errorf("making the folder of recordings: %w", err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("opening recordings: %w", err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), recordingSuffix) {
			continue
		}
		rec, err := readRecording(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("reading the recording %s: %w", e.Name(), err)
		}
		r.files[e.Name()] = rec
		if live == nil && r.info == "" {
			r.info = rec.Engine
		}
	}
	return r, nil
}

func readRecording(path string) (*recording, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return decodeRecording(f)
}

func decodeRecording(f io.Reader) (*recording, error) {
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(z, maxRecording))
	if err != nil {
		return nil, err
	}
	rec := &recording{}
	if err := json.Unmarshal(b, rec); err != nil {
		return nil, err
	}
	return rec, nil
}

// Info names the engine that made the recordings.
func (r *Recorded) Info() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.info
}

// Close closes the live engine, if there is one.
func (r *Recorded) Close() error {
	if r.live == nil {
		return nil
	}
	return r.live.Close()
}

// Read implements [Engine]. A region without a recording and without a live
// engine gets the error [ErrNotRecorded]; the page's other regions are read.
func (r *Recorded) Read(ctx context.Context, page *image.Gray, dpi int, regions []Region) ([]Reading, error) {
	out := make([]Reading, len(regions))
	keys := make([]string, len(regions))
	var missing []int
	r.mu.Lock()
	for i, reg := range regions {
		box := reg.on(page.Rect)
		keys[i] = key(page, dpi, reg)
		r.used[keys[i]] = true
		if lines, ok := r.find(keys[i]); ok {
			out[i].Lines = unpack(lines, box)
			continue
		}
		out[i].Err = ErrNotRecorded
		missing = append(missing, i)
	}
	r.mu.Unlock()
	if len(missing) == 0 || r.live == nil {
		return out, ctx.Err()
	}
	ask := make([]Region, len(missing))
	for j, i := range missing {
		ask[j] = regions[i]
	}
	got, err := r.live.Read(ctx, page, dpi, ask)
	fresh := map[string][]packedLine{}
	for j, reading := range got {
		i := missing[j]
		out[i] = reading
		if reading.Err == nil {
			fresh[keys[i]] = pack(reading.Lines, regions[i].on(page.Rect))
		}
	}
	if err := r.keep(pageName(page), fresh); err != nil {
		return out, err
	}
	return out, err
}

// find looks a key up in all files: a region may have moved to another page.
func (r *Recorded) find(key string) ([]packedLine, bool) {
	for _, f := range r.files {
		if lines, ok := f.Readings[key]; ok {
			return lines, true
		}
	}
	return nil, false
}

// keep adds readings to a page's file.
func (r *Recorded) keep(name string, fresh map[string][]packedLine) error {
	if len(fresh) == 0 {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.files[name]
	if f == nil {
		f = &recording{Readings: map[string][]packedLine{}}
		r.files[name] = f
	}
	f.Engine = r.info
	maps.Copy(f.Readings, fresh)
	return r.write(name, f)
}

// Prune removes the recordings that no Read has asked for since the folder was
// opened, and files that hold none then.
func (r *Recorded) Prune() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(r.files)) {
		f := r.files[name]
		before := len(f.Readings)
		maps.DeleteFunc(f.Readings, func(k string, _ []packedLine) bool { return !r.used[k] })
		switch {
		case len(f.Readings) == 0:
			delete(r.files, name)
			if err := os.Remove(filepath.Join(r.dir, name)); err != nil {
				return err
			}
		case len(f.Readings) < before:
			if err := r.write(name, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// write writes a file whole or not at all. JSON sorts the keys and gzip is
// given no time, so equal readings make equal bytes.
func (r *Recorded) write(name string, f *recording) error {
	b, err := json.Marshal(f)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	z, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(b); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(r.dir, ".recording-*")
	if err != nil {
		return fmt.Errorf("writing a recording: %w", err)
	}
	_, err = tmp.Write(buf.Bytes())
	err = errors.Join(err, tmp.Close(), os.Chmod(tmp.Name(), 0o644))
	if err == nil {
		err = os.Rename(tmp.Name(), filepath.Join(r.dir, name))
	}
	if err != nil {
		os.Remove(tmp.Name())
		return fmt.Errorf("writing a recording: %w", err)
	}
	return nil
}

// key names a recording: the first 96 bits of a hash over all that a reading
// depends on.
func key(page *image.Gray, dpi int, reg Region) string {
	box := reg.on(page.Rect)
	h := sha256.New()
	head := make([]byte, 0, 48)
	for _, v := range []uint64{
		uint64(box.Width()), uint64(box.Height()), uint64(dpi), uint64(reg.Mode),
		math.Float64bits(cmp.Or(reg.Scale, 0)), uint64(reg.Model),
	} {
		head = binary.BigEndian.AppendUint64(head, v)
	}
	h.Write(head)
	for y := box.Y0; y < box.Y1; y++ {
		o := page.PixOffset(page.Rect.Min.X+box.X0, page.Rect.Min.Y+y)
		h.Write(page.Pix[o : o+box.Width()])
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// pageName names a page's file.
func pageName(page *image.Gray) string {
	return key(page, 0, Region{})[:16] + recordingSuffix
}
