package extract

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// A row is a table row on its way to a record: the text of each of the
// profile's columns, wherever it came from. The two ways to rows, known grids
// and lost ones, meet here.
type row struct {
	number int // 0 when unknown
	label  string
	cells  []passage // by column of the profile
	// position tells by column how surely the text belongs there; a missing
	// entry means 1.
	position map[int]float64
	// shared[c] lists the rows, this one included, that a merged cell in
	// column c stands in.
	shared map[int][]*row
	group  *schema.Group
	table  *int
	// settled is the number when it follows from the rows around, readAs what
	// was read instead; 0 and "" when the number was read.
	settled int
	readAs  string
	absent  map[int]bool // columns of the profile that the table does not have
	// units are those of money that heads give for columns of the profile.
	units map[int]string
	// wording is the entry of a catalogue, or the title of another report, that
	// the words of the title were found by; "" when there is none.
	wording string
	guessed []bool // by column of the profile: what it is was not plainly said; nil for none
	known   bool   // the text says where each cell begins and ends
	// crossed tells by column of the profile what crosses say there.
	crossed map[int]crossedCell
}

func (r *row) place(c int) float64 {
	if v, ok := r.position[c]; ok {
		return v
	}
	return 1
}

// page is the first page that the row stands on, 0 when it has no words.
func (r *row) page() int {
	for _, c := range r.cells {
		if len(c.words) > 0 {
			return c.words[0].page
		}
	}
	return 0
}

// name is the number as other records refer to it.
func (r *row) name() string {
	if r.label != "" {
		return r.label
	}
	if r.number > 0 {
		return strconv.Itoa(r.number)
	}
	return ""
}

// readNumber finds the row's number: the one in the title before the one in
// the first column, whose digits are more often wrong or in the wrong place.
func (b *builder) readNumber(p *Profile, r *row) {
	if c := p.titleColumn(); c >= 0 && p.pattern != nil {
		if n, _, _, ok := p.pattern.in(r.cells[c], 6); ok && n > 0 {
			r.number = n
			return
		}
	}
	if c := p.numberColumn(); c >= 0 {
		text := r.cells[c].trimmed().text
		if n, ok := field.Ordinal(text); ok {
			r.number = n
			return
		}
		if m := dotted.FindString(strings.Trim(text, " .")); m != "" {
			r.label = m
		}
	}
}

// dotted are numbers of rows below rows: "1.2".
var dotted = regexp.MustCompile(`^[0-9]{1,2}(\.[0-9]{1,2})+$`)

// makeRecord types the row's texts.
func (b *builder) makeRecord(p *Profile, r *row, id string) schema.Record {
	rec := schema.Record{ID: id, Kind: p.Kind, Group: r.group, Table: r.table, Fields: make(map[string]schema.Entry)}
	if n := r.name(); n != "" {
		rec.Fields["number"] = schema.One(b.numberField(p, r, n))
	}
	if r.group != nil && p.Groups.Sections && r.group.Number != "" {
		rec.Fields["section"] = schema.One(schema.Field{Value: r.group.Number, Text: r.group.Number, Raw: r.group.Number, Confidence: 0.9, State: schema.Accepted, Evidence: b.bare(1, r.page())})
	}
	var amounts []schema.Field
	for c := range p.Columns {
		col := &p.Columns[c]
		text := r.cells[c].trimmed()
		if col.Type == TypeOrdinal || len(text.words) == 0 {
			continue
		}
		if col.Pattern != "" && p.pattern != nil {
			if _, _, to, ok := p.pattern.in(text, 6); ok {
				text = text.slice(to, len(text.text)).trimmed()
			}
		}
		if col.Type == TypeTitle {
			text = text.withoutLoneQuote()
		}
		if len(text.words) == 0 {
			continue
		}
		text = p.withTerms(text)
		at := func(e *Evidence) { e.Position = r.place(c) }
		if said, ok := r.crossed[c]; ok && col.Type == TypeStatus {
			rec.Fields["status"] = schema.One(b.crossedStatus(said, at))
			continue
		}
		if col.Type == TypeStatus {
			before := rec.Fields["status"].One
			rest := b.statusField(p.labels, &rec, text, r.known, at)
			switch s := rec.Fields["status"].One; {
			case s == nil:
				rec.Fields[col.Field] = schema.One(b.makeField(nil, text, func(e *Evidence) { at(e); e.Format = 0.4 }))
			case s != before && len(rest.words) > 0:
				// The label is what was read; the field shows all that the cell says.
				whole := b.makeField(nil, text, at)
				s.Text, s.Raw, s.Boxes, s.Repairs = whole.Text, whole.Raw, whole.Boxes, whole.Repairs
			}
			continue
		}
		if s := rec.Fields["status"].One; col.Status && (s == nil || s.Value == nil) {
			text = b.statusField(p.statuses, &rec, text, r.known, at)
			if len(text.words) == 0 {
				continue
			}
		}
		amounts = append(amounts, b.amountFields(p, r, c, text)...)
		rec.Fields[col.Field] = schema.One(b.typedField(col, text, counting{r.units[c], p.inPercent(r)}, at))
	}
	if b.hasAmounts(p) {
		rec.Fields["amounts"] = schema.Entry{List: amounts}
	}
	b.shares(p, &rec)
	b.fill(r, p, &rec)
	r.doubtGuessed(p, &rec)
	r.doubtCrosses(p, &rec)
	return rec
}

