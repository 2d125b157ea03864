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
func Percents(text string) []Percent {
	lx := lex(text)
	var out []Percent
	for i := 0; i+1 < len(lx); i++ {
		if lx[i].kind != lexNumber || lx[i+1].text != "%" {
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
		p := Percent{From: from, To: lx[i+1].to, Value: r.Value, Clean: clean}
		if b, at := boundBefore(lx, i); b != "" {
			p.Bound, p.From = b, at
		}
		out = append(out, p)
	}
	return out
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

// Ratios finds parts of wholes: two numbers with a slash between them that are
// neither a date nor the number of a document.
func Ratios(text string) []Ratio {
	lx := lex(text)
	percents := Percents(text)
	var out []Ratio
	for i := 0; i+2 < len(lx); i++ {
		if lx[i].kind != lexNumber || lx[i+1].text != "/" || lx[i+2].kind != lexNumber {
			continue
		}
		if (lx[i+1].gap || lx[i+2].gap) && !(strings.Contains(lx[i].text, ".") && strings.Contains(lx[i+2].text, ".")) {
			continue // blanks stand about the stroke of large numbers alone
		}
		if i > 0 && lx[i-1].text == "/" && !lx[i].gap || i+3 < len(lx) && (lx[i+3].text == "/" || lx[i+3].text == "-") && !lx[i+3].gap {
			continue
		}
		if i > 0 && lx[i-1].kind == lexWord && like(lx[i-1].fold, "ngay", "thang", "nam", "so", "quy") {
			continue
		}
		a, ok1 := Number(lx[i].text, false)
		b, ok2 := Number(lx[i+2].text, false)
		if !ok1 || !ok2 || b.Value == 0 || a.Value > b.Value {
			continue
		}
		// "220/380V" are volts.
		if i+3 < len(lx) && lx[i+3].kind == lexWord && !lx[i+3].gap {
			continue
		}
		// "7/2025" is a month, "24/7" a saying.
		if a.Value <= 12 && b.Value >= 1900 && b.Value <= 2100 || lx[i].text == "24" && lx[i+2].text == "7" {
			continue
		}
		r := Ratio{From: lx[i].from, To: lx[i+2].to, Part: a.Value, Whole: b.Value}
		end := r.To + 80
		if i+3 < len(lx) {
			for k := i + 3; k < len(lx) && lx[k].from < end; k++ {
				if lx[k].text == ";" || lx[k].kind == lexNumber && k+1 < len(lx) && lx[k+1].text == "/" {
					end = lx[k].from
				}
			}
		}
		for k := range percents {
			if p := percents[k]; p.From >= r.To && p.From <= end && p.Value <= 100 {
				r.Stated = &p
				break
			}
		}
		out = append(out, r)
		i += 2
	}
	return out
}
