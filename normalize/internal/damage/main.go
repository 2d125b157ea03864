// Command damage makes the pairs of damaged and right lines that the channel
// models are counted from: it sets lines of right text in Times-like faces,
// wears the picture as printers, scanners and copies do, and has Tesseract
// read it back.
//
//	xz -dc corpora/admin*.xz | go run ./normalize/internal/damage -lang vie -pages 40 > vie.tsv
//	xz -dc corpora/admin*.xz | go run ./normalize/internal/damage -lang eng -pages 40 > eng.tsv
//
// Each output line is a source name, what was read and what was set, parted by
// tabs: the form that "sohoa lm channel" trains on. The same input, seed and
// Tesseract give the same output.
package main

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/sohoa/sohoa/normalize"
)

// faces are the fonts that reports are set in, or look the same as those.
// Version 1 of the Liberation fonts lacks most Vietnamese letters.
var faces = []string{
	"croscore/Tinos-Regular.ttf", "croscore/Tinos-Regular.ttf", "croscore/Tinos-Regular.ttf",
	"croscore/Tinos-Bold.ttf", "croscore/Tinos-Italic.ttf", "croscore/Tinos-BoldItalic.ttf",
	"noto/NotoSerif-Regular.ttf",
}

const (
	linesOnPage = 34
	lineRunes   = 72
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("damage: ")
	lang := flag.String("lang", "vie", "language `model` that Tesseract reads with")
	pages := flag.Int("pages", 20, "pages to make")
	seed := flag.Uint64("seed", 1, "seed of the choice of lines and of the wear")
	part := flag.String("part", "train", "the lines to use: `train`, or of those held out dev, on which choices are made, or test, for figures")
	fonts := flag.String("fonts", "/usr/share/fonts/truetype", "`folder` of fonts")
	flag.Parse()
	if err := run(os.Stdin, os.Stdout, *lang, *pages, *seed, *part, *fonts); err != nil {
		log.Fatal(err)
	}
}

func run(in io.Reader, out io.Writer, lang string, pages int, seed uint64, part string, fonts string) error {
	rng := rand.New(rand.NewPCG(seed, 7))
	lines, err := sample(in, pages*linesOnPage, part, rng)
	if err != nil {
		return fmt.Errorf("reading text: %w", err)
	}
	w := bufio.NewWriter(out)
	for n := 0; n < pages && len(lines) > 0; n++ {
		page := lines[:min(linesOnPage, len(lines))]
		lines = lines[len(page):]
		face := faces[rng.IntN(len(faces))]
		img, dpi, err := set(page, filepath.Join(fonts, face), rng)
		if err != nil {
			return fmt.Errorf("setting a page in %s: %w", face, err)
		}
		read, err := ocr(img, lang, dpi)
		if err != nil {
			return fmt.Errorf("reading a page: %w", err)
		}
		for _, p := range pair(read, page) {
			fmt.Fprintf(w, "%s-%s-%d\t%s\t%s\n", lang, filepath.Base(face), dpi, p[0], p[1])
		}
	}
	return w.Flush()
}

// sample draws lines of about lineRunes letters from all over the text, one in
// seven in capitals, of one part.
func sample(in io.Reader, n int, part string, rng *rand.Rand) ([]string, error) {
	var kept []string
	var split normalize.HeldOut
	seen := 0
	s := bufio.NewScanner(in)
	s.Buffer(nil, 1<<24)
	for s.Scan() {
		of := "train"
		if split.Line(s.Text()) {
			of = "test"
			if split.Dev() {
				of = "dev"
			}
		}
		if of != part {
			continue
		}
		words := strings.Fields(normalize.Tones(normalize.NFC(s.Text())))
		if len(words) < 6 {
			continue
		}
		if len(words) > 18 {
			from := rng.IntN(len(words) - 14)
			words = words[from:]
		}
		line, size := "", 0
		for _, w := range words {
			if size += len([]rune(w)) + 1; size > lineRunes {
				break
			}
			line = strings.TrimSpace(line + " " + w)
		}
		if rng.IntN(7) == 0 {
			line = strings.ToUpper(line)
			if r := []rune(line); len(r) > 50 {
				line = string(r[:50])
				line = line[:max(strings.LastIndexByte(line, ' '), 0)]
			}
		}
		// Reservoir sampling: every line has the same chance.
		seen++
		if len(kept) < n {
			kept = append(kept, line)
		} else if i := rng.IntN(seen); i < n {
			kept[i] = line
		}
	}
	rng.Shuffle(len(kept), func(i, j int) { kept[i], kept[j] = kept[j], kept[i] })
	return kept, s.Err()
}

