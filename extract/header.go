package extract

import (
	"regexp"
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

	offices = []string{"CHỦ TỊCH", "PHÓ CHỦ TỊCH", "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "BỘ TRƯỞNG", "THỨ TRƯỞNG", "CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG",
		"TRƯỞNG BAN", "PHÓ TRƯỞNG BAN", "TỔNG GIÁM ĐỐC", "CỤC TRƯỞNG", "PHÓ CỤC TRƯỞNG", "BÍ THƯ", "PHÓ BÍ THƯ", "THỦ TRƯỞNG", "VỤ TRƯỞNG", "TRƯỞNG PHÒNG", "CHỦ NHIỆM", "PHÓ CHỦ NHIỆM", "THỦ TƯỚNG", "PHÓ THỦ TƯỚNG",
		"CHÁNH THANH TRA", "PHÓ CHÁNH THANH TRA", "TỔNG THANH TRA", "TỔNG KIỂM TOÁN NHÀ NƯỚC", "CHÁNH ÁN", "PHÓ CHÁNH ÁN", "VIỆN TRƯỞNG", "PHÓ VIỆN TRƯỞNG",
		"HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG", "PHÓ TỔNG GIÁM ĐỐC", "TỔNG CỤC TRƯỞNG", "CHI CỤC TRƯỞNG", "PHÓ CHI CỤC TRƯỞNG", "PHÓ VỤ TRƯỞNG",
		"PHÓ TRƯỞNG PHÒNG", "PHÓ THỦ TƯỚNG", "THỐNG ĐỐC", "PHÓ THỐNG ĐỐC", "CHỈ HUY TRƯỞNG", "CHÍNH ỦY", "TỔ TRƯỞNG", "PHÓ TỔ TRƯỞNG", "TRƯỞNG CÔNG AN", "TRƯỞNG ĐOÀN",
		"ỦY BAN NHÂN DÂN", "BAN THƯỜNG VỤ", "BAN CHỈ ĐẠO"}
	attachWords = field.NewPhrases("Kèm theo", "Ban hành kèm theo", "Theo")
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
	if upperShare(head) < 0.7 {
		// "Phụ lục III" in small letters must be all that the line says.
		return head == text && startsUpper(name) && name != strings.TrimSpace(head) && normalize.Similarity(name, "phu luc") >= 0.9
	}
	return normalize.Similarity(name, "phu luc") >= 0.75
}

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
			if part := l.slice(0, from).trimmed(); letters(part.text) > 3 {
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
			if hit, ok := t.FindPrefix(numberWord, 1); ok && numberLine < 0 && strings.HasPrefix(strings.TrimLeft(l.text[hit.To:], " "), ":") {
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
		if ok && (p.String() == motto.String() || upperShare(text[hit.From:hit.To]) > 0.5) {
			return hit.From, hit.To, true
		}
	}
	return 0, 0, false
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
		place := b.makeField(nil, text.slice(0, len(before)).trimmed(), nil)
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
	var names []passage
	for _, p := range left {
		if isAppendix(p.text) {
			continue
		}
		t := field.NewText(p.text)
		if n := len(names); n > 0 {
			joined := false
			for _, r := range regions {
				if _, ok := t.FindPrefix(r, 0.8); ok && endsOpen(names[n-1].text) {
					joined = true
				}
			}
			// A name too long for its column runs on ("SỞ VĂN HÓA, THỂ THAO /
			// VÀ DU LỊCH").
			if word, _, _ := strings.Cut(normalize.Fold(p.text), " "); word == "va" || word == "cua" || strings.HasSuffix(names[n-1].text, ",") {
				joined = true
			}
			if joined {
				names[n-1] = concat(names[n-1], p)
				continue
			}
		}
		names = append(names, p)
	}
	if len(names) == 0 {
		return
	}
	issuer := b.makeField(nil, names[len(names)-1], nil)
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
		parent := b.makeField(nil, concat(names[:len(names)-1]...), nil)
		parent.Value = parent.Text
		h.Parent = &parent
	}
}

// endsOpen reports whether a council's name lacks its region.
func endsOpen(name string) bool {
	for _, c := range councils {
		if normalize.Similarity(name, c.String()) > 0.85 {
			return true
		}
	}
	return false
}

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
		if h, ok := t.FindPrefix(field.NewPhrase(n), 0.75); ok && h.Score > best {
			best, end = h.Score, h.To
		}
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
		title = append(title, titleLines(lines[i+1:], h.Issuer)...)
		if len(title) > 0 {
			t := b.makeField(nil, concat(title...).trimmed(), nil)
			t.Text = strings.TrimRight(t.Text, " .")
			t.Value = t.Text
			h.Title = &t
		}
		return
	}
}

