package compare

import (
	"math"
	"strconv"
	"strings"
)

// Say translates one of [Words] for the reader and puts the arguments in. The writers say nothing that is
// not among them but names of fields, for which the JSON names stand.
type Say func(word string, args ...any) string

// Words are what the writers say, in English. Programs that use them have
// their translations.
var Words = []string{
	"completed", "in progress", "not started", "not registered", "transferred", "no status",
	"new", "gone", "status changed", "amount changed", "values changed", "fell back",
	"Comparison", "Changes", "Reports", "Cells", "Number", "Subject", "Group", "Plan", "Province", "Period", "Status", "Amount (đồng)", "What", "Before", "After", "From", "To",
	"to check", "not reported", "reported", "unknown province", "unknown period", "page %d", "in the plan",
	"Subjects: %d. Reports: %d. Cells to check: %d.",
	"Left out: %s", "Plans: %s", "? = look at the source: the reading or the link is unsure",
	"Nothing changed between the periods.", "There are no two periods of one province.",
}

// statusWords are the words of the statuses.
var statusWords = map[string]string{
	"completed": "completed", "in_progress": "in progress", "not_started": "not started", "not_registered": "not registered", "transferred": "transferred", "": "no status",
}

// StatusWord is the one of [Words] for a status; a status of a report type of
// the user's stands for itself.
func StatusWord(status string) string {
	if w, ok := statusWords[status]; ok {
		return w
	}
	return strings.ReplaceAll(status, "_", " ")
}

// changeWords are the words of the changes.
var changeWords = map[ChangeKind]string{
	Appeared: "new", Gone: "gone", StatusChanged: "status changed", AmountChanged: "amount changed", ValuesChanged: "values changed",
}

// Words lists the words of what changed.
func (c *Change) Words(say Say) string {
	var all []string
	for _, k := range c.What {
		all = append(all, say(changeWords[k]))
	}
	if c.Back {
		all = append(all, say("fell back"))
	}
	return strings.Join(all, ", ")
}

// statusSigns stand for the statuses where room is short.
var statusSigns = map[string]string{"completed": "✓", "in_progress": "◐", "not_started": "○", "not_registered": "–", "transferred": "→", "": "·"}

func statusSign(s string) string {
	if sign, ok := statusSigns[s]; ok {
		return sign
	}
	return s
}

// Short writes đồng as reports do: "2,5 tỷ", "765 triệu", "35.000 đ".
func Short(vnd int64) string {
	for _, u := range []struct {
		of   float64
		name string
	}{{1e9, "tỷ"}, {1e6, "triệu"}} {
		if math.Abs(float64(vnd)) >= u.of {
			s := strconv.FormatFloat(float64(vnd)/u.of, 'f', 3, 64)
			s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
			whole, part, _ := strings.Cut(s, ".")
			if part != "" {
				part = "," + part
			}
			n, err := strconv.ParseInt(whole, 10, 64)
			if err != nil || n == 0 {
				return whole + part + " " + u.name
			}
			return Dots(n) + part + " " + u.name
		}
	}
	return Dots(vnd) + " đ"
}

// Dots parts the thousands as Vietnamese does: 1.685.976.000.
func Dots(n int64) string {
	s, sign := strconv.FormatInt(n, 10), ""
	if strings.HasPrefix(s, "-") {
		s, sign = s[1:], "-"
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return sign + s
}

// label names a column: province and period.
func (c *Column) label(say Say) string {
	s := c.Label()
	if c.Province == "" {
		s += " (" + say("unknown province") + ")"
	}
	if c.Period.Name == "" {
		return s + " · " + say("unknown period")
	}
	return s + " · " + c.Period.Name
}

// unsure counts the cells to check.
func (c *Comparison) unsure() (n int) {
	for _, col := range c.Columns {
		n += col.Tally.Unsure
	}
	return n
}

func (c *Comparison) reports() (n int) {
	for _, col := range c.Columns {
		n += len(col.Documents)
	}
	return n
}

// names joins the names of documents.
func names(all []Source) string {
	var out []string
	for _, s := range all {
		out = append(out, s.Name)
	}
	return strings.Join(out, ", ")
}

// words joins the wordings of the sums of a cell.
func (c *Cell) words() string {
	var out []string
	for _, a := range c.Amounts {
		out = append(out, a.Text)
	}
	return strings.Join(out, "; ")
}

// ShortAmount writes the sums of a cell where room is short: the one that
// counts, else all of them.
func (c *Cell) ShortAmount() string {
	if c.Amount != nil {
		s := Short(*c.Amount)
		if len(c.Amounts) == 1 && c.Amounts[0].Qualifier != "" {
			s = c.Amounts[0].Qualifier + " " + s
		}
		return s
	}
	var out []string
	for _, a := range c.Amounts {
		s := Short(a.VND)
		if a.VNDTo != 0 {
			s += "–" + Short(a.VNDTo)
		}
		if a.Per != "" {
			s += "/" + a.Per
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}
