//go:build ignore

// Command gen_glyphs draws the characters that [Sheet.Token] knows, as a
// scanner sees them, and writes them to glyphs.bin; and what numbers are
// written with, for [Sheet.Signed], to figures.bin. It needs the fonts of
// Debian's fonts-croscore, fonts-noto-core and fonts-dejavu.
//
//	go generate ./ingest/scan
package main

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/draw"
	"math"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/sohoa/sohoa/ingest/scan"
)

// faces are the fonts of office paper: Tinos has the shapes of Times New
// Roman, Arimo those of Arial.
var faces = []string{
	"croscore/Tinos-Regular.ttf", "croscore/Tinos-Bold.ttf", "croscore/Tinos-Italic.ttf",
	"noto/NotoSerif-Regular.ttf", "noto/NotoSerif-Bold.ttf",
	"dejavu/DejaVuSerif.ttf",
	"croscore/Arimo-Regular.ttf", "croscore/Arimo-Bold.ttf",
	"dejavu/DejaVuSans.ttf",
}

// texts are the characters, and the numerals whose serifs touch in print. The
// letters that no numeral has are there so that they are not taken for one;
// l, o and O are not, since alone in a cell they are numbers misprinted.
var texts = strings.Fields("0 1 2 3 4 5 6 7 8 9 " +
	"A B C D Đ E F G H I J K L M N P Q R S T U V X Y Z " +
	"a b c d đ e g h k m n p q r s t u v x y z " +
	"II III IV VI VII IX XI 11 $ & ? #")

// figures are what numbers are written with, "<=" as one since worn print is seen
// as a whole; some faces lack some of the signs.
var figures = strings.Fields("0 1 2 3 4 5 6 7 8 9 < > ≤ ≥ = <= >= + ± %")

// heights of a digit in pixels: of 12 pt type at 120 dpi, and of 14 pt at 200.
var heights = []float64{13, 25}

func main() {
	fonts := flag.String("fonts", "/usr/share/fonts/truetype", "folder of the fonts")
	flag.Parse()
	if err := run(*fonts); err != nil {
		fmt.Fprintln(os.Stderr, "gen_glyphs:", err)
		os.Exit(1)
	}
}

func run(fonts string) error {
	var out, signs bytes.Buffer
	for _, name := range faces {
		data, err := os.ReadFile(filepath.Join(fonts, name))
		if err != nil {
			return err
		}
		f, err := opentype.Parse(data)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		for _, h := range heights {
			if err := write(&out, f, h); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if err := writeFigures(&signs, f, h); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	if err := os.WriteFile("figures.bin", signs.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile("glyphs.bin", out.Bytes(), 0o644)
}

// write draws all texts with digits of the given height.
func write(out *bytes.Buffer, f *opentype.Font, height float64) error {
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: height / 0.66, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return err
	}
	x := extent(page(face, "x"))
	for _, t := range texts {
		g := page(face, t)
		box := extent(g)
		if box.Empty() {
			return fmt.Errorf("no glyph for %q", t)
		}
		out.WriteByte(byte(len(t)))
		out.WriteString(t)
		out.Write(scan.GlyphShape(g, box, x.Dy()))
	}
	return nil
}

// writeFigures draws the figures, each with the place of its foot and head above
// the digits' foot, in 64ths of their height, beside its shape.
func writeFigures(out *bytes.Buffer, f *opentype.Font, height float64) error {
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: height / 0.66, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return err
	}
	digit := extent(page(face, "8"))
	for _, t := range figures {
		if i, err := f.GlyphIndex(nil, []rune(t)[0]); err != nil || i == 0 {
			continue
		}
		g := page(face, t)
		box := extent(g)
		above := func(y int) byte { return byte(math.Round(64*float64(digit.Max.Y-y)/float64(digit.Dy())) + 64) }
		out.WriteByte(byte(len(t)))
		out.WriteString(t)
		out.Write([]byte{above(box.Max.Y), above(box.Min.Y)})
		out.Write(scan.GlyphShape(g, box, digit.Dy()))
	}
	return nil
}

// page draws a text black on white with the soft edges that optics leave.
func page(face font.Face, text string) *image.Gray {
	const pad = 6
	w := font.MeasureString(face, text).Ceil() + 4*pad
	m := face.Metrics()
	g := image.NewGray(image.Rect(0, 0, w, (m.Ascent+m.Descent).Ceil()+4*pad))
	draw.Draw(g, g.Rect, image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: g, Src: image.Black, Face: face, Dot: fixed.Point26_6{X: fixed.I(2 * pad), Y: m.Ascent + fixed.I(2*pad)}}
	d.DrawString(text)
	return soft(g)
}

// soft spreads each pixel over its neighbours by the weights 1 2 1.
func soft(g *image.Gray) *image.Gray {
	out := image.NewGray(g.Rect)
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			sum, n := 0, 0
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					if (image.Point{X: x + dx, Y: y + dy}).In(g.Rect) {
						k := (2 - dx*dx) * (2 - dy*dy)
						sum += k * int(g.GrayAt(x+dx, y+dy).Y)
						n += k
					}
				}
			}
			out.Pix[out.PixOffset(x, y)] = uint8(sum / n)
		}
	}
	return out
}

// extent returns the box of what counts as ink.
func extent(g *image.Gray) image.Rectangle {
	var r image.Rectangle
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			if g.GrayAt(x, y).Y < scan.InkLevel {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}
