// Package ingest turns files into pages. It finds them, tells by their bytes
// what they are, names them by their SHA-256, and gives for each page either
// its text, when the file carries text that can be trusted, or its picture.
package ingest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/sohoa/sohoa/ingest/pdf"
	"github.com/sohoa/sohoa/schema"
)

// Limits bound what is taken in. The zero value of a field is its default.
type Limits struct {
	// Bytes of a file; 512 MiB. A page scanned in colour at 300 dpi has about
	// 1 MB, so this is a volume of 500 pages.
	Bytes int64
	// TextBytes of a text file, which is held in memory whole; 32 MiB.
	TextBytes int64
	// Pages of a file; 5000.
	Pages int
	// Pixels of a page picture, told from its head before it is decoded; 80
	// million: A3 at 600 dpi has 70.
	Pixels int
}

// WithDefaults returns the limits with the default for each that is zero.
func (l Limits) WithDefaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 512 << 20
	}
	if l.TextBytes <= 0 {
		l.TextBytes = 32 << 20
	}
	if l.Pages <= 0 {
		l.Pages = 5000
	}
	if l.Pixels <= 0 {
		l.Pixels = 80e6
	}
	return l
}

// Options say how files are read.
type Options struct {
	// Renderer reads PDF files; without it they are refused.
	Renderer *pdf.Renderer
	// TextLayer judges the text that a PDF carries: it returns the lines with
	// legacy encodings converted, and how sure it is, 0..1, that they are the
	// language expected. Without it a layer is judged by whether its
	// characters have a meaning at all.
	TextLayer func([]schema.Line) (fixed []schema.Line, quality float64)
	// Decoder decodes PNG, JPEG and TIFF pictures; without it they are decoded
	// in this process, where nothing but the end of the process can stop them.
	Decoder *Decoder
	Limits  Limits
	// Name is what people call the file, where its path does not say so: its
	// ending must fit what the file holds. Empty takes it from the path.
	Name string
}

// PageInput is a page as it goes into the pipeline.
type PageInput struct {
	Number int // from 1
	Source schema.TextSource

	// Image is the page as the file shows it, *image.Gray or *image.RGBA; nil
	// for text files. Pages with a text layer have one too: the ruling lines
	// of their tables are found in it.
	Image image.Image
	DPI   int // of Image

	// Rotation is by how many degrees clockwise Image was turned from how the
	// file shows the page, as most of its text layer lay on its side: 0, 90, 180
	// or 270. Pictures without a text layer are left as they lie.
	Rotation int

	// Lines is the text: of the text layer, with boxes in pixels of Image, or
	// of the text file, with Number set to the line of the file, from 1. Empty
	// when the picture has to be read.
	Lines []schema.Line

	// Note says in a few words why a text layer was not used, or where the
	// text came from when that is not plain; "" when there is nothing to say.
	Note string

	// Lost says what of a damaged picture could not be read, and what to do; ""
	// when all was. Rows that were lost are white.
	Lost string
}

// File is an open input file. Its pages may be asked for by many goroutines.
type File struct {
	id     string
	source schema.Source
	file   *os.File
	pages  pages
}

// pages is what the kinds of files have in common.
type pages interface {
	count() int
	page(ctx context.Context, n int) (PageInput, error)
	close() error
}

// Open opens a file and tells by its bytes what it is. The error is of type
// [*Error], or [*pdf.Error] for PDF files that cannot be read; both say what
// the user can do (Remedy). It does not name the file.
func Open(ctx context.Context, path string, opt Options) (*File, error) {
	opt.Limits = opt.Limits.WithDefaults()
	f, err := os.Open(path)
	if err != nil {
		return nil, accessError(err)
	}
	out, err := open(ctx, f, opt)
	if err != nil {
		f.Close()
		return nil, err
	}
	return out, nil
}

