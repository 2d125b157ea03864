package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// The office of who signs stands in capitals under letters that say by whose
// authority: Decree 30/2020 knows TM. (for a body), KT. (for the head, by a deputy),
// TL., TUQ. and Q.; older papers write K/T and T/M. The list of offices repairs what
// was misread, and replaces no words that were read.

var offices = []string{"CHỦ TỊCH", "PHÓ CHỦ TỊCH", "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "BỘ TRƯỞNG", "THỨ TRƯỞNG", "CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG",
	"TRƯỞNG BAN", "PHÓ TRƯỞNG BAN", "TỔNG GIÁM ĐỐC", "CỤC TRƯỞNG", "PHÓ CỤC TRƯỞNG", "BÍ THƯ", "PHÓ BÍ THƯ", "THỦ TRƯỞNG", "VỤ TRƯỞNG", "TRƯỞNG PHÒNG", "CHỦ NHIỆM", "PHÓ CHỦ NHIỆM", "THỦ TƯỚNG", "PHÓ THỦ TƯỚNG",
	"CHÁNH THANH TRA", "PHÓ CHÁNH THANH TRA", "TỔNG THANH TRA", "TỔNG KIỂM TOÁN NHÀ NƯỚC", "CHÁNH ÁN", "PHÓ CHÁNH ÁN", "VIỆN TRƯỞNG", "PHÓ VIỆN TRƯỞNG",
	"HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG", "PHÓ TỔNG GIÁM ĐỐC", "TỔNG CỤC TRƯỞNG", "PHÓ TỔNG CỤC TRƯỞNG", "CHI CỤC TRƯỞNG", "PHÓ CHI CỤC TRƯỞNG", "PHÓ VỤ TRƯỞNG",
	"PHÓ TRƯỞNG PHÒNG", "THỐNG ĐỐC", "PHÓ THỐNG ĐỐC", "CHỈ HUY TRƯỞNG", "PHÓ CHỈ HUY TRƯỞNG", "CHÍNH ỦY", "TỔ TRƯỞNG", "PHÓ TỔ TRƯỞNG", "TRƯỞNG CÔNG AN", "PHÓ TRƯỞNG CÔNG AN",
	"TRƯỞNG ĐOÀN", "PHÓ TRƯỞNG ĐOÀN", "TỔNG BIÊN TẬP", "PHÓ TỔNG BIÊN TẬP", "TỔNG THƯ KÝ",
	"ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN", "BAN THƯỜNG VỤ", "BAN CHẤP HÀNH", "BAN CHỈ ĐẠO", "HỘI ĐỒNG QUẢN TRỊ", "HỘI ĐỒNG THÀNH VIÊN"}

// authority are the letters before an office; those with a stroke stay as printed.
var authority = strings.Fields("KT. TM. TL. TUQ. Q. K/T. T/M. T/L. KT TM TL TUQ K/T T/M T/L")

// inPlace are what an office may be followed by on a line of its own.
var inPlace = []string{"PHỤ TRÁCH", "THƯỜNG TRỰC"}

// How like a known office a line is at least, alone and behind "KT.", and what one
// scores that is none of them.
const (
	minOffice     = 0.68
	minDeputy     = 0.42
	clearDeputy   = 0.75
	printedOffice = 0.9
)

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
	due := -1 // line that has to be an office, below letters of authority
	keep := func(l passage, name string, score float64) {
		kept, names, worst = append(kept, l.trimmed()), append(names, name), min(worst, score)
	}
	for i, l := range lines {
		name, score := nearestOffice(l.text)
		if score < minOffice {
			if name, score = officeAsPrinted(l.text, i == due); score == 0 {
				continue
			}
		}
		keep(l, name, score)
		if _, letters := cutAuthority(name); letters != "" {
			due = i + 1
		}
		office, ok := deputised(name)
		if !ok {
			continue
		}
		if at, name, score := deputy(office, lines[i+1:]); at >= 0 {
			at += i + 1
			keep(lines[at], name, score)
			for _, add := range lines[at+1:] {
				if k := slices.IndexFunc(inPlace, func(w string) bool { return normalize.Similarity(add.text, w) >= clearDeputy }); k >= 0 {
					keep(add, inPlace[k], 1)
				}
			}
		}
		break
	}
	if len(kept) == 0 {
		return
	}
	f := b.makeField(strings.Join(names, " "), concat(kept...), func(e *Evidence) { e.Format = worst })
	h.SignerTitle = &f
}

