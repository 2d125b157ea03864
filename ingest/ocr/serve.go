package ocr

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"math"

	"github.com/otiai10/gosseract/v2"

	"github.com/sohoa/sohoa/ingest/child"
	"github.com/sohoa/sohoa/schema"
)

// What parent and child say to each other. The parent says hello once, then
// sends a page and the regions to read in it; the child answers the hello, and
// sends one reading a region as soon as it is made, so that those made before
// a crash are not lost.
const (
	msgHello   = 'h' // hello → msgReady
	msgPage    = 'p' // 12 bytes: dpi, width, height; then the pixels, a byte each
	msgRegions = 'r' // []wireRegion → as many msgReading
	msgReady   = 'H' // ready
	msgReading = 'R' // wireReading
	msgFailed  = 'E' // a sentence: the child cannot go on
)

// maxMessage bounds a message to the child: a page of 160 million pixels, A3
// at 1000 dpi, and something for its head.
const maxMessage = 160<<20 + 64

type hello struct {
	Models    []Model           `json:"models"`
	Variables map[string]string `json:"variables"`
	// Confine has the child enter a sandbox once its models are loaded.
	Confine bool `json:"confine"`
}

type ready struct {
	Version    string        `json:"version"`
	Sandbox    child.Sandbox `json:"sandbox"`
	OwnNetwork bool          `json:"own_network"`
}

type wireRegion struct {
	Box   schema.Box `json:"box"`
	PSM   int        `json:"psm"`
	Scale float64    `json:"scale"`
	Model int        `json:"model"`
}

type wireReading struct {
	Index int          `json:"i"`
	Lines []packedLine `json:"lines"`
	Err   string       `json:"err,omitempty"`
}

// ServeChild is the work of an OCR child: it reads requests from r and writes
// readings to w until r ends, which is no error. The hidden command that
// [Config.Command] names calls it with the standard input and output.
func ServeChild(r io.Reader, w io.Writer) error {
	child.EndWithParent()
	s := &server{w: w}
	defer s.close()
	for {
		kind, payload, err := child.ReadFrame(r, maxMessage)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading a request: %w", err)
		}
		if err := s.handle(kind, payload); err != nil {
			_ = child.WriteFrame(w, msgFailed, []byte(err.Error()))
			return err
		}
	}
}

// server is the state of a child.
type server struct {
	w       io.Writer
	hello   hello
	readers []*reader // by model
	page    *image.Gray
	dpi     int

	ownNetwork bool // lines are computed by network.cpp: see [ownNetwork]
}

func (s *server) close() {
	for _, r := range s.readers {
		if r != nil {
			r.client.Close()
		}
	}
}

func (s *server) handle(kind byte, payload []byte) error {
	switch kind {
	case msgHello:
		if err := json.Unmarshal(payload, &s.hello); err != nil {
			return fmt.Errorf("reading the greeting: %w", err)
		}
		if len(s.hello.Models) == 0 {
			return errors.New("no model named")
		}
		s.readers = make([]*reader, len(s.hello.Models))
		// Loading the models here tells a missing file before a page is in the
		// way; the error comes from the page of one white pixel. All of them are
		// loaded, since no file can be opened from then on.
		for i := range s.readers {
			if _, err := s.reader(i); err != nil {
				return err
			}
		}
		greeting := ready{Version: gosseract.Version(), OwnNetwork: s.ownNetwork}
		if s.hello.Confine {
			greeting.Sandbox = child.EnterSandbox()
		}
		return s.reply(msgReady, greeting)
	case msgPage:
		page, dpi, err := decodePage(payload)
		if err != nil {
			return err
		}
		s.page, s.dpi = page, dpi
		return nil
	case msgRegions:
		var regions []wireRegion
		if err := json.Unmarshal(payload, &regions); err != nil {
			return fmt.Errorf("reading the regions: %w", err)
		}
		if s.page == nil {
			return errors.New("regions before a page")
		}
		for i, reg := range regions {
			out := wireReading{Index: i}
			var err error
			if out.Lines, err = s.read(reg); err != nil {
				out.Err = err.Error()
			}
			if err := s.reply(msgReading, out); err != nil {
				return err
			}
		}
		s.page = nil // it is the largest thing held, and not needed while waiting
		return nil
	}
	return fmt.Errorf("unknown request %q", kind)
}

func (s *server) reply(kind byte, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return child.WriteFrame(s.w, kind, b)
}

// encodePage is the head of a msgPage; the pixels follow.
func encodePage(dpi, w, h int) []byte {
	b := make([]byte, 0, 12)
	b = binary.BigEndian.AppendUint32(b, uint32(dpi))
	b = binary.BigEndian.AppendUint32(b, uint32(w))
	return binary.BigEndian.AppendUint32(b, uint32(h))
}

