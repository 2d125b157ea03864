package store

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// A path names a field of a document so that it is found again in another
// version: records go by their id, not by their index.
//
//	header/number          header/recipients/0
//	records/ID/title       records/ID/amounts/0
//	tables/0/columns/2     citations/3     amounts/1
//
// ID is escaped as in a URL path.

// located is a field with what the index of fields says about it.
type located struct {
	path       string
	record     string // id, "" outside records
	recordKind string
	name       string // "title", "citations", "columns"
	field      *schema.Field
}

// eachField calls f for every field of the document, in the order of the
// document. Pointers lead into the document.
func eachField(doc *schema.Document, f func(located)) {
	named := doc.Header.Fields()
	for _, name := range sortedKeys(named) {
		f(located{path: "header/" + name, name: name, field: named[name]})
	}
	list := func(prefix string, l located, fields []schema.Field) {
		for i := range fields {
			l.path, l.field = prefix+"/"+strconv.Itoa(i), &fields[i]
			f(l)
		}
	}
	list("header/recipients", located{name: "recipients"}, doc.Header.Recipients)
	for i := range doc.Records {
		r := &doc.Records[i]
		for _, name := range sortedKeys(r.Fields) {
			l := located{path: recordPath(r.ID) + "/" + name, record: r.ID, recordKind: r.Kind, name: name}
			if e := r.Fields[name]; e.One != nil {
				l.field = e.One
				f(l)
			} else {
				list(l.path, l, e.List)
			}
		}
	}
	for i := range doc.Tables {
		list(fmt.Sprintf("tables/%d/columns", i), located{name: "columns"}, doc.Tables[i].Columns)
	}
	list("citations", located{name: "citations"}, doc.Citations)
	list("amounts", located{name: "amounts"}, doc.Amounts)
}

func recordPath(id string) string { return "records/" + url.PathEscape(id) }

// lookUp returns the field at a path, nil when there is none.
func lookUp(doc *schema.Document, path string) *schema.Field {
	at := func(fields []schema.Field, index string) *schema.Field {
		i, err := strconv.Atoi(index)
		if err != nil || i < 0 || i >= len(fields) {
			return nil
		}
		return &fields[i]
	}
	p := strings.Split(path, "/")
	switch {
	case len(p) == 2 && p[0] == "header":
		return doc.Header.Fields()[p[1]]
	case len(p) == 3 && p[0] == "header" && p[1] == "recipients":
		return at(doc.Header.Recipients, p[2])
	case len(p) == 2 && p[0] == "citations":
		return at(doc.Citations, p[1])
	case len(p) == 2 && p[0] == "amounts":
		return at(doc.Amounts, p[1])
	case len(p) == 4 && p[0] == "tables" && p[2] == "columns":
		if t := table(doc, p[1]); t != nil {
			return at(t.Columns, p[3])
		}
	case (len(p) == 3 || len(p) == 4) && p[0] == "records":
		_, r := record(doc, p[1])
		if r == nil {
			return nil
		}
		e := r.Fields[p[2]]
		if len(p) == 3 {
			return e.One
		}
		if e.One == nil {
			return at(e.List, p[3])
		}
	}
	return nil
}

// set puts a field at a path. A header field or a field of a record that was
// not found by the machine comes into being; the items of lists must exist, or
// be the next one.
func set(doc *schema.Document, path string, f schema.Field) error {
	if old := lookUp(doc, path); old != nil {
		*old = f
		return nil
	}
	p := strings.Split(path, "/")
	put := func(fields *[]schema.Field, index string) error {
		if index != strconv.Itoa(len(*fields)) {
			return fmt.Errorf("%w: no field %s", ErrInvalid, path)
		}
		*fields = append(*fields, f)
		return nil
	}
	switch {
	case len(p) == 2 && p[0] == "header":
		if at := headerField(&doc.Header, p[1]); at != nil {
			*at = &f
			return nil
		}
	case len(p) == 3 && p[0] == "header" && p[1] == "recipients":
		return put(&doc.Header.Recipients, p[2])
	case len(p) == 2 && p[0] == "citations":
		return put(&doc.Citations, p[1])
	case len(p) == 2 && p[0] == "amounts":
		return put(&doc.Amounts, p[1])
	case (len(p) == 3 || len(p) == 4) && p[0] == "records" && p[2] != "":
		_, r := record(doc, p[1])
		if r == nil {
			break
		}
		if r.Fields == nil {
			r.Fields = map[string]schema.Entry{}
		}
		e := r.Fields[p[2]]
		if len(p) == 3 && len(e.List) == 0 {
			r.Fields[p[2]] = schema.One(f)
			return nil
		}
		if len(p) == 4 && e.One == nil {
			if err := put(&e.List, p[3]); err != nil {
				return err
			}
			r.Fields[p[2]] = e
			return nil
		}
	}
	return fmt.Errorf("%w: no field %s", ErrInvalid, path)
}

