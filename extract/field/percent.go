package field

import (
	"math"
	"strings"
)

// A Percent is a share in a text: "95,17%".
type Percent struct {
	From, To int
	Value    float64 // 95.17
	Bound    string  // ">=", "<=", ">", "<" before the number, else ""
	Clean    bool    // false when OCR lost the decimal mark ("95 17%")
}

// Percents finds the shares in a text.
func Percents(text string) []Percent { return percents(lex(text)) }

func percents(lx []lexeme) []Percent {
	var out []Percent
	for i := 0; i+1 < len(lx); i++ {
		sign := shareSign(lx, i+1)
		if lx[i].kind != lexNumber || sign == 0 {
			continue
		}
		written, from, clean := lx[i].text, lx[i].from, true
		// "95 17%", "69,6 1%": the mark or a digit was torn off.
		if i > 0 && lx[i-1].kind == lexNumber && lx[i].gap && len(lx[i].text) <= 2 && !strings.ContainsAny(lx[i].text, ".,") {
			prev := lx[i-1].text
			joined := prev + "," + lx[i].text
			if strings.ContainsAny(prev, ".,") {
				joined = prev + lx[i].text
			}
			if r, ok := Number(joined, true); ok && r.Value <= 100 && len(prev) <= 5 && (i < 2 || lx[i-2].kind != lexNumber) {
				written, from, clean = joined, lx[i-1].from, false
			}
		}
		r, ok := Number(written, true)
		if !ok {
			continue
		}
		p := Percent{From: from, To: lx[i+sign].to, Value: r.Value, Clean: clean}
		if b, at := boundBefore(lx, i); b != "" {
			p.Bound, p.From = b, at
		}
		out = append(out, p)
	}
	return out
}

// shareSign returns how many lexemes from i on are the sign of a share: "%", "phần
// trăm"; 0 when none stands there.
func shareSign(lx []lexeme, i int) int {
	switch {
	case lx[i].text == "%":
		return 1
	case i+1 < len(lx) && lx[i].fold == "phan" && lx[i+1].fold == "tram":
		return 2
	}
	return 0
}

func boundBefore(lx []lexeme, i int) (string, int) {
	var b string
	at := 0
	for k := i - 1; k >= 0 && k >= i-2; k-- {
		switch lx[k].text {
		case ">", "<", "=", "≥", "≤", "~":
			b = lx[k].text + b
			at = lx[k].from
			continue
		}
		break
	}
	switch b {
	case "≥", ">=", "~=":
		return ">=", at
	case "≤", "<=":
		return "<=", at
	case ">", "<":
		return b, at
	}
	return "", 0
}

// A Ratio is a part of a whole in a text: "674.242/708.475 người".
type Ratio struct {
	From, To int
	Part     float64
	Whole    float64
	// Stated is the share that the text gives for it, "đạt 95,17%"; nil when it
	// gives none.
	Stated *Percent
}

// Share returns the ratio in percent.
func (r Ratio) Share() float64 { return 100 * r.Part / r.Whole }

// Agrees reports whether the stated share is the ratio's, to the precision
// that it is stated with. Without a stated share it is true.
func (r Ratio) Agrees() bool {
	if r.Stated == nil {
		return true
	}
	v := r.Stated.Value
	half := 0.5
	for _, step := range []float64{10, 100} {
		if math.Abs(v*step/10-math.Round(v*step/10)) > 1e-6 {
			half = 0.5 / step
		}
	}
	// Reports cut digits off as often as they round.
	return math.Abs(r.Share()-v) <= 2*half+1e-9
}

// Ratios finds parts of wholes: two numbers with a slash or "trên tổng số" between them
// that are neither a date nor the number of a document.
func Ratios(text string) []Ratio {
	lx := lex(text)
	percents := percents(lx)
	var out []Ratio
	for i := 0; i+2 < len(lx); i++ {
		if lx[i].kind != lexNumber {
			continue
		}
		w := wholeAt(lx, i)
		if w == 0 {
			continue
		}
		a, ok1 := Number(lx[i].text, false)
		b, ok2 := Number(lx[w].text, false)
		if !ok1 || !ok2 || b.Value == 0 || a.Value > b.Value {
			continue
		}
		// "7/2025" is a month, "24/7" a saying.
		if a.Value <= 12 && b.Value >= 1900 && b.Value <= 2100 || lx[i].text == "24" && lx[w].text == "7" {
			continue
		}
		r := Ratio{From: lx[i].from, To: lx[w].to, Part: a.Value, Whole: b.Value}
		if r.Stated = shareBefore(text, percents, r.From); r.Stated == nil {
			r.Stated = shareBehind(lx, w, percents, r.To)
		}
		out = append(out, r)
		i = w
	}
	return out
}

// wholeAt returns the place of the whole that the number at i is a part of, 0 when it
// is none.
func wholeAt(lx []lexeme, i int) int {
	w := i + 2
	if lx[i+1].text != "/" {
		if w = wordedWhole(lx, i+1); w == 0 {
			return 0
		}
	} else if (lx[i+1].gap || lx[w].gap) && !(strings.Contains(lx[i].text, ".") && strings.Contains(lx[w].text, ".")) {
		return 0 // blanks stand about the stroke of large numbers alone
	}
	switch {
	case lx[w].kind != lexNumber,
		i > 0 && lx[i-1].text == "/" && !lx[i].gap,
		w+1 < len(lx) && (lx[w+1].text == "/" || lx[w+1].text == "-") && !lx[w+1].gap,
		i > 0 && lx[i-1].kind == lexWord && like(lx[i-1].fold, "ngay", "thang", "nam", "so", "quy"),
		w+1 < len(lx) && lx[w+1].kind == lexWord && !lx[w+1].gap: // "220/380V" are volts
		return 0
	}
	return w
}

// wordedWhole returns the place of the number behind "trên tổng số", "trong tổng số" at
// j, with a noun or two before it ("18 xã trên tổng số 20 xã"); 0 when none stands there.
func wordedWhole(lx []lexeme, j int) int {
	const most = 4 // words of what is counted
	for k := j; k+3 < len(lx) && k <= j+most && lx[k].kind == lexWord; k++ {
		if (lx[k].fold == "tren" || lx[k].fold == "trong") && lx[k+1].fold == "tong" && lx[k+2].fold == "so" {
			return k + 3
		}
	}
	return 0
}

// shareBefore is the share that a ratio in brackets explains: "92,6% (1.204/1.300 hồ sơ)".
func shareBefore(text string, percents []Percent, at int) *Percent {
	for k := range percents {
		if p := percents[k]; p.To <= at && strings.TrimSpace(text[p.To:at]) == "(" && p.Value <= 100 && p.Bound == "" {
			return &p
		}
	}
	return nil
}

// shareBehind is the share that is stated behind a ratio that ends with lexeme w, before
// the next ratio.
func shareBehind(lx []lexeme, w int, percents []Percent, from int) *Percent {
	const reach = 80 // bytes
	end := from + reach
	for k := w + 1; k < len(lx) && lx[k].from < end; k++ {
		if lx[k].text == ";" || lx[k].kind == lexNumber && k+1 < len(lx) && lx[k+1].text == "/" {
			end = lx[k].from
		}
	}
	for k := range percents {
		if p := percents[k]; p.From >= from && p.From <= end && p.Value <= 100 {
			return &p
		}
	}
	return nil
}
