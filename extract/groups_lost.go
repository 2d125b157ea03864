package extract

import (
	"regexp"
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
	out := make(map[int]chainedGroup)
	next := 1
	for i := range l.pieces {
		if g, ok := l.chainedGroup(i, next); ok {
			out[i] = g
			next++
		}
	}
	if len(out) < leastChain {
		return nil
	}
	return out
}

// chainedGroup reads piece i, and the one behind it where the numeral stands alone, as a
// group row of the given numeral. Nothing else may stand on its line.
func (l *layout) chainedGroup(i, number int) (chainedGroup, bool) {
	pc := &l.pieces[i]
	if !pc.lead || l.isAnchorText(pc.passage) {
		return chainedGroup{}, false
	}
	numeral := strings.Trim(pc.words[0].raw, ".:|)[] ")
	n, _, ok := field.ReadRoman(numeral, number)
	if !ok || n != number || !romanShape.MatchString(numeral) {
		return chainedGroup{}, false
	}
	name, to := newPassage(pc.words[1:]), i
	if len(name.words) == 0 && i+1 < len(l.pieces) && l.pieces[i+1].line <= pc.line+2 {
		name, to = l.pieces[i+1].passage, i+1
	}
	alone := to+1 == len(l.pieces) || l.pieces[to+1].line > l.pieces[to].line
	if !alone || !startsUpper(name.text) || letters(name.text) < 6 || ended(name.text) {
		return chainedGroup{}, false
	}
	return chainedGroup{i, to, schema.Group{Number: field.Roman(number), Name: strings.TrimRight(name.trimmed().text, " :.")}}, true
}
