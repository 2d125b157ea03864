package archive

import (
	"fmt"
	"io"
	"path"
	"strconv"

	"github.com/sohoa/sohoa/schema"
)

// Names of the form that [WriteALTO] writes.
const (
	altoSpace    = "http://www.loc.gov/standards/alto/ns-v4#"
	altoLocation = "http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
	altoVersion  = "4.4"
)

// WriteALTO writes the words of all pages as ALTO 4: Page, PrintSpace,
// TextBlock, TextLine, String with HPOS, VPOS, WIDTH, HEIGHT in pixels of the
// upright page, and WC, the engine's confidence from 0 to 1. A table is a
// ComposedBlock of the type "table", of which each row is a ComposedBlock of
// the type "row"; a cell over several rows stands in its first. Where a word
// was repaired, the engine's own reading stands beside it as an ALTERNATIVE; CS
// marks words that a person corrected.
// Errors are those of [WriteHOCR].
func WriteALTO(w io.Writer, doc *schema.Document, pages Pages) error {
	if doc.Source.MediaType == mediaText {
		return ErrText
	}
	if _, err := io.WriteString(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"); err != nil {
		return err
	}
	m := newMarkup(w)
	m.start("alto", "xmlns", altoSpace, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance",
		"xsi:schemaLocation", altoSpace+" "+altoLocation, "SCHEMAVERSION", altoVersion)
	m.start("Description")
	m.leaf("MeasurementUnit", "pixel")
	m.start("sourceImageInformation")
	m.leaf("fileName", path.Base(doc.Source.Name))
	m.leaf("fileIdentifier", "urn:sha256:"+doc.DocumentID)
	if n := MetadataOf(doc).Number; n != "" {
		m.leaf("documentIdentifier", n)
	}
	m.end()
	if doc.Engine.Tesseract != "" {
		altoProcessing(m, "OCR", "contentGeneration", "tesseract", doc.Engine.Tesseract)
	}
	altoProcessing(m, "REPAIR", "contentModification", "sohoa", doc.Engine.Sohoa)
	m.end()
	m.start("Layout")
	for page, err := range correctionsOf(doc).pages(pages) {
		if err != nil {
			return err
		}
		a := alto{markup: m, page: page.Number}
		a.writePage(&page)
		if err := m.flush(); err != nil {
			return err
		}
	}
	return m.close()
}

func altoProcessing(m *markup, id, category, name, version string) {
	m.start("Processing", "ID", id)
	m.leaf("processingCategory", category)
	m.start("processingSoftware")
	m.leaf("softwareName", name)
	m.leaf("softwareVersion", version)
	m.end()
	m.end()
}

// alto numbers the elements of a page.
type alto struct {
	*markup
	page, block, line, word int
}

func (a *alto) id(kind string, number *int) string {
	*number++
	return fmt.Sprintf("%s_%d_%d", kind, a.page, *number)
}

// place gives the attributes of a box.
func place(b schema.Box) []string {
	return []string{"HPOS", strconv.Itoa(b.X0), "VPOS", strconv.Itoa(b.Y0), "WIDTH", strconv.Itoa(b.Width()), "HEIGHT", strconv.Itoa(b.Height())}
}

func (a *alto) open(name string, b schema.Box, attributes ...string) {
	a.start(name, append(attributes, place(b)...)...)
}

func (a *alto) writePage(p *schema.Page) {
	a.start("Page", "ID", fmt.Sprintf("page_%d", p.Number), "PHYSICAL_IMG_NR", strconv.Itoa(p.Number),
		"WIDTH", strconv.Itoa(p.Width), "HEIGHT", strconv.Itoa(p.Height), "LANG", "vi")
	a.open("PrintSpace", schema.Box{X1: p.Width, Y1: p.Height})
	for _, b := range blocks(p) {
		if b.grid == nil {
			for _, par := range paragraphs(spoken(b.lines)) {
				a.writeBlock(par, around(par))
			}
			continue
		}
		a.open("ComposedBlock", b.grid.Box, "ID", a.id("block", &a.block), "TYPE", "table")
		for _, row := range rows(b.grid) {
			var box schema.Box
			for _, c := range row {
				box = box.Union(c.Box)
			}
			a.open("ComposedBlock", box, "ID", a.id("block", &a.block), "TYPE", "row")
			for _, c := range row {
				a.writeBlock(spoken(c.Lines), c.Box)
			}
			a.end()
		}
		a.end()
	}
	a.end()
	a.end()
}

func (a *alto) writeBlock(lines []schema.Line, box schema.Box) {
	a.open("TextBlock", box, "ID", a.id("block", &a.block))
	for _, l := range lines {
		a.open("TextLine", lineBox(l), "ID", a.id("line", &a.line))
		for i, w := range l.Words {
			if i > 0 {
				gap := schema.Box{X0: l.Words[i-1].Box.X1, Y0: lineBox(l).Y0, X1: w.Box.X0, Y1: lineBox(l).Y1}
				if gap.Width() > 0 {
					a.start("SP", "HPOS", strconv.Itoa(gap.X0), "VPOS", strconv.Itoa(gap.Y0), "WIDTH", strconv.Itoa(gap.Width()))
				} else {
					a.start("SP")
				}
				a.end()
			}
			corrected := ""
			if byPeople(w) {
				corrected = "true"
			}
			a.open("String", w.Box, "ID", a.id("word", &a.word), "CONTENT", w.Text,
				"WC", strconv.FormatFloat(min(max(w.Confidence, 0), 1), 'f', 2, 64), "CS", corrected)
			if w.Raw != "" && w.Raw != w.Text {
				a.leaf("ALTERNATIVE", w.Raw, "PURPOSE", "as the engine read it")
			}
			a.end()
		}
		a.end()
	}
	a.end()
}
