package archive

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/export/archive/pdffile"
)

// archiveSpace names the properties of Circular 02/2019/TT-BNV in XMP. The
// circular gives them names but no namespace, so it is one of our own.
const archiveSpace = "urn:x-sohoa:archive-02-2019-tt-bnv:1.0:"

// property is an archive field as the files carry it.
type property struct{ name, value, meaning string }

// properties lists the fields that have a value.
func (m Metadata) properties() []property {
	pages := ""
	if m.PageAmount > 0 {
		pages = strconv.Itoa(m.PageAmount)
	}
	all := []property{
		{"FileCode", m.FileCode, "code of the file the document belongs to"},
		{"DocOrdinal", m.DocOrdinal, "ordinal of the document in its file"},
		{"TypeName", m.TypeName, "type of document"},
		{"CodeNumber", m.CodeNumber, "number of the document"},
		{"CodeNotation", m.CodeNotation, "notation of the document"},
		{"IssuedDate", m.IssuedDate, "date of issue, as YYYY-MM-DD"},
		{"OrganName", m.OrganName, "agency that issued the document"},
		{"Subject", m.Subject, "abstract of the document"},
		{"Language", m.Language, "language"},
		{"PageAmount", pages, "number of pages"},
		{"InforSign", m.InforSign, "information sign"},
		{"Keyword", strings.Join(m.Keyword, "; "), "keywords"},
		{"Mode", m.Mode, "mode of use"},
		{"ConfidenceLevel", m.ConfidenceLevel, "level of trust"},
		{"Autograph", m.Autograph, "autograph"},
		{"Format", m.Format, "physical condition"},
		{"Description", m.Description, "remark"},
		{"Place", m.Place, "place of issue"},
		{"Signer", m.Signer, "who signed the document"},
		{"SourceSHA256", m.Identifier, "SHA-256 of the file that was read"},
	}
	var out []property
	for _, p := range all {
		if p.value != "" {
			out = append(out, p)
		}
	}
	return out
}

// Names of the vocabularies of XMP.
const (
	rdfSpace = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	dcSpace  = "http://purl.org/dc/elements/1.1/"
)

// xmp writes the metadata as an XMP packet (ISO 16684-1). A file that is to be
// PDF/A-2b says so in it, and describes the fields that are not XMP's own, as
// ISO 19005-2, 6.6.2.3.3 asks. Times are left out: the same input gives the
// same bytes.
func (m Metadata) xmp(pdfa bool) []byte {
	var b bytes.Buffer
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n")
	x := newMarkup(&b)
	x.start("x:xmpmeta", "xmlns:x", "adobe:ns:meta/")
	x.start("rdf:RDF", "xmlns:rdf", rdfSpace)
	if pdfa {
		x.start("rdf:Description", "rdf:about", "", "xmlns:pdfaid", "http://www.aiim.org/pdfa/ns/id/")
		x.leaf("pdfaid:part", "2")
		x.leaf("pdfaid:conformance", "B")
		x.end()
	}
	x.start("rdf:Description", "rdf:about", "", "xmlns:dc", dcSpace, "xmlns:pdf", "http://ns.adobe.com/pdf/1.3/", "xmlns:sohoa", archiveSpace)
	x.leaf("dc:format", "application/pdf")
	if m.Identifier != "" {
		x.leaf("dc:identifier", "urn:sha256:"+m.Identifier)
	}
	x.list("dc:title", "rdf:Alt", "x-default", m.Subject)
	x.list("dc:creator", "rdf:Seq", "", m.OrganName)
	x.list("dc:description", "rdf:Alt", "x-default", oneLine(m.TypeName+" "+m.Number))
	x.list("dc:language", "rdf:Bag", "", m.Language)
	x.list("dc:subject", "rdf:Bag", "", m.Keyword...)
	if m.Producer != "" {
		x.leaf("pdf:Producer", m.Producer)
	}
	if len(m.Keyword) > 0 {
		x.leaf("pdf:Keywords", strings.Join(m.Keyword, "; "))
	}
	for _, p := range m.properties() {
		x.leaf("sohoa:"+p.name, p.value)
	}
	x.end()
	if pdfa {
		m.extension(x)
	}
	_ = x.close() // into memory: it cannot fail
	b.WriteString("\n<?xpacket end=\"r\"?>")
	return b.Bytes()
}

// extension describes the archive fields.
func (m Metadata) extension(x *markup) {
	x.start("rdf:Description", "rdf:about", "", "xmlns:pdfaExtension", "http://www.aiim.org/pdfa/ns/extension/",
		"xmlns:pdfaSchema", "http://www.aiim.org/pdfa/ns/schema#", "xmlns:pdfaProperty", "http://www.aiim.org/pdfa/ns/property#")
	x.start("pdfaExtension:schemas")
	x.start("rdf:Bag")
	x.start("rdf:li", "rdf:parseType", "Resource")
	x.leaf("pdfaSchema:schema", "Fields of an archived document")
	x.leaf("pdfaSchema:namespaceURI", archiveSpace)
	x.leaf("pdfaSchema:prefix", "sohoa")
	x.start("pdfaSchema:property")
	x.start("rdf:Seq")
	for _, p := range m.properties() {
		x.start("rdf:li", "rdf:parseType", "Resource")
		x.leaf("pdfaProperty:name", p.name)
		x.leaf("pdfaProperty:valueType", "Text")
		x.leaf("pdfaProperty:category", "external")
		x.leaf("pdfaProperty:description", p.meaning)
		x.end()
	}
	for range 6 {
		x.end()
	}
}

// list writes a property of several values.
func (m *markup) list(name, kind, lang string, values ...string) {
	if len(values) == 0 || values[0] == "" {
		return
	}
	m.start(name)
	m.start(kind)
	for _, v := range values {
		m.leaf("rdf:li", v, "xml:lang", lang)
	}
	m.end()
	m.end()
}

// info gives the metadata as the entries of a document information dictionary;
// for PDF/A each says what its counterpart in XMP says.
func (m Metadata) info(base pdffile.Dict) pdffile.Dict {
	d := pdffile.Dict{}
	for k, v := range base {
		d[k] = v
	}
	for k, v := range map[pdffile.Name]string{
		"Title": m.Subject, "Author": m.OrganName, "Subject": oneLine(m.TypeName + " " + m.Number),
		"Keywords": strings.Join(m.Keyword, "; "), "Producer": m.Producer,
	} {
		if v != "" {
			d[k] = pdffile.Text(v)
		}
	}
	return d
}
