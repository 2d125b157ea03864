package archive

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// node is an element of a parsed file.
type node struct {
	name     string
	attr     map[string]string
	children []*node
	text     string
}

func parse(t *testing.T, data []byte) *node {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = true
	root := &node{}
	stack := []*node{root}
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root.children[0]
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		top := stack[len(stack)-1]
		switch tok := tok.(type) {
		case xml.StartElement:
			n := &node{name: tok.Name.Local, attr: map[string]string{}}
			for _, a := range tok.Attr {
				n.attr[a.Name.Local] = a.Value
			}
			top.children = append(top.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(tok)
		}
	}
}

// all lists the elements below n for which keep is true, in order.
func (n *node) all(keep func(*node) bool) []*node {
	var out []*node
	for _, c := range n.children {
		if keep(c) {
			out = append(out, c)
		}
		out = append(out, c.all(keep)...)
	}
	return out
}

func class(c string) func(*node) bool { return func(n *node) bool { return n.attr["class"] == c } }
func named(c string) func(*node) bool { return func(n *node) bool { return n.name == c } }

func TestHOCR(t *testing.T) {
	doc, page := sample()
	var buf bytes.Buffer
	if err := WriteHOCR(&buf, doc, each(page)); err != nil {
		t.Fatal(err)
	}
	root := parse(t, buf.Bytes())
	var got []string
	for _, n := range root.all(class("ocrx_word")) {
		got = append(got, n.text)
	}
	want := "Triển khai nền tảng số <hóa> & lưu Mô hình đã xong Nơi nhận:"
	if strings.Join(got, " ") != want {
		t.Errorf("words %q, want %q", got, want)
	}
	for c, n := range map[string]int{"ocr_page": 1, "ocr_table": 1, "ocr_carea": 5, "ocr_line": 5, "ocr_par": 4} {
		if got := len(root.all(class(c))); got != n {
			t.Errorf("%d elements of class %s, want %d", got, c, n)
		}
	}
	first := root.all(class("ocrx_word"))[0]
	if first.attr["title"] != "bbox 100 100 150 120; x_wconf 88" || first.attr["id"] != "word_1_1" {
		t.Errorf("first word: %v", first.attr)
	}
	if got := root.all(class("ocr_page"))[0].attr["title"]; got != `image "bao-cao.png"; bbox 0 0 800 1000; ppageno 0; scan_res 100 100` {
		t.Errorf("page: %s", got)
	}
	checkNesting(t, root, schema.Box{X1: 800, Y1: 1000})
	checkIDs(t, root, "id")
}

// checkNesting checks that every box lies in that of the element around it.
func checkNesting(t *testing.T, n *node, outer schema.Box) {
	t.Helper()
	for _, c := range n.children {
		box := outer
		if _, rest, ok := strings.Cut(c.attr["title"], "bbox "); ok {
			if _, err := fmt.Sscanf(rest, "%d %d %d %d", &box.X0, &box.Y0, &box.X1, &box.Y1); err != nil {
				t.Errorf("%s: %v", c.attr["title"], err)
			}
			if box.Intersect(outer) != box {
				t.Errorf("%s %v is not within %v", c.attr["class"], box, outer)
			}
		}
		checkNesting(t, c, box)
	}
}

// checkIDs checks that no identifier stands twice.
func checkIDs(t *testing.T, root *node, name string) {
	t.Helper()
	seen := map[string]bool{}
	for _, n := range root.all(func(n *node) bool { return n.attr[name] != "" }) {
		if seen[n.attr[name]] {
			t.Errorf("id %s stands twice", n.attr[name])
		}
		seen[n.attr[name]] = true
	}
}

// altoRules says of the elements that we write what the ALTO 4.4 schema asks:
// the children in their order, and the attributes that must be there.
var altoRules = map[string]struct {
	sequence []string // children come in this order
	needs    []string // attributes
	least    string   // a child that must be there
}{
	"alto":                   {[]string{"Description", "Styles", "Tags", "ReadingOrder", "Layout"}, nil, "Layout"},
	"Description":            {[]string{"MeasurementUnit", "sourceImageInformation", "OCRProcessing", "Processing"}, nil, "MeasurementUnit"},
	"MeasurementUnit":        {},
	"sourceImageInformation": {[]string{"fileName", "fileIdentifier", "documentIdentifier"}, nil, ""},
	"fileName":               {},
	"fileIdentifier":         {},
	"documentIdentifier":     {},
	"Processing":             {[]string{"processingCategory", "processingDateTime", "processingAgency", "processingStepDescription", "processingStepSettings", "processingSoftware"}, []string{"ID"}, ""},
	"processingCategory":     {},
	"processingSoftware":     {[]string{"softwareCreator", "softwareName", "softwareVersion", "applicationDescription"}, nil, ""},
	"softwareName":           {},
	"softwareVersion":        {},
	"Layout":                 {[]string{"Page"}, nil, "Page"},
	"Page":                   {[]string{"TopMargin", "LeftMargin", "RightMargin", "BottomMargin", "PrintSpace"}, []string{"ID", "PHYSICAL_IMG_NR"}, ""},
	"PrintSpace":             {[]string{"TextBlock|ComposedBlock"}, nil, ""},
	"ComposedBlock":          {[]string{"TextBlock|ComposedBlock"}, []string{"ID", "HPOS", "VPOS", "WIDTH", "HEIGHT"}, ""},
	"TextBlock":              {[]string{"TextLine"}, []string{"ID", "HPOS", "VPOS", "WIDTH", "HEIGHT"}, ""},
	"TextLine":               {[]string{"String|SP"}, []string{"HPOS", "VPOS", "WIDTH", "HEIGHT"}, "String"},
	"String":                 {[]string{"Shape", "ALTERNATIVE", "Glyph"}, []string{"CONTENT", "HPOS", "VPOS", "WIDTH", "HEIGHT"}, ""},
	"ALTERNATIVE":            {},
	"SP":                     {},
}

