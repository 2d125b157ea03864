package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

func isDocumentType(text string) bool {
	_, ok := documentType(text)
	return ok
}

// documentType recognises a line in capitals that is or begins with a kind of
// document; end is where the kind ends.
func documentType(text string) (end int, ok bool) {
	if upperShare(text) < 0.7 {
		return 0, false
	}
	names, _ := field.DocumentTypes()
	best := 0.0
	t := field.NewText(text)
	for _, n := range names {
		if n == "Đề án" || n == "Văn bản" || n == "Luật" && letters(text) != len([]rune(n)) {
			continue
		}
		h, ok := t.FindPrefix(field.NewPhrase(n), 0.75)
		if !ok || h.Score <= best {
			continue
		}
		same, others, none := compareWords(text[h.From:h.To], n, normalize.IsSyllable)
		if letters(text[h.To:]) > 2 && others > 0 && (none == 0 || same+others+none == len(strings.Fields(n))) {
			continue // "CÔNG AN TỈNH …" is no "CÔNG VĂN", "HỘI NÔNG DÂN" no "HỢP ĐỒNG"
		}
		best, end = h.Score, h.To
	}
	return end, best > 0
}

// subject reads the kind of document and its title, from line start on.
func (b *builder) subject(h *schema.Header, lines []textLine, start int) {
	for i := start; i < len(lines) && i < start+10; i++ {
		end, ok := documentType(lines[i].text)
		if !ok {
			continue
		}
		f := b.makeField(nil, lines[i].slice(0, end).trimmed(), nil)
		f.Value = f.Text
		h.DocumentType = &f
		var title []passage
		if rest := lines[i].slice(end, len(lines[i].text)).trimmed(); letters(rest.text) > 0 {
			title = append(title, rest)
		}
		title = append(title, titleLines(lines[i], lines[i+1:])...)
		if len(title) > 0 {
			t := b.makeField(nil, concat(title...).trimmed(), nil)
			t.Text = strings.TrimRight(t.Text, " .")
			t.Value = t.Text
			h.Title = &t
		}
		return
	}
}

// titleLines takes the lines of a title below that of the kind of document: until the
// body's first sentence, a change from capitals to small letters, a heading, or six
// lines.
func titleLines(kind textLine, lines []textLine) []passage {
	var out []passage
	upper := false
	for i, l := range lines {
		if i >= 7 || len(out) >= 6 {
			break
		}
		if letters(l.text) < 2 {
			continue
		}
		isUpper := upperShare(l.text) > 0.7
		if len(out) == 0 {
			upper = isUpper
		}
		if len(out) > 0 && (upper != isUpper || !upper && startsBody(l.text)) {
			break
		}
		if len(out) > 0 && (heading(l.text) || endsSentence(out[len(out)-1].text)) {
			break
		}
		if len(out) > 0 && !isUpper && startsUpper(l.text) && (indented(lines[:i], l, lines[i+1:]) || paragraphAt(kind, lines, i)) {
			break
		}
		// An office that decides ("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH …") follows
		// the title of a decision.
		if len(out) > 0 && isUpper && !upper {
			break
		}
		// "(Lĩnh vực: Đường bộ)" is part of a title, "(Kèm theo …)" is not.
		if strings.HasPrefix(strings.TrimSpace(l.text), "(") && (len(out) == 0 || !strings.HasSuffix(l.text, ")") || len(field.Dates(l.text)) > 0 || letters(l.text) > 40) {
			break
		}
		out = append(out, tidyTitle(l.passage))
	}
	return out
}

// indented reports whether a line begins a paragraph under a centred title: it
// reaches to the right margin and not as far to the left, so that its middle
// lies beside the title's.
func indented(title []textLine, l textLine, rest []textLine) bool {
	if l.box.Empty() {
		return false
	}
	left, right := l.box.X0, l.box.X1
	for _, o := range rest[:min(len(rest), 6)] {
		if o.page == l.page && !o.box.Empty() {
			left, right = min(left, o.box.X0), max(right, o.box.X1)
		}
	}
	high := l.box.Height()
	if right-l.box.X1 > high || l.box.X0-left < high/2 || l.box.Width()*10 < (right-left)*8 {
		return false
	}
	for _, t := range title {
		if t.page != l.page || t.box.Empty() || 2*(l.box.CenterX()-t.box.CenterX()) < high {
			return false
		}
	}
	return true
}

