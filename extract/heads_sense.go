package extract

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/normalize"
)

// What a head means decides before what it is like: "so với kế hoạch" ends in a wording of
// the plan's column and stands over a comparison; last year's result is none of this year's.

// shortWords are abbreviations of heads. None of them can be read as a syllable, so a head
// in capitals has no others.
var shortWords = map[string]string{
	"TH": "thực hiện", "ƯTH": "ước thực hiện", "KH": "kế hoạch", "KQ": "kết quả", "ĐV": "đơn vị", "CQ": "cơ quan", "HS": "hồ sơ", "NV": "nhiệm vụ",
	"CT": "chỉ tiêu", "KP": "kinh phí", "MH": "mô hình", "PH": "phối hợp", "SL": "số lượng", "TG": "thời gian", "DN": "doanh nghiệp",
	"DVC": "dịch vụ công", "TTHC": "thủ tục hành chính", "HT": "hoàn thành",
}

// inFull is a head with its abbreviations written out.
func inFull(head string) string {
	words := strings.Fields(head)
	for i, w := range words {
		core := strings.Trim(w, " .,;:()%")
		parts := strings.Split(core, "/")
		known := core != ""
		for k, part := range parts {
			full, ok := shortWords[part]
			known = known && ok
			parts[k] = full
		}
		if known {
			words[i] = strings.Replace(w, core, strings.Join(parts, "/"), 1)
		}
	}
	return strings.Join(words, " ")
}

// A sense is what heads and wordings say beside the matter.
type sense struct {
	compares bool // sets one number against another: "so với cùng kỳ", "TH/KH"
	change   bool // … and tells a change
	past     bool // tells of an earlier time: "cùng kỳ", "năm trước"
	coming   bool // tells of a later time: "quý sau"
	begins   bool // is about when something begins: "Ngày giao"
	year     int  // the only year that it names, or 0
}

var (
	saysShare = regexp.MustCompile(`thuc hien ?/ ?ke hoach|\b(ty|ti) le \(?%?\)? ?(hoan thanh|thuc hien|dat)\b|%\)? ?(so|thuc hien|hoan thanh|dat|ke hoach)\b|\bdat (ty le|ti le|\(?%)|\bmuc do (dat|hoan thanh)\b`)
	// A head may be nothing but "So với …", a wording of a change says what of.
	saysChange = regexp.MustCompile(`\bso (voi|sanh)\b|\btang\W+giam\b|\bchenh lech\b|\btoc do (tang|phat trien)\b`)
	saysPast   = regexp.MustCompile(`\bcung ky\b|\b(ky|nam|thang|quy|lan) (bao cao )?truoc\b|\bnam ngoai\b`)
	saysComing = regexp.MustCompile(`\b(ky|nam|thang|quy) (sau|toi|tiep theo)\b`)
	saysBegin  = regexp.MustCompile(`\bbat dau\b|\bkhoi (dong|cong)\b|\bngay (duoc )?(giao|ban hanh|den|nhan)\b`)
	saysYear   = regexp.MustCompile(`\b20\d\d\b`)
)

// senseOf reads a head, or a wording of one.
func senseOf(head string) sense {
	fold := strings.ToLower(normalize.Fold(inFull(head)))
	s := sense{past: saysPast.MatchString(fold), coming: saysComing.MatchString(fold), begins: saysBegin.MatchString(fold)}
	s.change = saysChange.MatchString(fold)
	s.compares = s.change || saysShare.MatchString(fold)
	if years := saysYear.FindAllString(fold, 2); len(years) == 1 {
		s.year, _ = strconv.Atoi(years[0])
	}
	return s
}

// maySay reports whether a head of that sense may stand over a column of the profile, of
// which a wording fitted it.
func (c *Column) maySay(head sense, wording string) bool {
	var own sense
	if head.compares || head.past || head.coming || head.begins {
		own = senseOf(wording)
	}
	number := c.Type == TypeCount || c.Type == TypeMeasure || c.Type == TypeMoney
	switch {
	case head.compares && !own.compares && number,
		head.change && !own.compares && c.Type == TypePercent,
		head.past && !own.past && !own.compares && c.Type != TypeDate,
		head.coming && !own.coming && number,
		head.begins && !own.begins && c.Type == TypeDate:
		return false
	}
	return true
}

// ofOneYear reports whether the column holds what differs from year to year.
func (c *Column) ofOneYear() bool {
	switch c.Type {
	case TypeCount, TypeMeasure, TypeMoney, TypePercent:
		return true
	}
	return c.Amounts
}

// yearOf is the year that the numbers of a table are of: that for which it has most of the
// profile's columns, of several the report's or else the last. 0 where heads name no two years.
// fields tells by head which columns of the profile it could stand for.
func yearOf(heads []sense, fields [][]int, report int) int {
	known := make(map[int]map[int]bool)
	for c, h := range heads {
		if h.year == 0 || h.compares {
			continue
		}
		if known[h.year] == nil {
			known[h.year] = make(map[int]bool)
		}
		for _, w := range fields[c] {
			known[h.year][w] = true
		}
	}
	if len(known) < 2 {
		return 0
	}
	best := 0
	for year, has := range known {
		n, most := len(has), len(known[best])
		switch {
		case best == 0, n > most:
			best = year
		case n == most && best != report && (year == report || year > best):
			best = year
		}
	}
	return best
}

// saysDay matches the day of a letterhead, ofReport the year that a title is of.
var (
	saysDay  = regexp.MustCompile(`\bngay\b.*\bthang\b.*\bnam (20\d\d)\b`)
	ofReport = regexp.MustCompile(`\b(?:nam|thang \d+/|quy [ivx]+/) ?(20\d\d)\b`)
)

// reportYear is the year that the document's title is of, or else that of its day; 0 where
// neither is found.
func (b *builder) reportYear() int {
	const first = 30 // lines, among them the title
	dated := 0
	for i := range b.lines[:min(first, len(b.lines))] {
		fold := strings.ToLower(normalize.Fold(b.lines[i].text))
		if m := saysDay.FindStringSubmatch(fold); m != nil && dated == 0 {
			dated, _ = strconv.Atoi(m[1])
			continue
		}
		if m := ofReport.FindAllStringSubmatch(fold, -1); len(m) > 0 && dated > 0 {
			year, _ := strconv.Atoi(m[len(m)-1][1])
			if year <= dated {
				return year
			}
		}
	}
	return dated
}

// columnsOf lists the columns of the profile that each head could stand for.
func columnsOf(p *Profile, scores [][]headFit) [][]int {
	out := make([][]int, len(scores))
	for c := range scores {
		for w, s := range scores[c] {
			if s.score >= minHead && p.Columns[w].ofOneYear() {
				out[c] = append(out[c], w)
			}
		}
		slices.Sort(out[c])
	}
	return out
}
