package field

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// A cell without a label says in sentences how far a thing has come, and often
// several: what was done at first, what is under way now, what is to come.
// Each such statement is weighed by what it is about, the whole or a part, and by
// what governs it ("khi triển khai", "sẽ hoàn thành"); then the last one of the
// whole counts.

// A statement is a wording of a status in a sentence.
type statement struct {
	hit    Hit
	status schema.Status
	words  int  // of the wording
	weak   bool // says that something was begun, not how far it came
	step   bool // completes a step of the work, or a share of it
	more   bool // is about spreading to other places what there is
}

// A mood is what a word before a statement makes of it.
type mood uint8

const (
	asSaid    mood = iota
	denied         // "chưa hoàn thành"
	planned        // "sẽ hoàn thành"
	nothing        // "để đưa vào sử dụng": does not say that it is so
	condition      // "khi triển khai": is about another time
	partial        // "một số xã chưa triển khai"
)

// governors are words and pairs of words that change what stands behind them in
// the same clause. They are told from other syllables of their letters by their
// marks: "để" is none of "đề án".
var governors = map[string]mood{
	"chưa": denied, "chậm": denied, "không": denied,
	"sẽ": planned, "dự kiến": planned, "phấn đấu": planned, "chuẩn bị": planned, "tiến tới": planned, "kế hoạch": planned, "mục tiêu": planned, "sớm": planned, "lộ trình": planned,
	"khi": condition, "nếu": condition, "trước khi": condition, "để": nothing, "nhằm": nothing, "cần": nothing, "phải": nothing, "yêu cầu": nothing, "đề nghị": nothing, "giao": nothing, "đề xuất": nothing,
	"một số": partial, "các": partial, "những": partial, "nhiều": partial, "còn": partial, "còn lại": partial, "vài": partial, "phần lớn": partial,
}

// spreading are wordings of bringing to more places what is done at one.
var spreading = NewPhrases("nhân rộng", "mở rộng", "nâng cấp", "duy trì")

// wholes are what "đã hoàn thành" may be followed by where the whole is meant,
// beside the end of the clause.
var wholes = NewPhrases("mô hình", "việc triển khai", "triển khai", "toàn bộ", "nhiệm vụ", "mục tiêu", "chỉ tiêu", "và đưa vào", "đưa vào", "việc đưa vào", "dự án", "kế hoạch", "trong năm", "từ năm", "từ tháng", "vào", "ngày", "tháng", "năm", "trước", "đúng", "theo", "100", "nội dung", "công việc", "vượt")

// statements finds what the sentences of a text say, in order. Of wordings that
// overlap the one with more words stays.
func (r *StatusReader) statements(t *Text, text string) []statement {
	var all []statement
	for _, w := range r.words {
		for k, p := range w.phrases {
			for _, h := range t.FindAll(p, minPhrase) {
				if t.sameWords(text, h, &p) {
					all = append(all, statement{hit: h, status: w.status, words: p.words, weak: w.vague[k]})
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b statement) int {
		return cmp.Or(-cmp.Compare(a.words, b.words), -cmp.Compare(a.hit.Score, b.hit.Score))
	})
	var out []statement
	for _, s := range all {
		if !slices.ContainsFunc(out, func(o statement) bool { return s.hit.From < o.hit.To && o.hit.From < s.hit.To }) {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b statement) int { return cmp.Compare(a.hit.From, b.hit.From) })
	kept := out[:0]
	for _, s := range out {
		if s.settle(t, text) {
			kept = append(kept, s)
		}
	}
	return kept
}

// sameWords reports whether what was found has the wording's words. A letter that
// was misread seldom makes another syllable of one, so a syllable that differs in
// more than letters that are read alike is another word: "khi triển khai" is not
// "chưa triển khai", nor "thống đang" "không đăng". Without marks it may be
// damaged all the same.
func (t *Text) sameWords(text string, h Hit, p *Phrase) bool {
	const alike, unmarked = 0.5, 0.4 // letters; share of the letters
	var seen []int
	for i, w := range t.words {
		if w.from >= h.From && w.to <= h.To {
			seen = append(seen, i)
		}
	}
	want := strings.Fields(p.fold)
	if len(seen) != len(want) {
		return h.Score >= 0.93 // glued or torn
	}
	for i, at := range seen {
		w, fold := t.words[at], t.fold(at)
		read := strings.ToLower(trimSigns(text[w.from:w.to]))
		if fold != want[i] && strings.Trim(want[i], "0123456789ivx") == "" {
			return false // a number is none that is like it
		}
		if fold == want[i] || !normalize.IsSyllable(read) {
			continue
		}
		limit := 0.0
		if len(want[i]) > 3 {
			limit = alike
		}
		if read == fold {
			limit = max(limit, unmarked*float64(len(want[i])))
		}
		if _, ok := normalize.DistanceWithin(fold, want[i], limit); !ok {
			return false
		}
	}
	return true
}

func trimSigns(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) })
}

