package normalize

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/schema"
)

//go:generate go run gen_legacy.go

// Encoding is how a font from before Unicode kept Vietnamese letters.
type Encoding uint8

const (
	Unicode     Encoding = iota
	TCVN3                // .VnTime and other fonts that begin with .Vn: "C¸c ®¬n vÞ"
	VNI                  // VNI-Times and other fonts that begin with VNI-: "Caùc ñôn vò"
	Windows1258          // read as Windows-1252: "Caìc ðõn viò"
)

var encodings = [...]struct {
	name  string
	table map[string]rune
}{Unicode: {name: "Unicode"}, TCVN3: {"TCVN3", tcvn3Table}, VNI: {"VNI", vniTable}, Windows1258: {"Windows-1258", windows1258Table}}

// String returns the name of the encoding.
func (e Encoding) String() string {
	if int(e) < len(encodings) {
		return encodings[e].name
	}
	return "unknown"
}

// Decode returns the text that was meant by s, whose characters are the bytes
// of encoding e read as Windows-1252. Characters that the encoding does not
// have stay as they are.
func Decode(s string, e Encoding) string {
	if e == Unicode || int(e) >= len(encodings) || isPlain(s) {
		return s
	}
	table := encodings[e].table
	var b strings.Builder
	b.Grow(len(s) + len(s)/4)
	for i := 0; i < len(s); {
		_, n := utf8.DecodeRuneInString(s[i:])
		if i+n < len(s) && s[i+n] >= utf8.RuneSelf {
			_, m := utf8.DecodeRuneInString(s[i+n:])
			if r, ok := table[s[i:i+n+m]]; ok {
				b.WriteRune(r)
				i += n + m
				continue
			}
		}
		if r, ok := table[s[i:i+n]]; ok {
			b.WriteRune(r)
		} else {
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return NFC(b.String())
}

// encodingOfFont tells the encoding from a font's name, which may carry the
// prefix of a subset ("ABCDEF+"). Capital fonts show small letters as capitals.
func encodingOfFont(name string) (e Encoding, capitals, known bool) {
	if i := strings.IndexByte(name, '+'); i == 6 {
		name = name[i+1:]
	}
	switch {
	case strings.HasPrefix(name, ".Vn") || strings.HasPrefix(name, "Vn") && len(name) > 2 && unicode.IsUpper(rune(name[2])):
		base, _, _ := strings.Cut(name, "-")
		base, _, _ = strings.Cut(base, ",")
		return TCVN3, strings.HasSuffix(base, "H"), true
	case strings.HasPrefix(name, "VNI-") || strings.HasPrefix(name, "VNI"):
		return VNI, false, true
	}
	return Unicode, false, false
}

// legacyEvidence counts the words beyond ASCII of a run of text, and how many
// of them each encoding makes words of the lexicon. One letter alone is no
// evidence: an engine without Vietnamese letters reads "é" for a dozen others,
// and what TCVN3 has in its place makes words of many of them.
type legacyEvidence struct {
	marked int
	valid  [len(encodings)]int
	letter [len(encodings)]rune // a letter beyond ASCII in the valid words
	others [len(encodings)]bool // whether they have more than that one
}

func (v *legacyEvidence) add(o legacyEvidence) {
	v.marked += o.marked
	for i := range v.valid {
		v.valid[i] += o.valid[i]
		v.others[i] = v.others[i] || o.others[i] || v.letter[i] != 0 && o.letter[i] != 0 && v.letter[i] != o.letter[i]
		v.letter[i] = cmp.Or(v.letter[i], o.letter[i])
	}
}

// best returns the encoding that explains the run, Unicode where none is
// clearly better than the text as it stands.
func (v *legacyEvidence) best(least int) Encoding {
	best := Unicode
	for e := range v.valid {
		if v.valid[e] > v.valid[best] {
			best = Encoding(e)
		}
	}
	if best == Unicode || !v.others[best] || v.valid[best] < least || 5*v.valid[best] < 4*v.marked || v.valid[best] < 2*v.valid[Unicode] {
		return Unicode
	}
	return best
}

func (r *Restorer) legacyEvidence(text string) (v legacyEvidence) {
	for chunk := range strings.FieldsSeq(text) {
		if isPlain(chunk) || len(chunk) > longestChunk {
			continue
		}
		if utf8.RuneCountInString(chunk) == 1 {
			continue // "¢" is Â in TCVN3, and half a dozen words to an engine
		}
		v.marked++
		for e := range encodings {
			if !r.isWord(Decode(chunk, Encoding(e))) {
				continue
			}
			v.valid[e]++
			for _, c := range chunk {
				if c < utf8.RuneSelf {
					continue
				}
				v.others[e] = v.others[e] || v.letter[e] != 0 && v.letter[e] != c
				v.letter[e] = c
			}
		}
	}
	return v
}

// isWord reports whether every word in a chunk is in the lexicon and at least
// one is written with marks.
func (r *Restorer) isWord(chunk string) bool {
	var buf [8]piece
	marked := false
	chunk = strings.ToLower(Tones(NFC(chunk)))
	for _, p := range cutPieces(buf[:0], chunk) {
		s := chunk[p.start:p.end]
		switch p.kind {
		case wordPiece:
			id, ok := r.model.ID(s)
			if !ok || r.lexicon.unigram[id] < leastUnigram {
				return false
			}
			marked = marked || !isPlain(s)
		case signPiece:
			if !isPlain(s) && signToken(s) == tokenSign {
				return false
			}
		}
	}
	return marked
}

// decodeLines converts legacy words of lines in place. Each line is judged by
// its fonts where it names them, by its words where they are enough, and by
// the lines together where it has few.
func (r *Restorer) decodeLines(lines []schema.Line) {
	var all legacyEvidence
	each := make([]legacyEvidence, len(lines))
	for i := range lines {
		for k := range lines[i].Words {
			w := &lines[i].Words[k]
			if isPlain(w.Text) {
				continue
			}
			if strings.IndexFunc(w.Text, distinctive) >= 0 {
				// Unicode beyond doubt, which spares looking closer.
				each[i].marked++
				each[i].valid[Unicode]++
			} else if _, _, known := encodingOfFont(w.Font); !known {
				each[i].add(r.legacyEvidence(w.Text))
			}
		}
		all.add(each[i])
	}
	common := all.best(4)
	for i := range lines {
		e := each[i].best(3)
		if e == Unicode && each[i].marked < 5 && each[i].valid[common] > each[i].valid[Unicode] {
			e = common
		}
		for k := range lines[i].Words {
			w := &lines[i].Words[k]
			of, capitals := e, false
			if f, c, known := encodingOfFont(w.Font); known {
				of, capitals = f, c
			}
			text := Decode(w.Text, of)
			if capitals {
				text = strings.ToUpper(text)
			}
			if text != w.Text {
				note(w, text, ReasonEncoding+" "+of.String())
			}
		}
	}
}