// doubtGuessed sends the fields of columns to review of which the heads say in part at most
// what they are.
func (r *row) doubtGuessed(p *Profile, rec *schema.Record) {
	doubt := func(f *schema.Field) {
		if f.State != schema.NeedsReview {
			f.State, f.Why = schema.NeedsReview, []string{"head"}
		}
	}
	for c, guessed := range r.guessed {
		if !guessed {
			continue
		}
		if f := rec.Fields[p.Columns[c].Field].One; f != nil {
			doubt(f)
		}
		list := rec.Fields["amounts"].List
		for i := range list {
			if m, ok := list[i].Value.(schema.Money); ok && m.Column == p.Columns[c].Field {
				doubt(&list[i])
			}
		}
	}
}

// fill adds what a record of its kind always has where its table has the
// column: texts that are empty, and a status that nothing tells, which a person
// looks at where its cells say something. An empty cell of a known grid is sure;
// where the grid was lost, its text may have gone to another cell.
func (b *builder) fill(r *row, p *Profile, rec *schema.Record) {
	empty := func(name string, value any) {
		if e, ok := rec.Fields[name]; ok && (e.One != nil || e.List != nil) {
			return
		}
		f := schema.Field{Value: value, Confidence: 0.95, State: schema.Accepted, Evidence: b.bare(1, r.page())}
		if r.table == nil && !r.known {
			f.Confidence, f.Evidence = 0.5, b.bare(0.5, r.page())
		}
		rec.Fields[name] = schema.One(f)
	}
	status, silent := false, false
	for c := range p.Columns {
		col := &p.Columns[c]
		says := col.Status || col.Type == TypeStatus
		status, silent = status || says, silent || says && len(r.cells[c].words) > 0
		if col.Type == TypeOrdinal || col.Type == TypeStatus || r.absent[c] {
			continue
		}
		if _, ok := rec.Fields[col.Field]; ok {
			continue
		}
		var value any
		if col.Type == TypeText || col.Type == TypeTitle || col.Type == TypeAgency {
			value = ""
		}
		empty(col.Field, value)
	}
	if status {
		empty("status", nil)
		if s := rec.Fields["status"].One; s != nil && s.Value == nil && silent && s.State == schema.Accepted {
			s.State, s.Why = schema.NeedsReview, []string{"format"}
		}
	}
}

func (b *builder) recordID(p *Profile, r *row) string {
	id := p.Kind
	if p.Groups.Sections && r.group != nil && r.group.Number != "" {
		id += "-" + r.group.Number
	}
	if n := r.name(); n != "" {
		id += "-" + n
	} else {
		id += "-x"
	}
	b.ids[id]++
	if n := b.ids[id]; n > 1 {
		id = fmt.Sprintf("%s~%d", id, n)
	}
	return id
}