func checkALTO(t *testing.T, n *node) {
	t.Helper()
	rule, known := altoRules[n.name]
	if !known {
		t.Errorf("element %s is not one of ALTO's, or one that we do not mean to write", n.name)
		return
	}
	for _, a := range rule.needs {
		if _, ok := n.attr[a]; !ok {
			t.Errorf("%s without %s", n.name, a)
		}
	}
	if wc, ok := n.attr["WC"]; ok {
		if v, err := strconv.ParseFloat(wc, 64); err != nil || v < 0 || v > 1 {
			t.Errorf("WC %q", wc)
		}
	}
	at := 0
	for _, c := range n.children {
		i := slices.IndexFunc(rule.sequence, func(s string) bool { return slices.Contains(strings.Split(s, "|"), c.name) })
		if i < at {
			t.Errorf("%s in %s is out of order", c.name, n.name)
		}
		at = i
		checkALTO(t, c)
	}
	if rule.least != "" && !slices.ContainsFunc(n.children, named(rule.least)) {
		t.Errorf("%s without %s", n.name, rule.least)
	}
	// A line begins with a String, and a space follows one.
	for i, c := range n.children {
		if c.name == "SP" && (i == 0 || n.children[i-1].name != "String") {
			t.Errorf("a space without a word before it")
		}
	}
}

func TestALTO(t *testing.T) {
	doc, page := sample()
	empty := schema.Page{PageInfo: schema.PageInfo{Number: 2, Outcome: schema.Refused}}
	var buf bytes.Buffer
	if err := WriteALTO(&buf, doc, each(page, empty)); err != nil {
		t.Fatal(err)
	}
	root := parse(t, buf.Bytes())
	checkALTO(t, root)
	checkIDs(t, root, "ID")
	var got []string
	for _, n := range root.all(named("String")) {
		got = append(got, n.attr["CONTENT"])
	}
	if want := "Triển khai nền tảng số <hóa> & lưu Mô hình đã xong Nơi nhận:"; strings.Join(got, " ") != want {
		t.Errorf("words %q, want %q", got, want)
	}
	first := root.all(named("String"))[0]
	for name, want := range map[string]string{"HPOS": "100", "VPOS": "100", "WIDTH": "50", "HEIGHT": "20", "WC": "0.88"} {
		if first.attr[name] != want {
			t.Errorf("first word: %s is %s, want %s", name, first.attr[name], want)
		}
	}
	if a := root.all(named("ALTERNATIVE")); len(a) != 1 || a[0].text != "Trién" {
		t.Errorf("the engine's readings: %d", len(a))
	}
	types := map[string]int{}
	for _, n := range root.all(named("ComposedBlock")) {
		types[n.attr["TYPE"]]++
	}
	if types["table"] != 1 || types["row"] != 2 {
		t.Errorf("composed blocks: %v", types)
	}
	if got := len(root.all(named("Page"))); got != 2 {
		t.Errorf("%d pages", got)
	}
}

// TestMarkupIsXML gives the writers characters that XML has no place for.
func TestMarkupIsXML(t *testing.T) {
	doc, page := sample()
	page.Lines[0].Words[1].Text = "a\x00b\x1bc\ufffe]]>"
	doc.Source.Name = "x\"y\x07.png"
	for name, write := range map[string]func(io.Writer, *schema.Document, Pages) error{"hocr": WriteHOCR, "alto": WriteALTO} {
		var buf bytes.Buffer
		if err := write(&buf, doc, each(page)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		parse(t, buf.Bytes())
	}
}

func TestMarkupErrors(t *testing.T) {
	doc, page := sample()
	lost := errors.New("lost")
	text := *doc
	text.Source.MediaType = "text/plain"
	for name, write := range map[string]func(io.Writer, *schema.Document, Pages) error{"hocr": WriteHOCR, "alto": WriteALTO} {
		if err := write(io.Discard, &text, each(page)); !errors.Is(err, ErrText) {
			t.Errorf("%s of a text file: %v", name, err)
		}
		if err := write(io.Discard, doc, broken(lost)); !errors.Is(err, lost) {
			t.Errorf("%s of lost pages: %v", name, err)
		}
		if err := write(full{}, doc, each(page)); !errors.Is(err, errFull) {
			t.Errorf("%s on a full disk: %v", name, err)
		}
	}
}

var errFull = errors.New("disk full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestMetadata(t *testing.T) {
	for _, c := range []struct{ number, code, notation string }{
		{"12/BC-UBND", "12", "BC-UBND"},
		{"30/2020/NĐ-CP", "30", "NĐ-CP"},
		{"77", "77", ""},
		{"", "", ""},
	} {
		doc, _ := sample()
		doc.Header.Number.Value, doc.Header.Number.Text = c.number, c.number
		if m := MetadataOf(doc); m.CodeNumber != c.code || m.CodeNotation != c.notation {
			t.Errorf("%q: %q and %q", c.number, m.CodeNumber, m.CodeNotation)
		}
	}
	doc, _ := sample()
	doc.Header.Date.Value = "2024-03-?5"
	if m := MetadataOf(doc); m.IssuedDate != "" {
		t.Errorf("a date with an unknown digit became %q", m.IssuedDate)
	}
	if m := MetadataOf(&schema.Document{}); m.Subject != "" || m.Language != "vi" {
		t.Errorf("an empty document: %+v", m)
	}
}
