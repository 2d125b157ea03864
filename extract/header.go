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

// The header follows the layout that Decree 30/2020/NĐ-CP fixes: agencies on
// the left, the nation's name and motto on the right, below them number and
// place with date, then the kind of document and its subject; at the foot the
// recipients on the left, office and name of the signer on the right. OCR and
// text files put the two columns one behind the other or into one line, so
// everything is found by wording first and by place second.

var (
	nation      = field.NewPhrase("Cộng hòa xã hội chủ nghĩa Việt Nam")
	nationParts = field.NewPhrases("Cộng hòa xã hội", "chủ nghĩa Việt Nam")
	motto       = field.NewPhrase("Độc lập Tự do Hạnh phúc")
	party       = field.NewPhrase("Đảng Cộng sản Việt Nam")
	recipients  = field.NewPhrase("Nơi nhận")
	numberWord  = field.NewPhrase("Số")

	appendixWord = field.NewPhrase("Phụ lục")
	lawNumber    = field.NewPhrase("Luật số")

	// bodyStarts begin the first sentence of a document, which ends its title.
	bodyStarts = field.NewPhrases("Thực hiện", "Theo đề nghị", "Căn cứ", "Kính gửi", "Triển khai thực hiện", "Thi hành", "Trên cơ sở", "Ngày", "Nhằm", "Để", "Phát huy", "Tiếp theo", "Xét đề nghị", "Theo")
	// regions continue the name of a people's committee on the next line.
	regions  = field.NewPhrases("TỈNH", "THÀNH PHỐ", "HUYỆN", "QUẬN", "XÃ", "PHƯỜNG", "THỊ XÃ", "ĐẶC KHU")
	councils = field.NewPhrases("ỦY BAN NHÂN DÂN", "UBND", "HỘI ĐỒNG NHÂN DÂN", "HĐND", "ĐẢNG ỦY")

	attachWords = field.NewPhrases("Kèm theo", "Ban hành kèm theo")
)

// maxLetterhead is how many lines of a document the letterhead is looked for
// in.
const maxLetterhead = 45

// header reads the header of a section: its letterhead or, for an appendix
// that stands alone, its head; and its foot.
func (b *builder) header(lines []textLine) schema.Header {
	h := schema.Header{Recipients: []schema.Field{}}
	if len(lines) == 0 {
		return h
	}
	// Rules that a text file draws with "|" and dashes are no text.
	var kept []textLine
	for _, l := range lines {
		if letters(l.text) > 0 || strings.ContainsAny(l.text, "0123456789") {
			kept = append(kept, l)
		}
	}
	top := kept[:min(len(kept), maxLetterhead)]
	if n, ok := appendixHead(top); ok {
		b.appendixHeader(&h, top, n)
		return h
	}
	after := b.letterhead(&h, top)
	codeOfIssuer(&h)
	b.subject(&h, kept, after)
	codeOfType(&h)
	b.marksElsewhere(h.Title)
	b.foot(&h, kept)
	return h
}

// appendixHead finds the line that opens an appendix before any letterhead.
func appendixHead(lines []textLine) (int, bool) {
	for i, l := range lines[:min(len(lines), 6)] {
		t := field.NewText(l.text)
		if _, ok := t.Find(nation, 0.7); ok {
			return 0, false
		}
		if isAppendix(l.text) {
			return i, true
		}
	}
	return 0, false
}

// isAppendix recognises "PHỤ LỤC 04", "PHU LUC3", "PHỤ LỤC 4: BÁO CÁO …".
func isAppendix(text string) bool {
	head := text
	if i := strings.IndexAny(head, ":."); i > 0 {
		head = head[:i]
	}
	if len([]rune(head)) > 20 {
		return false
	}
	name := strings.TrimRight(strings.TrimSpace(head), "0123456789IVXivx ")
	if word := strings.TrimSuffix(name, lastWord(name)); word != "" && normalize.Fold(lastWord(name)) == "so" {
		name = strings.TrimSpace(word) // "Phụ lục số 01"
	}
	if upperShare(head) < 0.7 {
		// "Phụ lục III" in small letters must be all that the line says.
		return head == text && startsUpper(name) && name != strings.TrimSpace(head) && normalize.Similarity(name, "phu luc") >= 0.9
	}
	return normalize.Similarity(name, "phu luc") >= 0.75
}

