package pdf

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	pdflib "github.com/ledongthuc/pdf"

	"github.com/sohoa/sohoa/ingest/child"
)

// What parent and helper say to each other. The parent says hello once, opens
// a document, and asks about its pages; one request at a time. While the
// helper works on one it may ask for bytes of the document.
const (
	msgHello  = 'h' // hello → msgReady
	msgOpen   = 'o' // openRequest → msgOpened; closes the one before
	msgCount  = 'n' // nothing → msgOpened, of the open document
	msgRender = 'p' // renderRequest → msgPicture
	msgText   = 't' // textRequest → msgLayer
	msgBare   = 'b' // bareRequest → msgIsBare
	msgData   = 'd' // the bytes asked for by msgRead

	msgReady   = 'H' // ready
	msgOpened  = 'O' // opened
	msgPicture = 'P' // length of a pictureHead (4 bytes), the head, the pixels
	msgLayer   = 'T' // Layer
	msgIsBare  = 'B' // isBare
	msgRead    = 'R' // offset and length, 8 bytes each → msgData
	msgFailed  = 'E' // failure
)

// maxRead bounds what a helper asks for at once.
const maxRead = 1 << 20

type hello struct {
	Text             bool   `json:"text"` // ledongthuc/pdf; PDFium otherwise
	Memory           int64  `json:"memory"`
	PagesPerInstance int    `json:"pages"`
	CacheDir         string `json:"cache"`
	// Confine has the helper enter a sandbox once PDFium is compiled.
	Confine bool `json:"confine"`
}

type ready struct {
	Sandbox child.Sandbox `json:"sandbox"`
}

type openRequest struct {
	Size int64 `json:"size"`
}

type opened struct {
	Pages int `json:"pages"`
}

type renderRequest struct {
	Page      int `json:"page"`
	DPI       int `json:"dpi"`
	MaxPixels int `json:"max"`
	// Bare allows to take the picture that a page consists of instead of
	// drawing the page: see [bare].
	Bare bool `json:"bare"`
}

type bareRequest struct {
	Page int `json:"page"`
}

type isBare struct {
	Bare bool `json:"bare"`
}

type pictureHead struct {
	Picture
	W    int  `json:"w"`
	H    int  `json:"h"`
	Grey bool `json:"grey"`
}

type textRequest struct {
	Page   int `json:"page"`
	Width  int `json:"width"` // pixels of the picture
	Height int `json:"height"`
	// The size of the page as PDFium sees it, to tell when the two readers see
	// different pages; 0 is not known.
	PointsWide float64 `json:"pw"`
	PointsHigh float64 `json:"ph"`
}

// failure is an error on the wire. Kind is the text of a sentinel, "" for an
// error that is none.
type failure struct {
	Kind   string `json:"kind"`
	Detail string `json:"detail"`
}

func writeFailure(w io.Writer, err error) error {
	f := failure{Detail: err.Error()}
	if e := (*Error)(nil); errors.As(err, &e) {
		f = failure{Kind: e.Kind.Error(), Detail: e.Detail}
	}
	b, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return child.WriteFrame(w, msgFailed, b)
}

func readFailure(b []byte) error {
	var f failure
	if err := json.Unmarshal(b, &f); err != nil {
		return fault(ErrDamaged, nil, "")
	}
	if len(f.Detail) > 300 {
		f.Detail = f.Detail[:300]
	}
	for kind := range remedies {
		if kind.Error() == f.Kind {
			return fault(kind, nil, "%s", f.Detail)
		}
	}
	return fault(ErrDamaged, nil, "%s", f.Detail)
}

// reader is what a helper reads documents with.
type reader interface {
	open(file io.ReaderAt, size int64) (pages int, err error)
	render(req renderRequest) (*pictureHead, []byte, error)
	text(req textRequest) (*Layer, error)
	bare(page int) (bool, error)
}

// ServeChild is the work of a helper: it answers requests from r about the
// document that the parent has open, until r ends, which is no error. The
// hidden command that [Config.Command] names calls it with the standard input
// and output.
func ServeChild(r io.Reader, w io.Writer) error {
	child.EndWithParent()
	var rd reader
	var count int // pages of the open document
	for {
		kind, payload, err := child.ReadFrame(r, maxRead+1024)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading a request: %w", err)
		}
		if kind == msgHello {
			var h hello
			if err := json.Unmarshal(payload, &h); err != nil {
				return fmt.Errorf("reading the greeting: %w", err)
			}
			if h.Text {
				rd = &textReader{}
			} else {
				p, err := newSandbox(h)
				if err != nil {
					return err
				}
				defer p.close()
				rd = p
			}
			// What the helper needs is in memory now, the compiled module too; the
			// file comes from the parent through the pipe.
			var greeting ready
			if h.Confine {
				greeting.Sandbox = child.EnterSandbox()
			}
			b, err := json.Marshal(greeting)
			if err != nil {
				return err
			}
			if err := child.WriteFrame(w, msgReady, b); err != nil {
				return err
			}
			continue
		}
		if rd == nil {
			return fmt.Errorf("request %q before the greeting", kind)
		}
		if err := answer(rd, &count, kind, payload, r, w); err != nil {
			return err
		}
	}
}

