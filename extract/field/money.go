package field

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/sohoa/sohoa/extract/profiles"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// An Amount is a sum of money in a text.
type Amount struct {
	From, To int          // byte range, with qualifier and unit of price
	Money    schema.Money // in đồng; zero for another currency
	Currency string       // "VND" or "USD"
	Value    float64      // the sum in Currency
	Clean    bool         // every part was written as it should be
	Others   []int64      // other sums that the same writing could mean, in đồng
	Torn     bool         // digits stand right before it that may be its own: "385 500.000 đồng"
}

// The largest sum that is taken for one: a hundred million billion đồng is
// beyond any budget and means that digits ran together.
const maxVND = 1e17

var qualifiers = []struct{ fold, text string }{
	{"khoang", "khoảng"}, {"tren", "trên"}, {"gan", "gần"}, {"hon", "hơn"}, {"duoi", "dưới"},
	{"toi thieu", "tối thiểu"}, {"toi da", "tối đa"}, {"it nhat", "ít nhất"}, {"du kien", "dự kiến"},
	{"uoc", "ước"}, {"uoc dat", "ước"}, {"uoc tinh", "ước"}, {"xap xi", "xấp xỉ"}, {"khong qua", "không quá"},
}

// counted are nouns that numbers with "triệu" and "tỷ" count when no money is
// meant: "2,1 triệu tài khoản".
var counted = []string{"tai", "luot", "nguoi", "ho", "hoa", "don", "giao", "ban", "thiet", "du", "dan", "thue", "lan", "m2", "ha", "tan", "cay", "san", "trang", "truong", "doanh"}

// Amounts finds the sums of money in a text.
//
// A number is money when a currency follows ("đồng", "đ", "vnđ", "USD") or the
// word "tỷ" does without a counted noun behind it. "triệu" alone is money only
// after a word of spending, since people and files are counted in it too.
func Amounts(text string) []Amount { return amounts(text, unitNeeded) }

// GroupedAmounts is [Amounts] for a text of a column of costs: there millions
// whose thousands are parted need no unit, since cells that are torn lose it.
func GroupedAmounts(text string) []Amount { return amounts(text, groupsNeeded) }

// BareAmounts is [Amounts] for a cell of a column that holds nothing but money:
// there a number of at least seven digits needs no unit.
func BareAmounts(text string) []Amount { return amounts(text, digitsNeeded) }

// A need is what a number must have to be money.
type need uint8

const (
	unitNeeded need = iota
	groupsNeeded
	digitsNeeded
)

// colonStop matches billions of which the first stop was read as a colon.
var colonStop = regexp.MustCompile(`(^|[^0-9.,:/])[1-9][0-9]{0,2}:[0-9]{3}(\.[0-9]{3}){2,}`)

// spacedThousands are sums whose thousands blanks part, "1 250 000 000 đồng": two groups
// at least, since "5 200 đồng" may be two numbers.
var spacedThousands = regexp.MustCompile(`\b[1-9][0-9]{0,2}( [0-9]{3}){2,} ?(?:đ|vnđ|VNĐ|VND)`)

func amounts(text string, need need) []Amount {
	read := colonStop.ReplaceAllStringFunc(text, func(s string) string { return strings.Replace(s, ":", ".", 1) })
	read = spacedThousands.ReplaceAllStringFunc(read, func(s string) string {
		end := strings.LastIndexAny(s, "0123456789")
		return strings.ReplaceAll(s[:end], " ", ".") + s[end:]
	})
	lx := lex(read)
	var out []Amount
	for i := 0; i < len(lx); i++ {
		if lx[i].kind != lexNumber || partOfCode(lx, i) || struckDate(lx[i].text) {
			continue
		}
		if a, next, ok := amountAt(read, lx, i, need); ok {
			a.Clean = a.Clean && read[a.From:a.To] == text[a.From:a.To]
			out = append(out, a)
			i = next - 1
		}
	}
	return out
}

// partOfCode tells numbers that belong to a date, a ratio or a document number
// from sums: a slash stands right before them, or right behind before a digit.
func partOfCode(lx []lexeme, i int) bool {
	if i > 0 && lx[i-1].text == "/" && !lx[i].gap && i > 1 && lx[i-2].kind == lexNumber {
		return true
	}
	return i+2 < len(lx) && lx[i+1].text == "/" && !lx[i+1].gap && lx[i+2].kind == lexNumber && !lx[i+2].gap
}

