package eval

import (
	"fmt"
	"maps"
	"slices"

	"github.com/sohoa/sohoa/extract/confidence"
)

// Share is how many of a number of things are right.
type Share struct {
	Hit int `json:"hit"`
	Of  int `json:"of"`
}

// Count adds one thing.
func (s *Share) Count(ok bool) {
	s.Of++
	if ok {
		s.Hit++
	}
}

func (s *Share) add(o Share) { s.Hit += o.Hit; s.Of += o.Of }

// Match compares two collections: how many things they have in common.
type Match struct {
	Both int `json:"both"`
	Pred int `json:"pred"`
	Gold int `json:"gold"`
}

func (m *Match) add(o Match) { m.Both += o.Both; m.Pred += o.Pred; m.Gold += o.Gold }

// Precision is the share of the predicted things that are true.
func (m Match) Precision() float64 { return ratio(m.Both, m.Pred) }

// Recall is the share of the true things that were predicted.
func (m Match) Recall() float64 { return ratio(m.Both, m.Gold) }

// F1 is the harmonic mean of precision and recall.
func (m Match) F1() float64 { return ratio(2*m.Both, m.Pred+m.Gold) }

// Edits is an error rate: edits against the length of the true text.
type Edits struct {
	Edits  int `json:"edits"`
	Length int `json:"length"`
}

func (e *Edits) add(o Edits) { e.Edits += o.Edits; e.Length += o.Length }

// Rate returns edits per unit of true text; above 1 when more was inserted
// than there is.
func (e Edits) Rate() float64 { return ratio(e.Edits, e.Length) }

// Mean is a mean of real numbers.
type Mean struct {
	Sum float64 `json:"sum"`
	N   int     `json:"n"`
}

func (m *Mean) add(o Mean) { m.Sum += o.Sum; m.N += o.N }

