package field

import (
	"strings"

	"github.com/sohoa/sohoa/normalize"
)

// Labels of statuses that damage took to where the first look does not find
// them: behind words of another cell, or with hardly a letter left.

// inText is how like a label capitals within a text must be.
const inText = 0.8

// labelWithin finds the label that a text in small letters holds further behind,
// where words of another cell came before it. Two labels that differ tell
// nothing.
func (r *StatusReader) labelWithin(text string) (StatusHit, bool) {
	var found StatusHit
	for _, h := range r.Labels(text) {
		if h.Score < inText || !mostlyUpper(text[h.From:h.To]) || capitalBeside(text, h) {
			continue
		}
		if found.Score > 0 && found.Status != h.Status {
			return StatusHit{}, false
		}
		if h.Score > found.Score {
			found = h
			found.Label = false // text of the cell stands before it
		}
	}
	return found, found.Score > 0
}

// capitalBeside reports whether a word of capitals stands before or behind a
// label: it is a part of a heading then.
func capitalBeside(text string, h StatusHit) bool {
	before, behind := strings.Fields(text[:h.From]), strings.Fields(text[h.To:])
	shouted := func(w string) bool {
		w = trimSigns(w)
		return len([]rune(w)) > 1 && strings.ToUpper(w) == w
	}
	return len(before) > 0 && shouted(before[len(before)-1]) || len(behind) > 0 && shouted(behind[0])
}

// How like a label what is left of it must be, and by how much more than like
// a label of another status. Measured on labels that an engine without Vietnamese
// letters read; headings and agencies in capitals lie below.
const (
	ruinedLike  = 0.54
	ruinedClear = 0.15
	ruinedLong  = 6 // letters of what may be a label
	unreadLong  = 8 // and of what is one that cannot be read: no abbreviation
	ruinedWords = 4
)

// ruinedLabel reads what stands where labels do, at the head in capitals, and is
// made of no words: ".FOAN Tmn" is what is left of "HOÀN THÀNH". The hit is
// unread where it is like no label, or like labels of two statuses.
func (r *StatusReader) ruinedLabel(t *Text, text string) (StatusHit, bool) {
	n, broken, size := 0, 0, 0
	for n < len(t.words) && n < ruinedWords {
		w := t.words[n]
		word := trimSigns(text[w.from:w.to])
		if !isUpper(firstRune(word)) || len([]rune(word)) > 2 && !mostlyUpper(word) && normalize.IsSyllable(strings.ToLower(word)) {
			break
		}
		if !normalize.IsSyllable(strings.ToLower(word)) {
			broken++
		}
		n, size = n+1, size+int(w.size)
	}
	if n == 0 || size < ruinedLong || 2*broken < n || !mostlyUpper(text[t.words[0].from:t.words[n-1].to]) {
		return StatusHit{}, false
	}
	head := StatusHit{From: t.words[0].from, To: t.words[n-1].to}
	best, second := 0.0, 0.0
	for _, w := range r.words {
		like := 0.0
		for _, p := range w.labels {
			for k := 1; k <= n; k++ {
				seen := string(t.runes[:t.words[k-1].end])
				like = max(like, normalize.Similarity(seen, p.fold))
			}
		}
		if like > best {
			best, second, head.Status = like, best, w.status
		} else if like > second {
			second = like
		}
	}
	if best < ruinedLike || best-second < ruinedClear {
		head.Status, head.Unread = "", true
		return head, size >= unreadLong
	}
	head.Label, head.Ruined, head.Score = true, true, best
	return head, true
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}