// paragraphAt reports whether the body begins at line i below the line of the kind of
// document and a title, which ends with no full stop: a sentence that white space
// parts from the title, that stands beside its middle, or that says all by itself.
func paragraphAt(kind textLine, lines []textLine, i int) bool {
	l := &lines[i]
	end := lastOfSentence(lines, i)
	switch {
	case end < 0:
		return false
	case !l.box.Empty():
		return l.gap && end == i || offCentre(append(slices.Clone(lines[:i]), kind), l)
	case l.gap:
		return true
	}
	return saysAll(lines, i, end)
}

// lastOfSentence finds the line at whose end a sentence is over that begins at line i; -1
// where white space comes first.
func lastOfSentence(lines []textLine, i int) int {
	const most = 8 // lines of a sentence
	for k := i; k < min(len(lines), i+most); k++ {
		if k > i && lines[k].gap {
			break
		}
		if endsSentence(lines[k].text) {
			return k
		}
	}
	return -1
}

// offCentre reports whether a line's middle lies beside that of lines which are centred
// one below the other.
func offCentre(centred []textLine, l *textLine) bool {
	high := l.box.Height()
	from, to := 0, 0
	for _, c := range centred {
		if c.page != l.page || c.box.Empty() {
			return false
		}
		x := c.box.CenterX()
		if from == 0 {
			from, to = x, x
		}
		from, to = min(from, x), max(to, x)
	}
	x := l.box.CenterX()
	return from > 0 && to-from <= high && (x < from-high || x > to+high)
}

// saysAll reports whether the lines from i to end of a text without white space are
// a sentence by themselves: the only line that begins one, long enough, and behind a
// line that is not open.
func saysAll(lines []textLine, i, end int) bool {
	const long = 45 // letters
	said := 0
	for k := 1; k <= end; k++ {
		if lines[k].gap || k != i && startsUpper(lines[k].text) {
			return false
		}
		if k >= i {
			said += letters(lines[k].text)
		}
	}
	before := lines[i-1].words
	return said >= long && !openWord(before[len(before)-1].text)
}

// openWords want others behind them.
var openWords = strings.Fields("cua va tai cho theo ve cac nhung voi trong tren den tu so tinh huyen xa phuong quan pho")

// openWord reports whether the last word of a line wants more behind it.
func openWord(w string) bool {
	return strings.HasSuffix(w, ",") || strings.HasSuffix(w, "-") || slices.Contains(openWords, normalize.Fold(w))
}

func endsSentence(s string) bool {
	s = strings.TrimRight(s, " |")
	return strings.HasSuffix(s, ".") || strings.HasSuffix(s, ":")
}

func startsBody(s string) bool {
	s = strings.TrimLeft(s, "_-–—.•* ")
	if !startsUpper(s) {
		return false
	}
	return field.NewText(s).BeginsWith(bodyStarts, 0.8)
}

// heading recognises "I. …", "1. …", "PHẦN …".
func heading(s string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	if !strings.HasSuffix(word, ".") {
		return false
	}
	if _, _, ok := field.ReadRoman(word, 0); ok {
		return true
	}
	_, ok := field.Ordinal(word)
	return ok
}

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " \"“'("))
	return unicode.IsUpper(r)
}

