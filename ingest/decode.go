package ingest

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"strings"
	"time"

	"github.com/sohoa/sohoa/ingest/child"
	"github.com/sohoa/sohoa/ingest/pdf"
	"github.com/sohoa/sohoa/schema"
)

// Decoder decodes picture files in helper processes, one for each picture. The
// decoders are written in Go and reach nothing that they should not, but a
// file of some kilobytes may have them work for hours (a progressive JPEG of
// thousands of scans) or take more memory than the picture that its head
// announces, and neither can be stopped from within. A process costs some
// hundredths of a second; the OCR of the page that follows takes seconds.
type Decoder struct {
	// Command starts a helper: a program that calls [ServePicture] and its
	// arguments. Empty is the running program with the argument "picture-child".
	Command []string
	// Memory is the limit in bytes on what a helper holds; 0 is 1 GiB: the
	// pixels of the largest page allowed in the file's format and in ours.
	Memory int64
	// Timeout is the time for one picture; 0 is 30 s. A page of A3 at 600 dpi
	// takes two.
	Timeout time.Duration
}

// WithDefaults returns the decoder with its limits filled in.
func (d Decoder) WithDefaults() Decoder {
	if len(d.Command) == 0 {
		d.Command = []string{"", "picture-child"}
	}
	if d.Memory <= 0 {
		d.Memory = 1 << 30
	}
	if d.Timeout <= 0 {
		d.Timeout = 30 * time.Second
	}
	return d
}

// What parent and helper say to each other: one question, one answer. The file
// is open in the helper from its start.
const (
	msgDecode = 'd' // pictureJob → msgPicture
	msgPixels = 'P' // length of a decoded (4 bytes), the decoded, the pixels
	msgFailed = 'E' // failure
)

// pictureFD is the number under which a helper finds the file: the first after
// the standard ones.
const pictureFD = 3

// pictureJob names a picture in a file.
type pictureJob struct {
	Media  string      `json:"media"`
	Size   int64       `json:"size"`   // of the file, in bytes
	Offset int64       `json:"offset"` // of a TIFF's directory
	Width  int         `json:"width"`  // as announced, in pixels
	Height int         `json:"height"`
	Meta   pictureMeta `json:"meta"`
	Limit  int         `json:"limit"` // pixels of the page
	// Confine has the helper enter a sandbox before it reads.
	Confine bool `json:"confine"`
}

// decoded is a page picture on the wire.
type decoded struct {
	W    int  `json:"w"`
	H    int  `json:"h"`
	DPI  int  `json:"dpi"`
	Grey bool `json:"grey"`
	// Lost is [PageInput.Lost].
	Lost string `json:"lost,omitempty"`
}

// decode makes a page of a picture: in a helper, or in this process when d is
// nil.
func (d *Decoder) decode(ctx context.Context, f *os.File, job pictureJob) (PageInput, error) {
	if d == nil {
		return decodePicture(f, job)
	}
	set := d.WithDefaults()
	proc, err := child.Start(child.Command{
		Path: set.Command[0], Args: set.Command[1:],
		Env:    []string{"GOMAXPROCS=2", "GOTRACEBACK=none", fmt.Sprint("GOMEMLIMIT=", set.Memory/4*3)},
		Files:  []*os.File{f},
		Memory: set.Memory, MaxFrame: 4*job.Limit + 1<<20,
	})
	if err != nil {
		return PageInput{}, fmt.Errorf("starting the decoder of pictures: %w", err)
	}
	defer proc.Close()
	limited, cancel := context.WithTimeout(ctx, set.Timeout)
	defer cancel()
	in, err := ask(limited, proc, job)
	var dead *child.Error
	switch {
	case err == nil || !errors.As(err, &dead):
		return in, err
	case ctx.Err() != nil:
		return PageInput{}, ctx.Err()
	case dead.Reason == child.OverTime:
		return PageInput{}, fault(pdf.ErrTimedOut, nil, "decoding the picture took longer than the %v allowed", set.Timeout)
	case dead.Reason == child.OverSize:
		return PageInput{}, fault(ErrLimit, nil, "memory for decoding: %s", dead.Detail)
	}
	return PageInput{}, fault(ErrDamaged, dead, "")
}

func ask(ctx context.Context, proc *child.Process, job pictureJob) (PageInput, error) {
	job.Confine = true
	b, err := json.Marshal(job)
	if err != nil {
		return PageInput{}, err
	}
	if err := proc.Send(ctx, msgDecode, b); err != nil {
		return PageInput{}, err
	}
	kind, payload, err := proc.Receive(ctx)
	switch {
	case err != nil:
		return PageInput{}, err
	case kind == msgFailed:
		return PageInput{}, readFailure(payload)
	case kind != msgPixels:
		return PageInput{}, &child.Error{Reason: child.Garbled, Detail: "it said something that was not asked"}
	}
	return readPicture(payload, job.Limit)
}

