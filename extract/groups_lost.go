package extract

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/schema"
)

// Most offices print the names of groups in small letters and say nothing of how many
// rows they have: "II | Phát triển hạ tầng số". One such line may be anything; several
// of them that count from one are groups.

// leastChain is how many groups must count.
const leastChain = 2

// romanShape is a numeral as OCR leaves it; one capital at least tells it from a number.
var romanShape = regexp.MustCompile(`^[IVX1l|!]{0,4}[IVX][IVX1l|!]{0,4}$`)

// A chained group is a group row of a chain: its first and last piece, its numeral and
// name.
type chainedGroup struct {
	from, to int
	group    schema.Group
}

// chainedGroups finds the group rows that begin with numerals which count from one, by
// their first piece.
func (l *layout) chainedGroups() map[int]chainedGroup {
	if l.dotted = l.p.pattern == nil && l.countsInDots(); l.dotted {
		return l.groupsOverDots()
	}
	if out := l.groupChain(romanNumeral); len(out) >= leastChain {
		for i, g := range out {
			// Where titles have a wording of their own, texts are long and hold lists, and
			// names in capitals go on over several lines.
			if l.p.pattern != nil && (!l.p.beginsGroup(g.group.Name) || upperShare(g.group.Name) > 0.5) {
				delete(out, i)
			}
		}
		return out
	}
	if out := l.groupChain(letterNumeral); l.p.pattern == nil && !l.p.Groups.Sections && len(out) >= leastChain {
		return out
	}
	return nil
}

// groupChain finds the group rows that count with numerals of one kind.
func (l *layout) groupChain(read func(word string, number int) (numeral string, ok bool)) map[int]chainedGroup {
	out := make(map[int]chainedGroup)
	next := 1
	for i := range l.pieces {
		if g, ok := l.chainedGroup(i, next, read); ok {
			out[i] = g
			next++
		}
	}
	return out
}

// romanNumeral reads a word as the roman numeral of a number.
func romanNumeral(word string, number int) (string, bool) {
	n, _, ok := field.ReadRoman(word, number)
	return field.Roman(number), ok && n == number && romanShape.MatchString(word)
}

// letterNumeral reads a word as the letter of a number: "A" is the first.
func letterNumeral(word string, number int) (string, bool) {
	letter := groupLetter(number - 1)
	return letter, word == letter
}

// chainedGroup reads piece i, and the one behind it where the numeral stands alone, as a
// group row of the given numeral. Nothing else may stand on its line.
func (l *layout) chainedGroup(i, number int, read func(word string, number int) (numeral string, ok bool)) (chainedGroup, bool) {
	pc := &l.pieces[i]
	if !pc.lead || l.isAnchorText(pc.passage) {
		return chainedGroup{}, false
	}
	numeral, ok := read(strings.Trim(pc.words[0].raw, ".:|)[] "), number)
	if !ok {
		return chainedGroup{}, false
	}
	return l.groupAt(i, numeral)
}

// groupAt takes piece i, which begins with a numeral, and the one behind it where that
// stands alone for a group row. Nothing else may stand on its line.
func (l *layout) groupAt(i int, numeral string) (chainedGroup, bool) {
	pc := &l.pieces[i]
	name, to := newPassage(pc.words[1:]), i
	if len(name.words) == 0 && i+1 < len(l.pieces) && l.pieces[i+1].line <= pc.line+2 {
		name, to = l.pieces[i+1].passage, i+1
	}
	// What was cut within the name belongs to it, but no other cell stands on its line.
	for to+1 < len(l.pieces) && l.pieces[to+1].line == l.pieces[to].line {
		if cut := l.pieces[to+1].cut; cut == cutRule || cut == cutType {
			return chainedGroup{}, false
		}
		to++
		name = concat(name, l.pieces[to].passage)
	}
	if !startsUpper(name.text) || letters(name.text) < leastGroupName || ended(name.text) {
		return chainedGroup{}, false
	}
	return chainedGroup{i, to, schema.Group{Number: numeral, Name: strings.TrimRight(name.trimmed().text, " :.")}}, true
}

// leastGroupName is how many letters the name of a group has.
const leastGroupName = 5

// leastDotted is how many numbers like "1.2" a table has that counts its rows so.
const leastDotted = 3

// countsInDots reports whether rows are numbered "1.1", "1.2" … below groups "1", "2" ….
func (l *layout) countsInDots() bool {
	if l.p.Groups.Sections {
		return false // groups have letters, and rows may have rows below them
	}
	n, plain := 0, 0
	for i := range l.pieces {
		if !l.pieces[i].lead {
			continue
		}
		word := l.pieces[i].words[0].raw
		if _, _, ok := dottedOrdinal(word); ok {
			n++
		} else if _, ok := field.Ordinal(word); ok {
			plain++
		}
	}
	return n >= leastDotted && n > plain
}

// groupsOverDots finds the groups of such a table: "2 Lĩnh vực y tế" above "2.1".
func (l *layout) groupsOverDots() map[int]chainedGroup {
	out := make(map[int]chainedGroup)
	last := -1
	for i := range l.pieces {
		if !l.pieces[i].lead {
			continue
		}
		word := l.pieces[i].words[0].raw
		if n, _, ok := dottedOrdinal(word); ok {
			if last >= 0 && strings.Trim(l.pieces[last].words[0].raw, " .|") == strconv.Itoa(n) {
				if g, ok := l.groupAt(last, strconv.Itoa(n)); ok {
					out[last] = g
				}
			}
			last = -1
		} else if _, ok := field.Ordinal(word); ok {
			last = i
		}
	}
	return out
}