func open(ctx context.Context, f *os.File, opt Options) (*File, error) {
	st, err := f.Stat()
	if err != nil {
		return nil, accessError(err)
	}
	name := filepath.Base(f.Name())
	if opt.Name != "" {
		name = filepath.Base(opt.Name)
	}
	switch {
	case st.IsDir():
		return nil, fault(ErrUnknown, nil, "it is a folder")
	case !st.Mode().IsRegular():
		return nil, fault(ErrUnknown, nil, "it is a device or a pipe")
	case st.Size() == 0:
		return nil, fault(ErrEmpty, nil, "")
	case st.Size() > opt.Limits.Bytes:
		return nil, fault(ErrLimit, nil, "a file of %s, %s allowed", megabytes(st.Size()), megabytes(opt.Limits.Bytes))
	}
	id, err := hash(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &File{id: id, file: f, source: schema.Source{Name: name, Bytes: st.Size()}}
	head := make([]byte, min(st.Size(), sniffLen))
	if _, err := f.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, fault(ErrNoAccess, err, "")
	}
	suffix := ending(name)
	out.source.MediaType, err = sniff(head, suffix)
	if err != nil {
		return nil, err
	}
	switch out.source.MediaType {
	case typePDF:
		out.pages, err = openPDF(ctx, f, st.Size(), opt)
	case typePNG, typeJPEG:
		out.pages, err = openPicture(f, st.Size(), out.source.MediaType, opt)
	case typeTIFF:
		out.pages, err = openTIFF(f, st.Size(), opt)
	default:
		out.pages, err = openText(f, st.Size(), opt.Limits)
	}
	if err != nil {
		return nil, err
	}
	out.source.Pages = out.pages.count()
	return out, nil
}

// ID returns the file's SHA-256 as lower-case hex.
func (f *File) ID() string { return f.id }

// Source describes the file.
func (f *File) Source() schema.Source { return f.source }

// Pages returns the number of pages.
func (f *File) Pages() int { return f.source.Pages }

// Page reads page n, counted from 1. Errors are of the types of [Open].
func (f *File) Page(ctx context.Context, n int) (PageInput, error) {
	if n < 1 || n > f.source.Pages {
		return PageInput{}, fmt.Errorf("page %d of a file with %d pages", n, f.source.Pages)
	}
	if err := ctx.Err(); err != nil {
		return PageInput{}, err
	}
	in, err := f.pages.page(ctx, n)
	if err != nil {
		return PageInput{}, err
	}
	in.Number = n
	return in, nil
}

// Close closes the file.
func (f *File) Close() error { return errors.Join(f.pages.close(), f.file.Close()) }

// Media types of the kinds of files.
const (
	typePDF  = "application/pdf"
	typePNG  = "image/png"
	typeJPEG = "image/jpeg"
	typeTIFF = "image/tiff"
	typeText = "text/plain"
)

// sniffLen is how much of a file is looked at to tell its kind. PDF readers
// look for the header in the first kilobyte.
const sniffLen = 4096

// sniff tells a file's kind by its first bytes. Text has no mark, so a file
// counts as text only when its name agrees.
func sniff(head []byte, suffix string) (string, error) {
	switch {
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return typePNG, nil
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return typeJPEG, nil
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")), isBigTIFF(head):
		return typeTIFF, nil
	case bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")) && suffix != ".txt":
		return typePDF, nil
	case bytes.HasPrefix(head, []byte("{\\rtf")), bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")), office[suffix] && bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return "", fault(ErrOffice, nil, "")
	}
	text := looksLikeText(head)
	switch {
	case suffix == ".pdf":
		if text {
			return "", fault(pdf.ErrNotPDF, nil, "it holds plain text")
		}
		return "", fault(pdf.ErrNotPDF, nil, "")
	case text && (suffix == ".txt" || suffix == ".text" || !suffixes[suffix]):
		return typeText, nil
	case suffix == ".txt":
		return "", fault(ErrMismatch, nil, "it holds no text")
	case suffixes[suffix]:
		return "", fault(ErrMismatch, nil, "it holds no picture of the kind %s", strings.TrimPrefix(suffix, "."))
	}
	return "", fault(ErrUnknown, nil, "")
}

// hash computes the file's SHA-256, and looks up between the pieces whether
// the work was stopped.
func hash(ctx context.Context, f io.ReaderAt) (string, error) {
	h := sha256.New()
	buf := make([]byte, 1<<20)
	for off := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		n, err := f.ReadAt(buf, off)
		h.Write(buf[:n])
		off += int64(n)
		if err == io.EOF {
			return hex.EncodeToString(h.Sum(nil)), nil
		}
		if err != nil {
			return "", fault(ErrNoAccess, err, "")
		}
	}
}

func megabytes(n int64) string {
	if n < 10<<20 {
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d MB", n>>20)
}
