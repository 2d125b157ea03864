package extract

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/schema"
)

// Texts say sums twice: in figures and in words, and whole and in parts. Where the two
// disagree, one of them is wrong, and nobody but the writer knows which.

// partsWord matches what stands between a sum and its parts. "gồm" names all of them,
// "trong đó" some.
var partsWord = regexp.MustCompile(`^[\s,:;(]*(?i:(trong đó)|(?:bao )?gồm(?: có)?)[\s,:]`)

// Words behind which a sum is no part of the one before: what was spent of it, what it
// was before.
var notPart = regexp.MustCompile(`(?i)(tăng|giảm|so với|tương đương|giải ngân|đã chi|còn|thiếu|thực hiện|quyết toán|năm trước|mỗi|bình quân|riêng|trong đó|dự toán|kế hoạch)[^,;:]*$`)

// spelledIn matches the words of a sum in the brackets behind it.
var spelledIn = regexp.MustCompile(`\(\s*(?i:(?:viết )?bằng chữ\s*:?|số tiền bằng chữ\s*:?)?\s*([^()\d]{6,160})\)`)

// sumChecks holds the sums of a text, of the records with the ids, against each other.
func sumChecks(p passage, ids []string) (out []schema.Check) {
	amounts := field.Amounts(p.text)
	report := func(rule, message string, from, to int) {
		out = append(out, newCheck(schema.Check{Rule: rule, Severity: schema.Warning, Records: ids, Places: p.slice(from, to).places(), Message: message}))
	}
	for i, a := range amounts {
		if a.Currency != "VND" || a.Money.VNDTo != 0 || len(a.Others) > 0 {
			continue
		}
		if said, to, ok := spelledOtherwise(p.text, a); ok {
			report("amount_words", fmt.Sprintf("%s is %d đồng in figures and %d in words", quoteStart(p.text[a.From:to]), a.Money.VND, said), a.From, to)
		}
		if sum, to, ok := partsOtherwise(p.text, a, amounts[i+1:]); ok {
			report("parts", fmt.Sprintf("%s: the parts add up to %d đồng, the whole is %d", quoteStart(p.text[a.From:to]), sum, a.Money.VND), a.From, to)
		}
	}
	return out
}

// spelledOtherwise returns what the words in brackets behind a sum say, and where these
// end, where that is another sum.
func spelledOtherwise(text string, a field.Amount) (said int64, to int, ok bool) {
	const near = 3 // bytes between a sum and its brackets
	m := spelledIn.FindStringSubmatchIndex(text[a.From:])
	if m == nil || a.From+m[0] > a.To+near {
		return 0, 0, false
	}
	said, ok = field.Spelled(text[a.From+m[2] : a.From+m[3]])
	return said, max(a.To, a.From+m[1]), ok && said != a.Money.VND && !scaledBy(a.Money.VND, said)
}

// scaledBy reports whether words give the number before a scale alone: "05 (năm) triệu".
func scaledBy(vnd, said int64) bool {
	for _, scale := range []int64{1e3, 1e6, 1e9} {
		if said*scale == vnd {
			return true
		}
	}
	return false
}

// partsOtherwise returns what the parts of a sum in the same sentence add up to, and
// where they end, where that cannot be.
func partsOtherwise(text string, a field.Amount, behind []field.Amount) (sum int64, to int, ok bool) {
	m := partsWord.FindStringSubmatchIndex(text[a.To:])
	if m == nil || a.Money.Per != "" {
		return 0, 0, false
	}
	some, end := m[2] >= 0, a.To+sentenceEnd(text[a.To:])
	if strings.Contains(text[a.To:a.To+m[1]], "(") {
		if closing := strings.IndexByte(text[a.To:end], ')'); closing >= 0 {
			end = a.To + closing
		}
	}
	n, last := 0, a.To+m[1]
	for _, x := range behind {
		if x.From >= end {
			break
		}
		before := text[last:x.From]
		if x.Currency != "VND" || x.Money.VNDTo != 0 || x.Money.Per+x.Money.Qualifier != "" || len(x.Others) > 0 || notPart.MatchString(before) || strings.Contains(before, "(") {
			return 0, 0, false
		}
		sum, n, last = sum+x.Money.VND, n+1, x.To
	}
	slack := a.Money.VND / 200 // parts are rounded
	return sum, last, n >= 2 && (sum > a.Money.VND+slack || !some && sum < a.Money.VND-slack)
}

// sentenceEnd is where the first sentence of a text ends: at a stop before a capital or
// the end, no stop of a number.
func sentenceEnd(s string) int {
	for i := range len(s) {
		if s[i] != '.' && s[i] != '\n' {
			continue
		}
		rest := strings.TrimLeft(s[i+1:], " \n")
		r, _ := utf8.DecodeRuneInString(rest)
		if rest == "" || len(rest) < len(s)-i-1 && strings.ToLower(string(r)) != string(r) {
			return i
		}
	}
	return len(s)
}
