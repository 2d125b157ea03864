package extract

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Damage takes labels of statuses, or a part of them: "Dé nghiem thu", "Pang lap",
// "c'ia t,rlen lfhal". Alone such words tell little. In a column whose other cells
// say a status, the question is which of the profile's wordings was seen so, or
// whether the cell says none: the noisy channel weighs them, with what the other
// rows say as the prior. What it finds is likely, not read, so a person looks at it.

const (
	toldRows   = 3    // rows of a table that say a status, at the least
	labelWords = 6    // words that a label may have been seen as
	cutLabel   = 3.0  // nats for the rest of a label having gone elsewhere
	elsewhere  = 2.0  // nats for a label that stands in the column of results beside that of statuses
	likelyBy   = 1.0  // nats by which a status must be likelier than ordinary text
	apartBy    = 2.0  // nats by which it must be likelier than another status
	byChance   = 3.0  // nats a rune at which any wording explains ruins of its length
	certain    = 0.96 // of repairs that leave no room for other words
	leastSaid  = 3    // letters of a label that are left: many begin with "đã"
	longPhrase = 8    // letters of a wording that may stand anywhere in a cell
)

// A likelyLabel is a wording of a status that a cell may say.
type likelyLabel struct {
	status schema.Status
	words  []string
	seen   int // rows that say it in these words
}

// likelyStatuses gives the records of a lost table whose status no wording tells
// the likeliest one.
func (b *builder) likelyStatuses(p *Profile, rows []*row, records []schema.Record) {
	if b.opt.Restorer == nil || len(p.Statuses) == 0 || rows[0].table != nil {
		return
	}
	var open []int
	for i := range records {
		if s := records[i].Fields["status"].One; s == nil || s.Value == nil {
			open = append(open, i)
		}
	}
	told := len(rows) - len(open)
	if len(open) == 0 || told < toldRows {
		return
	}
	w := &statusWeigher{r: b.opt.Restorer.ForCells(), labels: labelsOf(p)}
	w.column = p.column(func(c *Column) bool { return c.Type == TypeStatus })
	w.results = p.column(func(c *Column) bool { return c.Status })
	w.count(p, rows, records)
	for _, i := range open {
		found := w.byLabel(rows, rows[i])
		if n := withText(rows, w.results); n > 0 && found.status == "" && 2*told >= n {
			found = w.within(p, rows[i].cells[w.results], min(1, float64(told)/float64(n)))
			found.column = w.results
		}
		if found.status != "" {
			b.setLikely(rows[i], &records[i], found)
		}
	}
}

// withText counts the rows with a text in a column.
func withText(rows []*row, c int) (n int) {
	for _, r := range rows {
		if c >= 0 && len(r.cells[c].words) > 0 {
			n++
		}
	}
	return n
}

// labelsOf lists the labels of a profile.
func labelsOf(p *Profile) (out []likelyLabel) {
	for _, s := range p.Statuses {
		for _, l := range append(s.Labels[:len(s.Labels):len(s.Labels)], s.Also...) {
			out = append(out, likelyLabel{status: s.Status, words: strings.Fields(l)})
		}
	}
	return out
}

// A likelyStatus is a status that a cell says in some of its words.
type likelyStatus struct {
	status, second schema.Status
	from, to       int // words of the cell
	gain           float64
	column         int
}

// A statusWeigher weighs labels against ordinary text.
type statusWeigher struct {
	r               *normalize.Restorer
	column, results int         // of statuses and of what may say one; -1 for none
	at              map[int]int // rows whose cell in a column begins with a label
	labels          []likelyLabel
	said            int // labels that rows say
}

// count notes which labels the rows say, and in which columns.
func (w *statusWeigher) count(p *Profile, rows []*row, records []schema.Record) {
	w.at = map[int]int{}
	for i, r := range rows {
		s := records[i].Fields["status"].One
		if s == nil || s.Value == nil {
			continue
		}
		for _, c := range []int{w.column, w.results} {
			if c < 0 {
				continue
			}
			hit, ok := p.labels.Read(r.cells[c].text)
			if !ok || !hit.Label {
				continue
			}
			w.at[c]++
			read, best, like := r.cells[c].text[hit.From:hit.To], -1, 0.0
			for k, l := range w.labels {
				if v := normalize.Similarity(read, strings.Join(l.words, " ")); l.status == hit.Status && v > like {
					best, like = k, v
				}
			}
			if best >= 0 {
				w.labels[best].seen++
				w.said++
			}
			break
		}
	}
}

// byLabel weighs the labels at the heads of the cells of a row where those of other
// rows begin with one. Lines of narrow columns stray into the results.
func (w *statusWeigher) byLabel(rows []*row, r *row) (found likelyStatus) {
	for _, c := range []int{w.column, w.results} {
		if c < 0 || len(r.cells[c].words) == 0 {
			continue
		}
		odds := math.Log((float64(w.at[c]) + 0.5) / (float64(withText(rows, c)-w.at[c]) + 0.5))
		if w.at[c] < toldRows {
			if c != w.results || w.at[w.column] < toldRows {
				continue
			}
			odds = -elsewhere
		}
		if f := w.atHead(r.cells[c], odds); f.gain > found.gain {
			found = f
			found.column = c
		}
	}
	return found
}

// chanceOf is the cost of words, in nats, at which any wording of their length explains
// them somewhat.
func chanceOf(seen []string) float64 {
	return byChance * float64(utf8.RuneCountInString(strings.Join(seen, " ")))
}

