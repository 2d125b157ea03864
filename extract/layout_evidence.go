package extract

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
)

// What a piece says of the column that it stands in.

// evidence scores each piece for each column by what it says.
func (l *layout) evidence() {
	l.emit = make([][]float64, len(l.pieces))
	l.starts = make([][]bool, len(l.pieces))
	for i := range l.pieces {
		l.emit[i] = make([]float64, len(l.p.Columns))
		l.starts[i] = make([]bool, len(l.p.Columns))
		if l.groups[i].skip {
			continue
		}
		pc := &l.pieces[i]
		t := field.NewText(pc.text)
		for c := range l.p.Columns {
			l.emit[i][c] = l.columnScore(pc, t, i, c)
		}
	}
}

// columnScore tells how well a piece fits into column c: by its type where the column
// holds values of one, by its words otherwise.
func (l *layout) columnScore(pc *piece, t *field.Text, i, c int) float64 {
	switch l.p.Columns[c].Type {
	case TypeOrdinal, TypeStatus:
		// Numbers are beginnings of rows. Labels go to the column whose
		// sentences say the status too, where nothing tells the two apart.
		if l.p.labelled && pc.status && l.p.Columns[c].Type == TypeStatus {
			return scoreTypeFit
		}
		return 2 * scoreTypeMiss
	case TypeDate, TypeCount, TypePercent, TypeMeasure, TypeUnit, TypeCitation:
		if l.p.Columns[c].Type == TypeUnit && l.barredUnit(i) {
			return scoreTypeFit
		}
		return typeScore(&l.p.Columns[c], pc)
	}
	return l.beginning(t, pc.text, i, c) + l.vocabulary(t, c) + l.proseScore(pc, t, i, c)
}

// barredUnit reports whether piece i is a unit by its place: a word or two between bars,
// a figure behind them.
func (l *layout) barredUnit(i int) bool {
	if i == 0 || i+1 >= len(l.pieces) {
		return false
	}
	pc, next := &l.pieces[i], &l.pieces[i+1]
	return pc.cut == cutRule && next.cut == cutRule && next.line == pc.line && len(pc.words) <= 3 && letters(pc.text) > 0 &&
		!strings.ContainsAny(pc.text, "0123456789") && strings.ContainsAny(next.text, "0123456789") && letters(next.text) <= 6
}

// typeScore scores a piece for a column of dates, figures, units or citations.
func typeScore(col *Column, pc *piece) float64 {
	fits := false
	switch col.Type {
	case TypeDate:
		ds := field.Dates(pc.text)
		fits = len(ds) > 0 && ds[0].From < 8
	case TypeCount:
		_, ok := readCount(pc.text)
		fits = ok && !strings.Contains(pc.text, "%")
	case TypePercent:
		fits = len(field.Percents(pc.text)) > 0 && letters(pc.text) == 0
	case TypeUnit:
		fits = len(pc.words) <= longestUnit && (isUnit(col, pc.text) || isUnit(col, pc.raw()))
	case TypeMeasure:
		if len(field.Dates(pc.text)) > 0 || runTogetherDate.MatchString(pc.text) {
			return scoreTypeMiss
		}
		if fits = letters(pc.text) == 0 && strings.ContainsAny(pc.text, "0123456789"); !fits {
			return -1.2
		}
	case TypeCitation:
		cites, ds := field.Citations(pc.text), field.Dates(pc.text)
		fits = len(cites) > 0 && cites[0].From == 0 ||
			len(ds) > 0 && len(pc.words) <= 2 && ds[0].From == 0 ||
			pc.cut == cutType && letters(pc.text) > 0
		if !fits && len(pc.words) <= 8 {
			return -1
		}
	}
	if fits {
		return scoreTypeFit
	}
	return scoreTypeMiss
}

// beginning scores the words that cells of the column begin with, behind a bullet
// too, and notes that piece i has them.
func (l *layout) beginning(t *field.Text, text string, i, c int) float64 {
	rest := strings.TrimLeft(text, "-–+*• ()0123456789")
	for _, ph := range l.p.starts[c] {
		_, ok := t.FindPrefix(ph, 0.8)
		if !ok && len(rest) < len(text) {
			_, ok = field.NewText(rest).FindPrefix(ph, 0.8)
		}
		if ok {
			l.starts[i][c] = true
			return scoreStartHit
		}
	}
	return 0
}

