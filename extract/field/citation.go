package field

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// A CitationHit is a document that a text refers to.
type CitationHit struct {
	From, To int // byte range of type, number, date and issuer together
	Citation schema.Citation
	NumberAt [2]int // byte range of the number
	Clean    bool   // the number needed no repair
	Implied  bool   // the type was taken from the citation before or from the code
}

// docType is a kind of document: its name, the code in its number, and the
// words that may follow the name ("kế hoạch hành động").
type docType struct {
	name    string
	code    string
	phrases []Phrase
}

var docTypes = []docType{
	newDocType("Thông báo kết luận", "TB", "thong bao ket luan"),
	newDocType("Quyết định", "QĐ", "quyet dinh"),
	newDocType("Nghị quyết", "NQ", "nghi quyet"),
	newDocType("Nghị định", "NĐ", "nghi dinh"),
	newDocType("Kế hoạch", "KH", "ke hoach", "ke hoach hanh dong"),
	newDocType("Chương trình", "CTr", "chuong trinh", "chuong trinh cong tac", "chuong trinh hanh dong"),
	newDocType("Quy chế", "QC", "quy che", "quy che lam viec"),
	newDocType("Công văn", "CV", "cong van"),
	newDocType("Công điện", "CĐ", "cong dien"),
	newDocType("Chỉ thị", "CT", "chi thi"),
	newDocType("Thông tư liên tịch", "TTLT", "thong tu lien tich"),
	newDocType("Nghị quyết liên tịch", "NQLT", "nghi quyet lien tich"),
	newDocType("Thông tư", "TT", "thong tu"),
	newDocType("Thông báo", "TB", "thong bao"),
	newDocType("Tờ trình", "TTr", "to trinh"),
	newDocType("Báo cáo", "BC", "bao cao"),
	newDocType("Kết luận", "KL", "ket luan"),
	newDocType("Hướng dẫn", "HD", "huong dan"),
	newDocType("Quy định", "QĐi", "quy dinh"),
	newDocType("Đề án", "ĐA", "de an"),
	newDocType("Pháp lệnh", "PL", "phap lenh"),
	newDocType("Giấy mời", "GM", "giay moi"),
	newDocType("Văn bản", "", "van ban"),
	newDocType("Luật", "", "luat"),
}

func newDocType(name, code string, phrases ...string) docType {
	return docType{name, code, NewPhrases(phrases...)}
}

// DocumentTypes returns the names of the kinds of documents and, by name, the
// code that their numbers carry ("QĐ"; "" when they carry none).
func DocumentTypes() (names []string, codes map[string]string) {
	codes = make(map[string]string, len(docTypes))
	for _, t := range docTypes {
		names = append(names, t.name)
		codes[t.name] = t.code
	}
	return names, codes
}

// codes are parts of document numbers that name a type or an issuer. OCR reads
// the Đ in them as D, P, B, O or two of these; see repairCode.
var codes = strings.Fields(`QĐ NQ NĐ KH CTr QC CV CĐ CT TT TTLT NQLT TB TTr BC KL HD PL GM BB HĐ
	CP TTg QH13 QH14 QH15 QH16 TW TU UBND HĐND UBMTTQ BCĐ BCĐTW BCHĐTW TCT TGV VP VPCP VPUB VPTU TCTTKĐA
	ĐUUBND ĐUUBNDT ĐU BCS BTV BTC BTP BYT BCA BQP BNV BCT BGDĐT BKHĐT BKHCN BTTTT BTNMT BNNMT BNNPTNT BXD BGTVT BVHTTDL BLĐTBXH BNG BDTTG
	SKHCN STTTT SNV STC STP SYT SXD SCT SGDĐT SKHĐT STNMT SNNMT SNNPTNT SGTVT SVHTTDL SLĐTBXH SNgV CAT
	TTHC KSTT NC VX KT TH KGVX BCVT CĐS CNTT CATTT KTTH TĐKT ĐHQGHN ĐHĐN TCTTKDA KTN NCPC VXNV NSSC HCTC QLVT CNXD ĐTXH CNTT PC06
	BTXH BVMT BVTV BCXB BHXH PCTN PCTT PCCC PTNT DVC DTTS DSTE DSKHHGĐ TTBC TTr TCCB`)

