package extract

import (
	"math"
	"slices"
	"strings"
)

// The cells of a row speak of what its title names. Pairs of syllables, which most
// words are, tell it: those of titles that few other rows share.

// topicMost bounds what a line's words say of its row, in nats.
const topicMost = 5.0

// topics are the slots of the rows whose titles have a pair of syllables.
type topics struct {
	rows  int
	slots map[string][]int
}

// topics returns those of the titles that the catalogue knows.
func (l *layout) topics() topics {
	t := topics{slots: map[string][]int{}}
	for s, title := range l.wording {
		if title == "" {
			continue
		}
		t.rows++
		for _, p := range pairs(titleFields(title)) {
			if !slices.Contains(t.slots[p], s) {
				t.slots[p] = append(t.slots[p], s)
			}
		}
	}
	return t
}

// of returns what the words of a line say of the rows, by slot, in nats.
func (t topics) of(words []word) map[int]float64 {
	out := map[int]float64{}
	found := pairs(titleFields(newPassage(words).text))
	slices.Sort(found)
	for _, p := range slices.Compact(found) {
		slots := t.slots[p]
		for _, s := range slots {
			out[s] += math.Log(float64(t.rows) / float64(len(slots)))
		}
	}
	return out
}

// titleFields are the words of a text without their marks.
func titleFields(text string) []string {
	var out []string
	for _, w := range strings.Fields(text) {
		out = append(out, lettersDigits(w))
	}
	return out
}

// pairs are the pairs of words that stand side by side.
func pairs(words []string) []string {
	var out []string
	for k := 1; k < len(words); k++ {
		if words[k-1] != "" && words[k] != "" {
			out = append(out, words[k-1]+" "+words[k])
		}
	}
	return out
}
