package normalize

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/schema"
)

// Reasons of repairs.
const (
	ReasonForm     = "form"     // Unicode form or the place of the tone mark
	ReasonEncoding = "encoding" // another encoding, whose name follows: "encoding TCVN3"
	ReasonMarks    = "marks"    // the letters were right, the marks were not
	ReasonLetters  = "letters"  // letters were misread
	ReasonSplit    = "split"    // two words were glued together
	ReasonJoin     = "join"     // a word was split in two
	ReasonCase     = "case"     // small letters were read as capitals
	ReasonDigits   = "digits"   // letters or signs stood for digits
	ReasonSign     = "sign"     // punctuation was misread, or a speck was read
)

// Thresholds on the probability of a change.
const (
	lightSure  = 0.995  // text that is mostly right is changed from here on
	nameSure   = 0.9995 // the same for capitals without marks: names abroad are written so
	engineSure = 0.70   // the same for what an OCR engine read
	numberSure = 0.90   // a number of several digits is read as a word from here on
	unsure     = 0.60   // below, the word is marked
	rivalLow   = 0.02   // alternatives below are not worth mentioning

	// oddCapitalScore is what a word is worth at most whose capital nothing
	// explains: about half of those were written small.
	oddCapitalScore = 0.99
)

// Restoration is a line of text after repair.
type Restoration struct {
	Text  string        `json:"text"`
	Words []schema.Word `json:"words"`
}

// Restore repairs one line or paragraph of text. White space stays as it is,
// but for words that were glued or split.
func (r *Restorer) Restore(text string) Restoration { return r.RestoreLines([]string{text})[0] }

// RestoreLines repairs lines that follow one another, as one context. The
// result has as many lines; white space stays as it is, but for words that
// were glued or split. Text in a legacy encoding is converted first.
func (r *Restorer) RestoreLines(texts []string) []Restoration {
	lines := make([]schema.Line, len(texts))
	gaps := make([][]string, len(texts)) // before each word, and after the last one
	for i, t := range texts {
		lines[i], gaps[i] = cutLine(t)
	}
	r.decodeLines(lines)
	d := r.decoders.Get().(*decoder)
	defer r.decoders.Put(d)
	d.r = r
	out := make([]Restoration, len(texts))
	for i, words := range d.repair(lines, r.survey(lines, evidence{}), false, nil) {
		var b strings.Builder
		b.Grow(len(texts[i]) + len(texts[i])/8)
		next := 0 // the first input word that is not written yet
		for _, w := range words {
			if w.from >= next {
				b.WriteString(gaps[i][w.from])
			} else {
				b.WriteByte(' ') // the second half of a word that was split
			}
			b.WriteString(w.Text)
			out[i].Words = append(out[i].Words, w.Word)
			next = w.to
		}
		b.WriteString(gaps[i][len(gaps[i])-1])
		out[i].Text = b.String()
	}
	return out
}

// cutLine parts a text into words and the white space around them.
func cutLine(text string) (l schema.Line, gaps []string) {
	for {
		i := strings.IndexFunc(text, notSpace)
		if i < 0 {
			return l, append(gaps, text)
		}
		n := strings.IndexFunc(text[i:], isSpace)
		if n < 0 {
			n = len(text) - i
		}
		gaps = append(gaps, text[:i])
		w := text[i : i+n]
		l.Words = append(l.Words, schema.Word{Text: w, Raw: w, Confidence: 1})
		text = text[i+n:]
	}
}

func isSpace(r rune) bool {
	return r == ' ' || r >= '\t' && r <= '\r' || r == 0x85 || r == 0xA0 || r == 0x3000
}
func notSpace(r rune) bool { return !isSpace(r) }

// repaired is a word of the result, with the words it was made from.
type repaired struct {
	schema.Word
	from, to int // in the line
}

// repair decides the words of lines, which are one context: a paragraph or a
// cell. The result has the same lines.
func (d *decoder) repair(lines []schema.Line, modes []mode, engine bool, eyes Eyes) [][]repaired {
	d.engine = engine
	s := d.gather(lines, modes, engine, eyes)
	out := make([][]repaired, len(lines))
	if len(s.chunks) == 0 {
		return out
	}
	for i := range out {
		out[i] = make([]repaired, 0, len(lines[i].Words))
	}
	d.seconds, d.sights = s.seconds, s.sights
	choices := d.settle(d.decode(s.chunks, s.modes, s.doubts, s.breaks))
	d.seconds, d.sights = nil, nil
	for at := 0; at < len(choices); {
		// The choices of one chunk, or of two that are joined.
		first := d.units[choices[at].from].chunk
		end := at
		for !d.units[choices[end].to-1].last {
			end++
		}
		end++
		last := d.units[choices[end-1].to-1].chunk
		line := s.origins[first].line
		a, b := s.origins[first].word, s.origins[last].word+1
		out[line] = d.words(out[line], choices[at:end], lines[line].Words[a:b], a, s.chunks[first:last+1])
		at = end
	}
	return out
}

