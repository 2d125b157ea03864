package extract

import (
	"regexp"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/schema"
)

// Laws, and what else an assembly passes, name no recipients: at their end stand
// when they were passed, the office of who signs, and the name.

// passed is the word for it.
var passed = field.NewPhrase("thông qua ngày")

// tailLines is how many lines of a document its end is looked for in.
const tailLines = 40

// lawFoot reads the foot of a document without recipients.
func (b *builder) lawFoot(h *schema.Header, lines []textLine) {
	for i := max(len(lines)-tailLines, len(lines)/3); i < len(lines); i++ {
		if h.Date == nil {
			b.passedDate(h, lines, i)
		}
		if upperShare(lines[i].text) < 0.7 || isOffice(lines[i].text) < 0.75 {
			continue
		}
		office := []passage{lines[i].passage}
		for _, l := range lines[i+1 : min(i+8, len(lines))] {
			name := withoutRank(unsigned(l.passage))
			if family, _ := familyOf(name.text); family != "" && looksLikeName(name.text) {
				b.office(h, office[:1])
				h.Signer = b.signer(name)
				return
			}
		}
	}
}

// passedDate reads the day on which an assembly passed a document.
func (b *builder) passedDate(h *schema.Header, lines []textLine, i int) {
	l := lines[i].passage
	if i+1 < len(lines) {
		l = concat(l, lines[i+1].passage)
	}
	hit, ok := field.NewText(l.text).Find(passed, 0.85)
	if !ok || hit.From > len(lines[i].text) {
		return
	}
	for _, d := range field.Dates(l.text) {
		if d.From >= hit.From && d.From <= hit.To+4 {
			f := b.makeField(d.Value, l.slice(d.From, d.To), func(e *Evidence) {
				e.mended()
				if !d.Clean {
					e.Format = unfit
				}
			})
			h.Date = &f
			return
		}
	}
}

var signedMark = regexp.MustCompile(`^\s*\(?\s*(?:Đã ký|ĐÃ KÝ|đã ký)\s*\)?\s*:?\s*`)

// unsigned leaves out "(Đã ký)" before a name, which copies have.
func unsigned(l passage) passage {
	m := signedMark.FindString(l.text)
	if m == "" || len(strings.TrimSpace(l.text[len(m):])) == 0 {
		return l
	}
	return l.slice(len(m), len(l.text)).trimmed()
}