// lastWord is the last word of a text.
func lastWord(text string) string { return text[strings.LastIndexByte(text, ' ')+1:] }

// letterhead reads agencies, number, place and date, and returns the index of
// the first line behind them.
func (b *builder) letterhead(h *schema.Header, lines []textLine) int {
	var left []passage // what is left of each line once the right column is gone
	last := -1
	numberLine := -1
	for i, l := range lines {
		t := field.NewText(l.text)
		if i > 14 && numberLine < 0 && h.Date == nil {
			break
		}
		// The kind of document ends the letterhead: what comes below is title
		// and body, with numbers, places and dates of other documents. Only the
		// number may still follow, where the left column was read last.
		if last >= 0 && isTypeLine(l.text) {
			b.lateNumber(h, lines[i+1:min(len(lines), i+8)])
			break
		}
		from, to, ok := nationHit(l.text)
		if !ok && (ofNation(l.text) || i > 0 && nationGoesOn(lines[i-1].text, l.text)) {
			last = i
			continue
		}
		if ok {
			last = i
			if part := l.slice(0, from).trimmed(); letters(part.text) > 3 && !numberLike(part.text) {
				left = append(left, part)
			}
			// The agency may also stand behind the motto.
			if part := l.slice(to, len(l.text)).trimmed(); letters(part.text) > 6 && upperShare(part.text) > 0.7 && !ofNation(part.text) {
				left = append(left, part)
			}
			continue
		}
		if h.Number == nil {
			if f, rest, ok := b.numberOf(l); ok {
				h.Number = &f
				numberLine, last = i, i
				b.placeAndDate(h, rest, lines, i)
				continue
			}
			if hit, ok := t.FindPrefix(numberWord, 1); ok && numberLine < 0 && numberLike(l.text) {
				// A number of which nothing can be read is no agency; "SỞ …" is.
				if rest := l.slice(hit.To, len(l.text)); len(field.Dates(rest.text)) > 0 {
					b.placeAndDate(h, rest, lines, i)
				}
				last = i
				continue
			}
		}
		if h.Date == nil && (numberLine >= 0 || last >= 0) && i < 20 {
			before := h.Date
			b.placeAndDate(h, l.passage, lines, i)
			if h.Date != before {
				last = max(last, i)
				// "Quảng Ngãi, ngày" and the rest on the next line.
				continue
			}
		}
		if numberLine < 0 && i < 12 && upperShare(l.text) > 0.8 && letters(l.text) > 3 && !isDocumentType(l.text) {
			left = append(left, l.passage)
			last = max(last, i)
			continue
		}
		if h.Number != nil && h.Date != nil {
			break
		}
	}
	b.agencies(h, left)
	return last + 1
}

// isTypeLine reports whether a line holds the kind of a document and nothing
// else.
func isTypeLine(text string) bool {
	end, ok := documentType(text)
	return ok && letters(text[end:]) <= 2
}

// lateNumber looks for the document's number below its kind.
func (b *builder) lateNumber(h *schema.Header, lines []textLine) {
	if h.Number != nil {
		return
	}
	for _, l := range lines {
		if _, ok := field.NewText(l.text).FindPrefix(numberWord, 1); !ok || len(l.words) > 4 {
			continue
		}
		if f, _, ok := b.numberOf(l); ok {
			h.Number = &f
			return
		}
	}
}

