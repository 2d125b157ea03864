package field

import (
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// StatusWords are the wordings that name a status.
type StatusWords struct {
	Status  schema.Status
	Labels  []string // stand alone at the start of a cell: "HOÀN THÀNH"
	Phrases []string // stand in a sentence: "đã bàn giao cho"
}

// A StatusHit says which status a text gives.
type StatusHit struct {
	From, To int
	Status   schema.Status
	Label    bool // a label rather than a sentence
	Score    float64
	// Others are statuses that the same text also speaks of.
	Others []schema.Status
}

// A StatusReader finds statuses in cells.
type StatusReader struct {
	words []statusPhrases
}

type statusPhrases struct {
	status  schema.Status
	labels  []Phrase
	phrases []Phrase
}

// Thresholds of similarity. Labels are printed in capitals; what looks like one
// in small letters must fit better, since labels are short.
const (
	minLabel      = 0.72
	minPlainLabel = 0.86 // for a label in small letters
	minPhrase     = 0.86
)

// NewStatusReader prepares the wordings. Earlier entries win over later ones
// when a text holds sentences of both: order them from the most telling
// ("transferred") to the vaguest ("in_progress").
func NewStatusReader(words []StatusWords) *StatusReader {
	r := &StatusReader{}
	for _, w := range words {
		r.words = append(r.words, statusPhrases{w.Status, NewPhrases(w.Labels...), NewPhrases(w.Phrases...)})
	}
	return r
}

// Label looks for a status label at the start of the text.
func (r *StatusReader) Label(text string) (StatusHit, bool) {
	t := NewText(text)
	var best StatusHit
	for _, w := range r.words {
		for _, p := range w.labels {
			// A speck or a rule may stand before the label.
			for skip := 0; skip <= 1 && skip < len(t.words); skip++ {
				if skip == 1 && t.words[0].size > 3 {
					break
				}
				h, ok := t.at(skip, &p, minLabel)
				if ok && h.Score < minPlainLabel && !mostlyUpper(text[h.From:h.To]) {
					ok = false
				}
				if ok && h.Score > best.Score {
					best = StatusHit{From: h.From, To: h.To, Status: w.status, Label: true, Score: h.Score}
				}
			}
		}
	}
	return best, best.Score > 0
}

// Labels finds status labels anywhere in the text. Capitals keep them apart from
// sentences, or their length does.
func (r *StatusReader) Labels(text string) []StatusHit {
	t := NewText(text)
	var out []StatusHit
	for _, w := range r.words {
		for _, p := range w.labels {
			for _, h := range t.FindAll(p, minLabel) {
				if mostlyUpper(text[h.From:h.To]) || p.words >= 4 && h.Score >= 0.78 {
					out = append(out, StatusHit{From: h.From, To: h.To, Status: w.status, Label: true, Score: h.Score})
				}
			}
		}
	}
	for i := 1; i < len(out); i++ {
		for j := i; j > 0 && out[j].From < out[j-1].From; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

// Read finds the status that a cell gives: by its label when it has one, else
// by what its sentences say.
func (r *StatusReader) Read(text string) (StatusHit, bool) {
	if h, ok := r.Label(text); ok {
		return h, true
	}
	t := NewText(text)
	var best StatusHit
	for _, w := range r.words {
		for _, p := range w.phrases {
			h, ok := t.Find(p, minPhrase)
			if !ok {
				continue
			}
			status := w.status
			if status == schema.Completed && !strings.ContainsAny(text[h.To-1:h.To], ".,;:") && partly(text[h.To:]) {
				status = schema.InProgress
			}
			if best.Score == 0 {
				best = StatusHit{From: h.From, To: h.To, Status: status, Score: h.Score}
			} else if status != best.Status {
				best.Others = append(best.Others, status)
			}
			break
		}
	}
	return best, best.Score > 0
}

// partly reports whether "đã hoàn thành" goes on with a share below the whole:
// "… khối lượng 62%".
func partly(rest string) bool {
	if i := strings.IndexAny(rest, ".;,"); i >= 0 && i < len(rest)-1 && (rest[i+1] == ' ' || rest[i] == ';') {
		rest = rest[:i]
	}
	// A volume of work is a part of it unless it is said to be the whole, even
	// where its figure is illegible: "khối lượng 6295".
	if t := NewText(rest); len(t.words) > 0 {
		if h, ok := t.FindPrefix(volumeOfWork, 0.85); ok {
			return !strings.Contains(rest[h.To:], "100")
		}
	}
	ps := Percents(rest)
	return len(ps) > 0 && ps[0].From < 48 && ps[0].Value < 100
}

var volumeOfWork = NewPhrase("khối lượng")

func mostlyUpper(s string) bool {
	upper, lower := 0, 0
	for _, r := range s {
		switch {
		case isUpper(r):
			upper++
		case isLetter(r):
			lower++
		}
	}
	return upper > lower
}
