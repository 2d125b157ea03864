package pipeline

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/schema"
)

// Signs before and behind a number that stands alone: engines drop them, take
// them for others, or for digits ("≥ 100%" is read "2 100%", "9%" is read "96").

// signed matches the text of a cell that may be a number with signs: what
// is read in place of a sign can be anything, but is short.
var signed = regexp.MustCompile(`^([^0-9\pL]{0,3}|[^0-9]{1,2}|[<>≤≥=+±-]{1,2}[^0-9])([0-9]+(?:[.,:;'/]{1,2}[0-9]+)*)([^0-9]{0,3})$`)

// wellFormed matches a number with its marks in places where they may stand.
var wellFormed = regexp.MustCompile(`^([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)([.,][0-9]+)?$`)

// doubted is how sure a word is that the picture speaks against.
const doubted = 0.3

// settleSigns corrects the signs of a cell that holds one number, and the stops
// and commas of one that has signs. Where the picture shows that something is
// wrong, and not what, the number is doubted.
func settleSigns(c *schema.GridCell, sheet *scan.Sheet) {
	l := onlyLine(c)
	if l == nil {
		return
	}
	text := ""
	for _, w := range l.Words {
		text += w.Text
	}
	m := signed.FindStringSubmatch(text)
	if m == nil {
		return
	}
	n, ok := sheet.Signed(c.Box)
	if !ok {
		return
	}
	digits, ok := signedDigits(m, &n, boxOf(l.Words))
	if !ok || n.Unclear {
		doubt(c)
		return
	}
	if n.Before+n.After != "" {
		digits = separated(digits, sheet.Separators(n.Digits))
	}
	before, after := m[1], m[3]
	if n.Before != "" {
		before = n.Before
	}
	if n.After != "" {
		after = n.After
	}
	if before == m[1] && digits == m[2] && after == m[3] {
		return
	}
	if !wellFormed.MatchString(digits) && wellFormed.MatchString(m[2]) {
		doubt(c)
		return
	}
	rewrite(l, before, digits, after, &n)
	c.Lines = []schema.Line{*l}
}

// onlyLine returns the one line of a cell of up to three words, nil where there
// are more. A sign that engines give a line of its own stands in that of the
// number all the same.
func onlyLine(c *schema.GridCell) *schema.Line {
	if len(c.Lines) == 1 && len(c.Lines[0].Words) <= 3 {
		return &c.Lines[0]
	}
	var all schema.Line
	var tall schema.Box
	for _, l := range c.Lines {
		all.Words = append(all.Words, l.Words...)
		all.Box = all.Box.Union(l.Box)
		if l.Box.Height() > tall.Height() {
			tall = l.Box
		}
	}
	if len(all.Words) == 0 || len(all.Words) > 3 {
		return nil
	}
	for _, l := range c.Lines {
		if y := l.Box.CenterY(); y < tall.Y0 || y >= tall.Y1 {
			return nil
		}
	}
	slices.SortStableFunc(all.Words, func(a, b schema.Word) int { return cmp.Compare(a.Box.X0, b.Box.X0) })
	return &all
}

// signedDigits returns the digits, with their marks, of a number that was read
// in three parts, without those that are signs misread: what was read reaches
// over the sign then. ok is false where the number of digits cannot be right.
func signedDigits(m []string, n *scan.Signed, read schema.Box) (digits string, ok bool) {
	const marks = ".,:;'/"
	digits = m[2]
	count := 0
	for _, r := range digits {
		if r >= '0' && r <= '9' {
			count++
		}
	}
	head := n.Before != "" && m[1] == ""
	tail := n.After != "" && !strings.Contains(m[3], "%")
	switch over := count - n.Count; {
	case over == 0, n.Before+n.After == "":
		return digits, true
	case n.Touching || over < 0:
		return digits, !head && !tail
	case over == 1 && head && !tail:
		return strings.TrimLeft(digits[1:], marks), read.X0 <= n.First.CenterX()
	case over == 1 && tail && !head:
		return strings.TrimRight(digits[:len(digits)-1], marks), read.X1 >= n.Last.CenterX()
	}
	return digits, false
}

// doubt makes the words of a cell unsure.
func doubt(c *schema.GridCell) {
	for _, l := range c.Lines {
		for i := range l.Words {
			w := &l.Words[i]
			w.Confidence, w.Unsure = min(w.Confidence, doubted), true
		}
	}
}

// rewrite sets a line to the parts of a number, with spaces where there were some
// and where the picture has room for one.
func rewrite(l *schema.Line, before, digits, after string, n *scan.Signed) {
	first, last := l.Words[0], l.Words[len(l.Words)-1]
	var raw, from []string
	for _, w := range l.Words {
		raw, from = append(raw, w.Raw), append(from, w.Text)
		first.Confidence = min(first.Confidence, w.Confidence)
	}
	if before != "" && (n.Apart(n.First) || !strings.ContainsAny(first.Text, "0123456789")) {
		before += " "
	}
	if after != "" && (n.Apart(n.Last) || !strings.ContainsAny(last.Text, "0123456789")) {
		after = " " + after
	}
	first.Raw, first.Box = strings.Join(raw, " "), boxOf(l.Words)
	first.Text = before + digits + after
	first.Repairs = append(slices.Clip(first.Repairs),
		schema.Repair{From: strings.Join(from, " "), To: first.Text, Reason: "signs in the picture", Score: 0.95})
	l.Words = []schema.Word{first}
}

func boxOf(words []schema.Word) (b schema.Box) {
	for _, w := range words {
		b = b.Union(w.Box)
	}
	return b
}
