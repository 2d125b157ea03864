package archive

import (
	"encoding/xml"
	"io"
)

// markup writes XML element by element, so that nothing but the open elements
// is held. The first error stays and is returned by close.
type markup struct {
	enc  *xml.Encoder
	open []string
	err  error
}

func newMarkup(w io.Writer) *markup {
	m := &markup{enc: xml.NewEncoder(w)}
	m.enc.Indent("", " ")
	return m
}

func (m *markup) token(t xml.Token) {
	if m.err == nil {
		m.err = m.enc.EncodeToken(t)
	}
}

// start opens an element; attributes are names and values in turn. Those with an
// empty value are left out, but for rdf:about, whose empty value means the file
// itself.
func (m *markup) start(name string, attributes ...string) {
	e := xml.StartElement{Name: xml.Name{Local: name}}
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] != "" || attributes[i] == "rdf:about" {
			e.Attr = append(e.Attr, xml.Attr{Name: xml.Name{Local: attributes[i]}, Value: attributes[i+1]})
		}
	}
	m.token(e)
	m.open = append(m.open, name)
}

// end closes the innermost element.
func (m *markup) end() {
	last := len(m.open) - 1
	m.token(xml.EndElement{Name: xml.Name{Local: m.open[last]}})
	m.open = m.open[:last]
}

// text writes characters; those that XML has no place for become U+FFFD.
func (m *markup) text(s string) { m.token(xml.CharData(s)) }

// leaf writes an element that holds only text.
func (m *markup) leaf(name, text string, attributes ...string) {
	m.start(name, attributes...)
	if text != "" {
		m.text(text)
	}
	m.end()
}

// flush hands on what was written.
func (m *markup) flush() error {
	if m.err == nil {
		m.err = m.enc.Flush()
	}
	return m.err
}

// close closes all elements.
func (m *markup) close() error {
	for len(m.open) > 0 {
		m.end()
	}
	if m.err != nil {
		return m.err
	}
	return m.enc.Close()
}
