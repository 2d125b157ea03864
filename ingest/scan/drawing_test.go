package scan_test

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// sheet draws test pages: rules, and rows of shapes that have what the
// judgements look for in letters, a common foot line, marks above.
type sheet struct {
	img *image.Gray
	rnd *rand.Rand
}

func newSheet(w, h int) *sheet {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = 245
	}
	return &sheet{img, rand.New(rand.NewPCG(1, 2))}
}

func (s *sheet) fill(x0, y0, x1, y1 int, v uint8) {
	r := image.Rect(x0, y0, x1, y1).Intersect(s.img.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			s.img.Pix[y*s.img.Stride+x] = v
		}
	}
}

// word draws n letters with their feet on y, letters of x-height 17 pixels as
// 12-point print has at 200 dpi, and returns where the word ends.
func (s *sheet) word(x, y, n int) int {
	for range n {
		top := y - 17
		switch k := s.rnd.IntN(10); {
		case k < 3: // ascender
			top -= 8
		case k < 4: // descender
			s.fill(x, y, x+3, y+7, 30)
		case k < 8: // a mark above
			s.fill(x+3, y-25, x+9, y-21, 30)
		case k < 9: // a dot below
			s.fill(x+4, y+4, x+7, y+7, 30)
		}
		s.fill(x, top, x+3, y, 30)
		s.fill(x+9, y-17, x+12, y, 30)
		s.fill(x, y-10, x+12, y-7, 30)
		x += 15
	}
	return x
}

// text fills a box with lines of words.
func (s *sheet) text(x0, y0, x1, y1 int) {
	for y := y0 + 30; y+8 < y1; y += 36 {
		for x := x0; ; {
			n := 2 + s.rnd.IntN(4)
			if x+15*n > x1 {
				break
			}
			x = s.word(x, y, n) + 9
		}
	}
}

// table draws a ruled table with text in its cells.
func (s *sheet) table(x, y int, widths []int, rows, height int) {
	right := x
	for _, w := range widths {
		right += w
	}
	for r := range rows + 1 {
		s.fill(x, y+r*height, right+2, y+r*height+2, 60)
	}
	at := x
	for c := 0; ; c++ {
		s.fill(at, y, at+2, y+rows*height+2, 60)
		if c == len(widths) {
			break
		}
		for r := range rows {
			s.text(at+10, y+r*height+4, at+widths[c]-8, y+(r+1)*height-4)
		}
		at += widths[c]
	}
}

// noise adds Gaussian noise.
func (s *sheet) noise(sigma float64) {
	for i, p := range s.img.Pix {
		s.img.Pix[i] = uint8(min(max(float64(p)+s.rnd.NormFloat64()*sigma, 0), 255))
	}
}

// rotated returns the page turned clockwise by any angle about its middle, on
// white, as a crooked feed leaves it.
func rotated(g *image.Gray, degrees float64) *image.Gray {
	out := image.NewGray(g.Rect)
	s, c := math.Sincos(degrees * math.Pi / 180)
	cx, cy := float64(g.Rect.Dx())/2, float64(g.Rect.Dy())/2
	at := func(x, y int) float64 {
		if !(image.Point{X: x, Y: y}).In(g.Rect) {
			return 245
		}
		return float64(g.Pix[y*g.Stride+x])
	}
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			dx, dy := float64(x)-cx, float64(y)-cy
			sx, sy := cx+c*dx+s*dy, cy-s*dx+c*dy
			fx, fy := math.Floor(sx), math.Floor(sy)
			wx, wy := sx-fx, sy-fy
			ix, iy := int(fx), int(fy)
			v := (1-wy)*((1-wx)*at(ix, iy)+wx*at(ix+1, iy)) + wy*((1-wx)*at(ix, iy+1)+wx*at(ix+1, iy+1))
			out.SetGray(x, y, color.Gray{Y: uint8(v + 0.5)})
		}
	}
	return out
}

// quarter returns the page turned clockwise by a quarter.
func quarter(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, h, w))
	for y := range h {
		for x := range w {
			out.Pix[x*out.Stride+h-1-y] = g.Pix[y*g.Stride+x]
		}
	}
	return out
}