// nationHit finds the nation's name, its motto or the party's name. The names
// stand in capitals there; in small letters they belong to a sentence, such as
// the first of a law.
func nationHit(text string) (from, to int, ok bool) {
	t := field.NewText(text)
	for _, p := range append([]field.Phrase{nation, motto, party}, nationParts...) {
		hit, ok := t.Find(p, 0.66)
		if !ok || p.String() != motto.String() && upperShare(text[hit.From:hit.To]) <= 0.5 {
			continue
		}
		// "CÔNG AN TỈNH" is like "CỘNG HÒA XÃ" by its letters alone.
		if same, others, none := compareWords(text[hit.From:hit.To], p.String(), normalize.IsSyllable); none > 0 || others <= same {
			return hit.From, hit.To, true
		}
	}
	return 0, 0, false
}

// compareWords counts the words of a text that is like a wording by its letters: those
// that stand in the wording, others, and those that are no words, as isWord tells
// of them in small letters. Other words make another text of it, misread ones do not.
func compareWords(text, wording string, isWord func(string) bool) (same, others, none int) {
	known := strings.Fields(normalize.Fold(wording))
	for _, w := range strings.Fields(strings.ToLower(text)) {
		switch w = letterCore(w); {
		case w == "":
		case slices.Contains(known, normalize.Fold(w)):
			same++
		case isWord(w):
			others++
		default:
			none++
		}
	}
	return same, others, none
}

// numberLike reports whether a text begins as the line of a document's number does,
// however little can be read of the number.
func numberLike(text string) bool {
	hit, ok := field.NewText(text).FindPrefix(numberWord, 1)
	return ok && strings.HasPrefix(strings.TrimLeft(text[hit.To:], " "), ":")
}

// letterCore is a word without the signs around it.
func letterCore(w string) string {
	return strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) })
}

// nationLetters are the nation's name and the motto, folded, letters alone.
const nationLetters = "conghoaxahoichunghiavietnamdoclaptudohanhphuc"

// ofNation recognises a piece of the nation's name and motto by its letters,
// however it was cut into words and whatever signs OCR put between. Shorter
// pieces may be an agency's ("VIỆT NAM").
func ofNation(text string) bool {
	s := lettersDigits(text)
	return len(s) >= 10 && strings.Contains(nationLetters, s)
}

// nationGoesOn reports whether a line goes on, letter by letter, with the
// nation's name or the motto where the line before broke off.
func nationGoesOn(before, text string) bool {
	const enough = 8 // letters of the line before
	b, s := lettersDigits(before), lettersDigits(text)
	return s != "" && len(b) >= enough && strings.Contains(nationLetters, b[len(b)-enough:]+s)
}

// numberOf reads "Số: 608/BC-UBND" and returns the rest of the line. Codes are
// read as they stood: repair makes words of what is none.
func (b *builder) numberOf(line textLine) (schema.Field, passage, bool) {
	l := line.codesAsRead()
	t := field.NewText(l.text)
	from := 0
	if hit, ok := t.FindPrefix(numberWord, 1); ok {
		from = hit.To
	} else if hit, ok := t.FindPrefix(lawNumber, 0.8); ok {
		from = hit.To
	} else if i := strings.IndexByte(l.text, ':'); i > 0 && i <= 4 && strings.ContainsAny(l.text[:1], "SsĐ$5") {
		from = i + 1
	} else if i := strings.IndexByte(l.text, ' '); i > 0 && i <= 4 && strings.ContainsAny(l.text[:1], "Ss$5") {
		from = i
	} else {
		return schema.Field{}, passage{}, false
	}
	n, ok := field.LetterheadNumber(l.text[from:])
	if !ok {
		return schema.Field{}, passage{}, false
	}
	p := l.slice(from+n.From, from+n.To).trimmed()
	f := b.makeField(n.Value, p, func(e *Evidence) {
		if !n.Clean {
			e.Format = 0.9
		}
		// A stroke that is missing may have been read as a digit.
		if strings.Contains(n.Value, "/") && !strings.Contains(p.text, "/") {
			e.Format = 0.5
		}
		// Digits that the engine was unsure of were likely written by hand.
		if e.Weakest < 0.5 {
			e.Format *= 0.8
		}
		if strings.Contains(n.Value, "?") {
			e.Format = 0.4
		}
	})
	f.Text = n.Value
	// The rest is as repaired, but for what the number's last word holds of it.
	last := l.wordAt(from + n.To - 1)
	rest := newPassage(line.words[last+1:])
	if end := l.starts[last] + len(l.words[last].text); from+n.To < end {
		rest = concat(l.slice(from+n.To, end), rest)
	}
	return f, rest, true
}