// Value returns the mean, 0 of nothing.
func (m Mean) Value() float64 {
	if m.N == 0 {
		return 0
	}
	return m.Sum / float64(m.N)
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// KindScores are the figures of the records of one kind.
type KindScores struct {
	Numbers     Match            `json:"numbers"`
	TitleExact  Share            `json:"title_exact"`
	TitleChars  Edits            `json:"title_chars"`
	Group       Share            `json:"group"`
	Status      Match            `json:"status"`
	Amounts     Match            `json:"amounts"`        // by đồng alone
	AmountsCol  Match            `json:"amounts_column"` // by đồng and column
	LongChars   Edits            `json:"long_chars"`     // results, difficulties, benefits, cost, next_steps
	FieldsExact map[string]Share `json:"fields_exact"`   // the other fields, by name
	Typed       Share            `json:"typed_exact"`    // numbers, statuses, dates, counts, shares, document numbers, by text and value; sums are in Amounts
	TextChars   Edits            `json:"text_chars"`     // all that is no typed field, titles too
}

func (k *KindScores) add(o *KindScores) {
	k.Numbers.add(o.Numbers)
	k.TitleExact.add(o.TitleExact)
	k.TitleChars.add(o.TitleChars)
	k.Group.add(o.Group)
	k.Status.add(o.Status)
	k.Amounts.add(o.Amounts)
	k.AmountsCol.add(o.AmountsCol)
	k.LongChars.add(o.LongChars)
	k.Typed.add(o.Typed)
	k.TextChars.add(o.TextChars)
	for name, s := range o.FieldsExact {
		k.field(name, s)
	}
}

// records returns the figures of the records of all kinds.
func (s *Scores) records() KindScores {
	var all KindScores
	for _, k := range s.Kinds {
		all.add(k)
	}
	return all
}

func (k *KindScores) field(name string, s Share) {
	if k.FieldsExact == nil {
		k.FieldsExact = make(map[string]Share)
	}
	sum := k.FieldsExact[name]
	sum.add(s)
	k.FieldsExact[name] = sum
}

// Scores are the figures of a document, or of several taken together.
type Scores struct {
	Chars    Edits `json:"chars"`     // running text
	Words    Edits `json:"words"`     // likewise
	WordBag  Match `json:"word_bag"`  // words in whatever order: what reading order has no part in
	Pages    int   `json:"pages"`     // predicted pages
	PagesBad int   `json:"pages_bad"` // of them with another outcome than done

	CellsWhole  Share `json:"cells_whole"`
	CellMatch   Match `json:"cell_match"` // whole cells against all that hold text, true and predicted
	CellsExact  Share `json:"cells_exact"`
	CellChars   Edits `json:"cell_chars"`
	GriTS       Mean  `json:"grits_top"`
	TEDS        Mean  `json:"teds_s"`
	TablesRight Share `json:"tables_right"` // structure wholly right
	RowJoins    Match `json:"row_joins"`

	Header       map[string]Share       `json:"header"`
	Recipients   Match                  `json:"recipients"`
	Citations    Match                  `json:"citations"`      // distinct numbers
	CitationDate Match                  `json:"citations_date"` // distinct numbers with their dates
	Amounts      Match                  `json:"amounts"`        // of the running text, by đồng
	Kinds        map[string]*KindScores `json:"kinds"`

	// Statuses counts the statuses of records by what is true and what was
	// read, parted by a tab; "" is none.
	Statuses map[string]int `json:"statuses,omitempty"`

	Samples []Sample `json:"-"` // every field that could be judged
	Cells   []Sample `json:"-"` // every cell of a table that could be judged
	Misses  []Miss   `json:"-"` // what was read wrong, in order of the document
}

// Miss is a piece of a document that was not read as it stands.
type Miss struct {
	Document string `json:"document"`
	Where    string `json:"where"` // "page 2", "table 1, row 3, column 2", "model 7, title"
	Want     string `json:"want"`
	Got      string `json:"got"`
	Edits    int    `json:"edits"` // characters to change
}

func (s *Scores) miss(want, got, format string, args ...any) {
	s.Misses = append(s.Misses, Miss{
		Where: fmt.Sprintf(format, args...), Want: want, Got: got, Edits: Distance([]rune(want), []rune(got)),
	})
}

func (s *Scores) kind(name string) *KindScores {
	if s.Kinds == nil {
		s.Kinds = make(map[string]*KindScores)
	}
	if s.Kinds[name] == nil {
		s.Kinds[name] = new(KindScores)
	}
	return s.Kinds[name]
}

func (s *Scores) header(name string, ok bool) {
	if s.Header == nil {
		s.Header = make(map[string]Share)
	}
	share := s.Header[name]
	share.Count(ok)
	s.Header[name] = share
}

// Add takes the counts of o in.
func (s *Scores) Add(o *Scores) {
	s.Chars.add(o.Chars)
	s.Words.add(o.Words)
	s.WordBag.add(o.WordBag)
	s.Pages += o.Pages
	s.PagesBad += o.PagesBad
	s.CellsWhole.add(o.CellsWhole)
	s.CellMatch.add(o.CellMatch)
	s.CellsExact.add(o.CellsExact)
	s.CellChars.add(o.CellChars)
	s.GriTS.add(o.GriTS)
	s.TEDS.add(o.TEDS)
	s.TablesRight.add(o.TablesRight)
	s.RowJoins.add(o.RowJoins)
	s.Recipients.add(o.Recipients)
	s.Citations.add(o.Citations)
	s.CitationDate.add(o.CitationDate)
	s.Amounts.add(o.Amounts)
	for name, share := range o.Header {
		if s.Header == nil {
			s.Header = make(map[string]Share)
		}
		sum := s.Header[name]
		sum.add(share)
		s.Header[name] = sum
	}
	for name, k := range o.Kinds {
		s.kind(name).add(k)
	}
	for pair, n := range o.Statuses {
		s.status(pair, n)
	}
	s.Samples = append(s.Samples, o.Samples...)
	s.Cells = append(s.Cells, o.Cells...)
	s.Misses = append(s.Misses, o.Misses...)
}

func (s *Scores) status(pair string, n int) {
	if s.Statuses == nil {
		s.Statuses = make(map[string]int)
	}
	s.Statuses[pair] += n
}

// Figure is a number with a name, ready to be shown or held against a budget.
type Figure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	N     int     `json:"n"`               // how many things it is about
	Low   bool    `json:"lower_is_better"` // an error rate
}

