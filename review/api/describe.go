package api

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/schema"
)

// The description of the interface (OpenAPI 3.1) and a page for readers that is
// made from it. Both are made once, when the server starts, and need no token:
// they are the same everywhere. The page loads nothing from elsewhere and runs
// no script.

const (
	componentPrefix  = "#/components/schemas/"
	contentComponent = "DocumentContent"
)

//go:embed docs.html
var docsPage string

//go:embed docs.css
var docsStyle []byte

func (v *Server) describe() error {
	o := v.api.OpenAPI()
	if err := addContent(o.Components.Schemas.Map()); err != nil {
		return err
	}
	for _, at := range o.Paths {
		for _, op := range operations(at) {
			if r := op.Responses["304"]; r != nil {
				r.Content = nil
				r.Description = "The client has it already"
			}
		}
	}
	asJSON, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("describe: %w", err)
	}
	asYAML, err := o.YAML()
	if err != nil {
		return fmt.Errorf("describe: %w", err)
	}
	page, err := docs(o)
	if err != nil {
		return fmt.Errorf("describe: %w", err)
	}
	v.static("/openapi.json", "application/openapi+json", asJSON)
	v.static("/openapi.yaml", "application/openapi+yaml", asYAML)
	v.static("/docs", "text/html; charset=utf-8", page)
	v.static("/docs.css", "text/css; charset=utf-8", docsStyle)
	return nil
}

// static serves what everybody may read.
func (v *Server) static(path, kind string, data []byte) {
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256(data))
	v.mux.HandleFunc("GET "+Prefix+path, func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", tag)
		h.Set("Content-Type", kind)
		if (Conditional{r.Header.Get("If-None-Match")}).has(tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write(data) // the client is gone if this fails
	})
}

// addContent puts the JSON Schema of documents among the components.
func addContent(components map[string]*huma.Schema) error {
	// References within the schema lead to the components from now on.
	text := bytes.ReplaceAll(schema.JSONSchema, []byte(`"#/$defs/`), []byte(`"`+componentPrefix+contentComponent+"."))
	var whole map[string]any
	if err := json.Unmarshal(text, &whole); err != nil {
		return fmt.Errorf("schema of documents: %w", err)
	}
	parts, _ := whole["$defs"].(map[string]any)
	for _, key := range []string{"$schema", "$id", "$defs"} {
		delete(whole, key)
	}
	components[contentComponent] = &huma.Schema{Extensions: whole}
	for name, part := range parts {
		p, ok := part.(map[string]any)
		if !ok {
			return fmt.Errorf("schema of documents: %s is no object", name)
		}
		components[contentComponent+"."+name] = &huma.Schema{Extensions: p}
	}
	return nil
}

// operations lists the operations at a path, reading ones first.
func operations(at *huma.PathItem) []*huma.Operation {
	var all []*huma.Operation
	for _, op := range []*huma.Operation{at.Get, at.Post, at.Put, at.Patch, at.Delete} {
		if op != nil {
			all = append(all, op)
		}
	}
	return all
}

// What the page shows.
type (
	docsView struct {
		Title, Version string
		Intro          []string
		Tags           []docsTag
		Schemas        []docsSchema
	}
	docsTag struct {
		Name, About string
		Operations  []docsOperation
	}
	docsOperation struct {
		ID, Method, Path, Summary, About, Scope string
		Parameters                              []docsParameter
		Bodies, Answers                         []docsBody
	}
	docsParameter struct {
		Name, In, Type, About string
		Required              bool
	}
	docsBody struct{ Name, About, Kind, Schema string }

	docsSchema struct {
		Name, About, Type string
		Properties        []docsParameter
	}
)

func docs(o *huma.OpenAPI) ([]byte, error) {
	view := docsView{Title: o.Info.Title, Version: o.Info.Version, Intro: strings.Split(o.Info.Description, "\n\n")}
	for _, tag := range o.Tags {
		t := docsTag{Name: tag.Name, About: tag.Description}
		for _, path := range sorted(o.Paths) {
			for _, op := range operations(o.Paths[path]) {
				if slices.Contains(op.Tags, tag.Name) {
					t.Operations = append(t.Operations, describeOperation(op, path))
				}
			}
		}
		view.Tags = append(view.Tags, t)
	}
	components := o.Components.Schemas.Map()
	for _, name := range sorted(components) {
		if strings.HasPrefix(name, contentComponent+".") {
			continue // the contract has a page of its own
		}
		s := components[name]
		d := docsSchema{Name: name, About: s.Description, Type: typeName(s)}
		if name == contentComponent {
			d.About = "All that was read of a document, in the form " + schema.Version + ". Its JSON Schema is part of the OpenAPI description."
		}
		for _, p := range sorted(s.Properties) {
			d.Properties = append(d.Properties, docsParameter{Name: p, Type: typeName(s.Properties[p]), About: s.Properties[p].Description, Required: slices.Contains(s.Required, p)})
		}
		view.Schemas = append(view.Schemas, d)
	}
	t, err := template.New("docs").Funcs(template.FuncMap{"link": schemaLink, "prose": prose, "prefix": func() string { return Prefix }}).Parse(docsPage)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, view)
	return b.Bytes(), err
}

func describeOperation(op *huma.Operation, path string) docsOperation {
	d := docsOperation{ID: op.OperationID, Method: op.Method, Path: Prefix + path, Summary: op.Summary, About: op.Description, Scope: scopeOf(op)}
	for _, p := range op.Parameters {
		d.Parameters = append(d.Parameters, docsParameter{p.Name, p.In, typeName(p.Schema), p.Description, p.Required})
	}
	if op.RequestBody != nil {
		for _, kind := range sorted(op.RequestBody.Content) {
			d.Bodies = append(d.Bodies, docsBody{Kind: kind, Schema: typeName(op.RequestBody.Content[kind].Schema)})
		}
	}
	for _, status := range sorted(op.Responses) {
		r := op.Responses[status]
		a := docsBody{Name: status, About: r.Description}
		for _, kind := range sorted(r.Content) {
			a.Kind, a.Schema = kind, typeName(r.Content[kind].Schema)
		}
		d.Answers = append(d.Answers, a)
	}
	return d
}

// typeName says in a word what a schema allows.
func typeName(s *huma.Schema) string {
	switch {
	case s == nil:
		return ""
	case s.Ref != "":
		return strings.TrimPrefix(s.Ref, componentPrefix)
	case s.Type == "array":
		return "list of " + typeName(s.Items)
	case len(s.Enum) > 0:
		var all []string
		for _, e := range s.Enum {
			all = append(all, fmt.Sprintf("%q", fmt.Sprint(e)))
		}
		return strings.Join(all, ", ")
	case s.Format != "" && s.Type == "string":
		return s.Format
	case s.Type == "":
		return "any"
	}
	return s.Type
}

// prose puts what stands between back quotes into the type of code.
func prose(text string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		part = template.HTMLEscapeString(part)
		if i%2 == 1 {
			part = "<code>" + part + "</code>"
		}
		b.WriteString(part)
	}
	return template.HTML(b.String()) // escaped above
}

// schemaLink parts a type into what stands before the name of a component and
// that name.
func schemaLink(name string) (parts struct{ Before, Name string }) {
	parts.Before = name
	rest := strings.TrimPrefix(name, "list of ")
	if rest != "" && rest[0] >= 'A' && rest[0] <= 'Z' {
		parts.Before, parts.Name = strings.TrimSuffix(name, rest), rest
	}
	return parts
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