func (b *builder) numberField(p *Profile, r *row, name string) schema.Field {
	if r.settled > 0 {
		return b.settledNumber(p, r)
	}
	if c := p.titleColumn(); c >= 0 && p.pattern != nil {
		if _, from, to, ok := p.pattern.in(r.cells[c], 6); ok {
			src := r.cells[c].slice(from, to).trimmed()
			// How the words around the number were repaired says nothing about
			// the number.
			return b.makeField(name, src, (*Evidence).mended)
		}
	}
	if c := p.numberColumn(); c >= 0 && len(r.cells[c].words) > 0 {
		return b.makeField(name, r.cells[c].trimmed(), func(e *Evidence) {
			e.Position = r.place(c)
			if !strings.Contains(r.cells[c].text, name) {
				e.Format = 0.6
			}
		})
	}
	// Nothing shows the number itself: it follows from its neighbours.
	f := schema.Field{Value: name, Text: name, Confidence: 0.5, State: schema.NeedsReview, Why: []string{"position"}, Evidence: b.bare(0.5, r.page())}
	for _, c := range r.cells {
		if len(c.words) > 0 {
			f.Boxes = c.places()[:min(1, len(c.places()))]
			break
		}
	}
	return f
}

// statusField reads the status from its column and returns what is left of the
// text when a label was taken off. How a sentence opens tells it only in a cell of
// a known grid: in others the first words may be of another cell.
func (b *builder) statusField(words *field.StatusReader, rec *schema.Record, text passage, known bool, at func(*Evidence)) passage {
	hit, ok := words.Read(text.text)
	if !ok {
		// Repair makes words of a ruined label; wordings tolerate damage better.
		if read, is := labelAsRead(words, text); is {
			text = read
			hit, ok = words.Read(text.text)
		}
	}
	if hit.Unread {
		rec.Fields["status"] = schema.One(b.unreadStatus(text, hit))
	}
	if (rec.Table != nil || known) && !ok && !hit.Unread {
		hit, ok = words.ReadOpening(text.text)
	}
	if !ok {
		return text
	}
	f := b.makeField(string(hit.Status), text.slice(hit.From, hit.To), func(e *Evidence) {
		at(e)
		e.Format = hit.Score
		e.mended() // the wordings tolerate damage themselves
		if hit.Ruined {
			e.Format = unfit
		}
		if !hit.Label {
			// A sentence is understood, not read; more so when it speaks of
			// two statuses.
			e.Format *= 0.85
			if len(hit.Others) > 0 {
				e.Format *= 0.9
			}
		}
	})
	for _, o := range hit.Others {
		f.Alternatives = append(f.Alternatives, schema.Alternative{Text: string(o), Score: round3(f.Confidence / 2)})
	}
	rec.Fields["status"] = schema.One(f)
	// A label stands apart; small letters that go on are a sentence.
	rest := strings.TrimLeft(text.text[hit.To:], " ")
	apart := upperShare(text.text[hit.From:hit.To]) > 0.7 || rest == "" || strings.ContainsAny(rest[:1], ".:;-+(")
	if !hit.Label || !apart || letters(text.text[:hit.From]) > 4 {
		return text
	}
	return text.slice(hit.To, len(text.text)).trimmed()
}

// labelAsRead is a cell with the words of its label as they were read; ok is false
// where a label shows no more in what was read than after repair.
func labelAsRead(words *field.StatusReader, text passage) (_ passage, ok bool) {
	read := text.asRead()
	hit, ok := words.Read(read.text)
	if !ok || !hit.Label && !hit.Ruined {
		return passage{}, false
	}
	out := slices.Clone(text.words)
	for i := range out {
		if read.starts[i] < hit.To {
			out[i].text = out[i].raw
		}
	}
	return newPassage(out), true
}

// unreadStatus is the field of a status whose label is there and cannot be read.
func (b *builder) unreadStatus(text passage, hit field.StatusHit) schema.Field {
	f := b.makeField(nil, text.slice(hit.From, hit.To), func(e *Evidence) { e.Format = unfit })
	f.Value, f.State, f.Why = nil, schema.NeedsReview, []string{"format"}
	for _, o := range hit.Others {
		f.Alternatives = append(f.Alternatives, schema.Alternative{Text: string(o), Score: round3(f.Confidence / 2)})
	}
	return f
}

func round3(v float64) float64 { return float64(int(v*1000+0.5)) / 1000 }