// codeOfIssuer settles letters of the number's last part by the issuer's
// initials, where the two are the same but for marks: OCR takes the Đ of
// "TTCĐS" for D, and both codes exist.
func codeOfIssuer(h *schema.Header) {
	if h.Number == nil || h.Issuer == nil {
		return
	}
	number, ok := h.Number.Value.(string)
	at := strings.LastIndexAny(number, "-/")
	if !ok || at < 0 {
		return
	}
	initials := ""
	for _, w := range strings.Fields(h.Issuer.Text) {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLetter(r) {
			initials += string(codeLetter(unicode.ToUpper(r)))
		}
	}
	code := number[at+1:]
	if len(code) < 3 || code == initials || normalize.Fold(code) != normalize.Fold(initials) {
		return
	}
	f := h.Number
	f.Repairs = append(f.Repairs, schema.Repair{From: code, To: initials, Reason: "issuer", Score: 0.9})
	f.Text = number[:at+1] + initials
	f.Value = f.Text
}

// codeOfType settles the first part of the number's code by the kind of document
// printed below, where it is no code and has that one's length and all but one of
// its letters: of "BC" engines make "BG".
func codeOfType(h *schema.Header) {
	if h.Number == nil || h.DocumentType == nil {
		return
	}
	number, _ := h.Number.Value.(string)
	from := strings.IndexAny(number, "/-") + 1
	to := from + strings.IndexAny(number[from:], "/-")
	if from == 0 || to < from || field.KindOf(number) != "" {
		return
	}
	names, codes := field.DocumentTypes()
	for _, n := range names {
		code := codes[n]
		if code == "" || normalize.Fold(n) != normalize.Fold(h.DocumentType.Text) || !oneLetterOff(number[from:to], code) {
			continue
		}
		f := h.Number
		f.Repairs = append(f.Repairs, schema.Repair{From: number[from:to], To: code, Reason: "document type", Score: 0.9})
		f.Text = number[:from] + code + number[to:]
		f.Value, f.State, f.Why = f.Text, schema.NeedsReview, []string{"repair"}
		return
	}
}

// oneLetterOff reports whether two codes of a length differ in one letter.
func oneLetterOff(seen, code string) bool {
	a, b := []rune(seen), []rune(code)
	if len(a) != len(b) || len(a) < 2 {
		return false
	}
	off := 0
	for i := range a {
		if a[i] != b[i] {
			off++
		}
	}
	return off == 1
}

// codeLetter is the letter of a code for one that a name begins with: of the
// letters with marks codes have Đ alone.
func codeLetter(r rune) rune {
	if r == 'Đ' {
		return r
	}
	plain, _ := utf8.DecodeRuneInString(normalize.Fold(string(r)))
	return unicode.ToUpper(plain)
}

