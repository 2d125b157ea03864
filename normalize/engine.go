package normalize

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize/lm"
)

// What an OCR engine that knows Vietnamese gets wrong beyond single letters:
// capitals that look like small letters ("hồ SƠ"), letters and signs for
// digits ("3!", "I7"), points for commas, and specks that it reads as signs.
// In typed text such readings are as likely to do harm, so they are weighed
// for pages only that were read from pictures.

// form says how the text of a hypothesis is made.
type form uint8

const (
	wordForm    form = iota // from the words of the model, or as it was seen
	numberForm              // letters that look like digits become digits
	signForm                // another punctuation mark
	droppedForm             // a speck: no text
	codeForm                // two abbreviations written as one: "BCĐTW"
)

// Costs in nats of what the light channel is not counted for.
const (
	capitalCost  = 4.6 // a small letter read as the capital of the same shape
	mixedCost    = 2.0 // capitals within a word that begins with a small letter
	digitCost    = 2.5 // a letter for the digit that it looks like
	unitCost     = 2.0 // the same when it may be a unit of measure
	pointBefore  = 3.5 // a full stop before a small letter, kept
	pointAsComma = 3.5 // a comma read as a full stop
	pointAsSpeck = 4.0
	commaAsSpeck = 5.5
	leadingSpeck = 1.0
	loneQuote    = 1.0 // a quotation mark that no other one closes
	nameTrust    = 1.5 // for keeping a name, which the model may not know
	doubtful     = 1.1 // a confidence this low speaks for specks
)

// doubts gives the cost that a confidence adds to keeping a word: the log odds
// of a word being wrong at that confidence, counted on recordings of Tesseract,
// over the odds that the light channel was counted at.
var doubts = [...]struct{ confidence, cost float64 }{
	{0.60, 3.3}, {0.80, 2.7}, {0.90, 2.0}, {0.93, 1.1}, {0.955, 0.5}, {0.965, -0.5}, {0.97, -0.7},
}

// doubt returns what an engine's confidence in a word, 0 to 1, says against
// keeping it.
func doubt(confidence float64, engine bool) float32 {
	if !engine {
		return 0
	}
	for i, d := range doubts {
		if confidence > d.confidence {
			continue
		}
		if i == 0 {
			return float32(d.cost)
		}
		low := doubts[i-1]
		share := (confidence - low.confidence) / (d.confidence - low.confidence)
		return float32(low.cost + share*(d.cost-low.cost))
	}
	return float32(doubts[len(doubts)-1].cost)
}

// proposeReadings appends keep, the hypothesis that unit i is right, and what
// an engine may have made it from besides other words.
func (d *decoder) proposeReadings(i, limit int, keep hypothesis, breaks []bool) {
	at := len(d.hyps)
	d.hyps = append(d.hyps, keep)
	switch d.units[i].kind {
	case wordPiece:
		d.proposeSmallLetters(i, at, breaks)
	case signPiece:
		d.proposeSigns(i, at, limit)
	}
	d.proposeNumber(i, limit)
}

// smallShapes are the capitals that small letters have the shape of.
const smallShapes = "COÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢSUÙÚỦŨỤƯỪỨỬỮỰVWXZ"

// proposeSmallLetters reads capitals within a sentence as small letters, where
// the word is no name and no name stands beside it.
func (d *decoder) proposeSmallLetters(i, keep int, breaks []bool) {
	u := &d.units[i]
	text := d.text(u)
	id := d.hyps[keep].ids[0]
	if isLower(text) || u.code || id <= lm.Unknown || !d.r.lexicon.sound[id] || !d.small(i-1) {
		return
	}
	writing := d.r.lexicon.writing[id]
	if writing.Upper+writing.Mixed > 0.3 {
		return
	}
	if i+1 < len(d.units) && d.units[i+1].kind == wordPiece && !isLower(d.text(&d.units[i+1])) {
		return
	}
	first, n := utf8.DecodeRuneInString(text)
	var rightAsSeen, misread float64
	switch {
	case !unicode.IsUpper(first):
		rightAsSeen, misread = 6, mixedCost
	case n == len(text):
		return // a lone letter: a list, a code
	case strings.ToUpper(text) == text:
		if strings.Trim(text, smallShapes) != "" {
			return
		}
		rightAsSeen, misread = 8, capitalCost
	default:
		if !strings.ContainsRune(smallShapes, first) || !isLower(text[n:]) || breaks[d.units[i-1].chunk] && d.units[i-1].last {
			return
		}
		// Away from other names a third of the capitals is left.
		rightAsSeen, misread = -math.Log(1e-4+0.3*float64(writing.Title)), capitalCost
	}
	h := d.hyps[keep]
	d.hyps[keep].cost += float32(rightAsSeen)
	h.keep, h.written[0], h.cost = false, lowerCase, h.cost+float32(misread)
	d.hyps = append(d.hyps, h)
}