var codeSet = func() map[string]bool {
	m := make(map[string]bool, len(codes))
	for _, c := range codes {
		m[c] = true
	}
	return m
}()

const (
	codeSegment = `[A-ZĐƯÔÊÂĂƠ0-9](?:[\pL0-9]{0,14})`
	codeTail    = `(?:[ ]?(?:-\s?-?|/|&|–)\s?` + codeSegment + `)`
)

var (
	// 71/NQ-CP, 107/2021/NĐ-CP, 3587/UBND, 1007/SNV-VP, 472/SKHCN-BCVT&CĐS
	stateNumber = regexp.MustCompile(`([0-9lIoO]{1,5})\s?(/\s?[0-9]{4})?\s?/\s?(` + codeSegment + codeTail + `{0,3})`)
	// 57-NQ/TW, 02 -QC/BCĐ, 57- -NQ/TW, 1845-⏎QĐ/TU
	partyNumber = regexp.MustCompile(`([0-9lIoO]{1,5})\s?[-–]\s?-?\s?(` + codeSegment + `\s?/\s?` + codeSegment + `(?:[-/]` + codeSegment + `)?)`)
	// QĐ 458 TTg, without any stroke
	shortNumber = regexp.MustCompile(`\b(Q[ĐDPBbd]|NĐ|ND|NQ|CT)\s+([0-9]{1,4})\s+(TT[gG]|CP)\b`)
)

// tornOrdinal is the beginning of an ordinal whose digits were read as two
// words: "số 1 184/SKHCN-CĐS".
var tornOrdinal = regexp.MustCompile(`(?i)\bs[ốoô]\s?[:.]?\s*([0-9lI]{1,2}) $`)

// takeTorn widens a match of [stateNumber] or [partyNumber] by the digits that
// were torn off its ordinal.
func takeTorn(text string, m []int) {
	const reach = 16 // bytes: the word, its colon, two digits
	if m[3]-m[2] > 4 {
		return
	}
	from := max(0, m[0]-reach)
	if torn := tornOrdinal.FindStringSubmatchIndex(text[from:m[0]]); torn != nil {
		m[0], m[2] = from+torn[2], from+torn[2]
	}
}

// Citations finds the documents that a text refers to, with type, number, date
// and issuer as far as the text says them. A list ("Công văn số: 147/VP-TTHC
// ngày 02/5/2025; 3251/UBND-TTHC …") hands its type on. Numbers come out with
// their codes repaired ("1827-OP/TU" is "1827-QĐ/TU").
func Citations(text string) []CitationHit {
	found := numbersIn(text)
	dates := Dates(text)
	var out []CitationHit
	for i, h := range found {
		limit := len(text) // where what is said of the next number begins
		if i+1 < len(found) {
			limit = found[i+1].NumberAt[0]
		}
		var prev *CitationHit
		if len(out) > 0 {
			prev = &out[len(out)-1]
		}
		if !h.attachType(text, prev) {
			continue
		}
		h.attachDate(text, dates, limit)
		h.attachIssuer(text, limit)
		out = append(out, h)
	}
	return out
}

