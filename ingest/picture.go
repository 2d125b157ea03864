package ingest

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"os"

	"github.com/sohoa/sohoa/schema"
)

// pictureFile is a PNG or JPEG file: one page.
type pictureFile struct {
	file    *os.File
	size    int64
	media   string
	meta    pictureMeta
	config  image.Config
	limits  Limits
	decoder *Decoder
}

// pictureMeta is what a picture's file says beside its pixels.
type pictureMeta struct {
	DPIX        float64 `json:"dpi_x"` // 0: not said
	DPIY        float64 `json:"dpi_y"`
	Orientation int     `json:"orientation"` // as in EXIF: 1 upright … 8; 0: not said
}

func openPicture(f *os.File, size int64, media string, opt Options) (pages, error) {
	p := &pictureFile{file: f, size: size, media: media, limits: opt.Limits, decoder: opt.Decoder}
	r := bufio.NewReader(p.reader())
	var err error
	if media == typePNG {
		p.config, err = png.DecodeConfig(r)
		p.meta = pngMeta(bufio.NewReader(p.reader()))
	} else {
		p.config, err = jpeg.DecodeConfig(r)
		p.meta = jpegMeta(bufio.NewReader(p.reader()))
	}
	var form jpeg.UnsupportedError // arithmetic coding, twelve bits
	if errors.As(err, &form) {
		return nil, &Error{Kind: ErrForm, Err: err, Help: "save it anew with another program, as png or pdf"}
	}
	if err != nil {
		return nil, fault(ErrDamaged, err, "")
	}
	if err := checkPixels(p.config, opt.Limits); err != nil {
		return nil, err
	}
	return p, nil
}

// checkPixels refuses a picture by what its head announces. Pictures of 16
// bits a channel count double, as they are held so while being decoded.
func checkPixels(c image.Config, limits Limits) error {
	px := int64(c.Width) * int64(c.Height)
	switch {
	case c.Width <= 0 || c.Height <= 0:
		return fault(ErrDamaged, nil, "a picture of %d×%d pixels", c.Width, c.Height)
	case c.ColorModel == color.RGBA64Model || c.ColorModel == color.NRGBA64Model || c.ColorModel == color.Gray16Model:
		px *= 2
	}
	if px > int64(limits.Pixels) {
		return fault(ErrLimit, nil, "a picture of %d×%d pixels, %d million pixels allowed", c.Width, c.Height, limits.Pixels/1e6)
	}
	return nil
}

func (p *pictureFile) reader() io.Reader { return io.NewSectionReader(p.file, 0, p.size) }
func (p *pictureFile) count() int        { return 1 }
func (p *pictureFile) close() error      { return nil }

func (p *pictureFile) page(ctx context.Context, _ int) (PageInput, error) {
	return p.decoder.decode(ctx, p.file, pictureJob{
		Media: p.media, Size: p.size, Width: p.config.Width, Height: p.config.Height, Meta: p.meta, Limit: p.limits.Pixels,
	})
}

// maxStretch is how many times coarser one direction of a page may be than the
// other: fax machines scan 204 by 49 dpi at their coarsest. What a file says
// beyond that is a mistake, or meant to make a huge picture of a small one.
const maxStretch = 4.5

// pagePicture makes a page of a decoded picture: of one of two pixel formats,
// with square pixels, turned as its file says, with a resolution, of at most
// limit pixels.
func pagePicture(im image.Image, meta pictureMeta, limit int) PageInput {
	im = plain(im)
	b := im.Bounds()
	dx, dy := meta.DPIX, meta.DPIY
	if dx > 0 && dy > 0 && (dx > 1.1*dy || dy > 1.1*dx) {
		// Fax machines scan coarser downwards: 204 by 98 dpi.
		dpi := max(dx, dy)
		w, h := math.Round(float64(b.Dx())*dpi/dx), math.Round(float64(b.Dy())*dpi/dy)
		if dpi <= maxStretch*min(dx, dy) && w*h <= float64(limit) {
			im = stretch(im, int(w), int(h))
			b = im.Bounds()
			dx = dpi
		} else {
			dx = 0 // nothing that it says of its resolution can be believed
		}
	}
	dpi := resolution(b.Dx(), b.Dy(), dx)
	return PageInput{Source: schema.FromOCR, Image: orient(im, meta.Orientation), DPI: dpi}
}

// Sizes in inches between which the longer side of a page plausibly lies: A6
// and A2.
const (
	minPageInches = 5.8
	maxPageInches = 23.5
)