// unset takes a field away again that [set] brought into being.
func unset(doc *schema.Document, path string) error {
	p := strings.Split(path, "/")
	last := func(fields *[]schema.Field, index string) error {
		if n := len(*fields) - 1; n >= 0 && index == strconv.Itoa(n) {
			*fields = (*fields)[:n]
			return nil
		}
		return fmt.Errorf("%w: %s is not the last of its list", ErrInvalid, path)
	}
	switch {
	case len(p) == 2 && p[0] == "header":
		if at := headerField(&doc.Header, p[1]); at != nil {
			*at = nil
			return nil
		}
	case len(p) == 3 && p[0] == "header" && p[1] == "recipients":
		return last(&doc.Header.Recipients, p[2])
	case len(p) == 2 && p[0] == "citations":
		return last(&doc.Citations, p[1])
	case len(p) == 2 && p[0] == "amounts":
		return last(&doc.Amounts, p[1])
	case (len(p) == 3 || len(p) == 4) && p[0] == "records":
		_, r := record(doc, p[1])
		if r == nil {
			break
		}
		if len(p) == 3 {
			delete(r.Fields, p[2])
			return nil
		}
		e := r.Fields[p[2]]
		if err := last(&e.List, p[3]); err != nil {
			return err
		}
		r.Fields[p[2]] = e
		return nil
	}
	return fmt.Errorf("%w: no field %s", ErrInvalid, path)
}

func headerField(h *schema.Header, name string) **schema.Field {
	switch name {
	case "issuer":
		return &h.Issuer
	case "parent":
		return &h.Parent
	case "number":
		return &h.Number
	case "place":
		return &h.Place
	case "date":
		return &h.Date
	case "document_type":
		return &h.DocumentType
	case "title":
		return &h.Title
	case "appendix":
		return &h.Appendix
	case "attached_to":
		return &h.AttachedTo
	case "signer":
		return &h.Signer
	case "signer_title":
		return &h.SignerTitle
	}
	return nil
}

// record finds a record by its escaped id.
func record(doc *schema.Document, escaped string) (int, *schema.Record) {
	id, err := url.PathUnescape(escaped)
	if err != nil {
		return -1, nil
	}
	i := slices.IndexFunc(doc.Records, func(r schema.Record) bool { return r.ID == id })
	if i < 0 {
		return -1, nil
	}
	return i, &doc.Records[i]
}

func table(doc *schema.Document, index string) *schema.Table {
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(doc.Tables) {
		return nil
	}
	return &doc.Tables[i]
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// kindOf names the type of a field's value for the index.
func kindOf(f *schema.Field) string {
	switch f.Value.(type) {
	case nil:
		return "none"
	case float64, float32, int, int64:
		return "number"
	case bool:
		return "bool"
	case schema.Money, *schema.Money:
		return "money"
	case schema.Citation, *schema.Citation:
		return "citation"
	case schema.Quantity, *schema.Quantity:
		return "quantity"
	}
	return "text"
}

// RecordPath returns the path of a record.
func RecordPath(record string) string { return recordPath(record) }

// FieldPath returns the path of a field of a record, or of an item of it where
// the field is a list.
func FieldPath(record, name string, index ...int) string {
	p := recordPath(record) + "/" + name
	for _, i := range index {
		p += "/" + strconv.Itoa(i)
	}
	return p
}
