package archive

import (
	"fmt"
	"io"
	"math"
	"path"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// WriteHOCR writes the words of all pages as hOCR 1.2 in XHTML: pages
// (ocr_page), areas (ocr_carea), paragraphs (ocr_par), lines (ocr_line) and
// words (ocrx_word) with their boxes and the engine's confidence (x_wconf, 0 to
// 100). A table is an ocr_table; each of its cells is an area, whose x_cell
// gives row and column, from 0, and the spans.
//
// Boxes are pixels of the upright page. scan_res tells their resolution;
// x_rotation and x_skew tell by how many degrees clockwise the page of the file
// was turned, and what lean was then taken out. The error is [ErrText] for a
// document without page pictures, that of pages, or one of writing.
func WriteHOCR(w io.Writer, doc *schema.Document, pages Pages) error {
	if doc.Source.MediaType == mediaText {
		return ErrText
	}
	if _, err := io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
`); err != nil {
		return err
	}
	m := newMarkup(w)
	meta := MetadataOf(doc)
	m.start("html", "xmlns", "http://www.w3.org/1999/xhtml", "xml:lang", "vi", "lang", "vi")
	m.start("head")
	m.leaf("title", path.Base(doc.Source.Name))
	m.leaf("meta", "", "http-equiv", "Content-Type", "content", "text/html;charset=utf-8")
	for _, v := range [][2]string{
		{"ocr-system", software(doc)},
		{"ocr-capabilities", "ocr_page ocr_carea ocr_par ocr_line ocr_table ocrx_word ocrp_wconf ocrp_lang"},
		{"ocr-langs", "vi"},
		{"ocr-number-of-pages", strconv.Itoa(doc.Source.Pages)},
		{"DC.identifier", "urn:sha256:" + doc.DocumentID},
		{"DC.title", meta.Subject},
		{"DC.creator", meta.OrganName},
		{"DC.date", meta.IssuedDate},
		{"DC.type", meta.TypeName},
	} {
		if v[1] != "" {
			m.leaf("meta", "", "name", v[0], "content", v[1])
		}
	}
	m.end()
	m.start("body")
	for page, err := range correctionsOf(doc).pages(pages) {
		if err != nil {
			return err
		}
		h := hocr{markup: m, page: page.Number}
		h.writePage(&page, doc.Source.Name)
		if err := m.flush(); err != nil {
			return err
		}
	}
	return m.close()
}

// software names what made the text.
func software(doc *schema.Document) string {
	s := strings.TrimSpace("sohoa " + doc.Engine.Sohoa)
	if doc.Engine.Tesseract != "" {
		s += ", tesseract " + strings.TrimPrefix(doc.Engine.Tesseract, "tesseract ")
	}
	return s
}

// hocr numbers the elements of a page.
type hocr struct {
	*markup
	page                     int
	area, par, line, word, n int
}

// open opens an element of a class; number counts the elements of that class.
func (h *hocr) open(element, class, kind string, number *int, title string) {
	*number++
	h.start(element, "class", class, "id", fmt.Sprintf("%s_%d_%d", kind, h.page, *number), "title", title)
}

func bbox(b schema.Box) string { return fmt.Sprintf("bbox %d %d %d %d", b.X0, b.Y0, b.X1, b.Y1) }

func (h *hocr) writePage(p *schema.Page, file string) {
	// A quotation mark cannot stand in the name; the file has no other place in hOCR.
	title := fmt.Sprintf(`image "%s"; %s; ppageno %d; scan_res %d %d`, strings.ReplaceAll(path.Base(file), `"`, `'`),
		bbox(schema.Box{X1: p.Width, Y1: p.Height}), p.Number-1, p.DPI, p.DPI)
	if p.Rotation != 0 {
		title += fmt.Sprintf("; x_rotation %d", p.Rotation)
	}
	if p.Skew != 0 {
		title += "; x_skew " + strconv.FormatFloat(p.Skew, 'f', 3, 64)
	}
	h.start("div", "class", "ocr_page", "id", fmt.Sprintf("page_%d", p.Number), "title", title)
	for _, b := range blocks(p) {
		if b.grid == nil {
			h.writeArea(spoken(b.lines), schema.Box{}, "")
			continue
		}
		h.open("div", "ocr_table", "table", &h.n, bbox(b.grid.Box))
		for _, row := range rows(b.grid) {
			for _, c := range row {
				h.writeArea(spoken(c.Lines), c.Box, fmt.Sprintf("; x_cell %d %d %d %d", c.Row, c.Col, c.RowSpan, c.ColSpan))
			}
		}
		h.end()
	}
	h.end()
}

func (h *hocr) writeArea(lines []schema.Line, box schema.Box, more string) {
	if len(lines) == 0 && more == "" {
		return
	}
	if box.Empty() {
		box = around(lines)
	}
	h.open("div", "ocr_carea", "block", &h.area, bbox(box)+more)
	for _, par := range paragraphs(lines) {
		h.open("p", "ocr_par", "par", &h.par, bbox(around(par)))
		for _, l := range par {
			h.open("span", "ocr_line", "line", &h.line, bbox(lineBox(l)))
			for _, w := range l.Words {
				h.open("span", "ocrx_word", "word", &h.word, fmt.Sprintf("%s; x_wconf %d", bbox(w.Box), percent(w.Confidence)))
				h.text(w.Text)
				h.end()
			}
			h.end()
		}
		h.end()
	}
	h.end()
}

// percent turns 0..1 into 0..100.
func percent(c float64) int { return int(math.Round(100 * min(max(c, 0), 1))) }