// resolution settles the dpi of a picture. Programs write 72 or 96 into files
// whose true resolution they do not know, so what the file says counts only
// when it makes a sheet of paper; otherwise the picture is taken for an A4
// page, or for A3 when that would make more than 450 dpi.
func resolution(w, h int, said float64) int {
	long := float64(max(w, h))
	if said >= 50 && said <= 2400 && long/said >= minPageInches && long/said <= maxPageInches {
		return int(math.Round(said))
	}
	dpi := long / 11.69
	if dpi > 450 {
		dpi = long / 16.54
	}
	// Scanners have few resolutions; a margin cut off makes the guess low.
	for _, usual := range []float64{100, 150, 200, 240, 300, 400, 600} {
		if math.Abs(dpi-usual) < usual*0.04 {
			return int(usual)
		}
	}
	return int(math.Round(min(600, max(50, dpi))))
}

// plain converts a picture to *image.Gray when it has no colour by its kind,
// and to *image.RGBA over white otherwise. The result begins at 0,0, and its
// rows lie without gaps.
func plain(im image.Image) image.Image {
	b := im.Bounds()
	r := image.Rect(0, 0, b.Dx(), b.Dy())
	switch src := im.(type) {
	case *image.Gray:
		// The decoder of JPEG leaves its rows as long as its blocks.
		if b.Min == (image.Point{}) && src.Stride == b.Dx() {
			return src
		}
		g := image.NewGray(r)
		draw.Draw(g, r, src, b.Min, draw.Src)
		return g
	case *image.Gray16:
		g := image.NewGray(r)
		for y := range r.Max.Y {
			row := src.Pix[src.PixOffset(b.Min.X, b.Min.Y+y):]
			for x := range r.Max.X {
				g.Pix[y*g.Stride+x] = row[2*x]
			}
		}
		return g
	case *image.Paletted:
		if grey(src.Palette) {
			g := image.NewGray(r)
			var table [256]uint8
			for i, c := range src.Palette {
				table[i] = overWhite(c)
			}
			for y := range r.Max.Y {
				row := src.Pix[src.PixOffset(b.Min.X, b.Min.Y+y):]
				for x := range r.Max.X {
					g.Pix[y*g.Stride+x] = table[row[x]]
				}
			}
			return g
		}
	}
	c := image.NewRGBA(r)
	if o, ok := im.(interface{ Opaque() bool }); ok && o.Opaque() {
		draw.Draw(c, r, im, b.Min, draw.Src)
		return c
	}
	draw.Draw(c, r, image.White, image.Point{}, draw.Src)
	draw.Draw(c, r, im, b.Min, draw.Over)
	return c
}

func grey(p color.Palette) bool {
	for _, c := range p {
		if r, g, b, _ := c.RGBA(); r != g || g != b {
			return false
		}
	}
	return true
}

// overWhite gives the brightness of a grey colour laid over white.
func overWhite(c color.Color) uint8 {
	v, _, _, a := c.RGBA() // premultiplied
	return uint8((v + 0xffff - a) >> 8)
}

// orient turns a picture as its EXIF orientation tells (TIFF 6.0, tag 274).
func orient(im image.Image, orientation int) image.Image {
	switch orientation {
	case 3:
		return turned(im, 2)
	case 6:
		return turned(im, 1)
	case 8:
		return turned(im, 3)
	case 2:
		return mirrored(im)
	case 4:
		return turned(mirrored(im), 2)
	case 5:
		return turned(mirrored(im), 3)
	case 7:
		return turned(mirrored(im), 1)
	}
	return im
}

// pixels gives the pixels of the two formats as bytes: step bytes a pixel.
func pixels(im image.Image) (pix []byte, stride, step int) {
	switch im := im.(type) {
	case *image.Gray:
		return im.Pix, im.Stride, 1
	case *image.RGBA:
		return im.Pix, im.Stride, 4
	}
	panic("ingest: picture is neither grey nor RGBA")
}

// like makes an empty picture of the same format.
func like(im image.Image, w, h int) image.Image {
	if _, ok := im.(*image.Gray); ok {
		return image.NewGray(image.Rect(0, 0, w, h))
	}
	return image.NewRGBA(image.Rect(0, 0, w, h))
}