func decodePage(b []byte) (*image.Gray, int, error) {
	if len(b) < 12 {
		return nil, 0, errors.New("page without a head")
	}
	dpi := int(binary.BigEndian.Uint32(b))
	w, h := int64(binary.BigEndian.Uint32(b[4:])), int64(binary.BigEndian.Uint32(b[8:]))
	if w <= 0 || h <= 0 || w > maxMessage || h > maxMessage || int64(len(b)-12) != w*h {
		return nil, 0, fmt.Errorf("page of %d×%d pixels with %d bytes", w, h, len(b)-12)
	}
	return &image.Gray{Pix: b[12:], Stride: int(w), Rect: image.Rect(0, 0, int(w), int(h))}, dpi, nil
}

// reader is one model of Tesseract.
type reader struct {
	client *gosseract.Client
	dpi    int // what was last told it
}

// reader returns the reader for a model, loading it when it is first asked for.
func (s *server) reader(model int) (*reader, error) {
	if model < 0 || model >= len(s.readers) {
		return nil, fmt.Errorf("model %d asked for, %d loaded", model, len(s.readers))
	}
	if r := s.readers[model]; r != nil {
		return r, nil
	}
	m := s.hello.Models[model]
	c := gosseract.NewClient()
	c.Languages = m.Languages
	c.TessdataPrefix = m.Dir
	for k, v := range s.hello.Variables {
		if k == "debug_file" {
			// Tesseract opens this file at its first message, and writes to it
			// whether that worked or not. In the sandbox it cannot work; without
			// a file the messages go to the standard error, whose end the parent
			// keeps for the report of a crash.
			continue
		}
		c.Variables[gosseract.SettableVariable(k)] = v
	}
	r := &reader{client: c}
	networkOff()
	blank := &image.Gray{Pix: []byte{0xff}, Stride: 1, Rect: image.Rect(0, 0, 1, 1)}
	if _, err := r.read(blank, 300, schema.Box{X1: 1, Y1: 1}, psm[Line], 1); err != nil {
		c.Close()
		return nil, fmt.Errorf("loading model %s: %w", m, err)
	}
	if len(s.readers) == 1 {
		s.ownNetwork = ownNetwork(m, func(page *image.Gray, box schema.Box) error {
			_, err := r.read(page, 170, box, psm[Line], 1)
			return err
		})
	}
	s.readers[model] = r
	return r, nil
}

func (s *server) read(reg wireRegion) ([]packedLine, error) {
	r, err := s.reader(reg.Model)
	if err != nil {
		return nil, err
	}
	b := s.page.Rect
	box := reg.Box.Intersect(schema.Box{X1: b.Dx(), Y1: b.Dy()})
	if box.Empty() {
		return nil, fmt.Errorf("region %v lies outside the page of %d×%d pixels", reg.Box, b.Dx(), b.Dy())
	}
	return r.read(s.page, s.dpi, box, reg.PSM, reg.Scale)
}

// read reads one box of the page; the words' boxes are relative to its corner,
// in page pixels.
func (r *reader) read(page *image.Gray, dpi int, box schema.Box, psm int, scale float64) ([]packedLine, error) {
	spix, scale := crop(page, box, scale)
	if err := r.client.SetImageFromBytes(spix); err != nil {
		return nil, err
	}
	if err := r.client.SetPageSegMode(gosseract.PageSegMode(psm)); err != nil {
		return nil, err
	}
	// Tesseract takes 70 dpi for a picture that does not say, and warns.
	if d := min(2400, max(70, int(math.Round(float64(dpi)*scale)))); d != r.dpi {
		if err := r.client.SetVariable("user_defined_dpi", fmt.Sprint(d)); err != nil {
			return nil, err
		}
		r.dpi = d
	}
	words, err := r.client.GetBoundingBoxesVerbose()
	if err != nil {
		return nil, err
	}
	return group(words, scale), nil
}

// group puts words into lines: Tesseract numbers lines within paragraphs and
// those within blocks, and gives the words in reading order.
func group(words []gosseract.BoundingBox, scale float64) []packedLine {
	var lines []packedLine
	var last [3]int
	for _, w := range words {
		if w.Word == "" || w.Word == " " {
			continue
		}
		back := func(v int, up bool) int {
			f := float64(v-border) / scale
			if up {
				return int(math.Ceil(f))
			}
			return int(math.Floor(f))
		}
		pw := packedWord{w.Word, schema.Box{
			X0: back(w.Box.Min.X, false), Y0: back(w.Box.Min.Y, false),
			X1: back(w.Box.Max.X, true), Y1: back(w.Box.Max.Y, true),
		}, min(1, max(0, w.Confidence/100))}
		key := [3]int{w.BlockNum, w.ParNum, w.LineNum}
		if len(lines) == 0 || key != last {
			lines = append(lines, nil)
			last = key
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], pw)
	}
	return lines
}
