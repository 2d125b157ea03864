package scan_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"

	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/schema"
)

// onePage is a page with running text and a table of four columns.
func onePage() *image.Gray {
	s := newSheet(1240, 1400)
	s.text(120, 100, 1120, 330)
	s.table(120, 380, []int{90, 330, 400, 180}, 6, 120)
	return s.img
}

func prepare(t *testing.T, img image.Image, opts scan.Options) *scan.Sheet {
	t.Helper()
	s, err := scan.Prepare(t.Context(), img, 200, opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// count returns the ruling lines, parts of one line counted once.
func count(rules []schema.Rule) (horizontal, vertical int) {
	h, v := map[int]bool{}, map[int]bool{}
	for _, r := range rules {
		if r.Vertical {
			v[r.Box.CenterX()/12] = true
		} else {
			h[r.Box.CenterY()/12] = true
		}
	}
	return len(h), len(v)
}

func TestPrepareUpright(t *testing.T) {
	for _, turn := range []int{0, 90, 180, 270} {
		for _, skew := range []float64{0, 0.6, -1.7} {
			t.Run(fmt.Sprintf("%d degrees, lean %.1f", turn, skew), func(t *testing.T) {
				img := rotated(onePage(), skew)
				for range turn / 90 {
					img = quarter(img)
				}
				s := prepare(t, img, scan.Options{})
				if want := (360 - turn) % 360; s.Rotation != want {
					t.Errorf("rotation %d, want %d (sure %.1f)", s.Rotation, want, s.Sure)
				}
				if d := math.Abs(s.Skew - skew); d > 0.05 {
					t.Errorf("skew %.3f, want %.3f", s.Skew, skew)
				}
				if b := s.Gray.Bounds(); b.Dx() != 1240 || b.Dy() != 1400 {
					t.Errorf("size %v", b)
				}
				if s.Upright.Bounds() != s.Gray.Bounds() {
					t.Errorf("upright view is %v, gray %v", s.Upright.Bounds(), s.Gray.Bounds())
				}
			})
		}
	}
}

func TestPrepareRules(t *testing.T) {
	gaps := func(s *sheet) { // a worn drum: rules broken every inch or so
		for y := 380; y < 1110; y += 120 {
			for x := 150; x < 1120; x += 210 {
				s.fill(x, y-2, x+14, y+4, 245)
			}
		}
	}
	tests := []struct {
		name string
		draw func(s *sheet)
		skew float64
	}{
		{"clean", func(*sheet) {}, 0},
		{"noise", func(s *sheet) { s.noise(12) }, 0.8},
		{"broken", gaps, 0.5},
		{"faint", func(s *sheet) {
			for i, p := range s.img.Pix {
				if p == 60 {
					s.img.Pix[i] = 190
				}
			}
			s.noise(5)
		}, -0.4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSheet(1240, 1400)
			s.text(120, 100, 1120, 330)
			s.table(120, 380, []int{90, 330, 400, 180}, 6, 120)
			tt.draw(s)
			got := prepare(t, rotated(s.img, tt.skew), scan.Options{})
			if h, v := count(got.Rules); h != 7 || v != 5 {
				t.Errorf("found %d horizontal and %d vertical lines, want 7 and 5", h, v)
			}
			// The rules are gone from the picture, the text is not.
			before, after := 0, 0
			for y := 385; y < 1095; y++ {
				for x := 118; x < 126; x++ {
					if got.Gray.GrayAt(x, y).Y < 160 {
						after++
					}
				}
			}
			if after > 30 {
				t.Errorf("%d dark pixels left of the outer rule", after)
			}
			for _, p := range got.Gray.Pix {
				if p < 100 {
					before++
				}
			}
			if before < 20000 {
				t.Errorf("only %d pixels of print left", before)
			}
		})
	}
}

// Running text has no rules in it, however straight its lines are.
func TestPrepareTextAlone(t *testing.T) {
	s := newSheet(1240, 1400)
	s.text(100, 100, 1150, 1300)
	s.noise(8)
	if got := prepare(t, s.img, scan.Options{}); len(got.Rules) != 0 {
		t.Errorf("rules in running text: %v", got.Rules)
	}
}

// A red ring over black print goes, the print stays; so does blue writing the
// size of a signature, while a number written between words is kept.
func TestPrepareInk(t *testing.T) {
	page := newSheet(1240, 1400)
	page.text(120, 100, 1120, 1300)
	rgb := image.NewRGBA(page.img.Rect)
	draw.Draw(rgb, rgb.Rect, page.img, image.Point{}, draw.Src)
	multiply := func(x, y int, c color.RGBA) {
		p := rgb.RGBAAt(x, y)
		rgb.SetRGBA(x, y, color.RGBA{min(p.R, c.R), min(p.G, c.G), min(p.B, c.B), 255})
	}
	for y := 500; y < 800; y++ {
		for x := 600; x < 900; x++ {
			if r := math.Hypot(float64(x-750), float64(y-650)); r > 120 && r < 140 {
				multiply(x, y, color.RGBA{210, 40, 50, 255})
			}
		}
	}
	for y := 1310; y < 1350; y++ { // a number, 0.2 inch high
		for x := 300; x < 308; x++ {
			multiply(x, y, color.RGBA{40, 60, 170, 255})
		}
	}
	got := prepare(t, rgb, scan.Options{})
	var stamps, hands int
	for _, m := range got.Marks {
		switch m.Kind {
		case schema.Stamp:
			stamps++
			if m.Box.Intersect(schema.Box{X0: 610, Y0: 510, X1: 890, Y1: 790}).Area() < 270*270 {
				t.Errorf("stamp at %v", m.Box)
			}
		case schema.Handwriting:
			hands++
		}
	}
	if stamps != 1 || hands != 1 {
		t.Fatalf("%d stamps and %d pieces of handwriting, want one each: %v", stamps, hands, got.Marks)
	}
	red, print := 0, 0
	for y := 500; y < 800; y++ {
		for x := 600; x < 900; x++ {
			was, is := page.img.GrayAt(x, y).Y, got.Gray.GrayAt(x, y).Y
			if was > 200 && is < 128 {
				red++
			}
			if was < 60 && is < 128 {
				print++
			}
		}
	}
	if red > 200 || print < 3000 {
		t.Errorf("under the stamp %d pixels too many and %d of print", red, print)
	}
	if got.Gray.GrayAt(303, 1330).Y > 128 {
		t.Error("the written number is gone")
	}
}

// Where the letters do not tell head from foot, the question goes to who can
// read.
func TestPrepareAsksWhetherItReads(t *testing.T) {
	s := newSheet(1240, 1400)
	for y := 200; y < 1200; y += 60 {
		for x := 100; x < 1100; x += 40 {
			s.fill(x, y, x+20, y+20, 30) // squares have no head
		}
	}
	asked := 0
	opts := scan.Options{Legibility: func(_ context.Context, crop *image.Gray, dpi int) (float64, error) {
		asked++
		if dpi != 200 || crop.Rect.Empty() {
			t.Errorf("asked about a crop of %v at %d dpi", crop.Rect, dpi)
		}
		return float64(asked), nil // the second, turned crop reads better
	}}
	if got := prepare(t, s.img, opts); asked != 2 || got.Rotation%180 != 0 || got.Rotation != 180 {
		t.Errorf("asked %d times, rotation %d; want 2 and 180", asked, got.Rotation)
	}
	opts.Legibility = func(context.Context, *image.Gray, int) (float64, error) { return 0, errors.New("no engine") }
	if got := prepare(t, s.img, opts); got.Rotation != 0 {
		t.Errorf("rotation %d without an answer, want 0", got.Rotation)
	}
	opts.Rotation = 180
	if got := prepare(t, onePage(), opts); got.Rotation != 180 {
		t.Errorf("rotation %d, asked for 180", got.Rotation)
	}
}

// A fine picture is reduced; boxes are in the pixels of what comes out.
func TestPrepareFine(t *testing.T) {
	small := onePage()
	fine := image.NewPaletted(image.Rect(0, 0, 2480, 2800), color.Palette{color.Black, color.White})
	for y := range 2800 {
		for x := range 2480 {
			if small.GrayAt(x/2, y/2).Y > 128 {
				fine.SetColorIndex(x, y, 1)
			}
		}
	}
	s, err := scan.Prepare(t.Context(), fine, 400, scan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if h, v := count(s.Rules); s.DPI != 200 || s.Gray.Rect.Dx() != 1240 || h != 7 || v != 5 {
		t.Errorf("%d dpi, %v, %d and %d lines", s.DPI, s.Gray.Rect, h, v)
	}
	rgb := image.NewNRGBA(fine.Rect)
	draw.Draw(rgb, rgb.Rect, fine, image.Point{}, draw.Src)
	c, err := scan.Prepare(t.Context(), rgb, 400, scan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if h, v := count(c.Rules); c.DPI != 200 || h != 7 || v != 5 {
		t.Errorf("in colour: %d dpi, %d and %d lines", c.DPI, h, v)
	}
}

func TestPrepareRefuses(t *testing.T) {
	small := image.NewGray(image.Rect(0, 0, 8, 8))
	if _, err := scan.Prepare(t.Context(), small, 200, scan.Options{}); !errors.Is(err, scan.ErrSize) {
		t.Errorf("tiny picture: %v", err)
	}
	if _, err := scan.Prepare(t.Context(), onePage(), 5, scan.Options{}); err == nil {
		t.Error("5 dpi was accepted")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := scan.Prepare(ctx, onePage(), 200, scan.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	blank := image.NewGray(image.Rect(0, 0, 400, 400))
	if s := prepare(t, blank, scan.Options{}); s.Rotation != 0 || s.Skew != 0 || len(s.Rules) != 0 {
		t.Errorf("black page: %+v", s)
	}
}

// Dust goes; stops, tones and lone dashes stay.
func TestSpecks(t *testing.T) {
	s := newSheet(1240, 800)
	s.text(120, 100, 1120, 330)
	end := s.word(120, 400, 3)
	s.fill(end+4, 396, end+8, 400, 30) // a full stop
	s.fill(700, 600, 706, 606, 30)     // a speck far from everything
	s.fill(900, 600, 914, 603, 30)     // a dash
	far := s.word(120, 480, 3)
	s.fill(far+8, 468, far+11, 471, 30) // dust at half height beside a letter
	got := prepare(t, s.img, scan.Options{Rotation: scan.Upright})
	for _, tt := range []struct {
		name string
		x, y int
		want bool
	}{
		{"stop", end + 6, 398, true}, {"speck", 703, 603, false}, {"dash", 906, 601, true}, {"dust", far + 9, 469, false},
	} {
		dark := false
		for y := tt.y - 3; y <= tt.y+3; y++ {
			for x := tt.x - 2; x <= tt.x+2; x++ {
				dark = dark || got.Gray.GrayAt(x, y).Y < 128
			}
		}
		if dark != tt.want {
			t.Errorf("%s: ink %v, want %v", tt.name, dark, tt.want)
		}
	}
}

func TestSign(t *testing.T) {
	s := newSheet(1240, 800)
	s.text(120, 100, 1120, 330)
	cross := func(x, y, n int) {
		for i := range n {
			s.fill(x+i-1, y+i, x+i+2, y+i+1, 30)
			s.fill(x+n-i-2, y+i, x+n-i+1, y+i+1, 30)
		}
	}
	cross(200, 500, 17)
	cross(400, 500, 26)
	s.fill(600, 510, 616, 513, 30)
	s.word(800, 520, 2)
	got := prepare(t, s.img, scan.Options{Rotation: scan.Upright})
	for i, want := range []string{"x", "X", "-", "", ""} {
		cell := schema.Box{X0: 150 + 200*i, Y0: 460, X1: 300 + 200*i, Y1: 560}
		if sign, _ := got.Sign(cell); sign != want {
			t.Errorf("cell %d: %q, want %q", i, sign, want)
		}
	}
	if ink := got.Ink(schema.Box{X0: 950, Y0: 460, X1: 1100, Y1: 560}); !ink.Empty() {
		t.Errorf("ink in an empty cell: %v", ink)
	}
}

// The letterhead's columns are read one after the other, the text below as a
// whole, and print beside a table by itself.
func TestTextRegions(t *testing.T) {
	s := newSheet(1654, 1400)
	s.text(150, 60, 560, 180)   // issuer
	s.text(760, 60, 1500, 180)  // motto
	s.text(500, 220, 1200, 330) // title, over both
	s.text(150, 360, 1500, 700)
	s.text(150, 1100, 1500, 1250)
	got := prepare(t, s.img, scan.Options{Rotation: scan.Upright})
	grid := schema.Grid{Box: schema.Box{X0: 150, Y0: 720, X1: 1500, Y1: 1080}}
	regions := got.TextRegions([]schema.Grid{grid})
	if len(regions) != 4 {
		t.Fatalf("%d regions, want 4: %v", len(regions), regions)
	}
	left, right, body, foot := regions[0], regions[1], regions[2], regions[3]
	if left.X1 > 650 || right.X0 < 650 || left.Y1 > 210 || right.Y1 > 210 {
		t.Errorf("letterhead: %v and %v", left, right)
	}
	if body.Y0 < 200 || body.Y1 > 720 || body.X0 > 160 || body.X1 < 1400 {
		t.Errorf("body: %v", body)
	}
	if foot.Y0 < 1080 {
		t.Errorf("text after the table: %v", foot)
	}
}

func TestRulesOfTheBack(t *testing.T) {
	s := newSheet(1240, 1400)
	s.table(120, 380, []int{90, 330, 400, 180}, 6, 120)
	h, v := count(prepare(t, s.img, scan.Options{}).Rules)
	// A table on the back, mirrored and a little off.
	back := newSheet(1240, 1400)
	back.table(160, 335, []int{180, 400, 330, 90}, 6, 120)
	for i, p := range back.img.Pix {
		s.img.Pix[i] = uint8(max(int(s.img.Pix[i])-(245-int(p))/4, 0))
	}
	if gh, gv := count(prepare(t, s.img, scan.Options{}).Rules); gh != h || gv != v {
		t.Errorf("%d and %d rules where %d and %d are on the front", gh, gv, h, v)
	}
}

func TestFaintRulesInside(t *testing.T) {
	s := newSheet(1240, 1400)
	for y := 380; y <= 1100; y += 120 {
		v := uint8(190)
		if y == 380 || y == 1100 {
			v = 40
		}
		s.fill(120, y, 1120, y+2, v)
	}
	for _, x := range []int{120, 210, 540, 940, 1120} {
		v := uint8(190)
		if x == 120 || x == 1120 {
			v = 40
		}
		s.fill(x, 380, x+2, 1102, v)
	}
	if h, v := count(prepare(t, s.img, scan.Options{}).Rules); h != 7 || v != 5 {
		t.Errorf("%d and %d rules of a frame with hairlines inside, want 7 and 5", h, v)
	}
}
