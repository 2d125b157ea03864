package extract

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/token"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Profiles are written by hand, by people who may not know YAML. What is wrong is told
// with its line and with what to do.

// explainYAML words an error of the parser anew.
func explainYAML(err error) error {
	var at interface {
		GetMessage() string
		GetToken() *token.Token
	}
	if !errors.As(err, &at) || at.GetToken() == nil {
		return fmt.Errorf("parse: %w", err)
	}
	what, line := at.GetMessage(), at.GetToken().Position.Line
	_, key, unknown := strings.Cut(what, "unknown field ")
	switch {
	case unknown:
		key = strings.Trim(key, `"`)
		if near := nearest(key, profileKeys); near != "" {
			return fmt.Errorf("line %d: unknown key %q; do you mean %q?", line, key, near)
		}
		return fmt.Errorf("line %d: unknown key %q; the keys are in docs/profiles.md", line, key)
	case strings.Contains(what, "sequence is expected"), strings.Contains(what, "into Go struct field") && strings.Contains(what, "[]"):
		return fmt.Errorf("line %d: a list belongs here; write [A, B]", line)
	case strings.Contains(what, "mapping is expected"):
		return fmt.Errorf("line %d: keys with values belong here, with a colon between them", line)
	case strings.Contains(what, "cannot start any token"), strings.Contains(what, "tab"):
		return fmt.Errorf("line %d: a tab or a sign that cannot stand here; indent with blanks and put texts with signs in quotes", line)
	case strings.Contains(what, "not allowed in this context"), strings.Contains(what, "non-map value"), strings.Contains(what, "unexpected key"):
		return fmt.Errorf("line %d: this line does not fit the one above; give keys of one column the same number of blanks", line)
	case strings.Contains(what, "could not find end character"), strings.Contains(what, "not found"):
		return fmt.Errorf("line %d: a quotation mark or bracket is not closed", line)
	case strings.Contains(what, "already defined"):
		return fmt.Errorf("line %d: a key stands twice", line)
	}
	return fmt.Errorf("line %d: %s", line, what)
}

// profileKeys are the keys that a profile may have anywhere.
var profileKeys = func() []string {
	var keys []string
	for _, part := range []any{Profile{}, Column{}, Groups{}, Status{}} {
		t := reflect.TypeOf(part)
		for i := range t.NumField() {
			if name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); name != "" && name != "-" {
				keys = append(keys, name)
			}
		}
	}
	return keys
}()

// nearest is the word that another is a slip of, "" when none is like it.
func nearest(word string, among []string) string {
	best, likeness := "", 0.59
	for _, w := range among {
		if s := normalize.Similarity(word, w); s > likeness {
			best, likeness = w, s
		}
	}
	return best
}

// knownStatuses are those that a profile may name.
var knownStatuses = []schema.Status{schema.Completed, schema.InProgress, schema.NotStarted, schema.NotRegistered, schema.Transferred}

// checkWords reports statuses and fields that nothing knows.
func (p *Profile) checkWords() (problems []error) {
	status := func(where string, s schema.Status) {
		if !slices.Contains(knownStatuses, s) {
			problems = append(problems, fmt.Errorf("%s: unknown status %q; use %s", where, s, list(knownStatuses)))
		}
	}
	for _, s := range p.Statuses {
		status("statuses", s.Status)
	}
	for _, c := range p.Claims {
		status("claims", c.Status)
	}
	for _, c := range p.Columns {
		for _, f := range c.Share {
			if !slices.ContainsFunc(p.Columns, func(o Column) bool { return o.Field == f }) {
				problems = append(problems, fmt.Errorf("column %q: share names %q, which is no field of a column", c.Field, f))
			}
		}
	}
	return problems
}

// list joins words by commas.
func list[T ~string](words []T) string {
	var out []string
	for _, w := range words {
		out = append(out, string(w))
	}
	return strings.Join(out, ", ")
}

// columnLine is the line of a profile on which a column's field stands, 0 when it is not
// found.
func columnLine(data []byte, field string) int {
	for i, l := range bytes.Split(data, []byte("\n")) {
		key, value, ok := strings.Cut(string(l), "field:")
		value, _, _ = strings.Cut(value, ",")
		if ok && strings.Trim(key, " -{") == "" && strings.Trim(value, ` "'}`) == field && field != "" {
			return i + 1
		}
	}
	return 0
}