// small reports whether unit i is a word in small letters.
func (d *decoder) small(i int) bool {
	return i >= 0 && d.units[i].kind == wordPiece && isLower(d.text(&d.units[i]))
}

// inName reports whether unit i seems to be part of a name, in a line that is
// not in capitals: it begins with a capital, and so does the word before it,
// or it stands first and so do two words after it.
func (d *decoder) inName(i int) bool {
	u := &d.units[i]
	if u.upper || !d.capital(i) {
		return false
	}
	if u.fresh {
		return d.capital(i+1) && d.capital(i+2)
	}
	return d.capital(i - 1)
}

// capital reports whether unit i is a word that is not in small letters.
func (d *decoder) capital(i int) bool {
	return i >= 0 && i < len(d.units) && d.units[i].kind == wordPiece && !isLower(d.text(&d.units[i]))
}

func isLower(s string) bool { return strings.IndexFunc(s, unicode.IsUpper) < 0 }

// digitsFor leads from letters and signs to the digits that they look like.
var digitsFor = map[rune]rune{
	'O': '0', 'o': '0', 'Q': '0', 'l': '1', 'I': '1', '!': '1', '|': '1', 'Š': '5', 'š': '5', 'S': '5', 's': '5', 'B': '8',
}

// asNumber returns the text with digits for what looks like digits, and the
// percent sign for what it is often taken for.
func asNumber(text string) string {
	if n := len(text) - len(brokenPercent); n > 0 && text[n:] == brokenPercent {
		return text[:n] + "%"
	}
	return strings.Map(func(r rune) rune {
		if d, ok := digitsFor[r]; ok {
			return d
		}
		return r
	}, text)
}

const brokenPercent = "9o"

// proposeNumber reads the pieces of a chunk from i on as one number, when at
// least one of them is one and the others look like digits.
func (d *decoder) proposeNumber(i, limit int) {
	u := &d.units[i]
	chunk := d.chunks[u.chunk]
	if i > 0 && d.units[i-1].chunk == u.chunk && d.units[i-1].kind != signPiece || codeLike(chunk, u.upper) {
		return
	}
	if strings.HasSuffix(chunk[u.start:], brokenPercent) && i+2 <= limit && u.kind == numberPiece && d.units[i+1].last && u.end-u.start > 1 {
		id, _ := d.r.model.ID(numberToken(chunk[u.start : u.end-1]))
		d.hyps = append(d.hyps, hypothesis{
			from: int32(i), to: int32(i + 2), n: 1, form: numberForm, ids: [2]uint16{id}, cost: digitCost,
		})
		return
	}
	numbers, to := 0, i
	var cost float32
	for ; to < limit && d.units[to].chunk == u.chunk; to++ {
		v := &d.units[to]
		text := d.text(v)
		if v.kind == numberPiece {
			numbers++
			continue
		}
		c, ok := digitLikes(chunk, v)
		if !ok {
			if v.kind == wordPiece {
				return
			}
			break
		}
		cost += c * float32(utf8.RuneCountInString(text))
	}
	if numbers == 0 || to-i < 2 || to-i > 4 || cost == 0 {
		return
	}
	id, ok := d.r.model.ID(numberToken(asNumber(chunk[u.start:d.units[to-1].end])))
	if !ok {
		return
	}
	d.hyps = append(d.hyps, hypothesis{
		from: int32(i), to: int32(to), n: 1, form: numberForm, ids: [2]uint16{id}, cost: cost,
	})
}