func (b *builder) hasAmounts(p *Profile) bool {
	return p.column(func(c *Column) bool { return c.Amounts || c.Type == TypeMoney }) >= 0
}

// amountFields finds the sums in a cell. A sum in a merged cell names the
// other rows that it stands for.
func (b *builder) amountFields(p *Profile, r *row, c int, text passage) []schema.Field {
	if !b.hasAmounts(p) {
		return nil
	}
	col := &p.Columns[c]
	find := field.Amounts
	switch {
	case col.Amounts && len(text.text) <= 40 || col.Type == TypeMoney:
		find = func(s string) []field.Amount { return field.ScaledAmounts(s, r.units[c]) }
	case col.Amounts:
		find = field.GroupedAmounts
	case col.Type != TypeText:
		return nil
	}
	var out []schema.Field
	for _, a := range find(text.text) {
		if a.Currency != "VND" {
			b.foreign = append(b.foreign, foreignSum{text: text.text[a.From:a.To], places: text.slice(a.From, a.To).places()})
			continue
		}
		money := a.Money
		money.Column = col.Field
		for _, other := range r.shared[c] {
			if other != r && other.name() != "" {
				money.SharedWith = append(money.SharedWith, other.name())
			}
		}
		out = append(out, b.moneyField(money, a, text.slice(a.From, a.To), r.place(c)))
	}
	return out
}

// brokenThousands matches numbers with several marks whose last group is not of
// three digits, or stands apart: "1.920.000.00 0", of which a digit was lost or
// parted.
var brokenThousands = regexp.MustCompile(`(\.\d{3}\.|,\d{3},)(\d{1,2}|\d{4,})(\D|$)|\d[.,]\d{3} \d`)

func (b *builder) moneyField(money schema.Money, a field.Amount, p passage, position float64) schema.Field {
	f := b.makeField(money, p, func(e *Evidence) {
		e.Position = position
		e.Repairs = max(e.Repairs, 0.9)
		if !a.Clean {
			e.Format = 0.92
		}
		if len(a.Others) > 0 {
			e.Format = 0.85
		}
		if a.Torn || brokenThousands.MatchString(p.text) {
			e.Format = 0.5
		}
	})
	for _, o := range a.Others {
		f.Alternatives = append(f.Alternatives, schema.Alternative{Text: strconv.FormatInt(o, 10), Score: 0.2})
	}
	return f
}

// counting tells what the numbers of a cell count.
type counting struct {
	unit  string // of money, as the head gives it; "" for none
	share bool   // per cent, as the row's unit says
}

// typedField reads a cell as its column's type says.
func (b *builder) typedField(col *Column, text passage, in counting, at func(*Evidence)) schema.Field {
	var value any = text.text
	format := 1.0
	// Words may stand in place of a value; figures that make none were read wrongly, or are
	// of another column.
	miss := func() {
		if format = 0.6; strings.ContainsAny(text.text, digitSigns) {
			format = unfit
		}
	}
	switch col.Type {
	case TypeText, TypeTitle, TypeAgency:
		text = tornShares(text)
		value = text.text
	case TypeDate:
		if d, ok := field.CellTime(text.text); ok {
			value = d.Value
			switch {
			case tornOff.MatchString(d.Value):
				format = unfit
			case !d.Clean:
				format = 0.7
			}
		} else if !field.Recurring(text.text) {
			miss()
		}
	case TypeCount:
		if v, ok := readCount(field.Stopped(text.text)); ok {
			value = v
			if strings.Contains(text.text, ":") {
				format = 0.7
			}
		} else {
			miss()
		}
	case TypePercent:
		if m, ok := readMeasure(text.text, true).(string); ok && boundedShare.MatchString(m) {
			value = m
		} else if ps := field.Percents(text.text); len(ps) > 0 && shareRange.MatchString(text.text) {
			format = 0.6
		} else if len(ps) > 0 {
			value = ps[0].Value
			if falls(text.text[:ps[0].From]) {
				value = -ps[0].Value
			}
			if !ps[0].Clean || len(ps) > 1 {
				format = 0.85
			}
		} else if v, ok := readShare(field.Stopped(text.text)); ok {
			value = v
			format = 0.9
			if strings.Contains(text.text, ":") {
				format = 0.7
			}
		} else {
			miss()
		}
	case TypeMeasure:
		value = readMeasure(text.text, in.share)
	case TypeCitation:
		if cs := field.Citations(text.text); len(cs) > 0 {
			value = cs[0].Citation
			if !cs[0].Clean {
				format = 0.9
			}
		} else {
			miss()
		}
	case TypeMoney:
		if as := field.ScaledAmounts(text.text, in.unit); len(as) == 1 && as[0].Currency == "VND" {
			value = as[0].Money
		} else if noMoney.MatchString(text.text) {
			value = schema.Money{}
		} else {
			miss()
		}
	}
	return b.makeField(value, text, func(e *Evidence) {
		at(e)
		e.Format *= format
		if col.Type == TypeCount || col.Type == TypePercent || col.Type == TypeDate {
			e.mended()
		}
	})
}