// appendixHeader reads the head of an appendix that is a document of its own.
func (b *builder) appendixHeader(h *schema.Header, lines []textLine, at int) {
	l := lines[at]
	name := l.passage
	var title []passage
	if i := strings.IndexByte(l.text, ':'); i > 0 {
		name = l.slice(0, i)
		title = append(title, l.slice(i+1, len(l.text)).trimmed())
	}
	if hit, ok := field.NewText(name.text).Find(appendixWord, 0.75); ok && letters(name.text[:hit.From]) < 4 {
		name = name.slice(hit.From, len(name.text)) // specks before it
	}
	f := b.makeField(nil, name.trimmed(), nil)
	f.Value = f.Text
	h.Appendix = &f
	for i := 0; i < len(lines) && i < at+30; i++ {
		l := lines[i]
		if i == at {
			continue
		}
		if b.headLines[l.index] {
			continue
		}
		if cite, ok := b.attached(lines, i); ok && h.AttachedTo == nil {
			h.AttachedTo = &cite
			continue
		}
		if h.AttachedTo == nil && len(title) < 5 && upperShare(l.text) > 0.75 && letters(l.text) > 8 && !b.inRows[l.index] {
			title = append(title, l.passage)
		}
	}
	for _, i := range b.otherHalf {
		half := b.lines[i].passage
		if len(title) > 0 && (upperShare(half.text) > 0.75 || letters(half.text) == 0) {
			title = append(title, half.slice(len(half.text)-len(strings.TrimLeft(half.text, "\"'|` ")), len(half.text)))
		}
	}
	if len(title) > 0 {
		whole := concat(title...).trimmed()
		t := b.makeField(nil, whole, nil)
		t.Text = strings.Trim(t.Text, " .,")
		restoreType(&t)
		b.titleAsKnown(&t)
		codesInTitle(&t, whole)
		t.Value = t.Text
		h.Title = &t
	}
}

// titleAsKnown spells the part of a damaged title that is a wording of the
// tables in its document as the report type has it. Only letters may have been
// misread: a title with other words is another title.
func (b *builder) titleAsKnown(t *schema.Field) {
	var best field.Hit
	known := ""
	text := field.NewText(t.Text)
	for _, table := range b.tables {
		for i, w := range table.profile.titles {
			if h, ok := text.Find(w, 0.7); ok && len(w.String()) >= 16 && h.Score > best.Score {
				best, known = h, table.profile.Titles[i]
			}
		}
	}
	if known == "" {
		return
	}
	seen, want := lettersDigits(t.Text[best.From:best.To]), lettersDigits(known)
	if d := len(seen) - len(want); seen == want || d < -1 || d > 1 || normalize.Similarity(seen, want) < 0.85 {
		return
	}
	// "MÔ HÌNH ĐỀ ÁN" is no "MÔ HÌNH ĐIỂM": all its words were read as they stand there.
	raw := strings.ToLower(t.Raw)
	readWhole := func(w string) bool { return normalize.IsSyllable(w) && strings.Contains(raw, w) }
	if _, _, misread := compareWords(t.Text[best.From:best.To], known, readWhole); misread == 0 {
		return
	}
	respell(t, best.From, best.To, strings.ToUpper(known), "title")
	t.Confidence = round3(0.9 * t.Confidence)
	t.State, t.Why = schema.NeedsReview, []string{"repair"}
}

// lettersDigits is a text without marks, blanks and signs.
func lettersDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, normalize.Fold(s))
}

// respell replaces a byte range of a field's text and notes the repair.
func respell(f *schema.Field, from, to int, text, reason string) {
	if was := f.Text[from:to]; was != text {
		f.Repairs = append(f.Repairs, schema.Repair{From: was, To: text, Reason: reason, Score: 0.9})
		f.Text = f.Text[:from] + text + f.Text[to:]
	}
}

// codesInTitle spells the numbers of documents in a title as the grammar of
// citations reads them, and the word before them. source is the title as a
// passage.
func codesInTitle(t *schema.Field, source passage) {
	read := source.codesAsRead()
	for _, c := range field.Citations(read.text) {
		from, to := read.wordAt(c.NumberAt[0]), read.wordAt(c.NumberAt[1]-1)
		printed := strings.Trim(newPassage(source.words[from:to+1]).text, " .,;:()")
		at := strings.Index(t.Text, printed)
		if at < 0 || read.starts[from] != c.NumberAt[0] {
			continue
		}
		respell(t, at, at+len(printed), c.Citation.Number, "number")
		before := strings.TrimRight(t.Text[:at], " ")
		if from := strings.LastIndexByte(before, ' ') + 1; normalize.Fold(before[from:]) == "so" {
			word := "số"
			if upperShare(before) > 0.7 {
				word = "SỐ"
			}
			respell(t, from, len(before), word, "number")
		}
	}
}

