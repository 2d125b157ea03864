package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The language model sees text as tokens: syllables in lower case, classes of
// numbers, and punctuation. A chunk of text between white space usually holds
// several of them: "327/QĐ-UBND," is a number, a slash, a code, a hyphen, a
// code and a comma.

// pieceKind tells what a piece of a chunk is made of.
type pieceKind uint8

const (
	wordPiece pieceKind = iota // letters
	numberPiece
	signPiece
	urlPiece
)

// piece is the part of a chunk that makes one token of the model.
type piece struct {
	kind       pieceKind
	start, end int // bytes in the chunk
}

// Tokens of the model that stand for classes.
const (
	tokenURL  = "<url>"
	tokenDate = "<date>"
	tokenYear = "<year>"
	tokenSign = "<sign>"
)

var digitTokens = [...]string{"<d0>", "<d1>", "<d2>", "<d3>", "<d4>", "<d5>"}

// longestChunk bounds the chunks that are looked into, in bytes; what has no
// space for longer is no text.
const longestChunk = 300

// cutPieces appends the pieces of a chunk, which has no white space.
func cutPieces(pieces []piece, chunk string) []piece {
	if looksLikeURL(chunk) || len(chunk) > longestChunk {
		return append(pieces, piece{urlPiece, 0, len(chunk)})
	}
	for i := 0; i < len(chunk); {
		r, n := utf8.DecodeRuneInString(chunk[i:])
		start := i
		i += n
		switch {
		case isDigit(r):
			i = endOfNumber(chunk, i)
			pieces = append(pieces, piece{numberPiece, start, i})
		case isLetter(r):
			for i < len(chunk) {
				r, n := utf8.DecodeRuneInString(chunk[i:])
				if !isLetter(r) {
					break
				}
				i += n
			}
			pieces = append(pieces, piece{wordPiece, start, i})
		default:
			pieces = append(pieces, piece{signPiece, start, i})
		}
	}
	return pieces
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r|0x20 && r|0x20 <= 'z'
	}
	if f := factsOf(r); f&factKnown != 0 {
		return f&factLetter != 0
	}
	return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r)
}

// endOfNumber returns where the number ends whose first digit is before i:
// points, commas, slashes, hyphens and colons belong to it when digits follow.
func endOfNumber(chunk string, i int) int {
	for i < len(chunk) {
		c := chunk[i]
		switch {
		case '0' <= c && c <= '9':
			i++
		case strings.IndexByte(".,/-:", c) >= 0 && digitsAt(chunk, i+1):
			i += 2
		default:
			return i
		}
	}
	return i
}

// digitsAt reports whether digits begin at i that no letter follows: the 0 of
// "505/0D-UBND" is a letter.
func digitsAt(chunk string, i int) bool {
	from := i
	for i < len(chunk) && '0' <= chunk[i] && chunk[i] <= '9' {
		i++
	}
	if i == from {
		return false
	}
	r, _ := utf8.DecodeRuneInString(chunk[i:])
	return i == len(chunk) || !isLetter(r)
}

func looksLikeURL(chunk string) bool {
	if len(chunk) < 6 {
		return false
	}
	if strings.Contains(chunk, "://") || strings.HasPrefix(chunk, "www.") || strings.HasPrefix(chunk, "http") {
		return true
	}
	at := strings.IndexByte(chunk, '@')
	dot := strings.LastIndex(chunk, ".vn")
	if dot < 0 {
		dot = strings.LastIndex(chunk, ".com")
	}
	return dot > 0 && (at > 0 || isPlain(chunk)) && strings.Count(chunk[:dot+1], ".") >= 1 && isPlain(chunk[:dot])
}

// tokenOf returns the token that stands for a piece in the model. Words come
// back as they are and have to be put in lower case.
func tokenOf(chunk string, p piece) string {
	s := chunk[p.start:p.end]
	switch p.kind {
	case urlPiece:
		return tokenURL
	case numberPiece:
		return numberToken(s)
	case signPiece:
		return signToken(s)
	}
	return s
}

// numberToken classes numbers by how long they are, since days, years and
// sums stand in different places.
func numberToken(s string) string {
	digits, slashes := 0, 0
	for i := range len(s) {
		switch {
		case '0' <= s[i] && s[i] <= '9':
			digits++
		case s[i] == '/' || s[i] == '-':
			slashes++
		}
	}
	switch {
	case slashes > 0:
		return tokenDate
	case len(s) == 4 && digits == 4 && (s[:2] == "19" || s[:2] == "20"):
		return tokenYear
	}
	return digitTokens[min(digits, len(digitTokens)-1)]
}

func signToken(s string) string {
	switch s {
	case ",", ".", ":", ";", "?", "!", "(", ")", "/", "%", "-", "&", "+":
		return s
	case "–", "—", "−", "‐", "‑":
		return "-"
	case "“", "”", "\"", "«", "»", "„", "‟", "″":
		return "\""
	case "…":
		return "."
	case "[", "{":
		return "("
	case "]", "}":
		return ")"
	}
	return tokenSign
}
