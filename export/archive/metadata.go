package archive

import (
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// Metadata is what an archive wants to know of a document, under the names
// that Circular 02/2019/TT-BNV gives the fields of an electronic record. Those
// that a report states are filled by [MetadataOf]; the rest is for the
// archivist, and empty fields are left out.
type Metadata struct {
	FileCode        string // code of the file (hồ sơ) that it belongs to
	DocOrdinal      string // its place in that file
	TypeName        string // "Báo cáo"
	CodeNumber      string // "1260" of "1260/BC-SKHCN"
	CodeNotation    string // "BC-SKHCN" of the same
	IssuedDate      string // "2025-07-07"; "" when a digit of it is unknown
	OrganName       string // who issued it
	Subject         string // title
	Language        string // "vi"
	PageAmount      int
	InforSign       string
	Keyword         []string
	Mode            string
	ConfidenceLevel string
	Autograph       string
	Format          string
	Description     string

	// Beside the circular's fields:

	Number     string // number and notation together, as the letterhead has it
	Place      string
	Signer     string
	Identifier string // lower-case hex SHA-256 of the source bytes
	Producer   string // the program that read it, with its version
}

// MetadataOf takes from a document what its letterhead and foot say. Texts are
// the repaired ones, with the corrections that people made.
func MetadataOf(doc *schema.Document) Metadata {
	h := &doc.Header
	m := Metadata{
		TypeName:   textOf(h.DocumentType),
		OrganName:  textOf(h.Issuer),
		Subject:    textOf(h.Title),
		Language:   "vi",
		PageAmount: doc.Source.Pages,
		Number:     textOf(h.Number),
		Place:      textOf(h.Place),
		Signer:     textOf(h.Signer),
		Identifier: doc.DocumentID,
		Producer:   strings.TrimSpace("sohoa " + doc.Engine.Sohoa),
	}
	m.CodeNumber, m.CodeNotation, _ = strings.Cut(m.Number, "/")
	// Decrees have the year in between: "30/2020/NĐ-CP".
	if year, rest, ok := strings.Cut(m.CodeNotation, "/"); ok && len(year) == 4 && strings.Trim(year, "0123456789") == "" {
		m.CodeNotation = rest
	}
	if date, ok := valueOf(h.Date).(string); ok && !strings.Contains(date, "?") {
		m.IssuedDate = date
	}
	return m
}

func textOf(f *schema.Field) string {
	if f == nil {
		return ""
	}
	if s, ok := f.Value.(string); ok && s != "" {
		return oneLine(s)
	}
	return oneLine(f.Text)
}

func valueOf(f *schema.Field) any {
	if f == nil {
		return nil
	}
	return f.Value
}

// oneLine joins the words of a text by single spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