// settle weighs a statement by its clause. It returns false for what says nothing.
func (s *statement) settle(t *Text, text string) bool {
	clause := clauseBehind(text, s.hit.To)
	if NewText(text[s.hit.From:s.hit.To]+" "+clause).Holds(spreading, 0.9) {
		s.more = true
	}
	switch m := moodAt(t, text, s.hit); m {
	case nothing, condition:
		// What is done "để trình phê duyệt" is under way.
		if m == condition || s.status != schema.InProgress {
			return false
		}
	case denied, planned:
		switch {
		case s.status != schema.Completed:
		case m == planned:
			s.status = schema.NotStarted
		default:
			s.status = schema.InProgress
		}
	case partial:
		switch s.status {
		case schema.Completed:
			s.step = true
		case schema.NotRegistered:
			return false
		default:
			s.status = schema.InProgress
			s.weak = s.weak || s.status == schema.InProgress && s.words < 3
		}
	}
	closed := strings.ContainsAny(text[s.hit.To-1:s.hit.To], ".,;:")
	switch s.status {
	case schema.Completed:
		if !closed && partly(text[s.hit.To:]) {
			s.status = schema.InProgress
		} else if !closed && strings.HasSuffix(normalize.Fold(trimSigns(text[s.hit.From:s.hit.To])), "hoan thanh") {
			s.step = s.step || !ofWhole(clause)
		}
	case schema.Transferred:
		// What is handed over for use is at work.
		if used, ok := NewText(clause).Find(usedBy, 0.9); ok && used.From < 60 {
			s.status = schema.Completed
		}
	}
	return true
}

var usedBy = NewPhrase("sử dụng")

// ofWhole reports whether the clause behind "đã hoàn thành" lets it be about the
// whole.
func ofWhole(clause string) bool {
	t := NewText(clause)
	return len(t.words) == 0 || t.BeginsWith(wholes, 0.9)
}

// clauseBehind returns the rest of a clause from a byte on.
func clauseBehind(text string, from int) string {
	if from > 0 && strings.ContainsAny(text[from-1:from], ".,;:") {
		return ""
	}
	rest := text[from:]
	if i := strings.IndexAny(rest, ".,;:\n"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// reach is how many words before a statement are looked at for what governs it.
const reach = 6

// moodAt looks back from a statement for what governs it, as far as its clause
// goes. A wording that says by itself when it is true ("đã", "đang") stands under
// a condition just before it alone, and is about a part where its subject is.
func moodAt(t *Text, text string, h Hit) mood {
	k := slices.IndexFunc(t.words, func(w textWord) bool { return w.from >= h.From })
	if k < 0 {
		return asSaid
	}
	word := func(i int) string { return strings.ToLower(trimSigns(text[t.words[i].from:t.words[i].to])) }
	timed := timeWords[word(k)]
	for i := k - 1; i >= 0 && i >= k-reach; i-- {
		if strings.ContainsAny(text[t.words[i].to-1:t.words[i].to], ".,;:") || strings.Contains(text[t.words[i].to:t.words[i+1].from], "\n") {
			break
		}
		w := word(i)
		if w == "đang" && !timed {
			return denied
		}
		if timeWords[w] {
			break
		}
		m, ok := governors[w]
		if i == k-1 && reasons[w] {
			return condition
		}
		if i+1 < k {
			if pair, two := governors[w+" "+word(i+1)]; two {
				m, ok = pair, true
			}
		}
		if !ok || w == "khi" && i > 0 && word(i-1) == "sau" {
			continue
		}
		if timed && m != partial && !(m == condition && i >= k-2) {
			continue
		}
		return m
	}
	return asSaid
}

// reasons stand just before what only explains: "chưa triển khai do đang chờ".
var reasons = map[string]bool{"do": true, "vì": true, "bởi": true}

// timeWords begin what says by itself when it is true.
var timeWords = map[string]bool{"đã": true, "đang": true, "da": true, "dang": true}

// verdict decides between the statements of a text. decided is the index of the
// one that the status is from.
func verdict(list []statement) (decided int, status schema.Status) {
	last := func(fits func(s statement) bool) int {
		for i := len(list) - 1; i >= 0; i-- {
			if fits(list[i]) {
				return i
			}
		}
		return -1
	}
	if i := last(func(s statement) bool { return s.status == schema.Transferred }); i >= 0 {
		return i, schema.Transferred
	}
	whole := last(func(s statement) bool { return s.status == schema.Completed && !s.step && !s.weak })
	done := last(func(s statement) bool { return s.status == schema.Completed && !s.weak })
	now := last(func(s statement) bool { return s.status == schema.InProgress && !s.weak })
	later := last(func(s statement) bool {
		// What is to be spread is there.
		return (s.status == schema.NotStarted || s.status == schema.NotRegistered) && !(s.more && whole >= 0)
	})
	if later >= 0 && now < 0 {
		// What was begun at one place and not at another is under way.
		now = last(func(s statement) bool { return s.status == schema.InProgress })
	}
	open := max(now, later)
	switch {
	case whole > open:
		return whole, schema.Completed
	case now < 0 && later >= 0 && done < 0:
		return later, list[later].status
	case open >= 0:
		return open, schema.InProgress
	case done >= 0:
		return done, schema.Completed
	}
	return len(list) - 1, list[len(list)-1].status
}