func amountAt(text string, lx []lexeme, i int, need need) (a Amount, next int, ok bool) {
	low, used, ok := sumAt(lx, i)
	if !ok {
		return a, 0, false
	}
	a = Amount{From: lx[i].from, Currency: "VND", Clean: low.clean}
	j := i + used
	high := low
	// A range: "2 - 3 tỷ đồng", "từ 2 đến 3 tỷ đồng". The scale of the second
	// number serves the first when it has none.
	if (!low.currency || fromBefore(lx, i) && !isDash(lx[min(j, len(lx)-1)])) && j+1 < len(lx) && lx[j+1].kind == lexNumber && isTo(lx[j]) && !partOfCode(lx, j+1) {
		if h, n, ok := sumAt(lx, j+1); ok && (h.scale > 0 || h.currency) && h.value >= low.value {
			if low.scale == 0 && h.scale > 0 {
				low.value *= h.scale
				low.scale = h.scale
			}
			if high = h; h.value > low.value {
				j += 1 + n
			} else {
				high = low
			}
		}
	}
	sum := high
	switch {
	case sum.currency:
	case need == digitsNeeded && sum.scale == 0 && sum.digits >= 7:
		a.Clean = false
	case need == groupsNeeded && used == 1 && (billions.MatchString(lx[i].text) || millions.MatchString(lx[i].text) && !countedNoun(lx, j)):
		a.Clean = false
	case sum.scale == 1e9 && !countedNoun(lx, j):
	case sum.scale == 1e6 && !countedNoun(lx, j) && (need == digitsNeeded || spendingBefore(lx, i)):
	default:
		return a, 0, false
	}
	if sum.usd {
		a.Currency = "USD"
	}
	a.Clean = a.Clean && high.clean
	a.Torn = i > 0 && lx[i-1].kind == lexNumber && !partOfCode(lx, i-1) &&
		(thousandsGroup(lx[i].text) || tornGroup(lx[i-1].text, lx[i].text))
	a.Value = low.value
	a.To = lx[j-1].to
	if a.Currency == "VND" {
		if low.value > maxVND || high.value > maxVND || low.value < 1 {
			return a, 0, false
		}
		a.Money.VND = round(low.value)
		if high.value > low.value {
			a.Money.VNDTo = round(high.value)
		}
		for _, o := range low.others {
			if v := round(o); v != a.Money.VND && o > 0 && o < maxVND {
				a.Others = append(a.Others, v)
			}
		}
	}
	if q, from := qualifierBefore(lx, i); q != "" {
		a.Money.Qualifier, a.From = q, from
	}
	if per, n := priceUnit(text, lx, j); n > 0 && (sum.currency || sum.scale > 0) {
		a.Money.Per = per
		j += n
		a.To = lx[j-1].to
	}
	return a, j, true
}

func round(v float64) int64 { return int64(math.Round(v)) }

type sum struct {
	value    float64
	scale    float64 // 0 when no scale word stood there
	currency bool
	usd      bool
	clean    bool
	digits   int
	others   []float64
}

// sumAt reads number, scale words and currency from lexeme i on.
func sumAt(lx []lexeme, i int) (s sum, used int, ok bool) {
	j := i
	written := lx[j].text
	s.clean = true
	j++
	// "2 5 tỷ": the decimal mark was lost, or two columns ran together.
	var split []float64
	if j < len(lx) && lx[j].kind == lexNumber && len(lx[j].text) <= 2 && len(written) <= 3 && !strings.ContainsAny(written+lx[j].text, ".,") &&
		j+1 < len(lx) && scaleOf(lx, j+1) >= 1e6 {
		if r, ok := Number(written+lx[j].text, false); ok {
			split = append(split, r.Value)
		}
		written += "," + lx[j].text
		s.clean = false
		j++
	}
	scale := 0.0
	if j < len(lx) {
		scale = scaleOf(lx, j)
	}
	// With "tỷ" three digits behind a mark are decimals ("80,367 tỷ"); with
	// "triệu" and "nghìn" a point parts thousands ("1.200 triệu"), a comma
	// decimals.
	decimal := scale == 1e9 && !roundThousands.MatchString(written) || scale > 0 && !strings.Contains(written, ".")
	r, ok := Number(written, decimal)
	if !ok {
		return s, 0, false
	}
	s.value, s.scale = r.Value, scale
	for _, c := range written {
		if isDigit(c) {
			s.digits++
		}
	}
	// A comma before "tỷ" and a point before "triệu" are what people write;
	// the other mark may be a slip, and so may be a point before a nought.
	if slip := map[bool]string{true: ".", false: ","}[scale == 1e9]; r.Doubt && scale > 0 && strings.Contains(written, slip) {
		s.others = append(s.others, r.Other*scale)
	}
	if scale > 0 {
		for _, v := range split {
			s.others = append(s.others, v*scale)
		}
		j = s.scaled(lx, j)
	}
	if j < len(lx) && !s.currency {
		// "15.300.000 (mười lăm triệu ba trăm nghìn) đồng"
		if end := spelledOut(lx, j); end > 0 && s.digits >= 4 {
			if lx[end-1].fold == "dong" {
				s.currency = true
			}
			j = end + 1
		}
	}
	if j < len(lx) && !s.currency {
		// A long grouped number is as good a sign of money as a scale word.
		cur, usd, n, clean := currencyAt(lx, j, s.scale > 0 || s.digits >= 7 && r.Value >= 1e6 && strings.ContainsAny(written, ".,"))
		few := s.scale == 0 && s.digits < 3 && !clean // "15 phòng" is no money
		few = few || s.scale == 0 && s.digits < 4 && notMoney(lx, j)
		if cur && !few {
			s.currency, s.usd = true, usd
			s.clean = s.clean && clean
			j += n
		}
	}
	if !s.usd && s.currency && s.scale == 0 && !r.Doubt && s.digits < 3 {
		// "5 đồng" is a saying or a torn number, not a budget.
		s.clean = false
	}
	return s, j - i, true
}

