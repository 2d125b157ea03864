package extract

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/schema"
)

// Running text and footnotes name records by their numbers: "Các mô hình đã hoàn thành:
// 1, 2, 5-7", "mô hình số 4 đang triển khai". Such lists are held against the statuses of
// the records, and against the count that stands with them.

// A numberList is what a text says of records that it names by number.
type numberList struct {
	status  schema.Status
	numbers []int
	count   int  // how many the text says they are; 0 when it does not
	all     bool // the list follows the status: it means to be whole
	at      passage
}

// listNumber matches a word of a list of numbers, listJoin a word between two.
var (
	listNumber = regexp.MustCompile(`^\(?(\d{1,3})(?:[-–](\d{1,3}))?([,;.):]*)$`)
	listJoin   = regexp.MustCompile(`^(và|va|,|số|so)$`)
)

const (
	listReach  = 16 // words before a list in which the records and their status stand
	rangeReach = 40 // numbers that "5-7" spans at most
)

// findNumberLists finds the lists of numbers whose records and status are named in the
// same clause.
func findNumberLists(p *Profile, text passage) []numberList {
	var out []numberList
	unit := field.NewPhrase(p.Groups.Unit)
	for k := 0; k < len(text.words); k++ {
		numbers, next := numbersFrom(text, k)
		if len(numbers) == 0 {
			continue
		}
		left := clauseBefore(text, k)
		hit, ok := field.NewText(left.text).Find(unit, 0.8)
		if ok {
			if l, ok := p.numberList(left, hit, text, k, next, numbers); ok {
				out = append(out, l)
			}
		}
		k = next - 1
	}
	return out
}

// numberList reads what a clause says of the numbers in words k to next; hit is where it
// names the records.
func (p *Profile) numberList(left passage, hit field.Hit, text passage, k, next int, numbers []int) (numberList, bool) {
	l := numberList{numbers: numbers, at: concat(left, newPassage(text.words[k:next]))}
	between := strings.Trim(left.text[hit.To:], " :(")
	if named := between == "" || between == "số" || between == "so"; named {
		right := clauseBehind(text, next)
		// A colon behind the number begins a title.
		if strings.HasSuffix(text.words[next-1].text, ":") {
			return l, false
		}
		l.at = concat(l.at, right)
		l.status = p.claimed(right.text, 24)
		return l, l.status != ""
	}
	if len(numbers) < 2 {
		return l, false
	}
	l.status, l.all = p.claimed(left.text[hit.From:], len(left.text)), true
	if before := strings.Fields(left.text[:hit.From]); len(before) > 0 {
		l.count, _ = strconv.Atoi(before[len(before)-1])
	}
	return l, l.status != ""
}

// claimed is the status that a clause states within its first reach bytes, "" for none.
func (p *Profile) claimed(clause string, reach int) schema.Status {
	best, score := schema.Status(""), 0.0
	t := field.NewText(clause)
	for _, c := range p.Claims {
		for _, ph := range field.NewPhrases(c.Phrases...) {
			if h, ok := t.Find(ph, 0.86); ok && h.From <= reach && !denied(clause[:h.From]) && h.Score+0.001*float64(h.To-h.From) > score {
				best, score = c.Status, h.Score+0.001*float64(h.To-h.From)
			}
		}
	}
	return best
}

// denial matches words before a wording of a status that make it none: what is not, or
// shall be, completed.
var denial = regexp.MustCompile(`(?i)(?:^|\s)(chưa|không|sẽ|phải|cần|để|phấn đấu|dự kiến|đề nghị|yêu cầu|tiến độ|kế hoạch|chua|khong)(?:\s+(?:đã|được|được công nhận))?\s*$`)

// denied reports whether what stands before a wording of a status takes it back.
func denied(before string) bool { return denial.MatchString(before) }

