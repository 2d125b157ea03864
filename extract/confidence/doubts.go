// Package confidence turns what is known about a field into the probability
// that the field is right, and decides from what probability on nobody needs to
// look.
//
// What is known is a list of doubts, numbers from 0 upwards of which each speaks
// against the field the more the higher it is. A logistic model for each class
// of fields weighs them; no weight is negative, so that more doubt never makes
// a field surer. A monotone curve then takes out what is left between what the
// model says and what was counted (isotonic regression; Zadrozny and Elkan,
// 2002). A ladder of counts beside it says how many fields above each
// probability were wrong, from which the threshold for a promised precision
// follows by the lower bound of Wilson (1927).
//
// Everything is fitted by document: the curve and the ladder come from fields
// of documents that the weights they were computed with have not seen.
package confidence

import (
	"math"
	"slices"

	"github.com/sohoa/sohoa/schema"
)

// The doubts, by their place in [schema.Evidence.Doubts].
const (
	Engine      = iota // 1 - the engine's mean score of the letters
	Weakest            // 1 - its lowest score of a word
	Slips              // ln(1 + a hundred times the words that the engine's scores lead one to expect wrong), a tenth
	Repairs            // -ln of the chance that all repairs are right
	Changed            // ln(1 + words that repair changed)
	Rivals             // -ln of the chance that no rival of an unchanged word is right
	Rival              // the highest probability of one such rival
	Unsure             // ln(1 + words that repair saw damage in and left)
	Strangers          // ln(1 + words in small letters that are no words)
	Surprise           // how unlikely the language model finds the text, a word; in nats, a tenth
	Oddest             // the same of its oddest two words
	Sign               // the same of its oddest sign and what follows it
	Misfits            // ln(1 + capitals between small letters where the word is no name)
	Odd                // ln(1 + signs that reports do not use, digits within words)
	Romans             // ln(1 + roman numerals of two strokes and more)
	Length             // ln(1 + letters and digits), a tenth
	Format             // 1 - how well the text fits the grammar of its type
	Position           // 1 - how surely it belongs to this field and record
	Stamp              // share of its words under a stamp
	Handwriting        // share of its words that a person wrote
	Shape              // share of the column's other values that are written otherwise (with "%", with a sign)
	Scale              // powers of ten between it and the middle of its column, up to 2; more for shares above 100 %
	Gap                // an empty field: share of the other records that have something there
	Check              // a check speaks against it
	Page               // 1 - the engine's mean score of the page
	Damage             // share of the page's words that were repaired or left unsure
	Small              // how far the print is below 30 pixels high, 0..1
	Rule               // the rules by which it was found ask for a look by themselves
	Differ             // ln(1 + words that a second reading has otherwise)
	Words              // log odds of a word being wrong, a half; see [WordPart]
	Crowd              // a lost grid: ln of the letters in other cells of the row but its title, over that of a hundred
	Beside             // likewise, an empty field: in the same column of the rows above and below; a row's number: that of such a row was not read
	Around             // likewise: in all columns of the rows above and below but their titles
	Intruded           // likewise: on the lines of the row, in cells of other rows
	Lost               // likewise: about the row, and in no cell
	Needed             // likewise, an empty field: of a column whose kind of value is seldom left out
	Untitled           // likewise: its row has no title, or the share of the table's rows that have none
	Gapped             // likewise: how far its worst line ends before the column does, though the next one goes on; a share of the width
	Wide               // likewise: how far its longest line reaches beyond the column
	Holes              // likewise: ln(1 + lines between its own without a word of it)
	Seam               // how unlikely the language model finds the oddest word that begins a line; in nats, a tenth
	Figure             // a text of a table: no word where words belong
	Office             // likewise: the name of an office where none belongs, or none where one does
	Cut                // likewise: its ends at which something is missing, up to 2
	Twice              // likewise: it says the same two times
	Company            // likewise: share of the other texts of its column that one of these four speaks against
	Headless           // a lost grid: no head of its column was found
	Missing            // likewise: share of the table's columns whose heads were not
	Own                // likewise: 1 where the columns are those of no known form, 2 where their heads were torn, too
	Count              // how many doubts there are
)

// names are the doubts' names in model files.
var names = [Count]string{
	"engine", "weakest", "slips", "repairs", "changed", "rivals", "rival", "unsure", "strangers", "surprise", "oddest", "sign", "misfits", "odd", "romans", "length",
	"format", "position", "stamp", "handwriting", "shape", "scale", "gap", "check", "page", "damage", "small", "rule", "differ", "words",
	"crowd", "beside", "around", "intruded", "lost", "needed", "untitled", "gapped", "wide", "holes", "seam",
	"figure", "office", "cut", "twice", "company", "headless", "missing", "own",
}

// reasons are what a reviewer is told when a doubt weighs most; "" is for
// doubts that say nothing to a person.
var reasons = [Count]string{
	"engine", "engine", "engine", "repair", "repair", "repair", "repair", "repair", "repair", "repair", "repair", "repair", "repair", "engine", "engine", "",
	"format", "position", "stamp", "handwriting", "format", "format", "position", "check", "engine", "engine", "engine", "position", "second", "words",
	"position", "position", "position", "position", "position", "position", "position", "position", "position", "position", "position",
	"position", "position", "position", "position", "position", "position", "position", "position",
}

// Why names what keeps the confidence of a field down, most telling first: the
// doubts that take at least a twentieth off the odds and a fifth of what the
// largest one takes.
func (m *Model) Why(e *schema.Evidence) []string {
	w := m.part(e.Source, e.Class)
	type taken struct {
		reason string
		by     float64
	}
	var all []taken
	doubts := m.doubts(e)
	for i, x := range doubts[:min(len(doubts), Count)] {
		by := w.weights[i] * (x - w.usual[i])
		if reasons[i] == "" || by < 0.05 {
			continue
		}
		reason := reasons[i]
		if i == Words {
			reason = m.wordReason(e)
		}
		if k := slices.IndexFunc(all, func(t taken) bool { return t.reason == reason }); k >= 0 {
			all[k].by += by
		} else {
			all = append(all, taken{reason, by})
		}
	}
	slices.SortStableFunc(all, func(a, b taken) int {
		switch {
		case a.by > b.by:
			return -1
		case a.by < b.by:
			return 1
		}
		return 0
	})
	var out []string
	for _, t := range all {
		if t.by >= all[0].by/5 {
			out = append(out, t.reason)
		}
	}
	return out
}

// round keeps what is written into files short and equal on all machines.
func round(v float64) float64 { return math.Round(v*1e4) / 1e4 }