// scaled multiplies a sum by its scale, the words of which begin at lexeme j, adds what
// smaller scales behind it count, and returns the place behind all that.
func (s *sum) scaled(lx []lexeme, j int) int {
	s.value *= s.scale
	if s.scale == 1e12 {
		j++ // "nghìn tỷ" are two words
	}
	// "trđ" holds the currency.
	s.currency = len(lx[j].fold) > 2 && strings.HasPrefix(lx[j].fold, "trd")
	j++
	if j+1 < len(lx) && lx[j].text == "." && !lx[j].gap && lx[j+1].fold == "d" && !lx[j+1].gap {
		s.currency = true // "tr.đ"
		j += 2
	}
	if j < len(lx) && lx[j].kind == lexWord && lx[j].fold == "ruoi" {
		s.value += s.scale / 2
		j++
	}
	// "1 tỷ 200 triệu", also with a third part.
	for scale := s.scale; j+1 < len(lx) && lx[j].kind == lexNumber; j += 2 {
		next := scaleOf(lx, j+1)
		r, ok := Number(lx[j].text, false)
		if !ok || next == 0 || next >= scale || r.Value >= 1000 {
			break
		}
		s.value += r.Value * next
		s.others = nil
		scale = next
	}
	return j
}

// spelledOut returns the place of the bracket that closes one at j which says a sum
// in words, 0 when there is none: behind it the currency stands, or before it.
func spelledOut(lx []lexeme, j int) int {
	const most = 30 // words of a sum
	if lx[j].text != "(" {
		return 0
	}
	for k := j + 2; k < len(lx) && k < j+most; k++ {
		switch {
		case lx[k].kind == lexNumber:
			return 0
		case lx[k].text == ")":
			behind := k+1 < len(lx) && lx[k+1].fold == "dong"
			if lx[k-1].fold == "dong" || behind {
				return k
			}
			return 0
		}
	}
	return 0
}

// notMoney reports whether "đồng" at j is the beginning of another word: "12 đồng
// chí", "đồng bào", "đồng thời".
func notMoney(lx []lexeme, j int) bool {
	return lx[j].fold == "dong" && j+1 < len(lx) && lx[j+1].kind == lexWord &&
		slices.Contains([]string{"chi", "bao", "thoi", "bo", "nghiep", "chu", "doi", "phuc"}, lx[j+1].fold)
}

func scaleOf(lx []lexeme, j int) float64 {
	l := lx[j]
	if l.kind != lexWord {
		return 0
	}
	switch l.fold {
	case "ty", "ti", "tv", "t¥", "tÿ":
		return 1e9
	case "tr", "trd", "trdong":
		return 1e6
	case "nghin", "ngan", "nghln":
		if j+1 < len(lx) && lx[j+1].kind == lexWord && (lx[j+1].fold == "ty" || lx[j+1].fold == "ti") {
			return 1e12
		}
		return 1e3
	}
	if len(l.fold) >= 5 && l.fold != "trien" && like(l.fold, "trieu") {
		return 1e6
	}
	return 0
}