// deputised returns the office that one signs for as its deputy.
func deputised(name string) (office string, ok bool) {
	for _, kt := range []string{"KT. ", "K/T. ", "K/T "} {
		if office, ok = strings.CutPrefix(name, kt); ok {
			return office, true
		}
	}
	return name, false
}

// deputy finds the line of the deputy's office behind that of the head's; -1 for none.
func deputy(office string, lines []passage) (at int, name string, score float64) {
	due := "PHÓ " + office
	if office == "BỘ TRƯỞNG" {
		due = "THỨ TRƯỞNG"
	}
	at, score = -1, minDeputy
	for k := range lines {
		s := normalize.Similarity(lines[k].text, due)
		if deputyOf(office, lines[k].text) {
			s = max(s, unfit)
		}
		of := due
		// The deputy of a standing committee, or one in charge, has more words.
		if n, v := nearestOffice(lines[k].text); v >= clearDeputy && n != office && strings.HasPrefix(n, "PHÓ ") && goesOnClean(n, due) {
			s, of = max(s, v), n
		}
		if s > score {
			at, name, score = k, of, s
		}
	}
	if at < 0 && len(lines) > 0 {
		if name, s := officeAsPrinted(lines[0].text, true); s > 0 {
			return 0, name, s
		}
	}
	return at, name, score
}

// goesOnClean reports whether a name is that of an office and more words, all of
// which were read.
func goesOnClean(name, office string) bool {
	rest, ok := strings.CutPrefix(name, office+" ")
	return ok && readClean(rest)
}

// officeAsPrinted takes a line as it stands which is like no known office: where letters of
// authority stand before it, or it is due below them.
func officeAsPrinted(text string, due bool) (name string, score float64) {
	rest, letters := cutAuthority(strings.TrimSpace(text))
	if letters == "" && !due || len(strings.Fields(rest)) < 2 || upperShare(rest) < 0.95 || !readClean(rest) {
		return "", 0
	}
	return letters + rest, printedOffice
}

// readClean reports whether a text holds words alone.
func readClean(text string) bool {
	for _, w := range strings.Fields(strings.ToLower(text)) {
		if letterCore(w) != strings.Trim(w, ",-") || letterCore(w) != "" && !normalize.IsSyllable(letterCore(w)) && !slices.Contains(bodyCodes, letterCore(w)) {
			return false
		}
	}
	return true
}

// bodyCodes are bodies in short.
var bodyCodes = []string{"ubnd", "hđnd", "bcđ", "bch", "btv", "bql", "mttq"}

// gluedStop is a speck between two words of an office that was read as a full
// stop; behind the letters of an authority ("KT.CHỦ TỊCH") it stands rightly.
var gluedStop = regexp.MustCompile(`(\pL{3,})\.(\pL{2,})`)

// cutAuthority parts the letters of an authority from the office.
func cutAuthority(s string) (office, letters string) {
	for _, a := range authority {
		if !strings.HasPrefix(s, a+" ") && (!strings.HasSuffix(a, ".") || !strings.HasPrefix(s, a)) {
			continue
		}
		if letters = a; !strings.Contains(a, "/") {
			letters = strings.TrimSuffix(a, ".") + "."
		}
		return strings.TrimSpace(s[len(a):]), letters + " "
	}
	return s, ""
}

// nearestOffice returns the office of a signer that a text is likest, with the
// letters of the authority before it. Other words than those of the list stay.
func nearestOffice(text string) (name string, score float64) {
	s := strings.TrimLeftFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
	s = gluedStop.ReplaceAllString(strings.TrimSpace(s), "$1 $2")
	s, prefix := cutAuthority(s)
	for _, o := range offices {
		if v := normalize.Similarity(s, o); v > score {
			name, score = prefix+o, v
			if otherWords(s, o) {
				name = prefix + s
			}
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

// otherWords reports whether a text that is like an office by its letters was read
// and has a word that is like none of the office's.
func otherWords(seen, office string) bool {
	if !readClean(seen) || upperShare(seen) < 0.95 {
		return false
	}
	of := strings.Fields(normalize.Fold(office))
	return slices.ContainsFunc(strings.Fields(normalize.Fold(seen)), func(w string) bool {
		return letters(w) > 1 && !slices.ContainsFunc(of, func(o string) bool { return alikeWords(w, o) })
	})
}
