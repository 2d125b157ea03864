package normalize

import (
	"unicode/utf8"

	"github.com/sohoa/sohoa/schema"
)

// Which channel a text went through shows in its letters: right Vietnamese has
// letters that are found in no other language in more than half of its
// syllables, an engine without them writes none.

// evidence counts syllables by what their letters say.
type evidence struct {
	syllables   float64 // words that could be Vietnamese
	distinctive float64 // of them, those with a letter that only Vietnamese has
	marked      float64 // words with any letter beyond ASCII
	broken      float64 // words with digits or signs inside
	unlike      float64 // words in small letters that are no syllables even with marks
}

func (e *evidence) add(o evidence, weight float64) {
	e.syllables += weight * o.syllables
	e.distinctive += weight * o.distinctive
	e.marked += weight * o.marked
	e.broken += weight * o.broken
	e.unlike += weight * o.unlike
}

func (r *Restorer) look(l *schema.Line) (e evidence) {
	var buf [8]piece
	for i := range l.Words {
		text := l.Words[i].Text
		letters, others := false, false
		for _, p := range cutPieces(buf[:0], text) {
			s := text[p.start:p.end]
			switch {
			case p.kind == wordPiece:
				letters = true
			case p.kind == numberPiece && len(s) == 1 || p.kind == signPiece && damageSign(s):
				others = true
			}
			if p.kind != wordPiece || utf8.RuneCountInString(s) < 2 {
				continue
			}
			marked, special := false, false
			for _, c := range s {
				if c >= utf8.RuneSelf {
					marked = true
					special = special || distinctive(c)
				}
			}
			if marked {
				e.marked++
			}
			if special {
				e.distinctive++
				e.syllables++
			} else if r.couldBeMarked(s) {
				e.syllables++
			} else if !marked && isLower(s) && len(r.lexicon.byFold[s]) == 0 {
				e.unlike++
			}
		}
		if letters && others {
			e.broken++
		}
	}
	return e
}

// couldBeMarked reports whether some word of the lexicon has the letters of s
// and marks.
func (r *Restorer) couldBeMarked(s string) bool {
	for _, id := range r.lexicon.byFold[Fold(s)] {
		if !isPlain(r.model.Word(id)) {
			return true
		}
	}
	return false
}

// allSound reports whether every word of the lines is one that right text has.
func (r *Restorer) allSound(lines []schema.Line) bool {
	var buf [8]piece
	for i := range lines {
		for k := range lines[i].Words {
			text := lines[i].Words[k].Text
			for _, p := range cutPieces(buf[:0], text) {
				if p.kind != wordPiece {
					continue
				}
				if id, ok := r.model.ID(toLower(text[p.start:p.end])); !ok || !r.lexicon.sound[id] {
					return false
				}
			}
		}
	}
	return true
}

// Weights of what stands around a line, in syllables.
const (
	wholeContext = 6.0
	wholePage    = 4.0
	fewSyllables = 2.0  // fewer say nothing when they are right: "ba" need not be "bà"
	bareBroken   = 0.04 // broken words up to here: only marks are missing
	heavyShare   = 0.16 // distinctive syllables below: damaged heavily
)

// scaled returns the evidence as if it were of at most n syllables.
func (e evidence) scaled(n float64) (out evidence) {
	if e.syllables > 0 {
		out.add(e, min(1, n/e.syllables))
	}
	return out
}

// heavy reports whether a page has letters with marks, but not those of
// Vietnamese: a few lines of it without any were damaged like the rest.
func (e evidence) heavy() bool {
	return e.marked > bareBroken*e.syllables && e.distinctive < heavyShare*e.syllables
}

// survey chooses the channel of each line. The lines around it count too, for
// a short line says little, and so does what is known of the page.
func (r *Restorer) survey(lines []schema.Line, page evidence) []mode {
	modes := make([]mode, len(lines))
	each := make([]evidence, len(lines))
	var all evidence
	for i := range lines {
		each[i] = r.look(&lines[i])
		all.add(each[i], 1)
	}
	for i := range modes {
		e := each[i]
		if i > 0 {
			e.add(each[i-1], 0.5)
		}
		if i+1 < len(each) {
			e.add(each[i+1], 0.5)
		}
		e.add(all.scaled(wholeContext), 1)
		e.add(page.scaled(wholePage), 1)
		switch {
		case e.syllables == 0 || all.syllables+page.syllables < fewSyllables && r.allSound(lines) || e.distinctive >= heavyShare*e.syllables:
			modes[i] = lightMode
		case all.syllables >= 9 && all.marked == 0 && all.broken+all.unlike <= bareBroken*all.syllables && !page.heavy():
			modes[i] = bareMode
		default:
			modes[i] = heavyMode
		}
	}
	return modes
}