// vocabulary scores the words that cells of the column often have.
func (l *layout) vocabulary(t *field.Text, c int) float64 {
	s := 0.0
	for _, ph := range l.p.words[c] {
		if _, ok := t.Find(ph, 0.84); ok {
			s += scoreWordHit
		}
	}
	return min(s, scoreWordMax)
}

// proseScore scores a piece for a column of titles, sentences or agencies by what it
// holds besides the column's words.
func (l *layout) proseScore(pc *piece, t *field.Text, i, c int) float64 {
	col := &l.p.Columns[c]
	s := 0.0
	if pc.status {
		if col.Status {
			s += scoreLabel
		} else {
			s -= scoreLabel
		}
	}
	if col.Amounts && len(field.BareAmounts(pc.text)) > 0 {
		s += scoreAmount
	}
	if field.ReadPresence(pc.text) != field.Filled && (c == l.title || col.Status) {
		s -= 2
	}
	if col.Type == TypeTitle && numeric(pc.text) {
		s -= 3
	}
	if col.Type == TypeText && l.p.has(TypeCount) && numeric(strings.ReplaceAll(pc.text, " ", "")) {
		s -= 4
	}
	if col.Type == TypeAgency {
		s += l.agencyScore(pc, t, i, c)
	} else if l.p.has(TypeDate) && isLoneDate(pc.text) {
		s += scoreTypeMiss // a date has its own column
	}
	return s
}

// agencyOpenings are the words that names of agencies begin with.
var agencyOpenings = field.NewPhrases(openings...)

var openings = []string{
	"Ủy ban nhân dân", "UBND", "Hội đồng nhân dân", "HĐND", "Văn phòng", "Công an", "Trung tâm",
	"Thanh tra", "Kho bạc", "Ngân hàng", "Bảo hiểm xã hội", "Tổng cục", "Chi cục", "Tập đoàn", "Tổng công ty", "Bộ Chỉ huy", "Tỉnh đoàn", "Tỉnh ủy",
	"Thành đoàn", "Thành ủy", "Mặt trận", "Liên đoàn", "Bệnh viện", "Trường Đại học", "Tòa án", "Viện kiểm sát", "Các địa phương", "Các sở", "Các bộ", "Các cơ quan",
	"Các đơn vị", "Các ngành", "Các xã", "Các huyện", "Đơn vị", "Cơ quan", "Các doanh nghiệp", "Các nhà mạng", "Các tổ chức",
}

// shortAgency is an opening of few letters, which only a name after it tells
// from other words: "Sở Y tế", but "Bộ phận", "Ban hành".
var shortAgency = regexp.MustCompile(`^(Bộ|Sở|Cục|Vụ|Ban|Hội|Viện|Đài|Báo|Phòng|Thuế) \p{Lu}`)

// agencyScore scores a piece as text of a column of agencies. Names of agencies
// have their own beginnings, which prose seldom has; what is too long for a name
// or holds no word is none.
func (l *layout) agencyScore(pc *piece, t *field.Text, i, c int) (s float64) {
	opening := func(ph field.Phrase) bool {
		_, ok := t.FindPrefix(ph, 0.84)
		return ok
	}
	switch {
	case l.starts[i][c]:
	case shortAgency.MatchString(pc.text), slices.ContainsFunc(agencyOpenings, opening):
		s += scoreStartHit
		l.starts[i][c] = true
	}
	if pc.width > 60 {
		s += scoreNoName
	}
	if letters(pc.text) < 2 {
		s += scoreTypeMiss
	}
	return s
}

// isLoneDate reports whether a text is a date and nothing else.
func isLoneDate(text string) bool {
	ds := field.Dates(text)
	return len(ds) == 1 && letters(text[:ds[0].From])+letters(text[ds[0].To:]) == 0
}

// runTogetherDate is a date that lost its strokes: "3132022".
var runTogetherDate = regexp.MustCompile(`^[0-9]{2,4}20[0-9]{2}$`)

// single reports whether a cell of the type holds one value.
func (t ColumnType) single() bool {
	return t == TypeMeasure || t == TypeCount || t == TypePercent
}