// tornOff matches a day with a year of which some digits are known.
var tornOff = regexp.MustCompile(`\d\?+-|\?\d+\?*-`)

// tornShares puts the comma into shares that lost it ("95 17%") where the parts
// of the whole beside them say the same.
func tornShares(p passage) passage {
	for _, r := range field.Ratios(p.text) {
		if r.Stated == nil || r.Stated.Clean || !r.Agrees() {
			continue
		}
		from, to := p.wordAt(r.Stated.From), p.wordAt(r.Stated.To-1)
		if to != from+1 || strings.ContainsAny(p.words[from].text, ".,") {
			continue
		}
		w := p.words[from]
		whole := w.text + "," + p.words[to].text
		w.fix = append(w.fix[:len(w.fix):len(w.fix)], schema.Repair{From: w.text + " " + p.words[to].text, To: whole, Reason: "ratio", Score: 0.95})
		w.text, w.raw = whole, w.raw+" "+p.words[to].raw
		return tornShares(newPassage(slices.Concat(p.words[:from], []word{w}, p.words[to+1:])))
	}
	return p
}

// boundedShare matches a share with its bound as [readMeasure] spells it, shareRange a
// range of two, which is no one share.
var (
	boundedShare = regexp.MustCompile(`^(>=|<=|>|<)[\d.,]+%$`)
	shareRange   = regexp.MustCompile(`\d\s*%?\s*(?:[-–]|đến)\s*\d[\d.,]*\s*%`)
)

// noMoney matches a sum of nothing.
var noMoney = regexp.MustCompile(`^0([.,]0+)?(\s*(đồng|đ|triệu đồng|tỷ đồng|nghìn đồng))?$`)

// readCount reads a whole number with marks between its thousands.
func readCount(s string) (float64, bool) {
	s = strings.Trim(s, " .,|[]%")
	r, ok := field.Number(strings.ReplaceAll(s, " ", ""), false)
	return r.Value, ok
}

// changeSign matches what stands before a number that tells of a change.
var changeSign = regexp.MustCompile(`^(?i:tăng|giảm|tang|giam|[-–+])\s*`)

// falls reports whether what stands before a number makes it a decrease.
func falls(before string) bool {
	before = strings.TrimSpace(before)
	return strings.HasSuffix(before, "-") || strings.HasSuffix(before, "–") || strings.HasPrefix(normalize.Fold(before), "giam")
}

// readShare reads a number in a column of shares, with or without a sign or a word of
// change. Its mark is one of decimals.
func readShare(s string) (float64, bool) {
	s = strings.Trim(s, " .,|[]%")
	sign := changeSign.FindString(s)
	r, ok := field.Number(strings.ReplaceAll(s[len(sign):], " ", ""), true)
	if falls(sign) {
		return -r.Value, ok
	}
	return r.Value, ok
}

// bounds spells the bounds of numbers in one way.
var bounds = strings.NewReplacer("~=", ">=", "≥", ">=", "≤", "<=", "> =", ">=", "< =", "<=", "=>", ">=", "=<", "<=")

