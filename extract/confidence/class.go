package confidence

import (
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// Classes of fields. What is right about a status is not what is right about a
// long text, and the same doubt weighs differently.
const (
	Ordinal  = "ordinal"  // numbers of records and sections
	Money    = "money"    // sums
	Quantity = "quantity" // counts, shares, measures
	Date     = "date"
	Status   = "status"
	Citation = "citation" // documents named
	Attached = "attached" // the document that an appendix belongs to: a citation with the name of its issuer
	Code     = "code"     // the document's own number, and that of its appendix
	Name     = "name"     // issuer, place, signer and the like
	Short    = "short"    // texts of up to [ShortWords] words, copied
	Long     = "long"     // longer ones
	Empty    = "empty"    // fields without content
	Cell     = "cell"     // cells of tables, which are what a table that no profile knows gives
	Blank    = "blank"    // cells without content
	Any      = "any"      // all of a source together but the cells
)

// CleanText is the source of text files in which repair found next to nothing
// to do: people typed them, or a program wrote them. They are as right as text
// layers where their tables have not lost their grids, and tell nothing about
// text that an engine left.
const CleanText schema.TextSource = "clean_text"

// Sources lists the sources that a model has parts for.
var Sources = []schema.TextSource{schema.FromOCR, schema.FromTextLayer, schema.FromText, CleanText}

// ShortWords is the length up to which a text is short.
const ShortWords = 12

// Strict reports whether a class holds sums and numbers, of which none should
// be accepted wrongly: at most a tenth of what is promised may be wrong.
func Strict(class string) bool { return class == Money || class == Ordinal || class == Quantity }

// cells reports whether a class is one of cells, which are judged and counted
// beside the fields that were made of them.
func cells(class string) bool { return class == Cell || class == Blank }

// HeaderClass returns the class of a field of the header, by its JSON name.
func HeaderClass(name string, f *schema.Field) string {
	switch name {
	case "number", "appendix":
		return Code
	case "date":
		return Date
	case "attached_to":
		return Attached
	case "title":
		return textClass(f)
	}
	return Name
}

// RecordClass returns the class of a field of a record, by its name and value.
func RecordClass(name string, f *schema.Field) string {
	switch name {
	case "number", "section":
		return Ordinal
	case "status":
		if f.Value == nil {
			return Empty
		}
		return Status
	}
	switch v := f.Value.(type) {
	case schema.Money:
		return Money
	case schema.Citation:
		return Citation
	case float64, schema.Quantity:
		return Quantity
	case string:
		if v != f.Text {
			return Date
		}
	}
	if f.Text == "" {
		return Empty
	}
	return textClass(f)
}

func textClass(f *schema.Field) string {
	if len(strings.Fields(f.Text)) > ShortWords {
		return Long
	}
	return Short
}
