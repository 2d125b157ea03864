package main

import (
	"errors"
	"io/fs"
	"regexp"
	"strings"
	"sync"

	"github.com/alecthomas/kong"

	"github.com/sohoa/sohoa/ingest"
)

// phrase is what a package below says, as its format, and the same in
// Vietnamese with the same verbs in the same order; the last may be left off.
// What a verb stood for is taken over as it is; for %v it is looked up again.
type phrase struct{ en, vi string }

// verbs are those of the formats in [phrases].
var verbs = regexp.MustCompile(`%(\.\d)?[a-z]`)

// patterns are the expressions that tell what the formats were filled with.
var patterns = sync.OnceValue(func() []*regexp.Regexp {
	out := make([]*regexp.Regexp, len(phrases))
	for i, p := range phrases {
		between := verbs.Split(p.en, -1)
		for k := range between {
			between[k] = regexp.QuoteMeta(between[k])
		}
		out[i] = regexp.MustCompile(`(?s)^` + strings.Join(between, `(.*)`) + `$`)
	}
	return out
})

// phrase puts into the user's language what a package below said. What is in
// no phrase stays as it is.
func (t texts) phrase(s string) string {
	if !t.vietnamese {
		return s
	}
	for i, p := range patterns() {
		filled := p.FindStringSubmatch(s)
		if filled == nil {
			continue
		}
		return verbs.ReplaceAllStringFunc(phrases[i].vi, func(verb string) string {
			filled = filled[1:]
			if verb == "%v" {
				return t.phrase(filled[0])
			}
			return filled[0]
		})
	}
	return s
}

// told puts an error into the user's language as far as it is known what its
// parts say. Paths stay as they are.
func (t texts) told(err error) string {
	said := err.Error()
	if !t.vietnamese {
		return said
	}
	var bad *ingest.Error
	if errors.As(err, &bad) {
		if before, ok := strings.CutSuffix(said, bad.Error()); ok {
			return before + t.fault(bad)
		}
	}
	var call *kong.ParseError
	if errors.As(err, &call) {
		return t.phrase(said)
	}
	if path, ok := err.(*fs.PathError); ok {
		return path.Path + ": " + t.told(path.Err)
	}
	// What an error says around those in it, and those.
	var out strings.Builder
	for _, inner := range within(err) {
		before, after, ok := strings.Cut(said, inner.Error())
		if !ok {
			break // it words them anew
		}
		out.WriteString(t.parts(before) + t.told(inner))
		said = after
	}
	return out.String() + t.parts(said)
}

// within returns the errors that an error holds.
func within(err error) []error {
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			return []error{inner}
		}
	case interface{ Unwrap() []error }:
		return e.Unwrap()
	}
	return nil
}

// parts puts what stands between colons and semicolons into the user's language,
// each part by itself.
func (t texts) parts(s string) string {
	var parts []string
	for part := range strings.SplitSeq(s, ": ") {
		told := t.phrase(part)
		if told == part {
			pieces := strings.Split(part, "; ")
			for i := range pieces {
				pieces[i] = t.phrase(pieces[i])
			}
			told = strings.Join(pieces, "; ")
		}
		parts = append(parts, told)
	}
	return strings.Join(parts, ": ")
}

// fault puts into the user's language what is wrong with a file.
func (t texts) fault(e *ingest.Error) string {
	said := t.phrase(e.Kind.Error())
	if e.Detail != "" {
		// A form that is not read is told with the way out.
		detail, wayOut := strings.CutSuffix(e.Detail, "; "+e.Remedy())
		said += ": " + t.parts(detail)
		if wayOut {
			said += "; " + t.remedy(e.Remedy())
		}
	}
	if e.Err != nil {
		said += ": " + t.told(e.Err)
	}
	return said
}
