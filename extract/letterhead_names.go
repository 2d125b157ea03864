package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/extract/profiles"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// A letterhead names who issues a document and above it whom that one belongs to.
// Both may take several lines of a narrow column, and print alone (light and bold)
// parts them. The lines tell by what they begin with, and the code of the document's
// number by the letters that the issuer's name begins with.

// bodies are what names of agencies begin with.
var bodies = field.NewPhrases(profiles.Agencies()...)

// regionBodies follow a region's word in the name of an agency: "TỈNH ỦY", "THÀNH
// ĐOÀN"; "XÃ HỘI" is no region either.
var regionBodies = []string{"uy", "doan", "doi", "hoi"}

// leaders are bodies whose name follows that of the whole: in "HỘI NÔNG DÂN TỈNH …,
// BAN THƯỜNG VỤ" the code is the association's.
var leaders = field.NewPhrases("Ban Thường vụ", "Ban Chấp hành", "Ban Thường trực", "Thường trực", "Đảng đoàn", "Ban Cán sự")

// agencyNamesOf joins the lines of the left column to names. code is that of the
// issuer in the document's number, "" where it has none.
func agencyNamesOf(left []passage, code string) []passage {
	var names []passage
	for _, p := range left {
		if isAppendix(p.text) {
			continue
		}
		if n := len(names); n > 0 && nameGoesOn(names[n-1].text, p.text, code) {
			names[n-1] = concat(names[n-1], p)
		} else {
			names = append(names, p)
		}
	}
	return names
}

// nameGoesOn reports whether a line is the rest of the name before it.
func nameGoesOn(before, line, code string) bool {
	fold := normalize.Fold(line)
	word, _, _ := strings.Cut(fold, " ")
	// A name too long for its column runs on ("SỞ VĂN HÓA, THỂ THAO / VÀ DU LỊCH",
	// "BỆNH VIỆN ĐA KHOA / KHU VỰC …").
	if word == "va" || word == "cua" || strings.HasPrefix(fold, "khu vuc ") || strings.HasSuffix(before, ",") {
		return true
	}
	region := beginsWithRegion(line)
	switch {
	case endsOpen(before):
		return region
	case region:
		return !namesRegion(before)
	case code == "" || namesRegion(before) || beginsAs(line, leaders):
	case beginsCode(line, code) && !beginsCode(before, code):
		return false
	case beginsCode(before, code) && !beginsCode(line, code):
		return true
	}
	return letters(before) >= 8 && !beginsAs(line, bodies) && !namesRegion(before)
}

// beginsAs reports whether a text begins with one of the wordings, or with what was
// misread of one. Other words than those of the wording are another name.
func beginsAs(text string, any []field.Phrase) bool {
	t := field.NewText(text)
	for i := range any {
		if h, ok := t.FindPrefix(any[i], 0.7); ok && misreadOf(text[h.From:h.To], any[i].String()) {
			return true
		}
	}
	return false
}

// misreadOf reports whether a text that is like a wording by its letters may be it:
// all its words are the same but for marks, or some are no words.
func misreadOf(text, wording string) bool {
	same, others, none := compareWords(text, wording, normalize.IsSyllable)
	return none > 0 || others == 0 && same == len(strings.Fields(wording))
}

// beginsWithRegion reports whether a line is a region's name: "TỈNH BẮC SƠN HÀ".
func beginsWithRegion(line string) bool { return regionAt(strings.Fields(line), 0) }

// namesRegion reports whether a name holds one.
func namesRegion(name string) bool {
	words := strings.Fields(name)
	for i := range words {
		if regionAt(words, i) {
			return true
		}
	}
	return false
}

// regionAt reports whether a region is named from word i on.
func regionAt(words []string, i int) bool {
	tail := strings.Join(words[i:], " ")
	t := field.NewText(tail)
	for _, r := range regions {
		h, ok := t.FindPrefix(r, 0.8)
		if !ok || !misreadOf(tail[h.From:h.To], r.String()) {
			continue
		}
		if r.String() == "quan" && !strings.EqualFold(words[i], "QUẬN") {
			continue // "QUẢN LÝ", "QUÂN SỰ"
		}
		next, _, _ := strings.Cut(normalize.Fold(strings.TrimSpace(tail[h.To:])), " ")
		for _, body := range regionBodies {
			if next == body {
				return false
			}
		}
		return true
	}
	return false
}

// issuerCode is the last part of a document's number, which stands for the issuer.
func issuerCode(number *schema.Field) string {
	if number == nil {
		return ""
	}
	n, _ := number.Value.(string)
	at := strings.LastIndexAny(n, "-/")
	if at < 0 || utf8.RuneCountInString(n[at+1:]) < 2 {
		return ""
	}
	return normalize.Fold(n[at+1:])
}

// beginsCode reports whether a code begins with the first letters of a line's words,
// or they with the code. What is no word ("UBND") stands for itself.
func beginsCode(line, code string) bool {
	var of strings.Builder
	for _, w := range strings.Fields(strings.ToLower(line)) {
		w = letterCore(w)
		switch r, _ := utf8.DecodeRuneInString(w); {
		case w == "" || w == "và" || w == "của":
		case normalize.IsSyllable(w):
			of.WriteRune(unicode.ToLower(r))
		default:
			of.WriteString(w)
		}
	}
	first := normalize.Fold(of.String())
	return len(first) > 1 && (strings.HasPrefix(code, first) || strings.HasPrefix(first, code))
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