// boundWords are words that bound the number behind them.
var boundWords = []struct {
	phrase field.Phrase
	sign   string
}{
	{field.NewPhrase("tối thiểu"), ">="}, {field.NewPhrase("ít nhất"), ">="}, {field.NewPhrase("không thấp hơn"), ">="}, {field.NewPhrase("không dưới"), ">="},
	{field.NewPhrase("tối đa"), "<="}, {field.NewPhrase("không quá"), "<="}, {field.NewPhrase("nhiều nhất"), "<="},
	{field.NewPhrase("lớn hơn"), ">"}, {field.NewPhrase("trên"), ">"}, {field.NewPhrase("dưới"), "<"}, {field.NewPhrase("nhỏ hơn"), "<"},
}

// upwards matches "từ 80% trở lên" and "80% trở xuống".
var upwards = regexp.MustCompile(`^(?:tu\s+)?([\d.,]+\s*%?)\s*tro\s+(len|xuong)$`)

// readMeasure reads a number, keeping a bound as text: 100, 93.96, ">=80". share
// tells that the row counts in per cent, where a mark never parts thousands.
func readMeasure(s string, share bool) any {
	s = strings.Trim(s, " |[]")
	t := bounds.Replace(strings.TrimRight(s, ".,; "))
	if strings.HasPrefix(t, ">") || strings.HasPrefix(t, "<") {
		rest := strings.TrimLeft(t, "<>= ")
		return strings.TrimRight(t[:len(t)-len(rest)], " ") + tightShare(rest)
	}
	if m := upwards.FindStringSubmatch(strings.ToLower(normalize.Fold(t))); m != nil {
		return map[string]string{"len": ">=", "xuong": "<="}[m[2]] + strings.ReplaceAll(m[1], " ", "")
	}
	text := field.NewText(t)
	for _, w := range boundWords {
		if h, ok := text.FindPrefix(w.phrase, 0.9); ok && bareMeasure.MatchString(t[h.To:]) {
			return w.sign + tightShare(strings.TrimSpace(t[h.To:]))
		}
	}
	if ps := field.Percents(t); len(ps) == 1 && ps[0].From == 0 && ps[0].To == len(t) && ps[0].Bound == "" {
		return ps[0].Value
	}
	// Of one mark before three digits a point parts thousands, a comma does
	// before zeros alone.
	decimal := share || !strings.Contains(t, ".") && !strings.HasSuffix(t, ",000")
	if m := signedMeasure.FindStringSubmatch(t); m != nil {
		if r, ok := field.Number(m[2], decimal); ok && falls(m[1]) {
			return -r.Value
		} else if ok {
			return r.Value
		}
	}
	return s
}

// tightShare is a number without space before its sign of a share.
func tightShare(s string) string { return strings.ReplaceAll(s, " %", "%") }

// signedMeasure matches a number with the sign of a change.
var signedMeasure = regexp.MustCompile(`^([-–+]?)(\d[\d.,]*)\s*%?$`)

// bareMeasure matches a number and nothing else.
var bareMeasure = regexp.MustCompile(`^\s*[\d.,]+\s*%?\s*$`)

// inPercent reports whether a row counts in per cent, as its unit says.
func (p *Profile) inPercent(r *row) bool {
	c := p.column(func(c *Column) bool { return c.Type == TypeUnit })
	return c >= 0 && strings.Contains(r.cells[c].text, "%")
}

// shares checks computed columns ("tỷ lệ") against those they come from.
func (b *builder) shares(p *Profile, rec *schema.Record) {
	value := func(name string) (float64, bool) {
		e := rec.Fields[name]
		if e.One == nil {
			return 0, false
		}
		v, ok := e.One.Value.(float64)
		return v, ok
	}
	for i := range p.Columns {
		col := &p.Columns[i]
		if len(col.Share) != 2 {
			continue
		}
		part, ok1 := value(col.Share[0])
		whole, ok2 := value(col.Share[1])
		stated, ok3 := value(col.Field)
		if !ok1 || !ok2 || !ok3 || whole == 0 {
			continue
		}
		if got := 100 * part / whole; got-stated > 0.06 || stated-got > 0.06 {
			b.check(schema.Check{
				Rule: "ratio", Severity: schema.Warning, Records: []string{rec.ID}, Fields: []string{col.Share[0], col.Share[1], col.Field},
				Message: fmt.Sprintf("%s of %s is %.2f %%, but %s says %s", formatCount(part), formatCount(whole), got, col.Field, rec.Fields[col.Field].One.Text),
			})
		}
	}
}

