package table

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/schema"
)

// bodyLines returns the lines outside grids that are content: no page numbers,
// no footnotes, no stray marks, no note that a table goes on.
func bodyLines(p *schema.Page) []schema.Line {
	var out []schema.Line
	for _, l := range p.Lines {
		if l.Role == schema.PageNumber || l.Role == schema.Footnote {
			continue
		}
		t := schema.TextOf([]schema.Line{l}, " ")
		if letters(t) < 4 || continued.MatchString(fold(t)) {
			continue
		}
		out = append(out, l)
	}
	return out
}

// withoutRunningHead drops the lines at the top of a page that stand at the
// same height with the same words on the page before: a running head, printed
// on every page, parts no table.
func withoutRunningHead(lines []schema.Line, before, p *schema.Page) []schema.Line {
	if p.Height <= 0 || before.Height <= 0 {
		return lines
	}
	repeated := func(l schema.Line) bool {
		if l.Box.Y1*6 > p.Height {
			return false
		}
		for _, o := range before.Lines {
			// Heights in thousandths of the page.
			if abs(o.Box.CenterY()*1000/before.Height-l.Box.CenterY()*1000/p.Height) <= 15 &&
				alike(fold(schema.TextOf([]schema.Line{o}, " ")), fold(schema.TextOf([]schema.Line{l}, " "))) {
				return true
			}
		}
		return false
	}
	var out []schema.Line
	for _, l := range lines {
		if !repeated(l) {
			out = append(out, l)
		}
	}
	return out
}

// continued matches "(tiếp theo)" and its kin, folded.
var continued = regexp.MustCompile(`^(bang|phu luc|trang)?\s*[a-z0-9.]{0,6}\s*(tiep theo|tiep|tt)( trang [0-9]+)?$`)

// textBetween reports whether running text stands between two heights.
func textBetween(lines []schema.Line, y0, y1 int) bool {
	for _, l := range lines {
		if c := l.Box.CenterY(); c >= y0 && c < y1 {
			return true
		}
	}
	return false
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// numbered reports whether a cell of the number column says anything: a digit,
// a letter or a list mark, not what a speck was read as.
func numbered(s string) bool {
	s = strings.TrimSpace(s)
	return s == "-" || s == "+" || spoken(s) != ""
}

// spoken returns the text, or nothing when it has neither letter nor digit:
// then it is what was read into dirt.
func spoken(s string) string {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return s
		}
	}
	return ""
}

// marks maps the Vietnamese letters to their base letter.
var marks = func() map[rune]rune {
	m := map[rune]rune{'đ': 'd'}
	for base, all := range map[rune]string{
		'a': "àáảãạăằắẳẵặâầấẩẫậ", 'e': "èéẻẽẹêềếểễệ", 'i': "ìíỉĩị",
		'o': "òóỏõọôồốổỗộơờớởỡợ", 'u': "ùúủũụưừứửữự", 'y': "ỳýỷỹỵ",
	} {
		for _, r := range all {
			m[r] = base
		}
	}
	return m
}()

// fold returns the text in lower case without marks, other characters as
// single spaces. It only serves comparisons within this package, which may
// import nothing but schema.
func fold(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		r = unicode.ToLower(r)
		if base, ok := marks[r]; ok {
			r = base
		}
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		default:
			space = true
		}
	}
	return b.String()
}

// alike compares folded texts with room for reading errors: an edit distance
// of at most a quarter of the longer one.
func alike(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	if a == "" || b == "" {
		return a == b
	}
	ra, rb := []rune(a), []rune(b)
	longer := max(len(ra), len(rb))
	if abs(len(ra)-len(rb))*4 > longer {
		return false
	}
	return distance(ra, rb)*4 <= longer
}

// distance is the Levenshtein distance.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for i := range row {
		row[i] = i
	}
	for i, x := range a {
		diag := row[0]
		row[0] = i + 1
		for k, y := range b {
			cost := diag
			if x != y {
				cost++
			}
			diag = row[k+1]
			row[k+1] = min(cost, row[k]+1, row[k+1]+1)
		}
	}
	return row[len(b)]
}

var (
	ordinalText = regexp.MustCompile(`^[(]?([0-9]{1,4})[.):]*$`)
	numberText  = regexp.MustCompile(`^[(]?([0-9]{1,4}([.][0-9]{1,3}){0,3}|[IVXLivxl]{1,5}|[A-ZĐa-zđ])[.):/]*$|^[-+–•*]$`)
	bracketed   = regexp.MustCompile(`^.{0,3}[)\]]$`) // "(2)" as engines may read it: "@)"
	headNumber  = regexp.MustCompile(`^[(\[]?([0-9]{1,2}|[A-Ea-e])([)\]]|\s*=.*)?[)\].]?$`)
)

// ordinal reads a running number such as "7", "07." or "(7)".
func ordinal(s string) (int, bool) {
	m := ordinalText.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n, err == nil
}