// titleLines takes the lines of a title: until the body's first sentence, a
// change from capitals to small letters, a heading, or six lines.
func titleLines(lines []textLine, issuer *schema.Field) []passage {
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
		if len(out) > 0 && !isUpper && startsUpper(l.text) && indented(lines[:i], l, lines[i+1:]) {
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

func endsSentence(s string) bool {
	s = strings.TrimRight(s, " |")
	return strings.HasSuffix(s, ".") || strings.HasSuffix(s, ":")
}

func startsBody(s string) bool {
	s = strings.TrimLeft(s, "_-–—.•* ")
	if !startsUpper(s) {
		return false
	}
	t := field.NewText(s)
	for _, p := range bodyStarts {
		if _, ok := t.FindPrefix(p, 0.8); ok {
			return true
		}
	}
	return false
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

// attached reads "(Kèm theo Công văn số … ngày … của …)" from line i on.
func (b *builder) attached(lines []textLine, i int) (schema.Field, bool) {
	l := lines[i]
	if upperShare(l.text) > 0.6 {
		return schema.Field{}, false
	}
	opens := strings.HasPrefix(strings.TrimSpace(l.text), "(")
	t := field.NewText(l.text)
	for _, p := range attachWords[:2] {
		if h, ok := t.Find(p, 0.75); ok && h.From < 12 {
			opens = true
		}
	}
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

// foot reads recipients, the signer's office and name.
func (b *builder) foot(h *schema.Header, lines []textLine) {
	at := -1
	for i, l := range lines {
		t := field.NewText(l.text)
		if _, ok := t.FindPrefix(recipients, 0.72); ok && i > 5 && len(strings.Fields(l.text)) <= 10 {
			at = i
		}
	}
	if at < 0 {
		b.lawFoot(h, lines)
		return
	}
	var office, names []passage
	kept := false // the archive's copy was named, which is the last recipient
	for i := at; i < len(lines) && i < at+40; i++ {
		l := unsigned(lines[i].passage)
		if i > at && (isAppendix(l.text) || b.inRows[lines[i].index]) {
			break
		}
		if i == at {
			if hit, ok := field.NewText(l.text).FindPrefix(recipients, 0.72); ok {
				if rest := l.slice(hit.To, len(l.text)).trimmed(); letters(rest.text) > 3 {
					office = append(office, rest)
				}
			}
			continue
		}
		trim := strings.TrimLeft(l.text, " ")
		if strings.HasPrefix(trim, "-") || strings.HasPrefix(trim, "–") || strings.HasPrefix(trim, "+") {
			l, name := signerBehind(l, office)
			if name.text != "" {
				names = append(names, name)
			}
			who, right := splitRight(l)
			if right.text != "" {
				office = append(office, right)
			}
			if who = trimBullet(who); !kept {
				b.recipient(h, who)
			}
			kept = kept || forArchive(who.text)
			continue
		}
		// A speck behind a name makes it no recipient.
		if name := bareName(l.text); len(office) > 0 && len(strings.Fields(name)) > 2 {
			if family, _ := familyOf(name); family != "" {
				names = append(names, l)
				continue
			}
		}
		if unmarkedRecipient(l.text) || !kept && forArchive(l.text) {
			who := l.slice(len(l.text)-len(strings.TrimLeft(l.text, " ~•*")), len(l.text)).trimmed()
			if !kept {
				b.recipient(h, who)
			}
			kept = kept || forArchive(who.text)
			continue
		}
		among, found := officeAmong(l)
		switch {
		case found:
			office = append(office, among)
		case upperShare(l.text) > 0.7 && letters(l.text) > 3, len(office) > 0 && deputyOf(office[len(office)-1].text, l.text):
			office = append(office, l)
		default:
			if name := withoutRank(l); looksLikeName(name.text) {
				names = append(names, name)
			}
		}
	}
	// The office may stand before the recipients, where the right column came
	// first.
	if len(office) == 0 {
		for i := max(0, at-6); i < at; i++ {
			if isOffice(lines[i].text) >= 0.75 {
				office = append(office, lines[i].passage)
			} else if name := withoutRank(lines[i].passage); looksLikeName(name.text) && len(office) > 0 {
				names = append(names, name)
			}
		}
	}
	b.office(h, office)
	if len(names) > 0 {
		h.Signer = b.signer(names[len(names)-1])
	}
}

// forArchive reports whether a recipient is the archive: "Lưu: VT, …", of which
// the L may be read as a stroke ("1.ưu:").
func forArchive(who string) bool {
	word, rest, two := strings.Cut(strings.TrimLeft(who, " -–~•*"), " ")
	letters := lettersDigits(strings.NewReplacer("1", "L", "|", "L", "I", "L").Replace(word))
	return two && rest != "" && len(word) > 3 && strings.ContainsAny(lastOf(word), ":.;") && normalize.Similarity(letters, "luu") >= 0.6 && letters[0] == 'l'
}

// recipient adds one who receives the document.
func (b *builder) recipient(h *schema.Header, who passage) {
	archive := forArchive(who.text)
	if !archive {
		who = untilStrokes(who)
	}
	who = untilClosed(who)
	if letters(who.text) < 2 {
		return
	}
	f := b.makeField(nil, who, nil)
	for _, w := range strings.Fields(f.Text) {
		code := strings.Trim(w, " .,;:()")
		if at := strings.Index(f.Text, code); len(code) > 2 {
			respell(&f, at, at+len(code), field.Code(code), "code")
		}
	}
	if archive {
		if word, _, _ := strings.Cut(f.Text, " "); word != "Lưu:" {
			respell(&f, 0, len(word), "Lưu:", "punctuation")
		}
		if m := archiveSigns.FindStringSubmatchIndex(f.Text); m != nil {
			respell(&f, m[2], m[3], "VT, ", "punctuation")
		}
	}
	respellAgency(&f)
	f.Text = strings.TrimRightFunc(f.Text, func(r rune) bool {
		return r != ')' && r != '"' && r != '”' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	f.Value = f.Text
	h.Recipients = append(h.Recipients, f)
}

// archiveSigns are the letters of the archive, and what stands between them and
// the unit that wrote: of "VT, KSTTHC" engines make "VT. KSTTHC", "VI, KSTTHC".
var archiveSigns = regexp.MustCompile(`^Lưu: (V[TIl1][.,] ?)\p{Lu}`)

// untilStrokes leaves out what was read of a signature behind the mark that closes
// a recipient: "UBND tỉnh; / Z7".
func untilStrokes(who passage) passage {
	for k := len(who.words) - 1; k > 0; k-- {
		tail := newPassage(who.words[k:])
		if letters(tail.text) > 3 {
			break
		}
		if strings.ContainsAny(lastOf(who.words[k-1].text), ";") {
			return newPassage(who.words[:k])
		}
	}
	return who
}

// untilClosed leaves out a speck behind the mark that closes a recipient.
func untilClosed(who passage) passage {
	n := len(who.words)
	if n < 2 || utf8.RuneCountInString(who.words[n-1].raw) > 2 || !strings.ContainsAny(lastOf(who.words[n-2].text), ".;") {
		return who
	}
	return newPassage(who.words[:n-1])
}

// unmarkedRecipient recognises a recipient whose dash OCR lost: Decree 30/2020
// ends each with a semicolon, the last with a full stop. Neither a name nor an
// office ends with a mark.
func unmarkedRecipient(text string) bool {
	text = strings.Trim(text, " ~•*")
	return startsUpper(text) && upperShare(text) < 0.85 && letters(text) > 3 && len([]rune(text)) < 90 &&
		(strings.HasSuffix(text, ";") || strings.HasSuffix(text, ",") || strings.HasSuffix(text, ".") || strings.HasSuffix(text, ":"))
}

// splitRight parts a line of recipients from the office that stands in the
// right column: the run of capitals at its end.
func splitRight(l passage) (left, right passage) {
	fold := normalize.Fold(strings.TrimLeft(l.text, " -–"))
	if strings.HasPrefix(fold, "luu") || strings.HasPrefix(fold, "lwu") {
		return l, passage{}
	}
	cut := len(l.words)
	for cut > 1 {
		w := strings.Trim(l.words[cut-1].text, ".,;: ")
		if letters(w) > 0 && upperShare(w) < 0.5 {
			break
		}
		cut--
	}
	tail := l.text[min(l.starts[min(cut, len(l.starts)-1)], len(l.text)):]
	if cut == len(l.words) || cut < 2 {
		return l, passage{}
	}
	last := l.words[cut-1].text
	closed := strings.HasSuffix(last, ";") || strings.HasSuffix(last, ",") || strings.HasSuffix(last, ".")
	if !closed && isOffice(tail) < 0.6 || letters(tail) < 4 {
		return l, passage{}
	}
	return newPassage(l.words[:cut]), newPassage(l.words[cut:])
}

func trimBullet(p passage) passage {
	n := len(p.text) - len(strings.TrimLeft(p.text, " -–+"))
	return p.slice(n, len(p.text)).trimmed()
}

var authority = strings.Fields("KT. TM. TL. TUQ. Q. KT TM TL TUQ")

// isOffice is how like an office of a signer a text is.
func isOffice(text string) float64 {
	_, score := nearestOffice(text)
	return score
}

// office joins the lines of the signer's office. "KT. X" is always followed by
// the deputy "PHÓ X", so that line may be badly damaged.
func (b *builder) office(h *schema.Header, lines []passage) {
	var kept []passage
	var names []string
	worst := 1.0
	for i, l := range lines {
		name, score := nearestOffice(l.text)
		if score < 0.68 {
			continue
		}
		kept, names, worst = append(kept, l.trimmed()), append(names, name), min(worst, score)
		office, deputy := strings.CutPrefix(name, "KT. ")
		if !deputy {
			continue
		}
		best, at := 0.42, -1
		for k := i + 1; k < len(lines); k++ {
			s := normalize.Similarity(lines[k].text, "PHÓ "+office)
			if deputyOf(office, lines[k].text) {
				s = max(s, unfit)
			}
			if s > best {
				best, at = s, k
			}
		}
		if at >= 0 {
			kept, names, worst = append(kept, lines[at].trimmed()), append(names, "PHÓ "+office), min(worst, best)
		}
		break
	}
	if len(kept) == 0 {
		return
	}
	f := b.makeField(strings.Join(names, " "), concat(kept...), func(e *Evidence) { e.Format = worst })
	h.SignerTitle = &f
}

// gluedStop is a speck between two words of an office that was read as a full
// stop; behind the letters of an authority ("KT.CHỦ TỊCH") it stands rightly.
var gluedStop = regexp.MustCompile(`(\pL{3,})\.(\pL{2,})`)

// nearestOffice returns the office of a signer that a text is likest, with the
// letters of the authority before it.
func nearestOffice(text string) (name string, score float64) {
	s := strings.TrimLeftFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
	s = gluedStop.ReplaceAllString(strings.TrimSpace(s), "$1 $2")
	prefix := ""
	for _, a := range authority {
		if strings.HasPrefix(s, a+" ") || strings.HasSuffix(a, ".") && strings.HasPrefix(s, a) {
			s = strings.TrimSpace(s[len(a):])
			prefix = strings.TrimSuffix(a, ".") + ". "
			break
		}
	}
	for _, o := range offices {
		if v := normalize.Similarity(s, o); v > score {
			name, score = prefix+o, v
		}
		// "TRƯỞNG PHÒNG KIỂM SOÁT TTHC": the office of one part of the agency.
		if h, ok := field.NewText(s).FindPrefix(field.NewPhrase(o), 0.85); ok && len(s) > h.To+3 && len(s) < h.To+60 && upperShare(s) > 0.8 && 0.9*h.Score > score {
			name, score = prefix+o+" "+strings.TrimSpace(s[h.To:]), 0.9*h.Score
		}
		// "KLCHU TICH": authority and office glued.
		if prefix == "" {
			if v := normalize.Similarity(s, "KT."+o); v > score {
				name, score = "KT. "+o, v
			}
		}
	}
	return name, score
}

// ranks stand before the names of officers, degrees before those of others.
var (
	ranks = field.NewPhrases("Đại tướng", "Thượng tướng", "Trung tướng", "Thiếu tướng", "Đại tá", "Thượng tá", "Trung tá", "Thiếu tá",
		"Đại úy", "Thượng úy", "Trung úy", "Thiếu úy", "Đô đốc", "Phó đô đốc", "Chuẩn đô đốc", "Tiến sĩ", "Thạc sĩ", "Bác sĩ", "Giáo sư", "Phó giáo sư")
	// "PGS.TS.", "ThS", "BS.CKII"; one without a stop must be all of its word.
	degrees = regexp.MustCompile(`^\s*(?:(?:PGS|GS|TSKH|TS|ThS|BSCK(?:II|I)|BS|CKII|CKI|DS|KS|CN|LS|NGƯT|NGND|TTƯT|TTND)\s*(?:[.,]\s*|\s+))+`)
)

// withoutRank leaves out the rank, and the degrees, before a signer's name. A
// family name alone is no rank: "Đô Đốc Lập" keeps two words at least.
func withoutRank(l passage) passage {
	text := field.NewText(l.text)
	best := field.Hit{}
	for _, r := range ranks {
		if h, ok := text.FindPrefix(r, 0.9); ok && h.To > best.To {
			best = h
		}
	}
	from := best.To
	if loc := degrees.FindStringIndex(l.text[from:]); loc != nil {
		from += loc[1]
	}
	if from == 0 || from >= len(l.text) || len(strings.Fields(l.text[from:])) < 2 {
		return l
	}
	return l.slice(from, len(l.text)).trimmed()
}

func looksLikeName(s string) bool {
	s = strings.TrimSpace(s)
	words := strings.Fields(s)
	if len(words) < 2 || len(words) > 5 || len([]rune(s)) > 30 {
		return false
	}
	for _, w := range words {
		if !startsUpper(w) || upperShare(w) > 0.9 && letters(w) > 2 {
			return false
		}
		for _, r := range w {
			if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) {
				return false
			}
		}
	}
	return true
}