// stretch is the words of lines as [decoder.decode] takes them.
type stretch struct {
	chunks  []string
	modes   []mode
	doubts  []float32
	breaks  []bool // a line ends here
	origins []origin
	seconds []secondReading // by chunk; nil when no line was read twice
	sights  []Sight         // by chunk; nil when nobody looks
}

type origin struct{ line, word int }

// gather takes the words of lines, in the room of the stretch before.
func (d *decoder) gather(lines []schema.Line, modes []mode, engine bool, eyes Eyes) *stretch {
	s := &d.stretch
	*s = stretch{chunks: s.chunks[:0], modes: s.modes[:0], doubts: s.doubts[:0], breaks: s.breaks[:0], origins: s.origins[:0]}
	twice := engine && readTwice(lines)
	for i, l := range lines {
		m := modes[i]
		if engine && m == lightMode {
			m = scanMode
		}
		for k := range l.Words {
			text := l.Words[k].Text
			if !isPlain(text) {
				text = Tones(NFC(text))
			}
			if text == "" {
				continue
			}
			s.chunks = append(s.chunks, text)
			s.modes = append(s.modes, m)
			s.doubts = append(s.doubts, doubt(l.Words[k].Confidence, engine))
			s.breaks = append(s.breaks, k == len(l.Words)-1)
			s.origins = append(s.origins, origin{i, k})
			if twice {
				s.seconds = append(s.seconds, secondOf(&l.Words[k]))
			}
			if eyes != nil {
				s.sights = append(s.sights, eyes(l.Words, k))
			}
		}
	}
	return s
}

// settled is a choice after the decision whether to dare it.
type settled struct {
	choice
	doubtful bool
}

// settle takes back changes that are not certain enough for text that is
// mostly right, and marks what is doubtful.
func (d *decoder) settle(choices []choice) []settled {
	out := d.settled[:0]
	for _, c := range choices {
		s := settled{choice: c}
		sure := float32(lightSure)
		if d.engine && (c.to == c.from+1 || c.form == numberForm) {
			sure = engineSure
		}
		u := &d.units[c.from]
		if !d.engine && d.capital(int(c.from)) && isPlain(d.text(u)) {
			sure = nameSure
		}
		if u.mode == heavyMode && u.kind == numberPiece && c.to == c.from+1 && u.end-u.start > 1 {
			sure = numberSure
		} else if !u.mode.light() {
			sure = 0
		}
		if !c.keep && c.score < sure {
			// Undone; what would have been is the first alternative.
			for u := c.from; u < c.to; u++ {
				k := settled{choice: choice{hypothesis: hypothesis{from: u, to: u + 1, keep: true}, score: 1 - c.score}}
				if u == c.from && c.to == c.from+1 {
					k.rest = append(k.rest, rival{c.hypothesis, c.score})
					for _, o := range c.rest {
						if !o.hyp.keep {
							k.rest = append(k.rest, o)
						}
					}
				}
				k.doubtful = c.score > 1-unsure
				out = append(out, k)
			}
			continue
		}
		s.doubtful = c.score < unsure
		if !c.keep && d.oddCapital(&c.hypothesis) {
			s.score = min(s.score, oddCapitalScore)
		}
		out = append(out, s)
	}
	d.settled = out
	return out
}

// oddCapital reports whether a word would be written with a capital between
// words in small letters, which only a name is. Its letters may be certain; the
// model knows no capitals, so it does not tell whether this one is right.
func (d *decoder) oddCapital(h *hypothesis) bool {
	from, to := int(h.from), int(h.to)
	if !d.capital(from) || from == 0 || to == len(d.units) {
		return false
	}
	before, after := &d.units[from-1], &d.units[to]
	if before.kind != wordPiece || d.capital(from-1) || after.kind != wordPiece || d.capital(to) {
		return false
	}
	text, _ := d.write(h)
	return !isLower(text)
}

// write returns the text of a hypothesis; the second part is for a word that
// was split.
func (d *decoder) write(h *hypothesis) (text, second string) {
	u := &d.units[h.from]
	switch {
	case h.form == droppedForm:
		return "", ""
	case h.form == numberForm:
		return asNumber(d.chunks[u.chunk][u.start:d.units[h.to-1].end]), ""
	case h.form == codeForm:
		return strings.ToUpper(d.r.model.Word(h.parts[0]) + d.r.model.Word(h.parts[1])), ""
	case h.form == signForm:
		return d.r.model.Word(h.ids[0]), ""
	case h.keep:
		return d.text(u), ""
	}
	x := d.r.lexicon
	text = x.write(d.r.model.Word(h.ids[0]), h.ids[0], h.written[0])
	if h.n == 2 {
		second = x.write(d.r.model.Word(h.ids[1]), h.ids[1], h.written[1])
	}
	return text, second
}

