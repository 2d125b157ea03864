package extract

import (
	"regexp"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/extract/profiles"
)

// Offices print other heads than those that a profile expects in running text: short and
// common ones, in another order, beside columns of their own. In the lines between the
// word for "number" and the first row nothing but heads stands, so all wordings count
// there, the order on the page is that of the columns, and what no wording knows is a
// column that the profile does not have.

// A headBlock is the lines that hold the heads of a table and nothing else.
type headBlock struct {
	from, to int
	end      int           // of its section
	words    [][]blockWord // by line
	letters  int           // of the words that say something
	capitals bool          // heads are in capitals
	numbers  int           // the line that names the column of numbers, among words
	texts    bool          // all columns of the profile hold text
	asGrid   bool          // wordings that count in known grids alone are heads, too
	likes    *headLikes    // so is what is like a wording as a whole; nil where it is not
	tried    []triedHead   // words that may be heads
	left     int           // lines that were left out at the end
	places   blockPlaces   // of wordings, remembered
}

// A blockWord is a word of a head.
type blockWord struct {
	text   string // repaired, folded
	shown  string // repaired
	read   string // as it was read, folded
	bar    bool   // a bar stands before it, or its line begins with it
	upper  bool   // it begins with a capital
	silent bool   // it says when, how much or in which unit, not what
}

// Bounds of head blocks, in lines.
const (
	blockAbove = 8  // above the word for "number": heads that are higher than it
	blockBelow = 40 // below it: heads that came one by one
)

// headBlocks finds the lines that may be heads of a table in a section from line from on.
func (b *builder) headBlocks(s *section, from int) []headBlock {
	var out []headBlock
	for i := from; i < s.to && len(out) < 8; i++ {
		if !b.namesNumbers(i) || len(out) > 0 && i < out[len(out)-1].to {
			continue
		}
		if block, ok := b.headBlockAt(i, from, s.to); ok {
			out = append(out, block)
		}
	}
	return out
}

// namesNumbers reports whether a line holds the head of the column of numbers: as a word,
// or broken over this line and one of the next two.
func (b *builder) namesNumbers(i int) bool {
	words := b.lines[i].words
	for k, w := range words {
		if len(w.raw) > longestNumberHead {
			continue
		}
		read := foldedWord(w.raw)
		if numberHeads[read] || numberHeads[foldedWord(w.text)] {
			return true
		}
		if k > 0 || len(read) > 2 {
			continue
		}
		for n := i + 1; n <= i+2 && n < len(b.lines); n++ {
			if below := b.lines[n].words; len(below) > 0 && read != "" && numberHeads[read+foldedWord(below[0].raw)] {
				return true
			}
		}
	}
	return false
}

// longestNumberHead is how many bytes a word has at most that may name the column of
// numbers, with the signs around it.
const longestNumberHead = 8

// nextTable finds where another table begins in a section below the heads h: where heads of
// another profile stand, or the title above them. It returns to where there is none.
func (b *builder) nextTable(s *section, h *headRegion, to int) int {
	like := wordLikes{}
	for _, block := range b.headBlocks(&section{from: h.to, to: to}, h.to) {
		next, fit := b.fitBlock(&block, like)
		if fit == 0 || next.own.of.Kind == h.profile.Kind || count(next.found) < leastHeads {
			continue
		}
		at := next.from
		for at-1 > h.to && next.from-at < 6 && b.lines[at-1].page == b.lines[next.from].page && b.endsTitle(at-1) && !ended(b.lines[at-1].text) {
			at--
		}
		return at
	}
	return to
}

// leastHeads is how many columns with heads make a table of another kind.
const leastHeads = 4

// headBlockAt takes the lines around line at, which names the column of numbers.
func (b *builder) headBlockAt(at, from, to int) (headBlock, bool) {
	capitals := upperShare(b.lines[at].text) > 0.7 && letters(b.lines[at].text) > 8
	block := headBlock{from: at, to: at + 1, end: to, capitals: capitals, places: blockPlaces{}}
	for i := at - 1; i >= from && i >= at-blockAbove && b.lines[i].page == b.lines[at].page; i-- {
		if b.lines[i+1].gap && i+1 < at && b.endsTitle(i) || !b.mayBeHead(i, capitals) {
			break
		}
		block.from = i
	}
	for i := at + 1; i < to && i <= at+blockBelow && b.lines[i].page == b.lines[at].page; i++ {
		if b.opensRows(i, at) {
			block.to, block.numbers = i, at-block.from
			block.read(b)
			return block, block.letters >= 12
		}
	}
	return headBlock{}, false
}

// endsTitle reports whether a line is what stands above a table: its title in capitals,
// the document that it belongs to, a unit.
func (b *builder) endsTitle(i int) bool { return !b.mayBeHead(i, false) }