// numbersIn finds the numbers of documents in a text, in order, codes as they were
// read. Of numbers that overlap the longest counts.
func numbersIn(text string) []CitationHit {
	var found []CitationHit
	add := func(from, to int, number string) {
		h := CitationHit{NumberAt: [2]int{from, to}, Citation: schema.Citation{Number: number}}
		for i, o := range found {
			if from < o.NumberAt[1] && to > o.NumberAt[0] {
				if to-from > o.NumberAt[1]-o.NumberAt[0] {
					found[i] = h
				}
				return
			}
		}
		found = append(found, h)
	}
	for _, m := range matchesWith(partyNumber, text, "/") {
		if !standsAlone(text, m[0]) {
			continue
		}
		takeTorn(text, m)
		code, end := trimCode(text[m[4]:m[5]], m[4])
		if strings.Contains(code, "/") && plausibleCode(code) {
			add(m[0], end, digitsOf(text[m[2]:m[3]])+"-"+code)
		}
	}
	for _, m := range matchesWith(stateNumber, text, "/") {
		if !standsAlone(text, m[0]) {
			continue
		}
		takeTorn(text, m)
		code, end := trimCode(text[m[6]:m[7]], m[6])
		if !plausibleCode(code) {
			continue
		}
		year := ""
		if m[4] >= 0 {
			year = "/" + digitsOf(text[m[4]:m[5]])
		}
		add(m[0], end, digitsOf(text[m[2]:m[3]])+year+"/"+code)
	}
	for _, m := range matchesWith(shortNumber, text, "TC") {
		issuer := text[m[6]:m[7]]
		if strings.EqualFold(issuer, "ttg") {
			issuer = "TTg"
		}
		add(m[2], m[7], text[m[4]:m[5]]+"/"+repairSegment(text[m[2]:m[3]], "")+"-"+issuer)
	}
	slices.SortStableFunc(found, func(a, b CitationHit) int { return cmp.Compare(a.NumberAt[0], b.NumberAt[0]) })
	return found
}

// ofForm is the word before the number of a form, which has a code like a document's:
// "Biểu 01/SYT", "Mẫu số 02/TTr".
var ofForm = regexp.MustCompile(`(?i)(?:^|[\s(])(?:biểu|mẫu|bảng|phụ lục)(?:\s+số)?\s*[:.]?\s*$`)

// attachType finds the type of the document before its number, or takes that of the
// citation before where both stand in a list, and repairs the number by it. It reports
// whether the number is a document's.
func (h *CitationHit) attachType(text string, prev *CitationHit) bool {
	floor := 0
	if prev != nil {
		floor = prev.To
	}
	h.From, h.To = h.NumberAt[0], h.NumberAt[1]
	if ofForm.MatchString(text[floor:h.From]) {
		return false
	}
	typ, from := typeBefore(text, floor, h.From)
	if ofAssembly(h.Citation.Number) && (typ == nil || !assemblyTypes[typ.name]) {
		typ, from = lawBefore(text, floor, h.From)
	}
	code := ""
	if typ != nil {
		h.Citation.Type, h.From, code = typ.name, from, typ.code
	} else if prev != nil && continuesList(text[floor:h.From]) {
		h.Citation.Type, h.Implied = prev.Citation.Type, true
	}
	h.Citation.Number = repairNumber(h.Citation.Number, code)
	h.Clean = strings.Join(strings.Fields(text[h.NumberAt[0]:h.NumberAt[1]]), "") == h.Citation.Number
	if h.Citation.Type == "" {
		h.Citation.Type, h.Implied = typeOfCode(h.Citation.Number), true
	}
	return (typ != nil || h.Implied) && (h.Citation.Type != "" || strings.Contains(h.Citation.Number, "/"))
}

// standsAlone rejects matches that begin in the middle of a number or code.
func standsAlone(text string, at int) bool {
	if at == 0 {
		return true
	}
	switch c := text[at-1]; {
	case c >= '0' && c <= '9', c == '/', c == '.', c == ',' && at > 1 && text[at-2] >= '0' && text[at-2] <= '9':
		return false
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		return false
	case c == '-' && at > 1 && text[at-2] >= '0' && text[at-2] <= '9':
		return false
	}
	return true
}

// trimCode cuts off what the pattern swallowed beyond the code: segments that
// are ordinary words ("UBND ngay", "UBND -  Ke hoach").
func trimCode(code string, at int) (string, int) {
	segs, seps, ends := splitCode(code)
	n := len(segs)
	for n > 0 && !codeLike(segs[n-1]) {
		n--
	}
	for i := 0; i < n; i++ {
		if !codeLike(segs[i]) {
			n = i
			break
		}
	}
	if n == 0 {
		return "", at
	}
	var b strings.Builder
	for i := 0; i < n; i++ {
		if i > 0 {
			b.WriteString(seps[i-1])
		}
		b.WriteString(segs[i])
	}
	end := ends[n-1]
	// "UBNDngày": the word for the day was glued to the code.
	if m := gluedDay.FindStringSubmatch(segs[n-1]); m != nil {
		return strings.TrimSuffix(b.String(), m[1]), at + end - len(m[1])
	}
	return b.String(), at + end
}

