package pdf

import (
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// cmap is a ToUnicode map: what the codes of a font mean (Adobe Technical Note
// 5411). The library reads such maps for some encodings only, and stops at
// programs that it does not expect; all that matters of a map are its lists.
type cmap struct {
	chars  map[string]string
	ranges []cmapRange
}

// cmapRange maps the codes from lo to hi: to the characters of list, or on
// from first.
type cmapRange struct {
	lo, hi string
	first  string
	list   []string
}

// Bounds on a map. A font has at most 65,536 codes.
const (
	maxCMapBytes = 4 << 20
	maxCMap      = 1 << 16
)

// readCMap reads what it can of a map; what is damaged has no meaning.
func readCMap(r io.Reader) *cmap {
	b, _ := io.ReadAll(r) // the part before the damage is still good
	m := &cmap{chars: map[string]string{}}
	var operands []cmapToken
	t := cmapTokens{b: b}
	for {
		tok, ok := t.next()
		if !ok {
			return m
		}
		if tok.word == "" {
			if len(operands) < 3*maxCMap {
				operands = append(operands, tok)
			}
			continue
		}
		switch tok.word {
		case "endbfchar":
			for i := 0; i+1 < len(operands) && len(m.chars) < maxCMap; i += 2 {
				m.chars[operands[i].code] = fromUTF16(operands[i+1].code)
			}
		case "endbfrange":
			for i := 0; i+2 < len(operands) && len(m.ranges) < maxCMap; i += 3 {
				m.addRange(operands[i].code, operands[i+1].code, operands[i+2])
			}
		}
		operands = operands[:0]
	}
}

func (m *cmap) addRange(lo, hi string, to cmapToken) {
	if len(lo) == 0 || len(lo) > 4 || len(lo) != len(hi) {
		return
	}
	if lo == hi && to.list == nil {
		m.chars[lo] = fromUTF16(to.code)
		return
	}
	r := cmapRange{lo: lo, hi: hi, list: to.list}
	if to.list == nil {
		r.first = fromUTF16(to.code)
	}
	m.ranges = append(m.ranges, r)
}

// lookup gives the meaning of a code.
func (m *cmap) lookup(code string) (string, bool) {
	if s, ok := m.chars[code]; ok {
		return s, true
	}
	// A range is one for each byte of the code; but some producers count on
	// over the byte's end, and others write <02ff> <03ff> and mean 02ff alone.
	for _, fits := range []func(r *cmapRange, code string) bool{(*cmapRange).eachByte, (*cmapRange).between} {
		for i := range m.ranges {
			r := &m.ranges[i]
			if len(r.lo) != len(code) || !fits(r, code) {
				continue
			}
			s := r.at(int(number(code) - number(r.lo)))
			m.chars[code] = s // the next one of its kind is found at once
			return s, true
		}
	}
	return "", false
}

func (r *cmapRange) between(code string) bool { return r.lo <= code && code <= r.hi }

func (r *cmapRange) eachByte(code string) bool {
	for i := range len(code) {
		if code[i] < r.lo[i] || code[i] > r.hi[i] {
			return false
		}
	}
	return true
}

// at gives the meaning of the code that stands step after the first.
func (r *cmapRange) at(step int) string {
	if r.list != nil {
		if step < len(r.list) {
			return fromUTF16(r.list[step])
		}
		return ""
	}
	last, n := utf8.DecodeLastRuneInString(r.first)
	if n == 0 {
		return ""
	}
	return r.first[:len(r.first)-n] + string(last+rune(step))
}

func number(s string) (n uint32) {
	for i := range len(s) {
		n = n<<8 | uint32(s[i])
	}
	return n
}

func fromUTF16(s string) string {
	if len(s) == 1 { // some producers write one byte
		return string(rune(s[0]))
	}
	u := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		u = append(u, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return string(utf16.Decode(u))
}

// cmapToken is a hexadecimal string, a list of them, or a word of the program.
type cmapToken struct {
	code string
	list []string
	word string
}

// cmapTokens cuts a map into tokens, passing over all others.
type cmapTokens struct {
	b []byte
	i int
}

func (t *cmapTokens) next() (tok cmapToken, ok bool) {
	for t.i < len(t.b) {
		switch c := t.b[t.i]; {
		case c == '<' && t.i+1 < len(t.b) && t.b[t.i+1] == '<':
			t.i += 2
		case c == '<':
			return cmapToken{code: t.hex()}, true
		case c == '[':
			return cmapToken{list: t.array()}, true
		case c == '%':
			for t.i < len(t.b) && t.b[t.i] != '\n' && t.b[t.i] != '\r' {
				t.i++
			}
		case c == '(': // a name of the map; nesting does not occur there
			for t.i < len(t.b) && t.b[t.i] != ')' {
				t.i++
			}
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '/':
			start := t.i
			for t.i++; t.i < len(t.b) && letter(t.b[t.i]); t.i++ {
			}
			if c != '/' {
				return cmapToken{word: string(t.b[start:t.i])}, true
			}
		default:
			t.i++
		}
	}
	return cmapToken{}, false
}

func letter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '+' || c == '.'
}

// hex reads <0041>.
func (t *cmapTokens) hex() string {
	var out []byte
	half, n := byte(0), 0
	for t.i++; t.i < len(t.b); t.i++ {
		c := t.b[t.i]
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		case c == '>':
			t.i++
			if n%2 == 1 {
				out = append(out, half<<4)
			}
			return string(out)
		default:
			continue
		}
		if n++; n%2 == 0 {
			out = append(out, half<<4|c)
		}
		half = c
	}
	return string(out)
}

// array reads [<0041> <0042>].
func (t *cmapTokens) array() []string {
	out := []string{}
	for t.i++; t.i < len(t.b); {
		switch t.b[t.i] {
		case ']':
			t.i++
			return out
		case '<':
			if s := t.hex(); len(out) < maxCMap {
				out = append(out, s)
			}
		default:
			t.i++
		}
	}
	return out
}