// readPicture reads a msgPixels of at most limit pixels.
func readPicture(b []byte, limit int) (PageInput, error) {
	bad := &child.Error{Reason: child.Garbled, Detail: "its answer is no picture"}
	if len(b) < 4 {
		return PageInput{}, bad
	}
	n := int64(binary.BigEndian.Uint32(b))
	if n > int64(len(b)-4) {
		return PageInput{}, bad
	}
	var head decoded
	if err := json.Unmarshal(b[4:4+n], &head); err != nil {
		return PageInput{}, bad
	}
	pix := b[4+n:]
	step := 4
	if head.Grey {
		step = 1
	}
	if head.W <= 0 || head.H <= 0 || head.DPI <= 0 || head.W > limit || head.H > limit || head.W*head.H > limit || len(pix) != step*head.W*head.H {
		return PageInput{}, bad
	}
	in := PageInput{Source: schema.FromOCR, DPI: head.DPI, Lost: clipped(head.Lost)}
	r := image.Rect(0, 0, head.W, head.H)
	if head.Grey {
		in.Image = &image.Gray{Pix: pix, Stride: head.W, Rect: r}
	} else {
		in.Image = &image.RGBA{Pix: pix, Stride: 4 * head.W, Rect: r}
	}
	return in, nil
}

// failure is an [Error] on the wire; Kind is the text of its sentinel.
type failure struct {
	Kind   string `json:"kind"`
	Detail string `json:"detail"`
}

func readFailure(b []byte) error {
	var f failure
	if err := json.Unmarshal(b, &f); err != nil {
		return fault(ErrDamaged, nil, "")
	}
	f.Detail = clipped(f.Detail)
	for _, kind := range []error{ErrLimit, ErrForm} {
		if f.Kind == kind.Error() {
			return fault(kind, nil, "%s", f.Detail)
		}
	}
	return fault(ErrDamaged, nil, "%s", f.Detail)
}

// clipped bounds what a helper says in words.
func clipped(s string) string {
	if len(s) > 300 {
		s = strings.ToValidUTF8(s[:300], "")
	}
	return s
}

// ServePicture is the work of a helper: it decodes the picture that r asks for
// out of the file that the parent left open, and writes it to w. The hidden
// command that [Decoder.Command] names calls it with the standard input and
// output.
func ServePicture(r io.Reader, w io.Writer) error {
	child.EndWithParent()
	kind, payload, err := child.ReadFrame(r, 64<<10)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil || kind != msgDecode {
		return fmt.Errorf("reading a request: %w", errors.Join(err, fmt.Errorf("kind %q", kind)))
	}
	var job pictureJob
	if err := json.Unmarshal(payload, &job); err != nil {
		return fmt.Errorf("reading a request: %w", err)
	}
	if job.Confine {
		child.EnterSandbox()
	}
	in, err := decodePicture(os.NewFile(pictureFD, "picture"), job)
	if err != nil {
		f := failure{Kind: ErrDamaged.Error(), Detail: err.Error()}
		if e := (*Error)(nil); errors.As(err, &e) {
			f = failure{Kind: e.Kind.Error(), Detail: e.Detail}
			if e.Err != nil {
				f.Detail = strings.TrimPrefix(f.Detail+": "+e.Err.Error(), ": ")
			}
		}
		b, err := json.Marshal(f)
		if err != nil {
			return err
		}
		return child.WriteFrame(w, msgFailed, b)
	}
	size := in.Image.Bounds().Size()
	pix, _, step := pixels(in.Image)
	b, err := json.Marshal(decoded{W: size.X, H: size.Y, DPI: in.DPI, Grey: step == 1, Lost: in.Lost})
	if err != nil {
		return err
	}
	return child.WriteFrame(w, msgPixels, binary.BigEndian.AppendUint32(nil, uint32(len(b))), b, pix[:step*size.X*size.Y])
}

// decodePicture decodes a picture and makes a page of it.
func decodePicture(f io.ReaderAt, job pictureJob) (in PageInput, err error) {
	defer func() {
		// The libraries check less than they should; what gets through panics.
		if p := recover(); p != nil {
			err = fault(ErrDamaged, nil, "%v", p)
		}
	}()
	var im image.Image
	file := io.NewSectionReader(f, 0, job.Size)
	switch job.Media {
	case typePNG:
		im, err = png.Decode(bufio.NewReader(file))
	case typeJPEG:
		im, err = jpeg.Decode(bufio.NewReader(file))
	case typeTIFF:
		im, err = decodeTIFF(file, job)
	default:
		err = fmt.Errorf("a picture of the kind %q", job.Media)
	}
	lost := ""
	if known := (*Error)(nil); errors.As(err, &known) {
		return PageInput{}, known
	}
	if err != nil {
		whole := err
		if im, lost, err = cutOff(io.NewSectionReader(f, 0, job.Size), job.Media); err != nil {
			return PageInput{}, fault(ErrDamaged, whole, "")
		}
	}
	if rows := im.Bounds().Dy(); rows < job.Height && im.Bounds().Dx() == job.Width {
		lost = fmt.Sprintf(LostRows, 100*rows/job.Height)
		im = onWhite(im, job.Width, job.Height)
	}
	// What follows works with the size, and a decoder may give another than
	// the head announced, which was held to the limit.
	if b := im.Bounds(); b.Dx() != job.Width || b.Dy() != job.Height {
		return PageInput{}, fault(ErrDamaged, nil, "%d×%d pixels where %d×%d were announced", b.Dx(), b.Dy(), job.Width, job.Height)
	}
	in = pagePicture(im, job.Meta, job.Limit)
	in.Lost = lost
	return in, nil
}