// currencyAt reads a currency. After a scale word any short word between d and
// g is "đồng": OCR leaves "dbng", "d 6ng", "adng", "dbig" of it.
func currencyAt(lx []lexeme, j int, scaled bool) (found, usd bool, n int, clean bool) {
	l := lx[j]
	// A rule of the table, or a line break, may stand between.
	if l.text == "|" && j+1 < len(lx) {
		f, u, n, _ := currencyAt(lx, j+1, scaled)
		return f, u, n + 1, false
	}
	if l.text == "$" {
		return true, true, 1, true
	}
	if l.kind != lexWord {
		return false, false, 0, false
	}
	switch l.fold {
	case "dong":
		return true, false, 1, l.text == "đồng"
	case "vnd":
		return true, false, 1, true
	case "usd":
		return true, true, 1, true
	case "do":
		if j+1 < len(lx) && lx[j+1].fold == "la" {
			return true, true, 2, true
		}
	case "d":
		closed := j+1 == len(lx) || lx[j+1].kind == lexPunct || l.text == "đ"
		split := j+1 < len(lx) && lx[j+1].kind != lexPunct && currencyShape("d"+lx[j+1].fold) && (scaled || normalize.Similarity("d"+lx[j+1].fold, "dong") > 0.7)
		switch {
		case split:
			return true, false, 2, false
		case closed && (l.text == "đ" || scaled || j+1 < len(lx) && lx[j+1].text == "/"):
			return true, false, 1, l.text == "đ"
		}
	}
	// "d 6ng" lexes as a word, a number and a word.
	if l.fold == "d" && j+2 < len(lx) && lx[j+1].kind == lexNumber && lx[j+2].kind == lexWord && currencyShape("d"+lx[j+1].text+lx[j+2].fold) {
		return true, false, 3, false
	}
	if currencyShape(l.fold) && (scaled || normalize.Similarity(l.fold, "dong") >= 0.74) {
		return true, false, 1, false
	}
	return false, false, 0, false
}

func currencyShape(fold string) bool {
	if len(fold) < 3 || len(fold) > 5 || fold == "dang" || fold == "dung" || fold == "bang" {
		return false
	}
	return strings.ContainsRune("dabp", rune(fold[0])) && (fold[len(fold)-1] == 'g' || fold[len(fold)-1] == 'q')
}

func isTo(l lexeme) bool {
	return l.text == "-" || l.text == "–" || l.text == "—" || l.text == "÷" || l.kind == lexWord && (l.fold == "den" || l.fold == "toi")
}

// thousandsGroup reports whether a number looks like the end of a longer one:
// it begins with three digits and a mark.
func thousandsGroup(s string) bool {
	return len(s) >= 7 && strings.IndexAny(s, ".,") == 3 && len(strings.Trim(s[:3], "0123456789")) == 0
}

// roundThousands matches thousands with a nought at their end: nobody writes 1,2
// billion as "1.200".
var roundThousands = regexp.MustCompile(`^[1-9]\d{0,2}\.\d\d0$`)

// billions matches numbers of four groups and more, as sums of billions are
// printed.
var billions = regexp.MustCompile(`^[1-9]\d{0,2}(\.\d{3}){3,}$`)

// millions matches numbers of three groups and more.
var millions = regexp.MustCompile(`^[1-9]\d{0,2}((\.\d{3}){2,}|(,\d{3}){2,})$`)

// struckDate reports whether a number is a date whose strokes were read as digits:
// "2411172023" is 24/11/2023.
func struckDate(s string) bool {
	const strokes = "17"
	if len(s) != 10 || !strings.Contains(strokes, s[2:3]) || !strings.Contains(strokes, s[5:6]) {
		return false
	}
	_, err := time.Parse("02/01/2006", s[:2]+"/"+s[3:5]+"/"+s[6:])
	return err == nil && s[6:8] == "20"
}

// tornGroup reports whether two numbers are one that a group was torn in:
// "2.1 16.000.000".
func tornGroup(a, b string) bool {
	mark := strings.LastIndexByte(a, '.')
	return mark > 0 && len(a)-mark <= 3 && billions.MatchString(a+b)
}

func isDash(l lexeme) bool { return l.kind != lexWord }

// fromBefore looks for "từ" before a sum, which makes a range of "từ 900 triệu
// đồng đến 2,7 tỷ đồng". A rise or a fall from one sum to another is none.
func fromBefore(lx []lexeme, i int) bool {
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		if lx[k].kind != lexWord {
			return false
		}
		if lx[k].fold == "tu" {
			return k == 0 || !slices.Contains([]string{"tang", "giam", "nang", "ha"}, lx[k-1].fold)
		}
	}
	return false
}