func formatCount(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// A group row is recognised by what it is made of: a numeral, a word that the
// profile names, capitals, a count in brackets.
var bracketCount = regexp.MustCompile(`\(\s*([0-9]{1,3})\s*[^)]{0,24}\)?\s*$`)

// readGroup reads a group row. next is the numeral that should come now.
func readGroup(p *Profile, text passage, next int) (schema.Group, float64) {
	text = text.trimmed()
	s := text.text
	if s == "" || len([]rune(s)) > 220 {
		return schema.Group{}, 0
	}
	score := 0.0
	var g schema.Group
	rest := s
	if p.Groups.Sections {
		if m := sectionLetter.FindStringSubmatch(s); m != nil && upperShare(s[len(m[0]):]) > 0.7 {
			g.Number, rest = m[1], s[len(m[0]):]
			score += 0.7
		}
	}
	if m := dottedLetter.FindStringSubmatch(s); g.Number == "" && m != nil && m[1] != "I" && upperShare(s[len(m[0]):]) > 0.7 {
		g.Number, rest = m[1], s[len(m[0]):]
		score += 0.35
	}
	if g.Number == "" {
		head, tail, _ := strings.Cut(s, " ")
		if n, _, ok := field.ReadRoman(head, next); ok && !isArabic(head, next) {
			g.Number, rest = field.Roman(n), tail
			score += 0.35
		}
	}
	t := field.NewText(rest)
	for _, w := range p.Groups.Words {
		phrase := field.NewPhrase(w)
		h, ok := t.FindPrefix(phrase, 0.7)
		if head, tail, two := strings.Cut(rest, " "); two && g.Number == "" && len([]rune(head)) <= 3 {
			// What stands before the word in place of a numeral is one that
			// cannot be read: "H NHÓM", `"I NHÓM`.
			if behind, found := field.NewText(tail).FindPrefix(phrase, 0.85); found && (!ok || behind.Score > h.Score) {
				rest, h, ok = tail, behind, true
			}
		}
		if !ok {
			continue
		}
		score += 0.35
		// "Nhóm II - Hoàn thiện …": the numeral stands behind the word.
		after := strings.TrimLeft(rest[h.To:], " ")
		head, tail, _ := strings.Cut(after, " ")
		if n, _, ok := field.ReadRoman(head, next); ok && g.Number == "" {
			g.Number, rest = field.Roman(n), tail
			score += 0.35
		}
		break
	}
	if upperShare(rest) > 0.75 && letters(rest) > 8 {
		score += 0.3
	}
	name := strings.Trim(rest, " .:-–—|[]")
	if m := bracketCount.FindStringSubmatchIndex(name); m != nil {
		if n, err := strconv.Atoi(name[m[2]:m[3]]); err == nil && countsRecords(p, name[m[3]:]) {
			g.Declared = &n
			name = strings.Trim(name[:m[0]], " .:-–—")
			score += 0.4
		}
	}
	g.Name = name
	if letters(name) < 3 {
		return g, 0
	}
	return g, min(score, 1)
}

var sectionLetter = regexp.MustCompile(`^\s*([A-H])\s*[_.|:]*\s*[|_]?\s+`)

// dottedLetter begins a group row such as "A. CÁC MÔ HÌNH …".
var dottedLetter = regexp.MustCompile(`^\s*([A-H])\.\s+`)

// isArabic tells "1" the number from "1" the damaged numeral: a numeral is
// taken only for a run of strokes, or when it stands where one is due.
func isArabic(s string, next int) bool {
	s = strings.Trim(s, " .|)(")
	if _, ok := field.Ordinal(s); !ok {
		return false
	}
	return s != "111" && s != "11" && s != "1l" && s != "1I" || next == 0
}

func countsRecords(p *Profile, unit string) bool {
	declared := field.NewPhrases(p.Groups.Declared...)
	return len(declared) == 0 || field.NewText(unit).Holds(declared, 0.6)
}

func upperShare(s string) float64 {
	up, all := 0, 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			all++
			if unicode.IsUpper(r) {
				up++
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float64(up) / float64(all)
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