// Figures returns the figures that have something to say, in a fixed order:
// those about nothing are left out.
func (s *Scores) Figures() []Figure {
	var out []Figure
	put := func(name string, v float64, n int, low bool) {
		if n > 0 {
			out = append(out, Figure{name, v, n, low})
		}
	}
	share := func(name string, x Share) { put(name, ratio(x.Hit, x.Of), x.Of, false) }
	match := func(name string, x Match) { put(name, x.F1(), x.Gold+x.Pred, false) }
	edits := func(name string, x Edits) { put(name, x.Rate(), x.Length, true) }

	edits("cer", s.Chars)
	edits("wer", s.Words)
	match("words_f1", s.WordBag)
	share("cells_whole", s.CellsWhole)
	match("cells_f1", s.CellMatch)
	share("cells_exact", s.CellsExact)
	edits("cells_cer", s.CellChars)
	put("grits_top", s.GriTS.Value(), s.GriTS.N, false)
	put("teds_s", s.TEDS.Value(), s.TEDS.N, false)
	share("tables_right", s.TablesRight)
	put("joins_precision", s.RowJoins.Precision(), s.RowJoins.Pred, false)
	put("joins_recall", s.RowJoins.Recall(), s.RowJoins.Gold, false)
	var header Share
	for _, x := range s.Header {
		header.add(x)
	}
	share("header_exact", header)
	for _, name := range slices.Sorted(maps.Keys(s.Header)) {
		share("header."+name, s.Header[name])
	}
	match("recipients_f1", s.Recipients)
	match("citations_f1", s.Citations)
	match("citations_date_f1", s.CitationDate)
	match("amounts_f1", s.Amounts)
	for _, kind := range slices.Sorted(maps.Keys(s.Kinds)) {
		k := s.Kinds[kind]
		match(kind+".number_f1", k.Numbers)
		share(kind+".title_exact", k.TitleExact)
		edits(kind+".title_cer", k.TitleChars)
		share(kind+".group", k.Group)
		match(kind+".status_f1", k.Status)
		match(kind+".amounts_f1", k.Amounts)
		match(kind+".amounts_column_f1", k.AmountsCol)
		edits(kind+".long_cer", k.LongChars)
		var all Share
		for _, x := range k.FieldsExact {
			all.add(x)
		}
		share(kind+".fields_exact", all)
		for _, name := range slices.Sorted(maps.Keys(k.FieldsExact)) {
			share(kind+"."+name, k.FieldsExact[name])
		}
		share(kind+".typed_exact", k.Typed)
		edits(kind+".text_cer", k.TextChars)
	}
	all := s.records()
	share("typed_exact", all.Typed)
	edits("text_cer", all.TextChars)
	if n := len(s.Samples); n > 0 {
		c := Calibrate(s.Samples, promised)
		put("ece", c.ECE, n, true)
		put("review_share", c.Review, n, true)
		put("accepted_share", c.AcceptedShare, n, false)
		put("accepted_precision", c.AcceptedPrecision, c.Accepted, false)
		put("accepted_near", c.AcceptedNear, c.Accepted, false)
		put("accepted_wilson", c.AcceptedWilson, c.Accepted, false)
		put("accepted_wrong", float64(c.AcceptedWrong), c.Accepted, true)
		put("accepted_wrong_sums", float64(acceptedWrong(s.Samples)), c.Accepted, true)
	}
	if n := len(s.Cells); n > 0 {
		c := Calibrate(s.Cells, promised)
		put("cells_ece", c.ECE, n, true)
		put("cells_review_share", c.Review, n, true)
		put("cells_accepted_share", c.AcceptedShare, n, false)
		put("cells_accepted_precision", c.AcceptedPrecision, c.Accepted, false)
	}
	return out
}

// promised is the share of accepted fields that figures hold against what was
// promised.
const promised = 0.99

// acceptedWrong counts the sums and numbers that were accepted and are wrong.
func acceptedWrong(samples []Sample) int {
	n := 0
	for _, x := range samples {
		if x.Accepted && !x.Right && confidence.Strict(x.Class) {
			n++
		}
	}
	return n
}