var gluedDay = regexp.MustCompile(`^\p{Lu}{2,}(ng[àaáảâ]y)$`)

// splitCode parts a code at its strokes; ends[i] is the byte behind segment i.
func splitCode(code string) (segs, seps []string, ends []int) {
	start := -1
	for i, r := range code {
		switch {
		case r == '-' || r == '–' || r == '/' || r == '&':
			if start >= 0 {
				segs, ends = append(segs, code[start:i]), append(ends, i)
				seps = append(seps, strings.Replace(string(r), "–", "-", 1))
				start = -1
			}
		case unicode.IsSpace(r):
			if start >= 0 {
				segs, ends = append(segs, code[start:i]), append(ends, i)
				seps = append(seps, " ")
				start = -1
			}
		default:
			if start < 0 {
				start = i
				if len(segs) > 0 && seps[len(segs)-1] == " " && i > 0 {
					// The separator stood behind the space.
					if j := strings.LastIndexAny(code[:i], "-–/&"); j >= ends[len(ends)-1] {
						seps[len(segs)-1] = strings.Replace(string(code[j]), "\x93", "-", 1)
					}
				}
			}
		}
	}
	if start >= 0 {
		segs, ends = append(segs, code[start:]), append(ends, len(code))
	}
	return segs, seps, ends
}

// codeLike tells "UBND", "TTr", "QH15" from words and numbers.
func codeLike(seg string) bool {
	upper, lower, digit := 0, 0, 0
	for _, r := range seg {
		switch {
		case isDigit(r):
			digit++
		case unicode.IsUpper(r):
			upper++
		default:
			lower++
		}
	}
	if upper == 0 {
		return false
	}
	return lower <= 1 || lower <= upper && upper >= 2
}

func plausibleCode(code string) bool {
	segs, _, _ := splitCode(code)
	if len(segs) == 0 {
		return false
	}
	if len(segs) == 1 {
		n := len([]rune(segs[0]))
		if strings.ContainsAny(segs[0], "0123456789") {
			return strings.HasPrefix(segs[0], "QH")
		}
		return n >= 3 && n <= 9
	}
	return true
}

// repairNumber puts the codes of a number right.
func repairNumber(number, wantType string) string {
	i := strings.IndexAny(number, "-/")
	if i < 0 {
		return number
	}
	head, rest := number[:i+1], number[i+1:]
	if len(rest) > 5 && rest[4] == '/' && strings.Trim(rest[:4], "0123456789") == "" {
		head, rest = head+rest[:5], rest[5:]
	} else if strokeless.MatchString(rest) {
		head, rest = head+rest[:4]+"/", rest[4:]
	}
	segs, seps, _ := splitCode(rest)
	var b strings.Builder
	b.WriteString(head)
	for k, s := range segs {
		if k > 0 {
			b.WriteString(strings.TrimSpace(seps[k-1]))
		}
		want := ""
		if k == 0 {
			want = wantType
		}
		b.WriteString(repairSegment(s, want))
	}
	return b.String()
}

// strokeless is a year and a code between which the stroke was lost:
// "118/2025NĐ-CP".
var strokeless = regexp.MustCompile(`^(?:19|20)[0-9]{2}\p{Lu}{2}`)

