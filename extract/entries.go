package extract

import (
	"strings"

	"github.com/sohoa/sohoa/normalize"
)

// A catalogue tells how titles go on. Where the columns of a table ran together
// the lines of a title are found again by the entry that its first line begins
// like.

const (
	// minPrefix is how like the beginning of an entry a title's first line must
	// be, and minPrefixLetters how long it must be to tell entries apart.
	minPrefix        = 0.74
	minPrefixLetters = 10
	// minPart is how like a part of the entry a further line must be.
	minPart = 0.72
)

// findEntries notes for each row the entries that its title begins like.
func (l *layout) findEntries() {
	l.entries = make([][][]string, len(l.slots))
	if len(l.b.opt.Catalogue) == 0 || l.title < 0 {
		return
	}
	for r := range l.slots {
		if l.slots[r].anchor < 0 {
			continue
		}
		text := l.pieces[l.slots[r].anchor].passage
		if l.p.pattern != nil {
			if _, _, to, ok := l.p.pattern.in(text, 6); ok {
				text = text.slice(to, len(text.text)).trimmed()
			}
		}
		head := strings.Fields(normalize.Fold(text.text))
		if len(strings.Join(head, " ")) < minPrefixLetters {
			continue
		}
		for _, e := range l.b.opt.Catalogue {
			if e.Kind != "" && e.Kind != l.p.Kind {
				continue
			}
			words := strings.Fields(normalize.Fold(e.Title))
			if prefixLikeness(head, words) >= minPrefix {
				l.entries[r] = append(l.entries[r], words)
			}
		}
	}
}

// allEntries are the words of all entries that the table's rows may be.
func (l *layout) allEntries() [][]string {
	if l.catalogue == nil {
		l.catalogue = [][]string{}
		for _, e := range l.b.opt.Catalogue {
			if e.Kind == "" || e.Kind == l.p.Kind {
				l.catalogue = append(l.catalogue, strings.Fields(normalize.Fold(e.Title)))
			}
		}
	}
	return l.catalogue
}

// prefixLikeness compares words with the beginning of others.
func prefixLikeness(head, words []string) float64 {
	best, text := 0.0, strings.Join(head, " ")
	for n := max(1, len(head)-1); n <= len(head)+1 && n <= len(words); n++ {
		best = max(best, normalize.Similarity(text, strings.Join(words[:n], " ")))
	}
	return best
}

// inEntry reports whether piece i is a part of an entry that the title of row r
// begins like.
func (l *layout) inEntry(r, i int) bool {
	if len(l.entries[r]) == 0 {
		return false
	}
	key := [2]int32{int32(r), int32(i)}
	in, ok := l.parts[key]
	if !ok {
		part := strings.Fields(normalize.Fold(l.pieces[i].text))
		for _, words := range l.entries[r] {
			in = in || partOf(part, words)
		}
		l.parts[key] = in
	}
	return in
}

// partOf reports whether words are like some of an entry behind its first; both are
// folded.
func partOf(part, words []string) bool {
	text := []rune(strings.Join(part, " "))
	wording := normalize.NewWording(text)
	for from := 1; from < len(words); from++ {
		var entry []rune
		var ends []int // of as many words as the part has, one fewer, one more
		for n, w := range words[from:min(from+len(part)+1, len(words))] {
			if n > 0 {
				entry = append(entry, ' ')
			}
			entry = append(entry, []rune(w)...)
			if n+1 >= len(part)-1 {
				ends = append(ends, len(entry))
			}
		}
		var far [3]float64
		wording.PrefixDistances(entry, ends, (1-minPart)*float64(max(len(text), len(entry)))+1e-9, far[:])
		for k, end := range ends {
			if 1-far[k]/float64(max(len(text), end)) >= minPart {
				return true
			}
		}
	}
	return false
}
