package field

import (
	"slices"
	"strings"
	"unicode/utf8"

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
	// Ruined is true for a label with hardly a letter left; Unread for what stands
	// where a label does and can be read as none: Status is empty then.
	Ruined, Unread bool
}

// A StatusReader finds statuses in cells.
type StatusReader struct {
	words []statusPhrases
}

type statusPhrases struct {
	status  schema.Status
	labels  []Phrase
	phrases []Phrase
	vague   []bool // of the phrases
}

// Thresholds of similarity. Labels are printed in capitals; what looks like one
// in small letters must fit better, since labels are short.
const (
	minLabel      = 0.72
	minPlainLabel = 0.86 // for a label in small letters
	minPhrase     = 0.86
)

// NewStatusReader prepares the wordings.
func NewStatusReader(words []StatusWords) *StatusReader {
	r := &StatusReader{}
	for _, w := range words {
		x := statusPhrases{status: w.Status, labels: NewPhrases(w.Labels...), phrases: NewPhrases(w.Phrases...)}
		for _, p := range x.phrases {
			x.vague = append(x.vague, p.fold == begun)
		}
		r.words = append(r.words, x)
	}
	return r
}

// begun is the wording that cells of what is done and of what is under way begin
// with alike: it counts where nothing else is said.
const begun = "da trien khai"

// Label looks for a status label at the start of the text.
func (r *StatusReader) Label(text string) (StatusHit, bool) {
	return r.label(NewText(text), text, false)
}

// label is [StatusReader.Label]. Where the text is a cell that goes on in
// sentences, a label in small letters has the wording's words and stands apart.
func (r *StatusReader) label(t *Text, text string, cell bool) (StatusHit, bool) {
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
				if ok && cell && !mostlyUpper(text[h.From:h.To]) {
					ok = t.sameWords(text, h, &p) && standsApart(text, h.To)
				}
				if ok && h.Score > best.Score {
					best = StatusHit{From: h.From, To: h.To, Status: w.status, Label: true, Score: h.Score}
				}
			}
		}
	}
	return best, best.Score > 0
}

// standsApart reports whether what ends at a byte is all there is, or parted from
// what follows: by a mark, a line's end, or a capital that begins a sentence.
func standsApart(text string, end int) bool {
	if end > 0 && strings.ContainsAny(text[end-1:end], ".,:;") {
		return true
	}
	rest := strings.TrimLeft(text[end:], " ")
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || isUpper(r) || !isLetter(r) && !isDigit(r)
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
// by what its sentences say. Of these the last one about the whole counts; what
// is under way or planned behind what was done makes it under way. ok is false
// where nothing tells; the hit is then of a label that cannot be read, if any.
func (r *StatusReader) Read(text string) (hit StatusHit, ok bool) {
	t := NewText(text)
	if h, ok := r.label(t, text, true); ok {
		return h, true
	}
	if h, ok := r.labelWithin(text); ok {
		return h, true
	}
	ruin, ruined := r.ruinedLabel(t, text)
	if ruined && !ruin.Unread {
		return ruin, true
	}
	list := r.statements(t, text)
	if len(list) == 0 {
		return ruin, false
	}
	at, status := verdict(list)
	h := StatusHit{From: list[at].hit.From, To: list[at].hit.To, Status: status, Score: list[at].hit.Score}
	for _, s := range list {
		if s.status != status && !slices.Contains(h.Others, s.status) {
			h.Others = append(h.Others, s.status)
		}
	}
	// Cells that begin with a label say "đã triển khai" of what is done and of
	// what is under way.
	if ruined && list[at].weak {
		ruin.Others = append([]schema.Status{status}, h.Others...)
		return ruin, false
	}
	return h, true
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