// repairSegment finds the code that OCR read as seg: the letters may differ
// only where OCR confuses them, Đ with D, P, B, O and 0 and with two of them.
func repairSegment(seg, want string) string {
	// Two letters are read of one Đ, the second often as the Icelandic one.
	seg = strings.ReplaceAll(strings.ReplaceAll(seg, "Ð", "Đ"), "ĐĐ", "Đ")
	if want != "" && codeConfusable(seg, want) {
		return want
	}
	if codeSet[seg] {
		// "CP" is the government even though "CĐ" looks like it; "ND" alone is
		// nothing but "NĐ".
		return seg
	}
	// Repair puts marks on letters of codes.
	if plain := Code(seg); plain != seg {
		return plain
	}
	// "0" before digits is read as the letter and the digit.
	if at := strings.Index(seg, "O0"); at > 0 {
		return seg[:at] + seg[at+1:]
	}
	// The first letter of a code is often doubled.
	if len(seg) > 3 && seg[0] == seg[1] && codeSet[seg[1:]] {
		return seg[1:]
	}
	best := ""
	for _, c := range codes {
		if codeConfusable(seg, c) && (best == "" || len(c) > len(best)) {
			best = c
		}
	}
	if best != "" {
		return best
	}
	return seg
}

// Code spells a code of a kind of document or of an agency that OCR misread
// ("BCD" is "BCĐ"); what is like none comes back unchanged.
func Code(seg string) string {
	if seg != strings.ToUpper(seg) || codeSet[seg] {
		return seg
	}
	for _, c := range codes {
		if len([]rune(c)) > 2 && normalize.Fold(c) == normalize.Fold(seg) {
			return c
		}
	}
	return seg
}

// codeConfusable compares two codes letter by letter.
func codeConfusable(seen, code string) bool {
	s, c := []rune(seen), []rune(code)
	i := 0
	for j := 0; j < len(c); j++ {
		if i >= len(s) {
			return false
		}
		switch {
		case unicode.ToUpper(s[i]) == unicode.ToUpper(c[j]):
			i++
		case c[j] == 'Đ' && strings.ContainsRune("DPBOb0dÐđðÑñ", s[i]):
			i++
			// "BD", "DP": two letters for one.
			if i < len(s) && strings.ContainsRune("DPBbÐđðĐ", s[i]) && len(s)-i > len(c)-j-1 {
				i++
			}
		case c[j] == 'Q' && (s[i] == 'O' || s[i] == '0' || s[i] == 'G'):
			i++
		case c[j] == 'O' && s[i] == '0', c[j] == 'I' && (s[i] == 'l' || s[i] == '1'):
			i++
		case c[j] == 'D' && s[i] == 'P' && len(c) > 3, c[j] == 'H' && s[i] == 'I':
			i++
		default:
			return false
		}
	}
	return i == len(s)
}

func typeOfCode(number string) string {
	i := strings.IndexAny(number, "-/")
	rest := number[i+1:]
	if len(rest) > 5 && rest[4] == '/' {
		rest = rest[5:]
	}
	segs, _, _ := splitCode(rest)
	if len(segs) == 0 {
		return ""
	}
	if strings.HasPrefix(segs[0], "QH") {
		return ""
	}
	for _, t := range docTypes {
		if t.code != "" && t.code == segs[0] && t.name != "Thông báo kết luận" {
			return t.name
		}
	}
	return ""
}

// KindOf is the kind of document that a number's code names ("Quyết định" for
// "12/QĐ-UBND"), "" when it names none.
func KindOf(number string) string { return typeOfCode(number) }

// typeBefore looks for the kind of document in the words before a number:
// "Kế hoạch hành động số", "QĐ", with "số" in any of its damaged forms.
func typeBefore(text string, floor, at int) (t *docType, from int) {
	start := max(floor, at-64)
	for start > floor && start < at && text[start]&0xC0 == 0x80 {
		start++
	}
	words := NewText(text[start:at])
	if len(words.words) == 0 {
		return nil, 0
	}
	n := len(words.words)
	// "số", "s6", "so", "56", "sb:", "s" – one or two letters or digits.
	end := n
	if last := words.fold(n - 1); words.words[n-1].size <= 3 && strings.ContainsAny(last[:1], "s5$") {
		end = n - 1
	}
	type best struct {
		t     *docType
		score float64
		from  int
	}
	var b best
	for i := range docTypes {
		for _, p := range docTypes[i].phrases {
			for k := max(0, end-p.words-1); k < end; k++ {
				h, ok := words.at(k, &p, 0.7)
				if !ok {
					continue
				}
				// The phrase must reach the number but for a word or two
				// ("Kế hoạch công tác số", "Nghị quyết Trung ương số").
				left := 0
				for _, w := range words.words[:end] {
					if w.from >= h.To {
						left++
					}
				}
				if left > 0 && (end == n || left > 2) {
					continue
				}
				score := h.Score - 0.05*float64(left) + 0.02*float64(p.words)
				if score > b.score {
					b = best{&docTypes[i], score, start + h.From}
				}
			}
		}
	}
	if b.t != nil {
		return b.t, b.from
	}
	// "QĐ số 12", "NĐ 45/2020", "KH 328-KH/TU".
	if end > 0 {
		w := words.words[end-1]
		abbr := strings.Trim(text[start+w.from:start+w.to], " .,:;()")
		for i := range docTypes {
			if docTypes[i].code != "" && docTypes[i].name != "Thông báo kết luận" && len(abbr) <= 4 && codeConfusable(abbr, docTypes[i].code) {
				return &docTypes[i], start + w.from
			}
		}
	}
	return nil, 0
}