// digitLikes returns the cost, a letter, of a piece being digits.
func digitLikes(chunk string, p *unit) (cost float32, ok bool) {
	text := chunk[p.start:p.end]
	within := p.start > 0 && isDigit(rune(chunk[p.start-1])) && p.end < len(chunk) && isDigit(rune(chunk[p.end]))
	cost = digitCost
	for _, r := range text {
		if _, ok := digitsFor[r]; !ok {
			return 0, false
		}
		switch r {
		case 'S', 's', 'B':
			if !within {
				return 0, false
			}
		case 'o':
			if p.end == len(chunk) {
				return 0, false
			}
		case 'l':
			if p.end == len(chunk) {
				cost += unitCost
			}
		}
	}
	return cost, true
}

// proposeSigns reads a sign as another one, or as a speck.
func (d *decoder) proposeSigns(i, keep, limit int) {
	u := &d.units[i]
	text := d.text(u)
	chunk := d.chunks[u.chunk]
	drop := hypothesis{from: int32(i), to: int32(i + 1), form: droppedForm}
	if u.start == 0 && u.end < len(chunk) && i+1 < limit {
		if v := &d.units[i+1]; v.kind == wordPiece && (strings.Contains(".,:;'’‘`^~_|¡", text) || d.loneQuote(i)) && d.ordinary(v) {
			d.hyps[keep].cost += max(0, u.doubt)
			drop.cost = leadingSpeck
			d.hyps = append(d.hyps, drop)
		}
		return
	}
	if u.last && u.start > 0 && d.units[i-1].kind == wordPiece && (text == "'" || text == "’" || text == "‘" || d.loneQuote(i)) {
		d.hyps[keep].cost += max(0, u.doubt)
		drop.cost = loneQuote
		d.hyps = append(d.hyps, drop)
		return
	}
	if !u.last || u.start == 0 || i+1 >= limit || d.units[i-1].kind != wordPiece || d.units[i+1].kind != wordPiece {
		return
	}
	before, after := d.text(&d.units[i-1]), d.text(&d.units[i+1])
	if !isLower(after) || !isLower(before) || utf8.RuneCountInString(before) < 2 {
		return
	}
	d.hyps[keep].cost += max(0, u.doubt/2)
	switch text {
	case ".":
		d.hyps[keep].cost += pointBefore
		if id, ok := d.r.model.ID(","); ok {
			d.hyps = append(d.hyps, hypothesis{from: int32(i), to: int32(i + 1), n: 1, form: signForm, ids: [2]uint16{id}, cost: pointAsComma})
		}
		drop.cost = pointAsSpeck
		d.hyps = append(d.hyps, drop)
	case ",":
		// Lists leave commas out where the model expects none.
		if u.doubt > doubtful {
			drop.cost = commaAsSpeck
			d.hyps = append(d.hyps, drop)
		}
	}
}

// loneQuote reports whether unit i is the only quotation mark of its context.
func (d *decoder) loneQuote(i int) bool {
	quote := func(u *unit) bool { return u.kind == signPiece && strings.ContainsAny(d.text(u), "\"“”„«»") }
	if !quote(&d.units[i]) {
		return false
	}
	for k := range d.units {
		if k != i && quote(&d.units[k]) {
			return false
		}
	}
	return true
}

// ordinary reports whether the rest of a chunk is one word of more than a
// letter, with no sign but those that end it.
func (d *decoder) ordinary(u *unit) bool {
	rest := strings.TrimRight(d.chunks[u.chunk][u.start:], ".,:;)")
	return rest == d.text(u) && utf8.RuneCountInString(rest) > 1 && !mostlyUpper(rest)
}

// fixed reports whether a word is to stay whatever the model says: Roman
// numerals, and letters beside digits.
func (d *decoder) fixed(i int) bool {
	u := &d.units[i]
	if strings.Trim(d.text(u), "IVXL") == "" {
		return true
	}
	touches := func(j int) bool {
		return j >= 0 && j < len(d.units) && d.units[j].chunk == u.chunk && d.units[j].kind == numberPiece
	}
	return touches(i-1) || touches(i+1)
}
