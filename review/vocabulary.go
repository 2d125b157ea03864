package review

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sahilm/fuzzy"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// vocabulary proposes what somebody may be typing without an input method:
// values that the same field has elsewhere (titles of the catalogue, agencies,
// statuses), and Vietnamese for the last word. Everything is compared folded.
type vocabulary struct {
	store *store.Store
	fold  func(string) string

	mu     sync.Mutex
	values map[string]*values // by field name
}

// values are what a field holds across documents.
type values struct {
	read   time.Time
	texts  []string // most frequent first
	folded []string
}

// String and Len make values a source for fuzzy.
func (v *values) String(i int) string { return v.folded[i] }
func (v *values) Len() int            { return len(v.texts) }

func newVocabulary(s *store.Store, fold func(string) string) *vocabulary {
	return &vocabulary{store: s, fold: fold, values: map[string]*values{}}
}

const (
	vocabularyAge  = time.Minute
	vocabularyRows = 4000 // fields looked at for a name
	vocabularyLong = 160  // letters of the longest proposal: nobody picks a paragraph
	proposals      = 6
)

// units are the words that amounts and counts end in.
var units = strings.Fields("tỷ triệu nghìn ngàn đồng trăm khoảng trên dưới gần hơn năm tháng ngày lượt người hồ sơ thủ tục mô hình nhiệm vụ tỉnh xã phường")

// of returns the values of a field, read anew once a minute.
func (v *vocabulary) of(ctx context.Context, name string) (*values, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if have := v.values[name]; have != nil && time.Since(have.read) < vocabularyAge {
		return have, nil
	}
	count := map[string]int{}
	for _, state := range []schema.State{schema.Corrected, schema.Confirmed, schema.Accepted} {
		rows, err := v.store.Fields(ctx, store.FieldQuery{Name: name, State: string(state), Limit: vocabularyRows})
		if err != nil {
			return nil, err
		}
		for _, f := range rows {
			if f.Text != "" && len(f.Text) <= vocabularyLong {
				count[f.Text]++
			}
		}
	}
	out := &values{read: time.Now()}
	for t := range count {
		out.texts = append(out.texts, t)
	}
	slices.SortFunc(out.texts, func(a, b string) int {
		if d := count[b] - count[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	for _, t := range out.texts {
		out.folded = append(out.folded, v.fold(t))
	}
	v.values[name] = out
	return out, nil
}

// propose returns texts to put in the place of what was typed, best first.
func (v *vocabulary) propose(ctx context.Context, name, typed string, doc *schema.Document, restore func(string) string) ([]string, error) {
	known, err := v.of(ctx, name)
	if err != nil {
		return nil, err
	}
	var out []string
	add := func(s string) {
		if s != "" && s != typed && len(out) < proposals && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	folded := v.fold(typed)
	if strings.TrimSpace(folded) == "" {
		return nil, nil
	}
	head, last := cutLastWord(typed)
	lastFolded := v.fold(last)
	// A word that is known with marks takes the place of the one without.
	if lastFolded == last {
		for _, w := range v.wordsLike(lastFolded, doc) {
			add(head + w)
			if len(out) == 2 {
				break
			}
		}
	}
	if restore != nil && folded == strings.ToLower(typed) {
		add(restore(typed))
	}
	for i, f := range known.folded {
		if strings.HasPrefix(f, folded) {
			add(known.texts[i])
		}
	}
	if len([]rune(typed)) >= 2 {
		for _, m := range fuzzy.FindFrom(folded, known) {
			add(known.texts[m.Index])
		}
	}
	return out, nil
}

func cutLastWord(s string) (head, last string) {
	i := strings.LastIndexAny(s, " \t")
	return s[:i+1], s[i+1:]
}

// wordsLike returns the words that fold to the given one: units first, then the
// words of the document, the frequent ones first.
func (v *vocabulary) wordsLike(folded string, doc *schema.Document) []string {
	if folded == "" {
		return nil
	}
	var out []string
	for _, u := range units {
		if v.fold(u) == folded && u != folded {
			out = append(out, u)
		}
	}
	count := map[string]int{}
	doc.EachField(func(_ string, f *schema.Field) {
		if f.State == schema.NeedsReview {
			return
		}
		for _, w := range strings.Fields(f.Text) {
			w = strings.Trim(w, `.,;:()"“”`)
			if len(w) > len(folded) && len(w) <= 3*len(folded)+2 && v.fold(w) == folded {
				count[strings.ToLower(w)]++
			}
		}
	})
	var more []string
	for w := range count {
		if !slices.Contains(out, w) {
			more = append(more, w)
		}
	}
	slices.SortFunc(more, func(a, b string) int {
		if d := count[b] - count[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return append(out, more...)
}

// suggest answers what may be meant by what was typed so far.
func (r *request) suggest() error {
	doc, _, err := r.s.store.Current(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	name := parsePath(r.FormValue("path")).name
	typed := r.FormValue("text")
	if len(typed) > 2*vocabularyLong {
		return r.json([]string{})
	}
	var out []string
	if name == "status" {
		out = r.statuses(typed)
	}
	more, err := r.s.words.propose(r.Context(), name, typed, doc, r.s.set.Restore)
	if err != nil {
		return err
	}
	for _, m := range more {
		if len(out) < proposals && !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	if out == nil {
		out = []string{}
	}
	return r.json(out)
}

// statusWords are the labels that reports use for the statuses.
var statusWords = []string{"Hoàn thành", "Đã hoàn thành", "Đang thực hiện", "Đang triển khai", "Chưa triển khai", "Chưa thực hiện", "Không đăng ký", "Đã bàn giao", "Chuyển giao"}

func (r *request) statuses(typed string) []string {
	folded := make([]string, len(statusWords))
	for i, w := range statusWords {
		folded[i] = r.s.set.Fold(w)
	}
	var out []string
	for _, m := range fuzzy.Find(r.s.set.Fold(typed), folded) {
		out = append(out, statusWords[m.Index])
	}
	return out
}
