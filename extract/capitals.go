package extract

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/sohoa/sohoa/schema"
)

// Some letters differ from their capitals by size alone, and engines, which
// scale lines to one height, confuse them. The boxes of the words around tell
// which it is, as long as nothing else in the word is as high as a capital.

// sameShape are the letters, without their marks, whose capitals look like them.
const sameShape = "cosvxz"

// printSize is how high letters of a text are, in pixels.
type printSize struct{ tall, small float64 }

// reach tells how far up and down a text without its first letter goes: as far as
// capitals, and below the base line.
func reach(text string) (tall, below bool) {
	for _, c := range norm.NFD.String(text) {
		switch {
		case c == dotBelow:
			below = true
		case c == horn: // hardly above small letters
		case isMark(c):
			tall = true
		case strings.ContainsRune("gpqyj,;", c):
			below = true
			tall = tall || c == 'j'
		case strings.ContainsRune("acemnorsuvwxz.-", c):
		case strings.ContainsRune("/()[]{}|Q", c):
			tall, below = true, true
		default:
			tall = true
		}
	}
	return tall, below
}

// sizeOfPrint measures the words of a text whose boxes end on the base line; ok is
// false where there are none, or where capitals are hardly higher than small
// letters.
func sizeOfPrint(words []word) (size printSize, ok bool) {
	var talls, smalls []int
	for _, w := range words {
		if !boxed(w) {
			continue
		}
		plain := norm.NFD.String(w.text)
		tall, below := reach(plain)
		switch {
		case below || strings.ContainsFunc(plain, isMark): // marks are higher than either
		case !tall && !strings.ContainsRune(sameShape, rune(plain[0])):
			smalls = append(smalls, w.src.Box.Height())
		case strings.ContainsFunc(plain, asHigh): // other capitals may be misread themselves
			talls = append(talls, w.src.Box.Height())
		}
	}
	switch {
	case len(talls)+len(smalls) == 0:
		return size, false
	case len(talls) == 0:
		size.small = middle(smalls)
		size.tall = size.small / smallShare
	case len(smalls) == 0:
		size.tall = middle(talls)
		size.small = size.tall * smallShare
	default:
		size = printSize{middle(talls), middle(smalls)}
	}
	return size, size.tall-size.small >= leastStep
}

// smallShare is the height of small letters as a share of that of capitals, for
// texts that lack either.
const smallShare = 0.68

// leastStep is the difference in pixels between capitals and small letters
// below which nothing is told by it.
const leastStep = 4

// capitalHeight tells how high the first letter of word i is: 0 as small letters
// are, 1 as capitals are. ok is false where a capital looks no different, the word
// has something as high anyway, or nothing around tells where its line stands.
// A line alone does not tell: engines scale lines to one height, and take one
// that lacks high letters for one of capitals.
func capitalHeight(words []word, i int, size printSize) (high float64, ok bool) {
	if !boxed(words[i]) {
		return 0, false
	}
	letters := []rune(norm.NFD.String(words[i].text))
	if !strings.ContainsRune(sameShape, unicode.ToLower(letters[0])) {
		return 0, false
	}
	if tall, _ := reach(string(letters[1:])); tall {
		return 0, false
	}
	base, ok := baseLine(words, i)
	return (base - float64(words[i].src.Box.Y0) - size.small) / (size.tall - size.small), ok
}

// neighbours is how many words on either side tell where a line stands.
const neighbours = 4

// baseLine returns the base line below word i.
func baseLine(words []word, i int) (base float64, ok bool) {
	var ends []int
	box := words[i].src.Box
	for k := max(0, i-neighbours); k < min(len(words), i+neighbours+1); k++ {
		w := words[k]
		if !boxed(w) || w.page != words[i].page || !sameLine(w.src.Box, box) {
			continue
		}
		if _, below := reach(norm.NFD.String(w.text)); !below {
			ends = append(ends, w.src.Box.Y1)
		}
	}
	if len(ends) == 0 {
		return 0, false
	}
	return middle(ends), true
}

// boxed reports whether a word is there as it was read.
func boxed(w word) bool {
	return w.src != nil && !w.src.Box.Empty() && w.src.Text == w.text && w.text != ""
}

// isMark reports whether a character is a mark above a letter.
func isMark(c rune) bool { return unicode.Is(unicode.Mn, c) && c != dotBelow && c != horn }

const dotBelow, horn = '\u0323', '\u031B'

// asHigh reports whether a character is as high as capitals, and no misread small
// letter.
func asHigh(c rune) bool {
	return unicode.IsUpper(c) && !strings.ContainsRune(sameShape, unicode.ToLower(c)) || unicode.IsDigit(c) || strings.ContainsRune("bdđfhikl", c)
}

// sameLine reports whether two boxes overlap by more than half of the lower one.
func sameLine(a, b schema.Box) bool {
	return 2*(min(a.Y1, b.Y1)-max(a.Y0, b.Y0)) > min(a.Height(), b.Height())
}

func middle(list []int) float64 {
	slices.Sort(list)
	return float64(list[len(list)/2])
}