func countedNoun(lx []lexeme, j int) bool {
	if j >= len(lx) || lx[j].kind != lexWord || lx[j].fold == "trong" { // "trong đó" looks like "trang"
		return false
	}
	for _, n := range counted {
		if lx[j].fold == n || like(lx[j].fold, n) {
			return true
		}
	}
	return false
}

// spendingBefore looks a few words back for what makes "5 triệu" money.
func spendingBefore(lx []lexeme, i int) bool {
	for k := i - 1; k >= 0 && k >= i-8; k-- {
		if lx[k].kind != lexWord {
			if lx[k].text == ";" || lx[k].text == "." {
				return false
			}
			continue
		}
		if like(lx[k].fold, "tien", "phi", "von", "chi", "gia", "thu", "ngan", "tri") {
			return true
		}
	}
	return false
}

func qualifierBefore(lx []lexeme, i int) (string, int) {
	for back := 1; back <= 2; back++ {
		if i-back < 0 {
			break
		}
		words := ""
		for k := i - back; k < i; k++ {
			if lx[k].kind != lexWord {
				words = ""
				break
			}
			if words != "" {
				words += " "
			}
			words += lx[k].fold
		}
		for _, q := range qualifiers {
			if words == q.fold || len(words) > 4 && like(words, q.fold) {
				return q.text, lx[i-back].from
			}
		}
	}
	return "", 0
}

// roundCount reports whether prices are given for so many: one, a hundred, a
// thousand and so on.
func roundCount(text string) bool {
	zeros, one := strings.CutPrefix(strings.TrimLeft(digitsOf(text), "0"), "1")
	return one && strings.Trim(zeros, "0") == "" && len(zeros) != 1
}

// priceUnit reads what a price is for: "/lượt", "/1 năm", "cho 1.000 lượt",
// "/người/tháng". One year is a year.
func priceUnit(text string, lx []lexeme, j int) (per string, n int) {
	k := j
	switch {
	case k >= len(lx):
		return "", 0
	case lx[k].text == "/":
		k++
	case lx[k].kind == lexWord && (lx[k].fold == "cho" || lx[k].fold == "moi") && k+1 < len(lx):
		// "cho 1.000 lượt" is a price, "cho Công an tỉnh" is not.
		if lx[k].fold == "cho" && (lx[k+1].kind != lexNumber || k+2 >= len(lx) || lx[k+2].kind != lexWord) {
			return "", 0
		}
		// Nor is "214 tỷ đồng cho 4.077 hộ": what many got together is a sum.
		if lx[k+1].kind == lexNumber && !roundCount(lx[k+1].text) {
			return "", 0
		}
		k++
	default:
		return "", 0
	}
	count := ""
	if k < len(lx) && lx[k].kind == lexNumber {
		count = lx[k].text
		k++
	}
	if k >= len(lx) || lx[k].kind != lexWord {
		return "", 0
	}
	from, to := lx[k].from, 0
	for {
		k, to = countedThing(lx, k)
		if k+1 >= len(lx) || lx[k].text != "/" || lx[k+1].kind != lexWord {
			break
		}
		k++
	}
	per = strings.Join(strings.Fields(text[from:to]), " ")
	if count != "" && strings.TrimLeft(count, "0") != "1" {
		per = count + " " + per
	}
	return per, k - j
}

// priced are the names of things that prices are for, word by word without marks.
var priced = func() (out [][]string) {
	for _, name := range profiles.Priced() {
		out = append(out, strings.Fields(normalize.Fold(name)))
	}
	return out
}()

// countedThing returns what follows a unit of price that begins with word k, and
// where the unit ends: "mô hình" has two words, "hộ gia đình" three.
func countedThing(lx []lexeme, k int) (next, to int) {
	if k+1 < len(lx) && lx[k+1].text == "²" && !lx[k+1].gap {
		return k + 2, lx[k+1].to
	}
	words := 1
	for _, name := range priced {
		if len(name) > words && beginsWith(lx[k:], name) {
			words = len(name)
		}
	}
	return k + words, lx[k+words-1].to
}

// beginsWith reports whether the words of a name stand first.
func beginsWith(lx []lexeme, name []string) bool {
	if len(lx) < len(name) {
		return false
	}
	for i, w := range name {
		if lx[i].kind != lexWord || lx[i].fold != w {
			return false
		}
	}
	return true
}