// turned turns a picture by quarter turns clockwise.
func turned(im image.Image, quarters int) image.Image {
	quarters &= 3
	if quarters == 0 {
		return im
	}
	w, h := im.Bounds().Dx(), im.Bounds().Dy()
	dw, dh := w, h
	if quarters%2 == 1 {
		dw, dh = h, w
	}
	out := like(im, dw, dh)
	src, ss, step := pixels(im)
	dst, ds, _ := pixels(out)
	for y := range dh {
		for x := range dw {
			var sx, sy int
			switch quarters {
			case 1:
				sx, sy = y, h-1-x
			case 2:
				sx, sy = w-1-x, h-1-y
			case 3:
				sx, sy = w-1-y, x
			}
			copy(dst[y*ds+x*step:][:step], src[sy*ss+sx*step:][:step])
		}
	}
	return out
}

// mirrored swaps left and right.
func mirrored(im image.Image) image.Image {
	w, h := im.Bounds().Dx(), im.Bounds().Dy()
	out := like(im, w, h)
	src, ss, step := pixels(im)
	dst, ds, _ := pixels(out)
	for y := range h {
		for x := range w {
			copy(dst[y*ds+x*step:][:step], src[y*ss+(w-1-x)*step:][:step])
		}
	}
	return out
}

// stretch enlarges a picture by linear interpolation.
func stretch(im image.Image, w, h int) image.Image {
	sw, sh := im.Bounds().Dx(), im.Bounds().Dy()
	out := like(im, w, h)
	src, ss, step := pixels(im)
	dst, ds, _ := pixels(out)
	at := func(i, n, from int) (lo, hi int, f float64) {
		c := max(0, (float64(i)+0.5)*float64(from)/float64(n)-0.5)
		lo = min(int(c), from-1)
		return lo, min(lo+1, from-1), c - float64(lo)
	}
	for y := range h {
		y0, y1, fy := at(y, h, sh)
		for x := range w {
			x0, x1, fx := at(x, w, sw)
			for k := range step {
				top := float64(src[y0*ss+x0*step+k])*(1-fx) + float64(src[y0*ss+x1*step+k])*fx
				low := float64(src[y1*ss+x0*step+k])*(1-fx) + float64(src[y1*ss+x1*step+k])*fx
				dst[y*ds+x*step+k] = uint8(top*(1-fy) + low*fy + 0.5)
			}
		}
	}
	return out
}

// pngMeta reads the pHYs chunk (PNG specification, 11.3.5.3): pixels a metre.
// What is damaged counts as not said.
func pngMeta(r *bufio.Reader) (m pictureMeta) {
	if _, err := r.Discard(8); err != nil {
		return m
	}
	for range 1000 {
		var head [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return m
		}
		n := binary.BigEndian.Uint32(head[:])
		switch kind := string(head[4:]); {
		case kind == "pHYs" && n == 9:
			var b [9]byte
			if _, err := io.ReadFull(r, b[:]); err == nil && b[8] == 1 {
				m.DPIX = float64(binary.BigEndian.Uint32(b[:])) * 0.0254
				m.DPIY = float64(binary.BigEndian.Uint32(b[4:])) * 0.0254
			}
			return m
		case kind == "IDAT", n > math.MaxInt32:
			return m
		}
		if _, err := r.Discard(int(n) + 4); err != nil {
			return m
		}
	}
	return m
}

// jpegMeta reads resolution and orientation from the JFIF and EXIF segments.
// What is damaged counts as not said.
func jpegMeta(r *bufio.Reader) (m pictureMeta) {
	if _, err := r.Discard(2); err != nil {
		return m
	}
	for range 1000 {
		var head [4]byte
		if _, err := io.ReadFull(r, head[:]); err != nil || head[0] != 0xff {
			return m
		}
		n := int(binary.BigEndian.Uint16(head[2:])) - 2
		if head[1] == 0xda || n < 0 { // the pixels begin
			return m
		}
		if head[1] != 0xe0 && head[1] != 0xe1 {
			if _, err := r.Discard(n); err != nil {
				return m
			}
			continue
		}
		b := make([]byte, n)
		if _, err := io.ReadFull(r, b); err != nil {
			return m
		}
		switch {
		case len(b) >= 12 && string(b[:5]) == "JFIF\x00" && m.DPIX == 0:
			x, y := float64(binary.BigEndian.Uint16(b[8:])), float64(binary.BigEndian.Uint16(b[10:]))
			switch b[7] {
			case 1:
				m.DPIX, m.DPIY = x, y
			case 2:
				m.DPIX, m.DPIY = x*2.54, y*2.54
			}
		case len(b) > 14 && string(b[:6]) == "Exif\x00\x00":
			if e, ok := exifMeta(b[6:]); ok {
				m.Orientation = e.Orientation
				if e.DPIX > 0 {
					m.DPIX, m.DPIY = e.DPIX, e.DPIY
				}
			}
		}
	}
	return m
}