// set draws the lines as a page and wears it.
func set(lines []string, path string, rng *rand.Rand) (image.Image, int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, 0, err
	}
	f, err := opentype.Parse(data)
	if err != nil {
		return nil, 0, err
	}
	const dpi = 300
	points := 11 + 3*rng.Float64()
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: points, DPI: dpi, Hinting: font.HintingNone})
	if err != nil {
		return nil, 0, err
	}
	defer face.Close()
	pitch := int(points * 1.5 * dpi / 72)
	img := image.NewGray(image.Rect(0, 0, 2900, pitch*(len(lines)+2)))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: img, Src: image.NewUniform(color.Gray{uint8(rng.IntN(60))}), Face: face}
	for i, l := range lines {
		d.Dot = fixed.P(150, pitch*(i+1)+pitch/2)
		d.DrawString(l)
	}
	// Scanned at 300, 200 or, rarely, 150 dots per inch.
	to := []int{300, 300, 300, 200, 200, 200, 200, 150}[rng.IntN(8)]
	b := img.Bounds()
	small := image.NewGray(image.Rect(0, 0, b.Dx()*to/dpi, b.Dy()*to/dpi))
	draw.BiLinear.Scale(small, small.Bounds(), img, b, draw.Src, nil)
	wear(small, rng)
	return small, to, nil
}

// wear blurs, adds noise, and often makes the page bilevel with an uneven
// threshold, which thins or closes the strokes.
func wear(img *image.Gray, rng *rand.Rand) {
	if rng.IntN(3) == 0 {
		blur(img)
	}
	noise := 16 * rng.Float64()
	for i, v := range img.Pix {
		img.Pix[i] = clamp(float64(v) + noise*rng.NormFloat64())
	}
	if rng.IntN(3) > 0 {
		return
	}
	at := 100 + 90*rng.Float64()
	wave := 60 + 200*rng.Float64()
	for y := range img.Bounds().Dy() {
		t := uint8(at + 15*math.Sin(float64(y)/wave))
		row := img.Pix[y*img.Stride : (y+1)*img.Stride]
		for x, v := range row {
			if v < t {
				row[x] = 0
			} else {
				row[x] = 255
			}
		}
	}
}

// blur is a 3 by 3 mean.
func blur(img *image.Gray) {
	src := bytes.Clone(img.Pix)
	w, h, stride := img.Bounds().Dx(), img.Bounds().Dy(), img.Stride
	for y := 1; y < h-1; y++ {
		for x := 1; x < w-1; x++ {
			sum := 0
			for dy := -1; dy <= 1; dy++ {
				at := (y+dy)*stride + x
				sum += int(src[at-1]) + int(src[at]) + int(src[at+1])
			}
			img.Pix[y*stride+x] = uint8(sum / 9)
		}
	}
}

func clamp(v float64) uint8 { return uint8(max(0, min(255, v))) }

func ocr(img image.Image, lang string, dpi int) ([]string, error) {
	var in bytes.Buffer
	if err := png.Encode(&in, img); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(context.Background(), "tesseract", "stdin", "stdout", "-l", lang, "--psm", "6", "--dpi", fmt.Sprint(dpi))
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	cmd.Stdin = &in
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("tesseract: %w", err)
	}
	var lines []string
	for l := range strings.Lines(string(out)) {
		if l = strings.Join(strings.Fields(l), " "); l != "" {
			lines = append(lines, l)
		}
	}
	return lines, nil
}

// pair puts the lines that were read beside those that were set, in order,
// and leaves out those that do not look alike.
func pair(read, right []string) (pairs [][2]string) {
	at := 0
	for _, r := range read {
		best, like := -1, 0.6
		for i := at; i < min(at+4, len(right)); i++ {
			if s := normalize.Similarity(r, right[i]); s > like {
				best, like = i, s
			}
		}
		if best >= 0 {
			pairs = append(pairs, [2]string{r, right[best]})
			at = best + 1
		}
	}
	return pairs
}
