package review

import (
	"bytes"
	"container/list"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png" // pictures may be PNG
	"io"
	"net/url"
	"strconv"
	"sync"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // or WebP

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// pictures serves page pictures and crops of them. Decoding a page takes tens
// of milliseconds and a reviewer asks for one page again and again, so the last
// ones are kept, decoded and as sent.
type pictures struct {
	store   *store.Store
	decoded *recent[image.Image]
	sent    *recent[[]byte]
}

const (
	keptPages = 6         // decoded, some 4 to 16 MB each
	keptBytes = 400       // encoded, at most mostBytes each
	mostBytes = 400 << 10 // of a picture that is sent
	mostWide  = 1600      // pixels of a crop
)

func newPictures(s *store.Store) *pictures {
	return &pictures{store: s, decoded: newRecent[image.Image](keptPages), sent: newRecent[[]byte](keptBytes)}
}

// page returns the decoded picture of a page.
func (p *pictures) page(ctx context.Context, document string, version, number int) (image.Image, error) {
	return p.decoded.get(fmt.Sprintf("%s/%d/%d", document, version, number), func() (image.Image, error) {
		r, _, err := p.store.Picture(ctx, document, version, number)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		img, _, err := image.Decode(io.LimitReader(r, 64<<20))
		if err != nil {
			return nil, fmt.Errorf("page picture: %w", err)
		}
		return img, nil
	})
}

// view returns a JPEG of the page, at most as wide as asked.
func (p *pictures) view(ctx context.Context, document string, version, number, width int) ([]byte, error) {
	return p.sent.get(fmt.Sprintf("%s/%d/%d/%d", document, version, number, width), func() ([]byte, error) {
		img, err := p.page(ctx, document, version, number)
		if err != nil {
			return nil, err
		}
		return encode(scaled(img, img.Bounds(), min(width, img.Bounds().Dx())))
	})
}

// crop returns a JPEG of a box of the page with some of what is around it. The
// box is in pixels of the page as the document has it, across being its width;
// the picture may be smaller.
func (p *pictures) crop(ctx context.Context, document string, version, number, across int, box schema.Box) ([]byte, error) {
	return p.sent.get(fmt.Sprintf("%s/%d/%d/%v", document, version, number, box), func() ([]byte, error) {
		img, err := p.page(ctx, document, version, number)
		if err != nil {
			return nil, err
		}
		b := img.Bounds()
		scale := func(v int) int { return v * b.Dx() / max(across, 1) }
		margin := max(4, b.Dx()/160)
		cut := image.Rect(scale(box.X0)-margin, scale(box.Y0)-margin, scale(box.X1)+margin, scale(box.Y1)+margin).Add(b.Min).Intersect(b)
		if cut.Empty() {
			return nil, fmt.Errorf("crop %v: %w", box, store.ErrNotFound)
		}
		return encode(scaled(img, cut, min(cut.Dx(), mostWide)))
	})
}

// scaled copies a part of a picture, width pixels wide. Grey stays grey.
func scaled(img image.Image, part image.Rectangle, width int) image.Image {
	width = max(width, 1)
	size := image.Rect(0, 0, width, max(1, part.Dy()*width/part.Dx()))
	var out draw.Image = image.NewRGBA(size)
	if _, grey := img.(*image.Gray); grey {
		out = image.NewGray(size)
	}
	if size.Size() == part.Size() {
		draw.Copy(out, image.Point{}, img, part, draw.Src, nil)
	} else {
		draw.ApproxBiLinear.Scale(out, size, img, part, draw.Src, nil)
	}
	return out
}

// encode writes a JPEG, as good as fits into mostBytes.
func encode(img image.Image) ([]byte, error) {
	var buf bytes.Buffer
	for _, quality := range []int{75, 55, 40, 25} {
		buf.Reset()
		if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		if buf.Len() <= mostBytes {
			break
		}
	}
	return buf.Bytes(), nil
}

// widths are those in which pages are served, so that few sizes are made.
var widths = []int{900, 1400, 2400}

func (r *request) pagePicture() error {
	version, number, err := r.pageNumber()
	if err != nil {
		return err
	}
	width := widths[0]
	for _, w := range widths {
		if asked, _ := strconv.Atoi(r.FormValue("width")); asked == w {
			width = w
		}
	}
	data, err := r.s.pictures.view(r.Context(), r.PathValue("id"), version, number, width)
	return r.picture(data, err)
}

func (r *request) crop() error {
	version, number, err := r.pageNumber()
	if err != nil {
		return err
	}
	var box schema.Box
	var across int
	if _, err := fmt.Sscanf(r.FormValue("box"), "%d,%d,%d,%d,%d", &box.X0, &box.Y0, &box.X1, &box.Y1, &across); err != nil {
		return fmt.Errorf("crop %q: %w", r.FormValue("box"), store.ErrNotFound)
	}
	data, err := r.s.pictures.crop(r.Context(), r.PathValue("id"), version, number, across, box)
	return r.picture(data, err)
}

func (r *request) pageNumber() (version, number int, err error) {
	version, err1 := strconv.Atoi(r.PathValue("version"))
	number, err2 := strconv.Atoi(r.PathValue("page"))
	if err1 != nil || err2 != nil {
		return 0, 0, fmt.Errorf("page %q: %w", r.URL.Path, store.ErrNotFound)
	}
	return version, number, nil
}

// picture sends a picture. Its address names the version, so that it never
// changes.
func (r *request) picture(data []byte, err error) error {
	if err != nil {
		return err
	}
	r.w.Header().Set("Content-Type", "image/jpeg")
	r.w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	r.w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	_, err = r.w.Write(data)
	return err
}

// cropURL is the address of the crop of a place.
func cropURL(doc *schema.Document, d store.Document, p schema.Place) string {
	across := 0
	if p.Page >= 1 && p.Page <= len(doc.Pages) {
		across = doc.Pages[p.Page-1].Width
	}
	q := url.Values{"box": {fmt.Sprintf("%d,%d,%d,%d,%d", p.Box.X0, p.Box.Y0, p.Box.X1, p.Box.Y1, across)}}
	return fmt.Sprintf("/d/%s/v/%d/page/%d/crop?%s", d.ID, d.Version, p.Page, q.Encode())
}

// recent keeps what was made last. Two that ask for the same at once wait for
// one making of it.
type recent[T any] struct {
	mu    sync.Mutex
	size  int
	order *list.List // of *kept[T], newest first
	byKey map[string]*list.Element
}

type kept[T any] struct {
	key  string
	once sync.Once
	v    T
	err  error
}

func newRecent[T any](size int) *recent[T] {
	return &recent[T]{size: size, order: list.New(), byKey: map[string]*list.Element{}}
}

func (c *recent[T]) get(key string, produce func() (T, error)) (T, error) {
	c.mu.Lock()
	e := c.byKey[key]
	if e == nil {
		e = c.order.PushFront(&kept[T]{key: key})
		c.byKey[key] = e
		for c.order.Len() > c.size {
			old := c.order.Remove(c.order.Back()).(*kept[T])
			delete(c.byKey, old.key)
		}
	} else {
		c.order.MoveToFront(e)
	}
	k := e.Value.(*kept[T])
	c.mu.Unlock()
	k.once.Do(func() { k.v, k.err = produce() })
	if k.err != nil { // a fault is not kept: the next visitor tries again
		c.mu.Lock()
		if c.byKey[key] == e {
			c.order.Remove(e)
			delete(c.byKey, key)
		}
		c.mu.Unlock()
	}
	return k.v, k.err
}
