package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// footLines are the lines that a foot may take, from the word for recipients on.
const footLines = 40

// foot reads recipients, the signer's office and name.
func (b *builder) foot(h *schema.Header, lines []textLine) {
	at := recipientsLine(lines)
	if at < 0 {
		b.lawFoot(h, lines)
		return
	}
	f := footReader{b: b, header: h}
	f.first(lines[at].passage)
	for _, x := range lines[at+1 : min(len(lines), at+footLines)] {
		l := unsigned(x.passage)
		if isAppendix(l.text) || b.inRows[x.index] {
			break
		}
		f.line(l)
	}
	if len(f.office) == 0 {
		f.above(lines[max(0, at-6):at])
	}
	b.office(h, f.office)
	if len(f.names) > 0 {
		h.Signer = b.signer(f.names[len(f.names)-1])
	}
}

// recipientsLine finds the last line that begins with the word for recipients, -1
// when there is none.
func recipientsLine(lines []textLine) int {
	at := -1
	for i, l := range lines {
		if _, ok := field.NewText(l.text).FindPrefix(recipients, 0.72); ok && i > 5 && len(strings.Fields(l.text)) <= 10 {
			at = i
		}
	}
	return at
}

// A footReader takes the lines of a foot apart: recipients stand on the left, the
// signer's office and name on the right, and OCR reads both as one line or one below
// the other.
type footReader struct {
	b             *builder
	header        *schema.Header
	office, names []passage
	kept          bool // the archive's copy was named, which is the last recipient
}

// first reads what stands behind the word for recipients: the signer's office.
func (f *footReader) first(p passage) {
	l := unsigned(p)
	if hit, ok := field.NewText(l.text).FindPrefix(recipients, 0.72); ok {
		if rest := l.slice(hit.To, len(l.text)).trimmed(); letters(rest.text) > 3 {
			f.office = append(f.office, rest)
		}
	}
}

// line reads a further line.
func (f *footReader) line(l passage) {
	if trim := strings.TrimLeft(l.text, " "); strings.HasPrefix(trim, "-") || strings.HasPrefix(trim, "–") || strings.HasPrefix(trim, "+") {
		f.bulleted(l)
		return
	}
	// A speck behind a name makes it no recipient.
	if name := bareName(l.text); len(f.office) > 0 && len(strings.Fields(name)) > 2 {
		if family, _ := familyOf(name); family != "" {
			f.names = append(f.names, l)
			return
		}
	}
	if unmarkedRecipient(l.text) || !f.kept && forArchive(l.text) {
		f.recipient(l.slice(len(l.text)-len(strings.TrimLeft(l.text, " ~•*")), len(l.text)).trimmed())
		return
	}
	if office, ok := officeAmong(l); ok {
		f.office = append(f.office, office)
		return
	}
	if upperShare(l.text) > 0.7 && letters(l.text) > 3 || len(f.office) > 0 && deputyOf(f.office[len(f.office)-1].text, l.text) {
		f.office = append(f.office, l)
		return
	}
	if name := withoutRank(l); looksLikeName(name.text) {
		f.names = append(f.names, name)
	}
}

// bulleted reads a line that begins with a recipient.
func (f *footReader) bulleted(l passage) {
	l, name := signerBehind(l, f.office)
	if name.text != "" {
		f.names = append(f.names, name)
	}
	who, right := splitRight(l)
	if right.text != "" {
		f.office = append(f.office, right)
	}
	f.recipient(trimBullet(who))
}

func (f *footReader) recipient(who passage) {
	if !f.kept {
		f.b.recipient(f.header, who)
	}
	f.kept = f.kept || forArchive(who.text)
}

// above reads the lines before the recipients, where the office stands when OCR read
// the right column first.
func (f *footReader) above(lines []textLine) {
	for _, l := range lines {
		if isOffice(l.text) >= 0.75 {
			f.office = append(f.office, l.passage)
		} else if name := withoutRank(l.passage); looksLikeName(name.text) && len(f.office) > 0 {
			f.names = append(f.names, name)
		}
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
	// A comma parts two recipients of one line as well: "Sở Công Thương, Sở KH&CN".
	closed := strings.HasSuffix(last, ";") || strings.HasSuffix(last, ".")
	if !closed && isOffice(tail) < 0.6 || letters(tail) < 4 {
		return l, passage{}
	}
	return newPassage(l.words[:cut]), newPassage(l.words[cut:])
}

func trimBullet(p passage) passage {
	n := len(p.text) - len(strings.TrimLeft(p.text, " -–+"))
	return p.slice(n, len(p.text)).trimmed()
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
