package review

import (
	"net/url"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// at is a path of the store (see [store.FieldPath]) taken apart.
type at struct {
	room   string // "header", "records", "tables", "citations", "amounts"
	record string // id
	name   string // of the field
	index  string // in its list, "" outside lists
}

func parsePath(path string) at {
	p := strings.Split(path, "/")
	switch {
	case p[0] == "header" && len(p) >= 2:
		a := at{room: p[0], name: p[1]}
		if len(p) > 2 {
			a.index = p[2]
		}
		return a
	case p[0] == "records" && len(p) >= 3:
		id, err := url.PathUnescape(p[1])
		if err != nil {
			id = p[1]
		}
		a := at{room: p[0], record: id, name: p[2]}
		if len(p) > 3 {
			a.index = p[3]
		}
		return a
	case p[0] == "tables":
		return at{room: p[0], name: "columns", index: p[len(p)-1]}
	}
	return at{room: p[0], name: p[0], index: p[len(p)-1]}
}

func recordIndex(doc *schema.Document, id string) int {
	if id == "" {
		return -1
	}
	return slices.IndexFunc(doc.Records, func(r schema.Record) bool { return r.ID == id })
}

// above finds the same field in the record before, nil when there is none.
func above(doc *schema.Document, i int, path string, a at) *schema.Field {
	if i < 1 || doc.Records[i-1].Kind != doc.Records[i].Kind {
		return nil
	}
	up := store.FieldPath(doc.Records[i-1].ID, a.name)
	if a.index != "" {
		up += "/" + a.index
	}
	return store.FieldAt(doc, up)
}

// rowName is how people tell a record from the others: its number and title,
// between them what stands there in the report, or a stop.
func rowName(r *schema.Record, but string) string {
	var parts []string
	for _, name := range []string{"number", "title", "task", "name", "content"} {
		if name == but {
			continue
		}
		if f := r.Fields[name].One; f != nil && f.Text != "" {
			parts = append(parts, f.Text)
		}
		if len(parts) == 2 {
			break
		}
	}
	if len(parts) == 2 && strings.ContainsAny(parts[0][len(parts[0])-1:], ".:") {
		return parts[0] + " " + parts[1]
	}
	return strings.Join(parts, ". ")
}