// seenAs lists words as they were read.
func seenAs(p passage, from, to int) []string {
	var out []string
	for _, w := range p.words[from:to] {
		out = append(out, strings.Fields(w.decoded())...)
	}
	return out
}

// atHead weighs the labels at the head of a cell; odds are the log of those of a label
// standing there.
func (w *statusWeigher) atHead(p passage, odds float64) likelyStatus {
	var best statusGains
	for from := 0; from < min(2, len(p.words)); from++ {
		if from == 1 && letters(p.words[0].raw) > 2 {
			break
		}
		for to := from + 1; to <= min(from+labelWords, len(p.words)); to++ {
			seen := seenAs(p, from, to)
			text, runes := min(w.r.TextCost(seen), chanceOf(seen)), utf8.RuneCountInString(strings.Join(seen, " "))
			for _, l := range w.labels {
				prior := math.Log((float64(l.seen)+1/float64(len(w.labels)))/float64(w.said+1)) + odds
				for n := len(l.words); n > 0; n-- {
					gain := text + prior
					if n < len(l.words) {
						gain -= cutLabel
					}
					said := strings.Join(l.words[:n], " ")
					if gain < best.least() || letters(said) < leastSaid || !alikeLong(runes, utf8.RuneCountInString(said)) {
						continue
					}
					best.add(l.status, from, to, gain-w.r.WordingCost(seen, said))
				}
			}
		}
	}
	return best.decide()
}

// alikeLong reports whether a wording may have been seen as so many runes at all: a
// letter gives three at most, and few are lost.
func alikeLong(seen, wording int) bool { return seen <= wording+wording/2+3 && wording <= seen+seen/2 }

// within weighs the phrases that may stand anywhere in a cell of results, word by word,
// where repair leaves room for others; said is the share of the rows with results that
// say a status. Any wording explains ruins somewhat, so it must explain them better than
// a wording does by chance.
func (w *statusWeigher) within(p *Profile, cell passage, said float64) likelyStatus {
	type place struct {
		phrase []string
		from   int
		status schema.Status
		usual  float64
	}
	var places []place
	windows, all := map[[2]int]bool{}, 0.0
	for _, s := range p.Statuses {
		for _, phrase := range s.Phrases {
			words := strings.Fields(phrase)
			f := w.r.Fluency(phrase)
			usual := math.Exp(-f.Mean * float64(len(words)))
			all += usual
			for from := 0; from+len(words) <= len(cell.words); from++ {
				if letters(phrase) >= longPhrase && w.doubted(cell.words[from:from+len(words)]) {
					places = append(places, place{words, from, s.Status, usual})
					windows[[2]int{from, len(words)}] = true
				}
			}
		}
	}
	var best statusGains
	for _, o := range places {
		to := o.from + len(o.phrase)
		seen := seenAs(cell, o.from, to)
		if len(seen) != len(o.phrase) {
			continue
		}
		gain := chanceOf(seen) + math.Log(said*o.usual/all/float64(len(windows)))
		for i, word := range o.phrase {
			if gain -= w.r.WordingCost(seen[i:i+1], word); gain < best.least() {
				break
			}
		}
		if gain >= best.least() {
			best.add(o.status, o.from, to, gain)
		}
	}
	return best.decide()
}

// doubted reports whether repair leaves room for other words in place of each of these.
func (w *statusWeigher) doubted(words []word) bool {
	for _, o := range words {
		sure := o.src != nil && !o.src.Unsure && w.r.Sound(o.text)
		for _, r := range o.repairs() {
			sure = sure && r.Score > certain
		}
		if sure {
			return false
		}
	}
	return true
}

// statusGains are the best gains over ordinary text, by status.
type statusGains struct {
	list []likelyStatus
}

// least is the gain below which nothing changes the decision.
func (g *statusGains) least() float64 {
	most := likelyBy
	for _, o := range g.list {
		most = max(most, o.gain)
	}
	return most - apartBy - 1
}

func (g *statusGains) add(status schema.Status, from, to int, gain float64) {
	for i := range g.list {
		if o := &g.list[i]; o.status == status {
			if gain > o.gain {
				o.from, o.to, o.gain = from, to, gain
			}
			return
		}
	}
	g.list = append(g.list, likelyStatus{status: status, from: from, to: to, gain: gain})
}

// decide returns the status that is likely enough; its status is "" where none is.
func (g *statusGains) decide() likelyStatus {
	var best, second likelyStatus
	for _, o := range g.list {
		if best.status == "" || o.gain > best.gain {
			best, second = o, best
		} else if second.status == "" || o.gain > second.gain {
			second = o
		}
	}
	if best.gain < likelyBy || second.status != "" && best.gain-second.gain < apartBy {
		return likelyStatus{}
	}
	best.second = second.status
	return best
}

// setLikely gives a record a status that is likely; a person has to look at it.
func (b *builder) setLikely(r *row, rec *schema.Record, found likelyStatus) {
	cell := r.cells[found.column]
	f := b.makeField(string(found.status), newPassage(cell.words[found.from:found.to]), func(e *Evidence) {
		e.Position, e.Format = r.place(found.column), unfit
		e.mended()
	})
	if found.second != "" {
		f.Alternatives = append(f.Alternatives, schema.Alternative{Text: string(found.second), Score: round3(f.Confidence / 2)})
	}
	rec.Fields["status"] = schema.One(f)
}
