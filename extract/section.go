package extract

import (
	"strings"

	"github.com/sohoa/sohoa/extract/field"
)

// A section is the body of a document or one of its appendices.
type section struct {
	from, to int // range of the document's lines
	name     string
}

// cutSections cuts the lines at the heads of appendices. What stands over the
// head on the same page (the agency's name) belongs to the appendix.
func cutSections(lines []textLine) []section {
	if len(lines) == 0 {
		return nil
	}
	out := []section{{from: 0}}
	for i, l := range lines {
		if !isAppendix(l.text) {
			continue
		}
		if i < 6 {
			out[0].name = strings.TrimSpace(l.text)
			continue
		}
		from := i
		for k := i - 1; k > 0 && k >= i-5; k-- {
			if _, _, nation := nationHit(lines[k].text); !nation && upperShare(lines[k].text) < 0.75 && letters(lines[k].text) > 0 || letters(lines[k].text) > 60 {
				break
			}
			if lines[k+1].first {
				break
			}
			from = k
		}
		if !headOverAppendix(lines[from:i]) {
			from = i
		}
		last := &out[len(out)-1]
		if last.from == from {
			last.name = strings.TrimSpace(l.text)
			continue
		}
		last.to = from
		out = append(out, section{from: from, name: strings.TrimSpace(l.text)})
	}
	out[len(out)-1].to = len(lines)
	return out
}

// headOverAppendix reports whether lines above an appendix's name are its
// letterhead.
func headOverAppendix(lines []textLine) bool {
	for _, l := range lines {
		t := field.NewText(l.text)
		if _, _, ok := nationHit(l.text); ok {
			return true
		}
		if t.BeginsWith(councils, 0.8) {
			return true
		}
	}
	return false
}