// ofAssembly reports whether a number is one of the National Assembly's.
func ofAssembly(number string) bool {
	return assemblyCode.MatchString(number)
}

var assemblyCode = regexp.MustCompile(`/QH[0-9]{1,2}$`)

// assemblyTypes are the kinds of documents that the National Assembly issues.
var assemblyTypes = map[string]bool{"Luật": true, "Nghị quyết": true, "Pháp lệnh": true}

// lawBefore looks for the kind of a law before its name: "Luật Căn cước công dân
// số 59/2014/QH13".
func lawBefore(text string, floor, at int) (t *docType, from int) {
	const far = 110 // bytes; names of laws are long
	start := max(floor, at-far)
	for start < at && text[start]&0xC0 == 0x80 {
		start++
	}
	if i := strings.LastIndexAny(text[start:at], ";:."); i >= 0 {
		start += i + 1
	}
	words := NewText(text[start:at])
	for k := len(words.words) - 1; k >= 0; k-- {
		w := words.words[k]
		if !startsUpper(text[start+w.from:]) {
			continue
		}
		for i := range docTypes {
			name := NewPhrase(docTypes[i].name)
			if h, ok := words.at(k, &name, 0.95); ok && assemblyTypes[docTypes[i].name] {
				return &docTypes[i], start + h.From
			}
		}
	}
	return nil, 0
}

// continuesList reports whether only a date and marks stand between two
// numbers, so that the second is of the first one's type.
func continuesList(between string) bool {
	if len(between) > 40 {
		return false
	}
	lx := lex(between)
	words := 0
	for _, l := range lx {
		switch {
		case l.kind == lexNumber || l.kind == lexPunct:
		case like(l.fold, "va", "ngay", "so", "s6", "sb", "thang", "nam", "ngdy") || len(l.fold) <= 2:
		default:
			words++
		}
	}
	return words == 0
}

// attachDate takes the date that follows the number, with a comma and the word
// for day at most between them.
func (h *CitationHit) attachDate(text string, dates []Date, limit int) {
	for _, d := range dates {
		if d.From < h.To {
			continue
		}
		if d.From >= limit && limit < len(text) || d.From-h.To > 16 {
			return
		}
		for _, l := range lex(text[h.To:d.From]) {
			if l.kind == lexNumber || l.kind == lexWord && !like(l.fold, "ngay", "ra", "ngdy", "nghy", "ngiy") && len(l.fold) > 4 || l.text == ";" || l.text == "(" {
				return
			}
		}
		h.Citation.Date, h.To = d.Value, d.To
		return
	}
}

var ofWords = []string{"cua", "cia", "cta", "ciia", "ctia", "caa", "cila", "do", "cla", "cria", "coa", "clia", "cuia", "cda"}

// stops end the name of an issuer: words, and pairs of words. Words of names are
// spelt alike but for their marks ("bảo vệ", "vận tải").
var (
	stopWords = strings.Fields("ve vv v/v de gui giao tai trong da duoc voi cho")
	noStops   = strings.Fields("vệ đề đê giáo tải tài trọng đa chợ")
	stops     = NewPhrases("ban hanh", "thuc hien", "phe duyet", "quy dinh", "trien khai", "thanh lap", "kien toan", "quan triet", "huong dan", "cong bo", "yeu cau", "va phat trien", "sua doi", "tham gia", "thi diem")
)