// placeAndDate reads "Quảng Ngãi, ngày 05 tháng 9 năm 2025", which may run on
// over the next lines.
func (b *builder) placeAndDate(h *schema.Header, p passage, lines []textLine, i int) {
	text := p.dayAsRead()
	dates := field.Dates(text.text)
	for k := i + 1; len(dates) == 0 && k < len(lines) && k <= i+2; k++ {
		if letters(p.text) == 0 || !containsDay(text.text) {
			break
		}
		text = concat(text, lines[k].passage).dayAsRead()
		dates = field.Dates(text.text)
	}
	if len(dates) == 0 {
		return
	}
	d := dates[0]
	before := strings.TrimRight(text.text[:d.From], " ,.|")
	// Only a date behind a place, or at the start of its line, is the
	// document's own.
	if len([]rune(before)) > 40 {
		return
	}
	f := b.makeField(d.Value, text.slice(d.From, d.To), func(e *Evidence) {
		e.mended()
		if !d.Clean {
			e.Format = 0.5
		}
	})
	if !d.Clean {
		f.Alternatives = dateReadings(d.Value)
	}
	h.Date = &f
	if letters(before) >= 2 && startsUpper(before) {
		place := b.makeField(nil, wordsAsRead(text.slice(0, len(before)).trimmed(), 0), nil)
		place.Value = place.Text
		h.Place = &place
	}
}

func containsDay(s string) bool {
	_, ok := field.NewText(s).Find(field.NewPhrase("ngày"), 0.75)
	return ok
}

// dateReadings lists what a date with one unknown digit of the day may be.
func dateReadings(v string) []schema.Alternative {
	if len(v) != 10 || strings.Count(v, "?") != 1 {
		return nil
	}
	var out []schema.Alternative
	for d := '0'; d <= '9'; d++ {
		s := strings.Replace(v, "?", string(d), 1)
		if _, ok := (field.Date{Value: s}).Time(); ok {
			out = append(out, schema.Alternative{Text: s})
		}
	}
	for i := range out {
		out[i].Score = round3(1 / float64(len(out)))
	}
	return out
}

// agencies sets issuer and parent from the lines of the left column.
func (b *builder) agencies(h *schema.Header, left []passage) {
	names := agencyNamesOf(left, issuerCode(h.Number))
	if len(names) == 0 {
		return
	}
	issuer := b.makeField(nil, namesAsRead(names[len(names)-1]), nil)
	issuer.Value = issuer.Text
	// "ỦY BAN NHÂN DÂN" alone names no province: a line was lost. The place of
	// the date tells which.
	if h.Place != nil && endsOpen(issuer.Text) {
		issuer.Value = issuer.Text + " tỉnh " + h.Place.Text
		issuer.State, issuer.Why = schema.NeedsReview, []string{"position"}
		issuer.Confidence = min(issuer.Confidence, 0.6)
	}
	h.Issuer = &issuer
	if len(names) > 1 {
		parent := b.makeField(nil, namesAsRead(concat(names[:len(names)-1]...)), nil)
		parent.Value = parent.Text
		h.Parent = &parent
	}
}

// namesAsRead takes back what repair made of names of places: the words behind that
// for a region.
func namesAsRead(p passage) passage {
	for k := range p.words {
		tail := newPassage(p.words[k:])
		for _, r := range regions {
			if h, ok := field.NewText(tail.text).FindPrefix(r, 0.9); ok {
				return wordsAsRead(p, k+len(strings.Fields(tail.text[:h.To])))
			}
		}
	}
	return p
}

// wordsAsRead takes back repairs of words, from one on, that were read as syllables
// and became others: names are in no dictionary, so that "NÀ" is as good as "NHÀ".
// Marks alone are repaired for good reasons.
func wordsAsRead(p passage, from int) passage {
	words := slices.Clone(p.words)
	for i := from; i < len(words); i++ {
		w := &words[i]
		raw := letterCore(w.raw)
		if w.raw != w.text && normalize.IsSyllable(strings.ToLower(raw)) && normalize.Fold(strings.ToLower(raw)) != normalize.Fold(strings.ToLower(letterCore(w.text))) {
			w.fix = append(slices.Clip(w.fix), schema.Repair{From: w.text, To: w.raw, Reason: "name", Score: 0.9})
			w.text = w.raw
		}
	}
	return newPassage(words)
}