// lostSyllables are beginnings of titles whose first syllable a stamp or a torn
// edge took: no title begins with them.
var lostSyllables = map[string]string{"CÁO": "BÁO CÁO", "HOẠCH": "KẾ HOẠCH"}

// restoreType completes a title that lost the first syllable of the kind of
// document, and leaves it to review.
func restoreType(t *schema.Field) {
	first, rest, _ := strings.Cut(t.Text, " ")
	for lost, whole := range lostSyllables {
		if strings.EqualFold(normalize.Fold(first), normalize.Fold(lost)) && upperShare(first) == 1 {
			t.Repairs = append(t.Repairs, schema.Repair{From: first, To: whole, Reason: "lost syllable", Score: 0.8})
			t.Text = whole + " " + rest
			t.Confidence = round3(0.8 * t.Confidence)
			t.State, t.Why = schema.NeedsReview, []string{"repair"}
			return
		}
	}
}

// opensAttachment reports whether a text begins as what names the document that an
// appendix belongs to does, after a bracket and the like.
func opensAttachment(text string) bool {
	t := field.NewText(text)
	return slices.ContainsFunc(attachWords, func(p field.Phrase) bool {
		h, ok := t.Find(p, 0.75)
		return ok && h.From < 12
	})
}

// attached reads "(Kèm theo Công văn số … ngày … của …)" from line i on.
func (b *builder) attached(lines []textLine, i int) (schema.Field, bool) {
	l := lines[i]
	if upperShare(l.text) > 0.6 {
		return schema.Field{}, false
	}
	opens := strings.HasPrefix(strings.TrimSpace(l.text), "(") || opensAttachment(l.text)
	text := l.passage
	for k := i + 1; k < len(lines) && k <= i+2 && !strings.Contains(text.text, ")"); k++ {
		if !opens && k > i+1 {
			break
		}
		text = concat(text, lines[k].passage)
	}
	if !strings.Contains(text.text, ")") {
		text = b.acrossSheets(text)
	}
	text = text.codesAsRead()
	cites := field.Citations(text.text)
	if len(cites) == 0 {
		h, ok := field.AttachedDocument(text.text)
		if !ok || h.Citation.Date == "" && !opens {
			return schema.Field{}, false
		}
		return b.citationField(h, text, 0.7), true
	}
	if !opens && cites[0].Citation.Date == "" {
		return schema.Field{}, false
	}
	return b.citationField(cites[0], text, 1), true
}

// acrossSheets completes a sentence over a table that was scanned as two sheets
// with its other half, the first line in small letters there. The word that the
// edge cut is put together: sheets overlap, so a letter may stand on both.
func (b *builder) acrossSheets(text passage) passage {
	k := slices.IndexFunc(b.otherHalf, func(i int) bool {
		return upperShare(b.lines[i].text) < 0.6 && letters(b.lines[i].text) > 3
	})
	if k < 0 || len(text.words) == 0 {
		return text
	}
	half := b.lines[b.otherHalf[k]].passage
	last, first := text.words[len(text.words)-1], half.words[0]
	if !startsLower(first.raw) || ended(last.raw) || b.opt.Restorer == nil {
		return concat(text, half)
	}
	torn := last
	torn.raw = overlapped(last.raw, first.raw)
	torn.text, torn.src = torn.raw, nil
	words := append(slices.Clone(text.words[:len(text.words)-1]), torn)
	words = append(words, half.words[1:]...)
	// The words beside it tell which marks the word has.
	at := len(text.words) - 1
	from := max(0, at-3)
	near := newPassage(words[from:min(len(words), at+4)]).asRead()
	if r := b.opt.Restorer.Restore(near.text); len(r.Words) == len(near.words) {
		words[at].text = r.Words[at-from].Text
	}
	return newPassage(words)
}

// overlapped joins two strings, leaving out what ends the one and begins the
// other.
func overlapped(a, b string) string {
	for n := min(len(a), len(b), 4); n > 0; n-- {
		if strings.HasSuffix(a, b[:n]) {
			return a + b[n:]
		}
	}
	return a + b
}