// attachIssuer reads "của …" behind number and date.
func (h *CitationHit) attachIssuer(text string, limit int) {
	rest := text[h.To:limit]
	// A long look ahead serves nothing, names of agencies are short.
	if len(rest) > 160 {
		cut := 160
		for cut > 0 && rest[cut]&0xC0 == 0x80 {
			cut--
		}
		rest = rest[:cut]
	}
	t := NewText(rest)
	if len(t.words) == 0 {
		return
	}
	if lead := strings.TrimSpace(rest[:t.words[0].from]); strings.ContainsAny(lead, ";.()") {
		return
	}
	first, firstFold := t.words[0], t.fold(0)
	isOf := false
	for _, w := range ofWords {
		if firstFold == w {
			isOf = true
		}
	}
	if !isOf || strings.ContainsAny(text[h.To:h.To+first.from], ";.(") {
		return
	}
	from, to := -1, -1
	for i := 1; i < len(t.words) && i <= 14; i++ {
		w := t.words[i]
		if t.stopsIssuer(rest, i) {
			break
		}
		if i+1 < len(t.words) && t.fold(i) == "dong" && like(t.fold(i+1), "chi") && from < 0 {
			i++ // "đồng chí" is courtesy, not a name
			continue
		}
		if from < 0 {
			from = w.from
		}
		to = w.to
		if word := rest[w.from:w.to]; strings.ContainsAny(word[len(word)-1:], ",;.:()[]\"") || strings.HasSuffix(word, "”") || strings.HasSuffix(word, "“") {
			// A comma inside a name joins an office to its holder, or to another
			// office, only when a capital follows: "Tô Lâm, Trưởng Ban Chỉ đạo
			// Trung ương", "Bộ trưởng, Chủ nhiệm Ủy ban Dân tộc".
			if word[len(word)-1] == ',' && i+1 < len(t.words) && startsUpper(rest[t.words[i+1].from:]) &&
				(i > 3 && like(t.fold(i+1), "truong", "pho") || i+2 < len(t.words) && t.fold(i+1) == "chu" && like(t.fold(i+2), "nhiem")) {
				continue
			}
			break
		}
	}
	if from < 0 {
		return
	}
	name := strings.Trim(strings.Join(strings.Fields(rest[from:to]), " "), " ,;.:()[]\"“”|>")
	if name == "" || !startsUpper(name) {
		return
	}
	h.Citation.Issuer = name
	h.To += to
}

// stopsIssuer reports whether word i begins what is said of the document behind
// the name of its issuer. Names have capitals ("Bộ Giáo dục" is no "giao"), and
// two words that are none of a wording's are others ("nhân dân thành phố" is no
// "ban hành"), unless they are damaged.
func (t *Text) stopsIssuer(text string, i int) bool {
	w, fold := &t.words[i], t.fold(i)
	if startsUpper(text[w.from:]) {
		return fold == "ve" // "Về việc" begins a title
	}
	if fold == "va" && i+1 < len(t.words) && !startsUpper(text[t.words[i+1].from:]) {
		return true // another thing: the parts of a name have capitals
	}
	word := strings.ToLower(trimSigns(text[w.from:w.to]))
	if slices.Contains(stopWords, fold) && !slices.Contains(noStops, word) {
		return true
	}
	if i+1 == len(t.words) {
		return false
	}
	next := &t.words[i+1]
	two := fold + " " + t.fold(i+1)
	damaged := !normalize.IsSyllable(word) || !normalize.IsSyllable(strings.ToLower(trimSigns(text[next.from:next.to])))
	return slices.ContainsFunc(stops, func(p Phrase) bool {
		return two == p.fold || damaged && normalize.Similarity(two, p.fold) > 0.85
	})
}