// words appends the words of one chunk, or of two that were joined.
func (d *decoder) words(out []repaired, choices []settled, seen []schema.Word, at int, chunks []string) []repaired {
	n := len(seen)
	base := seen[0]
	for _, w := range seen[1:] {
		base.Raw += " " + w.Raw
		base.Box = base.Box.Union(w.Box)
		base.Confidence = min(base.Confidence, w.Confidence)
		base.Repairs = append(slices.Clip(base.Repairs), w.Repairs...)
	}
	changed := false
	for i := range choices {
		changed = changed || !choices[i].keep
	}
	whole := strings.Join(chunks, " ")
	if seenText := joinText(seen); seenText != whole {
		base.Repairs = append(slices.Clip(base.Repairs), schema.Repair{From: seenText, To: whole, Reason: ReasonForm, Score: 1})
	}
	if !changed {
		base.Text = whole
		d.alternatives(&base, choices)
		return append(out, repaired{base, at, at + n})
	}

	// One text a word, parted where a word was split.
	texts := []string{""}
	cuts := []int{} // bytes of the chunk
	for i := range choices {
		a, b := d.write(&choices[i].hypothesis)
		texts[len(texts)-1] += a
		if choices[i].n == 2 && !choices[i].keep {
			cuts = append(cuts, d.units[choices[i].from].start+int(choices[i].split))
			texts = append(texts, b)
		}
	}
	score, reason := float32(1), ""
	for i := range choices {
		c := &choices[i]
		if c.keep {
			continue
		}
		score = min(score, c.score)
		switch {
		case c.n == 2:
			reason = ReasonSplit
		case d.units[c.from].chunk != d.units[c.to-1].chunk:
			reason = ReasonJoin
		}
	}
	text := strings.Join(texts, " ")
	if reason == "" {
		reason = d.reason(whole, text, choices)
	}
	if text == whole {
		base.Text = whole
		d.alternatives(&base, choices)
		return append(out, repaired{base, at, at + n})
	}
	repair := schema.Repair{From: whole, To: text, Reason: reason, Score: round(score)}
	if len(texts) == 1 {
		base.Text = text
		base.Repairs = append(slices.Clip(base.Repairs), repair)
		d.alternatives(&base, choices)
		return append(out, repaired{base, at, at + n})
	}
	return d.parts(out, base, texts, cuts, repair, at, at+n)
}

// reason names what distinguishes a word from what was seen.
func (d *decoder) reason(seen, text string, choices []settled) string {
	for i := range choices {
		switch choices[i].form {
		case numberForm:
			return ReasonDigits
		case signForm, droppedForm:
			return ReasonSign
		}
	}
	switch {
	case strings.EqualFold(text, seen):
		return ReasonCase
	case Fold(text) == Fold(seen):
		return ReasonMarks
	}
	return ReasonLetters
}

// parts shares a word's box and raw text among the words it was split into, and appends
// them.
func (d *decoder) parts(out []repaired, base schema.Word, texts []string, cuts []int, repair schema.Repair, from, to int) []repaired {
	raw, box := base.Raw, base.Box
	size := len(raw)
	done := 0
	for i, t := range texts {
		w := base
		w.Text = t
		end := size
		if i < len(cuts) {
			// The raw text has the length of the chunk, or nearly so.
			end = min(cuts[i], size)
			for end < size && !utf8.RuneStart(raw[end]) {
				end++
			}
		}
		end = max(end, done)
		w.Raw = raw[done:end]
		if !box.Empty() && size > 0 {
			w.Box.X0 = box.X0 + box.Width()*done/size
			w.Box.X1 = box.X0 + box.Width()*end/size
		}
		w.Repairs = slices.Clip(base.Repairs)
		if i == 0 {
			w.Repairs = append(w.Repairs, repair)
		} else {
			w.Repairs = append(w.Repairs, schema.Repair{From: w.Raw, To: t, Reason: repair.Reason, Score: repair.Score})
		}
		w.Unsure = w.Unsure || repair.Score < unsure
		done = end
		out = append(out, repaired{w, from, to})
	}
	return out
}

func joinText(words []schema.Word) string {
	if len(words) == 1 {
		return words[0].Text
	}
	texts := make([]string, len(words))
	for i := range words {
		texts[i] = words[i].Text
	}
	return strings.Join(texts, " ")
}

// alternatives notes what else the word may be.
func (d *decoder) alternatives(w *schema.Word, choices []settled) {
	have := []string{w.Text}
	for i := range choices {
		if choices[i].doubtful {
			w.Unsure = true
		}
		for k := range choices[i].rest {
			rv := &choices[i].rest[k]
			if rv.score < rivalLow {
				continue
			}
			var b strings.Builder
			for j := range choices {
				h := &choices[j].hypothesis
				if j == i {
					h = &rv.hyp
				}
				first, second := d.write(h)
				b.WriteString(first)
				if second != "" {
					b.WriteByte(' ')
					b.WriteString(second)
				}
			}
			if t := b.String(); !slices.Contains(have, t) {
				have = append(have, t)
				w.Alternatives = append(w.Alternatives, schema.Alternative{Text: t, Score: round(rv.score)})
			}
		}
	}
	slices.SortStableFunc(w.Alternatives, func(a, b schema.Alternative) int { return cmp.Compare(b.Score, a.Score) })
	w.Alternatives = w.Alternatives[:min(len(w.Alternatives), 4)]
}

// round keeps scores short in JSON and equal on all machines.
func round(p float32) float64 { return float64(int(float64(p)*1000+0.5)) / 1000 }
