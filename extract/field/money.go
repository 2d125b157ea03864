package field

import (
	"cmp"
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
	Currency string       // "VND", "USD", "EUR" and so on
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

// bounded are wordings of several words that hold qualifiers and say something else.
var bounded = []struct{ fold, text string }{
	{"khong vuot qua", "không quá"}, {"tren duoi", "trên dưới"}, {"khong duoi", "không dưới"}, {"khong thap hon", "không dưới"}, {"khong it hon", "không dưới"}, {"khong nho hon", "không dưới"},
	{"khong hon", "không quá"}, {"khong nhieu hon", "không quá"}, {"khong cao hon", "không quá"},
	{"thap hon", "dưới"}, {"nho hon", "dưới"}, {"it hon", "dưới"}, {"cao hon", "hơn"}, {"lon hon", "hơn"}, {"nhieu hon", "hơn"},
	{"chua den", "chưa đến"}, {"chua toi", "chưa đến"},
}

var wordings = slices.Concat(bounded, qualifiers)

// counted are nouns that numbers with "triệu" and "tỷ" count when no money is
// meant: "2,1 triệu tài khoản".
var counted = []string{"tai", "luot", "nguoi", "ho", "hoa", "don", "giao", "ban", "thiet", "du", "dan", "thue", "lan", "m2", "ha", "tan", "cay", "san", "trang", "truong", "doanh",
	"lit", "cai", "khach", "thung", "thong", "km", "kwh", "m3"}

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

// betweenDigits reports whether a sign stands between two digits: most texts need not be
// searched for sums that are written with it.
func betweenDigits(text string, sign byte) bool {
	for i := 1; i+1 < len(text); i++ {
		if text[i] == sign && isDigit(rune(text[i-1])) && isDigit(rune(text[i+1])) {
			return true
		}
	}
	return false
}

func amounts(text string, need need) []Amount {
	read := text
	if betweenDigits(read, ':') {
		read = colonStop.ReplaceAllStringFunc(read, func(s string) string { return strings.Replace(s, ":", ".", 1) })
	}
	if betweenDigits(read, ' ') {
		read = spacedThousands.ReplaceAllStringFunc(read, func(s string) string {
			end := strings.LastIndexAny(s, "0123456789")
			return strings.ReplaceAll(s[:end], " ", ".") + s[end:]
		})
	}
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
	if k := upperEnd(lx, j); k > 0 && (!low.currency || fromBefore(lx, i) && !isDash(lx[j])) {
		if h, n, ok := sumAt(lx, k); ok && (h.scale > 0 || h.currency) && h.value >= low.value {
			if low.scale == 0 && h.scale > 0 {
				low.value *= h.scale
				low.scale = h.scale
			}
			if high = h; h.value > low.value {
				j = k + n
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
	case sum.scale >= 1e9 && !countedNoun(lx, j):
	case sum.scale >= 1e6 && !countedNoun(lx, j) && (need == digitsNeeded || spendingBefore(lx, i) || priceBehind(lx, j)):
	default:
		return a, 0, false
	}
	a.Currency = cmp.Or(sum.foreign, a.Currency)
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
	foreign  string // code of a currency that is not the đồng
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
		j+1 < len(lx) && scaleWord(lx, j+1) >= 1e6 {
		if r, ok := Number(written+lx[j].text, false); ok {
			split = append(split, r.Value)
		}
		written += "," + lx[j].text
		s.clean = false
		j++
	}
	scale, words := 0.0, 0
	if j < len(lx) {
		j = behindWords(lx, j)
		scale, words = scaleAt(lx, j)
	}
	// "1 nghìn 200 tỷ" is "1.200 tỷ".
	if scale == 1e3 && j+2 < len(lx) && lx[j+1].kind == lexNumber && len(lx[j+1].text) == 3 && len(written) <= 3 {
		if sc, n := scaleAt(lx, j+2); sc >= 1e6 {
			written += lx[j+1].text
			scale, words, j = sc, n, j+2
		}
	}
	// "1.500 (triệu đồng)", "1.500 (đơn vị: triệu đồng)"
	bracket := 0
	if scale == 0 && j < len(lx) {
		if scale, bracket = unitInBrackets(lx, j); bracket > 0 {
			s.currency = true
		}
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
	}
	switch {
	case bracket > 0:
		s.value *= scale
		j = bracket
	case scale > 0:
		j = s.scaled(lx, j, words)
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
		cur, foreign, n, clean := currencyAt(lx, j, s.scale > 0 || s.digits >= 7 && r.Value >= 1e6 && strings.ContainsAny(written, ".,"))
		few := s.scale == 0 && s.digits < 3 && !clean // "15 phòng" is no money
		few = few || s.scale == 0 && (s.digits < 4 || looksLikeYear(written)) && notMoney(lx, j)
		if cur && !few {
			s.currency, s.foreign = true, foreign
			s.clean = s.clean && clean
			j += n
		}
	}
	if s.foreign == "" && s.currency && s.scale == 0 && !r.Doubt && s.digits < 3 {
		// "5 đồng" is a saying or a torn number, not a budget.
		s.clean = false
	}
	return s, j - i, true
}

// scaled multiplies a sum by its scale, the words of which begin at lexeme j, adds what
// smaller scales behind it count, and returns the place behind all that.
func (s *sum) scaled(lx []lexeme, j, words int) int {
	s.value *= s.scale
	j += words - 1
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
	parts := 0
	for scale := s.scale; j+1 < len(lx) && lx[j].kind == lexNumber; parts++ {
		next, n := scaleAt(lx, j+1)
		r, ok := Number(lx[j].text, false)
		if !ok || next == 0 || next >= scale || r.Value >= 1000 {
			break
		}
		s.value += r.Value * next
		s.others = nil
		scale = next
		j += 1 + n
	}
	if parts == 0 {
		j = s.spoken(lx, j)
	}
	return j
}

// spoken adds the number that stands for parts of the scale before it, as people say
// sums: "1 tỷ 2" is 1,2 billion, "1 tỷ 250" is 1,25. A number of another column may
// stand there as well, so the other reading is kept.
func (s *sum) spoken(lx []lexeme, j int) int {
	if j >= len(lx) || lx[j].kind != lexNumber || !lx[j].gap || s.currency || s.scale < 1e6 || math.Mod(s.value, s.scale) != 0 {
		return j
	}
	part := 0.0
	switch n := lx[j].text; {
	case strings.ContainsAny(n, ".,") || n[0] == '0':
		return j
	case len(n) == 1:
		part = s.scale / 10
	case len(n) == 3:
		part = s.scale / 1000
	default:
		return j
	}
	if j+1 < len(lx) {
		next := lx[j+1]
		word := next.kind == lexWord && slices.Contains([]string{"dong", "de", "cho", "mua"}, next.fold)
		if !word && !slices.Contains([]string{",", ";", ")"}, next.text) {
			return j
		}
	}
	r, _ := Number(lx[j].text, false)
	s.others = append(s.others, s.value)
	s.value += r.Value * part
	s.clean = false
	return j + 1
}

// behindWords returns the place behind brackets at j that say a number in words before
// its scale, "05 (năm) triệu đồng"; j where none stand there.
func behindWords(lx []lexeme, j int) int {
	const most = 6 // words of a number
	if lx[j].text != "(" {
		return j
	}
	for k := j + 1; k+1 < len(lx) && k <= j+1+most; k++ {
		switch {
		case lx[k].text == ")":
			if scale, _ := scaleAt(lx, k+1); scale > 0 && k > j+1 {
				return k + 1
			}
			return j
		case lx[k].kind != lexWord:
			return j
		}
	}
	return j
}

// unitInBrackets reads the unit of a number that stands in brackets behind it, at j,
// and returns the place behind them; 0 when none stands there.
func unitInBrackets(lx []lexeme, j int) (scale float64, next int) {
	if lx[j].text != "(" {
		return 0, 0
	}
	k := j + 1
	for _, w := range []string{"don", "vi", "tinh", ":"} {
		if k < len(lx) && lx[k].fold == w {
			k++
		}
	}
	if k+2 >= len(lx) {
		return 0, 0
	}
	scale, n := scaleAt(lx, k)
	if k += n; scale == 0 || k+1 >= len(lx) || lx[k].fold != "dong" || lx[k+1].text != ")" {
		return 0, 0
	}
	return scale, k + 2
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
		slices.Contains([]string{"chi", "bao", "thoi", "bo", "nghiep", "chu", "doi", "phuc", "gui", "y", "hanh", "loat"}, lx[j+1].fold)
}

// looksLikeYear tells "năm 2025 đồng chí" from a sum.
func looksLikeYear(s string) bool {
	return len(s) == 4 && (strings.HasPrefix(s, "19") || strings.HasPrefix(s, "20")) && strings.Trim(s, "0123456789") == ""
}

// tens are words that count scales: "5 trăm triệu".
var tens = map[string]float64{"chuc": 10, "tram": 100, "nghin": 1e3, "ngan": 1e3, "nghln": 1e3}

// scaleAt reads the words of a scale from lexeme j on: "tỷ", "nghìn tỷ", "trăm triệu".
func scaleAt(lx []lexeme, j int) (scale float64, words int) {
	if lx[j].kind != lexWord {
		return 0, 0
	}
	if times := tens[lx[j].fold]; times > 0 && j+1 < len(lx) {
		if next := scaleWord(lx, j+1); next >= 1e3 && next > times {
			return times * next, 2
		}
	}
	if scale = scaleWord(lx, j); scale == 0 {
		return 0, 0
	}
	return scale, 1
}

// scaleWord reads one word of a scale.
func scaleWord(lx []lexeme, j int) float64 {
	l := lx[j]
	if l.kind != lexWord {
		return 0
	}
	switch l.fold {
	case "ty", "ti", "tv", "t¥", "tÿ":
		if ofShares(lx, j) {
			return 0
		}
		return 1e9
	case "tr", "trd", "trdong":
		return 1e6
	case "nghin", "ngan", "nghln":
		return 1e3
	}
	if len(l.fold) >= 5 && l.fold != "trien" && like(l.fold, "trieu") {
		return 1e6
	}
	return 0
}

// ofShares reports whether "tỷ" at j begins the word for a share: "tỷ lệ", "tỷ trọng".
// Without its mark the second may be another word ("1 tỷ trong năm").
func ofShares(lx []lexeme, j int) bool {
	if j+1 >= len(lx) || lx[j+1].kind != lexWord {
		return false
	}
	switch next := strings.ToLower(lx[j+1].text); next {
	case "lệ", "lê", "trọng", "suất":
		return true
	case "giá", "số":
		return startsUpper(lx[j].text)
	}
	return false
}

// foreignWords are currencies behind a scale, as they are spelt: without their marks
// some are other words ("2 triệu bằng chuyển khoản").
var foreignWords = []struct{ words, code string }{
	{"euro", "EUR"}, {"eur", "EUR"}, {"€", "EUR"}, {"bảng anh", "GBP"}, {"bảng", "GBP"}, {"won", "KRW"}, {"yên", "JPY"}, {"nhân dân tệ", "CNY"}, {"ndt", "CNY"},
	{"baht", "THB"}, {"kíp", "LAK"}, {"riel", "KHR"}, {"rúp", "RUB"}, {"franc", "CHF"}, {"đôla", "USD"}, {"đô", "USD"},
}

// foreignAt reads a currency behind a scale.
func foreignAt(lx []lexeme, j int) (code string, n int) {
	for _, f := range foreignWords {
		words := strings.Fields(f.words)
		fits := len(lx)-j >= len(words)
		for i := 0; fits && i < len(words); i++ {
			fits = strings.ToLower(lx[j+i].text) == words[i]
		}
		if fits {
			return f.code, len(words)
		}
	}
	return "", 0
}

// currencyAt reads a currency. After a scale word any short word between d and
// g is "đồng": OCR leaves "dbng", "d 6ng", "adng", "dbig" of it.
func currencyAt(lx []lexeme, j int, scaled bool) (found bool, foreign string, n int, clean bool) {
	l := lx[j]
	// A rule of the table, or a line break, may stand between.
	if l.text == "|" && j+1 < len(lx) {
		f, u, n, _ := currencyAt(lx, j+1, scaled)
		return f, u, n + 1, false
	}
	if l.text == "$" {
		return true, "USD", 1, true
	}
	if l.kind != lexWord {
		return false, "", 0, false
	}
	switch l.fold {
	case "dong":
		return true, "", 1, l.text == "đồng"
	case "vnd":
		return true, "", 1, true
	case "usd":
		return true, "USD", 1, true
	case "do":
		if j+1 < len(lx) && lx[j+1].fold == "la" {
			return true, "USD", 2, true
		}
	case "eur", "euro":
		return true, "EUR", 1, true
	case "d":
		closed := j+1 == len(lx) || lx[j+1].kind == lexPunct || l.text == "đ"
		split := j+1 < len(lx) && lx[j+1].kind != lexPunct && currencyShape("d"+lx[j+1].fold) && (scaled || normalize.Similarity("d"+lx[j+1].fold, "dong") > 0.7)
		switch {
		case split:
			return true, "", 2, false
		case closed && (l.text == "đ" || scaled || j+1 < len(lx) && lx[j+1].text == "/"):
			return true, "", 1, l.text == "đ"
		}
	}
	if code, n := foreignAt(lx, j); scaled && n > 0 {
		return true, code, n, true
	}
	// "d 6ng" lexes as a word, a number and a word.
	if l.fold == "d" && j+2 < len(lx) && lx[j+1].kind == lexNumber && lx[j+2].kind == lexWord && currencyShape("d"+lx[j+1].text+lx[j+2].fold) {
		return true, "", 3, false
	}
	if currencyShape(l.fold) && (scaled || l.fold != "duong" && normalize.Similarity(l.fold, "dong") >= 0.74) {
		return true, "", 1, false
	}
	return false, "", 0, false
}

func currencyShape(fold string) bool {
	if len(fold) < 3 || len(fold) > 5 || fold == "dang" || fold == "dung" || fold == "bang" {
		return false
	}
	return strings.ContainsRune("dabp", rune(fold[0])) && (fold[len(fold)-1] == 'g' || fold[len(fold)-1] == 'q')
}

// upperEnd returns the place of the number that ends a range which "đến" or a dash at j
// goes on with; 0 when none stands there. "từ 30 đến dưới 50 triệu" is a range, too.
func upperEnd(lx []lexeme, j int) int {
	if j >= len(lx) || !isTo(lx[j]) {
		return 0
	}
	k := j + 1
	if k < len(lx) && lx[k].fold == "duoi" && !isDash(lx[j]) {
		k++
	}
	if k >= len(lx) || lx[k].kind != lexNumber || partOfCode(lx, k) {
		return 0
	}
	return k
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
	if j >= len(lx) || lx[j].fold == "trong" { // "trong đó" looks like "trang"
		return false
	}
	for _, n := range counted {
		if lx[j].fold == n || like(lx[j].fold, n) {
			return true
		}
	}
	// "106 triệu/108 triệu dữ liệu" is a share of data.
	if j+2 < len(lx) && lx[j].text == "/" && lx[j+1].kind == lexNumber {
		scale, _ := scaleAt(lx, j+2)
		return scale > 0
	}
	return slices.ContainsFunc(countedPairs, func(name []string) bool { return beginsWith(lx[j:], name) })
}

// countedPairs are nouns like counted of which the first word alone may be another.
var countedPairs = [][]string{{"van", "ban"}, {"yeu", "cau"}, {"ho", "so"}, {"hoc", "sinh"}, {"con", "ga"}, {"cu", "dan"}, {"ban", "ghi"}}

// spendingBefore looks a few words back for what makes "5 triệu" money.
func spendingBefore(lx []lexeme, i int) bool {
	for k := i - 1; k >= 0 && k >= i-8; k-- {
		if lx[k].kind != lexWord {
			if lx[k].text == ";" || lx[k].text == "." {
				return false
			}
			continue
		}
		if lx[k].fold == "gia" && k > 0 && slices.Contains([]string{"quoc", "tham", "chuyen"}, lx[k-1].fold) {
			continue
		}
		if like(lx[k].fold, "tien", "phi", "von", "chi", "gia", "thu", "ngan", "tri") || slices.Contains(given, strings.ToLower(lx[k].text)) {
			return true
		}
	}
	return false
}

// given are words of spending that are other words without their marks: "thưởng" and
// "thường".
var given = []string{"thưởng", "vay", "lương", "hỗ", "phạt", "nộp", "quyên"}

// priceBehind reports whether a unit of price follows at j: "50 triệu/năm".
func priceBehind(lx []lexeme, j int) bool {
	return j+1 < len(lx) && lx[j].text == "/" && lx[j+1].kind == lexWord
}

// qualifierBefore reads the words before a sum that say how sure or which bound it is,
// as many as belong together: "không dưới" is not "dưới". "là" and "từ" may stand between.
// Only without them are damaged words taken.
func qualifierBefore(lx []lexeme, i int) (string, int) {
	end := i
	if i > 1 && (lx[i-1].fold == "la" || lx[i-1].fold == "tu") {
		end--
	}
	for back := min(3, end); back > 0; back-- {
		words := foldedWords(lx[end-back : end])
		for _, q := range wordings {
			if words == q.fold {
				return q.text, lx[end-back].from
			}
		}
	}
	for back := 1; back <= min(2, i); back++ {
		words := foldedWords(lx[i-back : i])
		for _, q := range qualifiers {
			if len(words) > 4 && like(words, q.fold) {
				return q.text, lx[i-back].from
			}
		}
	}
	return "", 0
}

// foldedWords joins words by spaces; "" when one lexeme is none.
func foldedWords(lx []lexeme) string {
	var words []string
	for _, l := range lx {
		if l.kind != lexWord {
			return ""
		}
		words = append(words, l.fold)
	}
	return strings.Join(words, " ")
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
	case lx[k].fold == "mot" && k+1 < len(lx) && slices.Contains([]string{"nam", "thang", "quy", "tuan", "ngay", "lan", "nguoi"}, lx[k+1].fold):
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