// mayBeHead reports whether a line above the word for "number" may be part of heads.
func (b *builder) mayBeHead(i int, capitals bool) bool {
	text := b.lines[i].text
	switch {
	case b.inRows[i], isAppendix(text), ended(text), strings.HasSuffix(text, ":"), len(field.Dates(text)) > 0, field.UnitNote(text) != "":
		return false
	case strings.HasPrefix(strings.TrimSpace(text), "(") && len(strings.Fields(text)) > 3, strings.HasPrefix(strings.TrimSpace(text), "-"):
		return false
	}
	return capitals || upperShare(text) < 0.75 || letters(text) < 4
}

// Beginnings of rows: a number alone, the number one, or the numeral of a group alone or before a name.
var (
	firstCell    = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,2})?[.)]?$`)
	firstNumber  = regexp.MustCompile(`^(0?1|1\.1|I\.1|A\.1)[.)]?(\s*[|\[]\s*|\s+|$)`)
	firstNumeral = regexp.MustCompile(`^(I|A|l|1)[.)]?\s*[|\[]?\s*(\p{Lu}|$)`)
)

// opensRows reports whether the first row or group of the table begins at line i, below
// the word for "number" in line at.
func (b *builder) opensRows(i, at int) bool {
	read := strings.TrimLeft(b.lines[i].passage.asRead().text, " |[_")
	if numbersColumns(read) {
		return false
	}
	if firstNumber.MatchString(read) {
		return true
	}
	if firstNumeral.MatchString(read) && !(i == at+1 && len(read) <= 2) {
		return true
	}
	for k := range b.usual {
		p := &b.usual[k]
		if g, score := readGroup(p, b.lines[i].passage, 1); score >= minGroup && (g.Number != "" || g.Declared != nil) {
			return true
		}
		if p.pattern != nil {
			if _, _, _, ok := p.pattern.in(b.lines[i].passage, 6); ok {
				return true
			}
		}
	}
	return false
}

// columnNumbers is the line below heads that numbers the columns: "(1) (2) (3)",
// "A | B | 1 | 2".
var columnNumbers = regexp.MustCompile(`^[\s|]*(\(?([0-9]{1,2}|[A-C])\)?(=[^|]*)?[\s|]+){2,}\(?[0-9]{1,2}\)?[\s|]*$`)

func numbersColumns(text string) bool { return columnNumbers.MatchString(text) }

// silentWords say of a head's matter when, how much, or in which unit.
var silentWords = headWords(profiles.SilentHeads())

// headWords are the entries of a list, folded.
func headWords(list []string) map[string]bool {
	words := make(map[string]bool)
	for _, w := range list {
		words[strings.Join(foldedWords(w), " ")] = true
	}
	return words
}

// read takes the words of the block's lines.
func (x *headBlock) read(b *builder) {
	for i := x.from; i < x.to; i++ {
		var line []blockWord
		if !x.astray(b.lines[i].text) {
			line = blockLine(b.lines[i].words)
		}
		x.words = append(x.words, line)
	}
	x.letters = lettersSaid(x.words)
}

// lettersSaid counts the letters of the words that say something.
func lettersSaid(lines [][]blockWord) (n int) {
	for _, line := range lines {
		for _, w := range line {
			if !w.silent {
				n += len(w.text)
			}
		}
	}
	return n
}

// astray reports whether a line is no part of heads: OCR put the title above among them,
// or it holds the numbers below them.
func (x *headBlock) astray(text string) bool {
	return numbersColumns(text) || !x.capitals && upperShare(text) > 0.75 && letters(text) > 8 || len(field.Dates(text)) > 0 && letters(text) > 30
}

// blockLine takes the words of a line, with the bars and brackets around them.
func blockLine(words []word) (line []blockWord) {
	bar, bracket := true, false
	for _, w := range words {
		bar = bar || strings.HasPrefix(w.raw, "|")
		bracket = bracket || strings.HasPrefix(w.text, "(")
		one := blockWord{text: foldedWord(w.text), shown: strings.Trim(w.text, "|[]_"), read: foldedWord(w.raw), bar: bar, upper: startsUpper(strings.TrimLeft(w.raw, "|[(_"))}
		if one.text != "" {
			one.silent = bracket || letters(one.text) == 0 || silentWords[one.text]
			line = append(line, one)
			bar = false
		}
		bracket = bracket && !strings.Contains(w.text, ")")
		bar = bar || len(w.raw) > 1 && strings.HasSuffix(w.raw, "|")
	}
	return line
}

// foldedWord is a word in small letters without marks and signs.
func foldedWord(w string) string { return strings.ToLower(strings.Join(foldedWords(w), "")) }