// answer answers one request. The error tells that the pipe broke.
func answer(rd reader, count *int, kind byte, payload []byte, r io.Reader, w io.Writer) error {
	decode := func(v any) error {
		if err := json.Unmarshal(payload, v); err != nil {
			return fmt.Errorf("reading a request: %w", err)
		}
		return nil
	}
	reply := func(kind byte, v any) error {
		b, err := json.Marshal(v)
		if err != nil {
			return err
		}
		return child.WriteFrame(w, kind, b)
	}
	switch kind {
	case msgOpen:
		var req openRequest
		if err := decode(&req); err != nil {
			return err
		}
		n, err := rd.open(&remote{r: r, w: w, size: req.Size}, req.Size)
		if err != nil {
			return writeFailure(w, err)
		}
		*count = n
		return reply(msgOpened, opened{Pages: n})
	case msgCount:
		return reply(msgOpened, opened{Pages: *count})
	case msgRender:
		var req renderRequest
		if err := decode(&req); err != nil {
			return err
		}
		head, pix, err := rd.render(req)
		if err != nil {
			return writeFailure(w, err)
		}
		b, err := json.Marshal(head)
		if err != nil {
			return err
		}
		return child.WriteFrame(w, msgPicture, binary.BigEndian.AppendUint32(nil, uint32(len(b))), b, pix)
	case msgText:
		var req textRequest
		if err := decode(&req); err != nil {
			return err
		}
		layer, err := rd.text(req)
		if err != nil {
			return writeFailure(w, err)
		}
		return reply(msgLayer, layer)
	case msgBare:
		var req bareRequest
		if err := decode(&req); err != nil {
			return err
		}
		ok, err := rd.bare(req.Page)
		if err != nil {
			return writeFailure(w, err)
		}
		return reply(msgIsBare, isBare{ok})
	}
	return fmt.Errorf("unknown request %q", kind)
}

// remote reads the document from the parent, in blocks of which it keeps some:
// PDF readers come back to the same places in small steps.
type remote struct {
	r      io.Reader
	w      io.Writer
	size   int64
	blocks map[int64][]byte
	order  []int64 // of their coming
}

const (
	blockSize = 64 << 10
	maxBlocks = 128
	readAhead = 4 // blocks asked for at once, when none of them is there
)

// ReadAt implements io.ReaderAt.
func (f *remote) ReadAt(b []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, errors.New("read before the file")
	}
	for n < len(b) && off < f.size {
		blk, err := f.block(off / blockSize)
		if err != nil {
			return n, err
		}
		m := copy(b[n:], blk[off%blockSize:])
		n += m
		off += int64(m)
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (f *remote) block(i int64) ([]byte, error) {
	if b, ok := f.blocks[i]; ok {
		return b, nil
	}
	off := i * blockSize
	n := min(readAhead*blockSize, f.size-off)
	var req [16]byte
	binary.BigEndian.PutUint64(req[:], uint64(off))
	binary.BigEndian.PutUint64(req[8:], uint64(n))
	if err := child.WriteFrame(f.w, msgRead, req[:]); err != nil {
		return nil, err
	}
	kind, data, err := child.ReadFrame(f.r, maxRead)
	if err != nil {
		return nil, err
	}
	if kind != msgData || int64(len(data)) != n {
		return nil, errors.New("the parent sent something else than the file")
	}
	if f.blocks == nil {
		f.blocks = map[int64][]byte{}
	}
	for k := int64(0); k*blockSize < n; k++ {
		if _, ok := f.blocks[i+k]; ok {
			continue
		}
		if len(f.order) >= maxBlocks {
			delete(f.blocks, f.order[0])
			f.order = f.order[1:]
		}
		f.blocks[i+k] = data[k*blockSize : min(n, (k+1)*blockSize)]
		f.order = append(f.order, i+k)
	}
	return data[:min(n, blockSize)], nil
}

// textReader reads text layers with ledongthuc/pdf.
type textReader struct {
	lib *pdflib.Reader
}

func (t *textReader) open(file io.ReaderAt, size int64) (int, error) {
	// Some files begin with bytes that are no part of them; readers count
	// from the header.
	head := make([]byte, min(size, headerWithin))
	if _, err := file.ReadAt(head, 0); err != nil && err != io.EOF {
		return 0, err
	}
	if start := int64(bytes.Index(head, []byte("%PDF-"))); start > 0 {
		size -= start
		file = io.NewSectionReader(file, start, size)
	}
	lib, err := pdflib.NewReader(file, size)
	if err != nil {
		// Not the file's end: PDFium may read it. The error comes with the text.
		t.lib = nil
		return 0, nil
	}
	t.lib = lib
	return 0, nil
}

func (t *textReader) render(renderRequest) (*pictureHead, []byte, error) {
	return nil, nil, errors.New("a reader of text does not render")
}

func (t *textReader) text(req textRequest) (*Layer, error) {
	if t.lib == nil {
		return nil, errors.New("the file is not as this reader wants it")
	}
	return readLayer(t.lib, req)
}

func (t *textReader) bare(page int) (bool, error) {
	if t.lib == nil {
		return false, errors.New("the file is not as this reader wants it")
	}
	return bare(t.lib, page)
}