// numberColumn returns the column that numbers the rows, or -1: the first or
// the second one, when most of its cells hold a number or a list mark, or one
// right of cells that are merged over rows, when its numbers count up.
func numberColumn(cells []*cell, from, to int) int {
	for col := range 2 {
		numbered, other := 0, 0
		for _, c := range cells {
			if c.col != col || c.colSpan != 1 || c.row < from || c.row >= to {
				continue
			}
			switch t := strings.TrimSpace(c.text()); {
			case t == "":
			case numberText.MatchString(t) || utf8.RuneCountInString(t) <= 3:
				numbered++
			default:
				other++
			}
		}
		if numbered > 0 && numbered >= 2*other {
			return col
		}
	}
	for col := 2; col < 5; col++ {
		if counts(cells, col, from, to) {
			return col
		}
	}
	return -1
}

// counts reports whether the numbers of a column count up by one and cells left
// of them are merged over rows.
func counts(cells []*cell, col, from, to int) bool {
	rows := make([]*cell, max(to-from, 0))
	merged := false
	for _, c := range cells {
		if c.row < from || c.row >= to {
			continue
		}
		merged = merged || c.col < col && c.rowSpan > 1
		if c.col == col && c.colSpan == 1 {
			rows[c.row-from] = c
		}
	}
	last, up, other := 0, 0, 0
	for _, c := range rows {
		if c == nil || strings.TrimSpace(c.text()) == "" {
			continue
		}
		n, ok := ordinal(c.text())
		if ok && (n == last+1 || last == 0) {
			up++
		} else {
			other++
		}
		last = n
	}
	return merged && up > 1 && up >= 3*other
}

// numberingRow reports whether the cells hold the numbers of the columns:
// "(1) (2) (3)", or "A B 1 2 3=1+2".
func numberingRow(cells []*cell) bool {
	n, other := 0, 0
	for _, c := range cells {
		t := strings.TrimSpace(c.text())
		switch {
		case t == "":
		case headNumber.MatchString(t), bracketed.MatchString(t):
			n++
		default:
			other++
		}
	}
	return n >= 2 && other*4 <= n
}

// headRows returns how many of the first rows are the head: the first one with
// all that its spans reach, and a row of column numbers below. A first row
// that carries a running number is no head.
func headRows(cells []*cell, rows, cols int) int {
	if !headLike(cells, rows, cols) {
		return 0
	}
	// A title row over the whole width belongs to the head that follows.
	n := 1
	if first := inRow(cells, 0); len(first) == 1 && first[0].colSpan >= cols && rows > 1 {
		n = 2
	}
	for again := true; again; {
		again = false
		for _, c := range cells {
			if c.row < n && c.row+c.rowSpan > n {
				n, again = c.row+c.rowSpan, true
			}
		}
		// A cell over several columns has its own heads below it, unless it
		// is the title row or nothing below is divided as a head would be.
		for _, c := range inRow(cells, n-1) {
			if c.colSpan > 1 && c.colSpan < cols && n < rows && n < 4 && !again && dividedBelow(cells, c, n) {
				n, again = n+1, true
			}
		}
	}
	n = min(n, rows)
	if n < rows && numberingRow(inRow(cells, n)) && len(inRow(cells, n)) > 2 {
		if first := inRow(cells, n); !longText(first) {
			n++
		}
	}
	if n >= rows && rows > 1 {
		n = rows - 1
	}
	return n
}

// dividedBelow reports whether the row under a wide head cell divides it.
func dividedBelow(cells []*cell, head *cell, row int) bool {
	n := 0
	for _, c := range inRow(cells, row) {
		if c.col >= head.col && c.col+c.colSpan <= head.col+head.colSpan {
			n++
		}
	}
	return n > 1
}

func longText(cells []*cell) bool {
	for _, c := range cells {
		if utf8.RuneCountInString(c.text()) > 12 {
			return true
		}
	}
	return false
}

// headLike reports whether the first row can be a head: names for most of the
// columns, all short, the first of them no running number.
func headLike(cells []*cell, rows, cols int) bool {
	first := inRow(cells, 0)
	if len(first) == 0 {
		return false
	}
	if t := fold(first[0].text()); slices.Contains([]string{"stt", "tt", "so tt", "so thu tu", "sott"}, t) {
		return true
	}
	if _, ok := ordinal(first[0].text()); ok {
		return false
	}
	named, empty, long := 0, 0, 0
	for _, c := range first {
		t := c.text()
		switch n := utf8.RuneCountInString(t); {
		case letters(t) < 1:
			empty++
		case n > 120:
			long++
		default:
			if r, _ := utf8.DecodeRuneInString(strings.TrimSpace(t)); unicode.IsUpper(r) || unicode.IsDigit(r) {
				named++
			}
		}
	}
	return long == 0 && empty <= len(first)/3 && named*2 > len(first)
}

// runsOn reports whether b reads as the rest of the sentence that a begins.
func runsOn(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	if a == "" || b == "" {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(a)
	first, _ := utf8.DecodeRuneInString(b)
	switch {
	case strings.ContainsRune(".;:!?", last):
		return false
	case unicode.IsLower(first) || strings.ContainsRune(",;.)/", first):
		return true
	case strings.ContainsRune(",-/(–", last):
		return first != '-' && first != '+'
	}
	return false
}

// newSentence reports whether b plainly begins something new after a.
func newSentence(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	if a == "" || b == "" {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(a)
	first, _ := utf8.DecodeRuneInString(b)
	return strings.ContainsRune(".;!?", last) && (unicode.IsUpper(first) || strings.ContainsRune("-+–•", first))
}