// numbersFrom reads the list of numbers that begins at word k, in rising order, and the
// place behind it. A number that other signs follow is none of a list.
func numbersFrom(text passage, k int) (numbers []int, next int) {
	last := 0
	for i := k; i < len(text.words); i++ {
		w := text.words[i].text
		m := listNumber.FindStringSubmatch(w)
		if m == nil {
			if len(numbers) > 0 && listJoin.MatchString(w) {
				continue
			}
			break
		}
		from, _ := strconv.Atoi(m[1])
		to := from
		if m[2] != "" {
			to, _ = strconv.Atoi(m[2])
		}
		if from <= last || to < from || to-from > rangeReach {
			return nil, i + 1
		}
		for n := from; n <= to; n++ {
			numbers = append(numbers, n)
		}
		last, next = to, i+1
		if m[3] != "" && m[3] != "," {
			break
		}
		// Without a sign or a word between them two numbers are no list.
		if m[3] == "" && (i+1 == len(text.words) || !listJoin.MatchString(text.words[i+1].text)) {
			break
		}
	}
	return numbers, max(next, k+1)
}

// clauseBefore is what stands before word k in its sentence.
func clauseBefore(text passage, k int) passage {
	lo := max(0, k-listReach)
	for i := k - 1; i >= lo; i-- {
		if strings.HasSuffix(text.words[i].text, ".") || strings.HasSuffix(text.words[i].text, ";") {
			lo = i + 1
			break
		}
	}
	return newPassage(text.words[lo:k])
}

// clauseBehind is what stands behind word k in its clause.
func clauseBehind(text passage, k int) passage {
	hi := min(len(text.words), k+listReach)
	for i := k; i < hi; i++ {
		if w := text.words[i].text; strings.TrimRight(w, ".;:,") != w {
			hi = i + 1
			break
		}
	}
	return newPassage(text.words[k:hi])
}

// checkNumberList reports records of a list that have another status in the table, those
// of the status that a whole list leaves out, and a count that the list does not have.
func (b *builder) checkNumberList(l numberList, t *recordTable, s *standing) {
	byNumber := map[string][]string{}
	for _, k := range t.records {
		id := b.res.Records[k].ID
		byNumber[s.names[id]] = append(byNumber[s.names[id]], id)
	}
	listed := map[string]bool{}
	var other, unknown, missing, left []string
	for _, n := range l.numbers {
		ids := byNumber[strconv.Itoa(n)]
		for _, id := range ids {
			listed[id] = true
		}
		if len(ids) == 0 {
			missing = append(missing, strconv.Itoa(n))
			continue
		}
		if len(ids) > 1 {
			continue // which of them is meant nobody can tell
		}
		id := ids[0]
		switch status, known := s.known[id]; {
		case !known:
			unknown = append(unknown, id)
		case status != l.status:
			other = append(other, id)
		}
	}
	if 2*len(missing) > len(l.numbers) {
		return // numbers of another table
	}
	for _, k := range t.records {
		if id := b.res.Records[k].ID; l.all && s.known[id] == l.status && !listed[id] {
			left = append(left, id)
		}
	}
	message := fmt.Sprintf("the text lists %d numbers as %s", len(l.numbers), l.status)
	wrong := len(other) + len(left) + len(missing)
	if l.count > 0 && l.count != len(l.numbers) {
		message += fmt.Sprintf(" and counts %d", l.count)
		wrong++
	}
	for _, part := range []struct {
		what string
		ids  []string
	}{{"another status in the table", other}, {"not in the list", left}, {"status not known", unknown}} {
		if len(part.ids) > 0 {
			message += "; " + part.what + ": " + s.list(part.ids)
		}
	}
	if len(missing) > 0 {
		message += "; not in the table: " + strings.Join(missing, ", ")
	}
	if wrong+len(unknown) > 0 {
		b.check(schema.Check{Rule: "claim_list", Severity: severityOf(wrong), Records: slices.Concat(other, left), Fields: []string{"status"}, Places: l.at.places(), Message: message})
	}
}