func startsUpper(s string) bool {
	for _, r := range s {
		return unicode.IsUpper(r)
	}
	return false
}

// A DocumentNumber is the number in a letterhead.
type DocumentNumber struct {
	From, To int
	Value    string // "608/BC-UBND"; "?/BC-UBND" when the ordinal is blank or illegible
	Clean    bool
}

// AttachedDocument reads the document that an appendix names in its head, of
// which parts may be blank or lost: "(Kèm theo … số -BC/ĐU ngày …/9/2025 của Đảng ủy)".
// Unlike [Citations] it needs no word for the type and no ordinal.
func AttachedDocument(text string) (CitationHit, bool) {
	n, ok := LetterheadNumber(text)
	if !ok {
		return CitationHit{}, false
	}
	h := CitationHit{From: n.From, To: n.To, NumberAt: [2]int{n.From, n.To}, Clean: n.Clean}
	h.Citation = schema.Citation{Number: n.Value, Type: typeOfCode(n.Value)}
	h.Implied = h.Citation.Type != ""
	h.attachDate(text, Dates(text), len(text))
	h.attachIssuer(text, len(text))
	return h, true
}

// blankNumber is a code whose ordinal was left out or is no digits.
var blankNumber = regexp.MustCompile(`([0-9\pL?.…_]{0,6})\s?([/-])\s?(` + codeSegment + codeTail + `{1,3})`)

// LetterheadNumber finds the document's own number in a line like
// "Số: 1260/BC-SKHCN".
func LetterheadNumber(text string) (DocumentNumber, bool) {
	var best DocumentNumber
	try := func(from, end int, digits, sep, code, year string) {
		if end == from || best.Value != "" && from >= best.From {
			return
		}
		want := ""
		if segs, _, _ := splitCode(code); len(segs) > 0 {
			for _, t := range docTypes {
				if t.code != "" && codeConfusable(segs[0], t.code) {
					want = t.code
				}
				if segs[0] == t.code {
					break
				}
			}
			if codeSet[segs[0]] {
				want = segs[0]
			}
		}
		if digits != "" && strings.Trim(digits, "0") == "" {
			digits = "?" // no document has the number 0
		}
		value := repairNumber(digits+year+sep+code, want)
		clean := strings.Join(strings.Fields(text[from:end]), "") == value
		best = DocumentNumber{from, end, value, clean}
	}
	for _, m := range matchesWith(stateNumber, text, "/") {
		if code, end := trimCode(text[m[6]:m[7]], m[6]); code != "" && standsAlone(text, m[0]) {
			takeTorn(text, m)
			year := ""
			if m[4] >= 0 {
				year = "/" + digitsOf(text[m[4]:m[5]])
			}
			try(m[0], end, digitsOf(text[m[2]:m[3]]), "/", code, year)
		}
	}
	for _, m := range matchesWith(partyNumber, text, "/") {
		if code, end := trimCode(text[m[4]:m[5]], m[4]); strings.Contains(code, "/") && standsAlone(text, m[0]) {
			takeTorn(text, m)
			try(m[0], end, digitsOf(text[m[2]:m[3]]), "-", code, "")
		}
	}
	if best.Value == "" {
		if m := blankNumber.FindStringSubmatchIndex(text); m != nil {
			if code, end := trimCode(text[m[6]:m[7]], m[6]); strings.ContainsAny(code, "-/") {
				try(m[0], end, "?", text[m[4]:m[5]], code, "")
				best.Clean = false
			}
		}
	}
	if best.Value == "" {
		if m := slashlessNumber.FindStringSubmatchIndex(text); m != nil && codeSet[text[m[4]:m[5]]] {
			best = DocumentNumber{m[2], m[7], text[m[2]:m[3]] + "/" + text[m[4]:m[7]], false}
		}
	}
	return best, best.Value != ""
}

// slashlessNumber is a number that lost its stroke: "171KH-UBND", "171'KH-UBND".
var slashlessNumber = regexp.MustCompile(`^[\s:.]*([0-9]{1,5})[ '’|!¦\\]?(\p{Lu}{2,4})(-[\p{Lu}&-]{2,16})\b`)
