package field

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/sohoa/sohoa/schema"
)

// Offices say how far a thing has come in words of their own, too: "Đang đo vẽ tại
// 5 xã", "Chưa chọn được nhà thầu". Where no wording of the report type tells, the
// word that opens a sentence does, together with what it is said of: "đã vận hành"
// is done, "đã khảo sát" is not. A sentence that fits none of this tells nothing.

// openScore is the fit of a status that only the opening of a sentence tells.
const openScore = 0.9

// openers are the words before the verb, longer ones first. Marks count: "da" and
// "dang" may be parts of other words.
var openers = []struct {
	word string
	kind opener
}{
	{"sẽ hoàn thành", underway}, {"chưa hoàn thành", underway}, {"đã hoàn thành", finished}, {"hoàn thành", finished},
	{"đang", going}, {"đã", was}, {"chưa", open},
}

type opener uint8

const (
	underway opener = iota
	finished
	going
	was
	open
)

// What verbs behind an opener say. A verb that stands in none leaves it open.
var (
	// inUse are verbs of what is there: done with "đã", yet to come with "chưa".
	inUse = []string{"vận hành", "khai thác", "sử dụng", "hoạt động", "phục vụ", "nghiệm thu", "xong", "kết thúc", "đưa lên", "đưa vào", "áp dụng chính thức"}
	// trial makes of what is in use what is tried.
	trial = []string{"thử", "thử nghiệm", "chạy thử", "thí điểm"}
	// preparing are verbs of the work before a thing is there.
	preparing = []string{"khảo sát", "trình", "thẩm định", "lập", "thiết kế", "tập huấn", "chạy thử", "thử", "thí điểm", "ký hợp đồng", "ký kết", "lựa chọn", "chọn", "đấu thầu", "phê duyệt", "thống nhất", "dự toán", "hồ sơ", "đề cương", "kế hoạch", "chủ trương", "thủ tục", "việc lập", "việc khảo sát", "công tác khảo sát", "công tác chuẩn bị", "bước", "các bước", "giai đoạn"}
	// missing is what has to be there before a thing begins.
	missing = []string{"chọn", "lựa chọn", "được giao", "được cấp", "được bố trí", "bố trí", "giao", "cấp", "khởi công", "bắt đầu", "khởi động", "tiến hành", "tổ chức", "ký", "đấu thầu", "lập", "mua", "mua sắm", "khảo sát", "thực hiện", "triển khai", "có nhà thầu", "có vốn", "có kinh phí", "có nguồn", "có đất", "có mặt bằng", "có chủ trương", "có đơn vị", "có địa điểm", "có hướng dẫn", "có thiết bị"}
	// unfinished are verbs of which "chưa" says that a thing is under way.
	unfinished = []string{"xong", "nghiệm thu", "kết thúc", "bàn giao", "vận hành", "đưa vào", "hoàn thiện", "khai thác"}
)

// times may stand before an opener.
var times = []string{"hiện nay", "hiện tại", "hiện", "đến nay", "tới nay", "nay", "cơ bản"}

// opening says what a sentence says by its opener; status is empty where it says
// nothing, and opens is true where an opener is there.
func opening(sentence string) (status schema.Status, opens bool) {
	s := strings.ToLower(norm.NFC.String(strings.Join(strings.Fields(sentence), " ")))
	for _, t := range times {
		if rest, ok := behind(s, t); ok {
			s = rest
			break
		}
	}
	for _, o := range openers {
		if rest, ok := behind(s, o.word); ok {
			return o.kind.of(rest), true
		}
	}
	return "", false
}

// of is what an opener says of what stands behind it.
func (o opener) of(rest string) schema.Status {
	for _, w := range []string{"được", "cơ bản"} {
		if after, ok := behind(rest, w); ok && o != open {
			rest = after
		}
	}
	switch o {
	case underway:
		return schema.InProgress
	case finished:
		if partly(rest) || begins(rest, preparing) {
			return schema.InProgress
		}
		return schema.Completed
	case going:
		// What is in use may be done, or tried; to prepare is not to begin.
		if begins(rest, []string{"chuẩn bị"}) || begins(rest, inUse) && !holds(rest, trial) {
			return ""
		}
		return schema.InProgress
	case was:
		switch {
		case begins(rest, inUse) && partly(rest), begins(rest, preparing), begins(rest, inUse) && holds(rest, trial):
			return schema.InProgress
		case begins(rest, inUse):
			return schema.Completed
		}
	case open:
		switch {
		case begins(rest, unfinished):
			return schema.InProgress
		case begins(rest, missing):
			return schema.NotStarted
		}
	}
	return ""
}

// behind is what stands behind a word at the head of a text.
func behind(s, word string) (string, bool) {
	rest, ok := strings.CutPrefix(s, word)
	if !ok || rest != "" && !strings.ContainsAny(rest[:1], " ,.;:") {
		return s, false
	}
	return strings.TrimLeft(rest, " "), true
}

// begins reports whether a text begins with one of the words.
func begins(s string, words []string) bool {
	for _, w := range words {
		if _, ok := behind(s, w); ok {
			return true
		}
	}
	return false
}

// holds reports whether the first clause of a text holds one of the words.
func holds(s string, words []string) bool {
	if i := strings.IndexAny(s, ".,;:"); i >= 0 {
		s = s[:i]
	}
	for _, w := range words {
		if strings.Contains(" "+s+" ", " "+w+" ") {
			return true
		}
	}
	return false
}

// ReadOpening finds the status that the openings of a cell's sentences give, where
// [StatusReader.Read] finds none. The first clause decides, and must be told; what
// is open or under way behind what was done makes it under way. ok is false where
// nothing tells, or where one clause says what cannot be weighed against another.
func (r *StatusReader) ReadOpening(text string) (hit StatusHit, ok bool) {
	if len(r.words) == 0 {
		return StatusHit{}, false
	}
	var said []schema.Status
	end := 0
	for from := timeBefore(text); from < len(text); {
		to := from + clauseEnd(text[from:])
		status, opens := opening(text[from:to])
		if end == 0 {
			if status == "" {
				return StatusHit{}, false
			}
			end = to
		}
		if opens {
			said = append(said, status)
		}
		from = to
		for from < len(text) && strings.ContainsAny(text[from:from+1], ".,;:\n ") {
			from++
		}
	}
	if len(said) == 0 {
		return StatusHit{}, false
	}
	status := said[0]
	for _, s := range said[1:] {
		switch {
		case s == status:
		case s == "" && status == schema.InProgress:
		case s == "" || status == schema.NotStarted && s == schema.Completed:
			return StatusHit{}, false
		default:
			status = schema.InProgress
		}
	}
	return StatusHit{From: timeBefore(text), To: end, Status: status, Score: openScore}, true
}

// timeBefore is where a text begins behind a time that a comma parts from it.
func timeBefore(text string) int {
	head, rest, parted := strings.Cut(text, ", ")
	if parted && slices.Contains(times, strings.ToLower(norm.NFC.String(head))) {
		return len(text) - len(rest)
	}
	return 0
}

// clauseEnd is where the first clause of a text ends: at a mark that a blank or
// nothing follows.
func clauseEnd(text string) int {
	for i := 1; i < len(text); i++ {
		if text[i] == '\n' || strings.IndexByte(".,;:", text[i]) >= 0 && (i+1 == len(text) || text[i+1] == ' ' || text[i+1] == '\n') {
			return i
		}
	}
	return len(text)
}
