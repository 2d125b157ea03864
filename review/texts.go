package review

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"

	"github.com/sohoa/sohoa/schema"
)

// texts says things in the visitor's language: Vietnamese unless they chose
// English. The English sentence is the key.
type texts struct {
	*message.Printer
	Lang string
}

var printers = sync.OnceValue(func() map[string]*message.Printer {
	b := catalog.NewBuilder(catalog.Fallback(language.English))
	for en, vi := range vietnamese {
		// The table is a constant of this package; a bad entry fails its test.
		_ = b.SetString(language.Vietnamese, en, vi)
		_ = b.SetString(language.English, en, en)
	}
	for en, name := range englishNames {
		_ = b.SetString(language.English, en, name)
	}
	return map[string]*message.Printer{
		"vi": message.NewPrinter(language.Vietnamese, message.Catalog(b)),
		"en": message.NewPrinter(language.English, message.Catalog(b)),
	}
})

func textsFor(r *http.Request) texts {
	lang := "vi"
	if c, err := r.Cookie("lang"); err == nil && c.Value == "en" {
		lang = "en"
	}
	return texts{printers()[lang], lang}
}

// T says the sentence with the given key. Anything that is no key of the table
// comes out as it is, percent signs and all.
func (t texts) T(key string, args ...any) string {
	if _, ok := vietnamese[key]; !ok {
		return key
	}
	return t.Sprintf(key, args...)
}

// N writes a number as the language does.
func (t texts) N(n any) string { return t.Sprint(n) }

// Ago says how long ago something was, roughly.
func (t texts) Ago(at time.Time) string {
	switch d := time.Since(at); {
	case d < time.Minute:
		return t.T("just now")
	case d < time.Hour:
		return t.T("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return t.T("%d h", int(d.Hours()))
	default:
		return t.T("%d days", int(d.Hours()/24))
	}
}

// When writes a moment in the time of the machine that serves.
func (t texts) When(at time.Time) string { return at.Local().Format("02/01/2006 15:04") }

// ISO writes a moment for <time datetime>.
func (t texts) ISO(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// Percent writes a share.
func (t texts) Percent(share float64) string {
	return strconv.Itoa(int(math.Round(share*100))) + " %"
}

// label is the key of what people call a field.
func label(name string) string {
	if _, ok := vietnamese["field."+name]; ok {
		return "field." + name
	}
	return strings.ReplaceAll(name, "_", " ")
}

// reason is the key of why a field needs review.
func reason(why string) string {
	if _, ok := vietnamese["why."+why]; ok {
		return "why." + why
	}
	if rule, ok := strings.CutPrefix(why, "check:"); ok {
		if _, ok := vietnamese["rule."+rule]; ok {
			return "rule." + rule
		}
		return "why.check"
	}
	return why
}

// check tells of a check; its message is the machine's own.
func (t texts) check(c schema.Check) string {
	if _, ok := vietnamese["rule."+c.Rule]; ok {
		return t.T("rule."+c.Rule) + ": " + c.Message
	}
	return c.Message
}

// read says how a value was understood, so that a slip shows: an amount in
// words, a day with its name.
func (t texts) read(kind Kind, value any) string {
	switch v := value.(type) {
	case schema.Money:
		var b strings.Builder
		if v.Qualifier != "" {
			b.WriteString(v.Qualifier + " ")
		}
		b.WriteString(inWords(v.VND))
		if v.VNDTo != 0 {
			b.WriteString(" – " + inWords(v.VNDTo))
		}
		b.WriteString(" đồng")
		if v.Per != "" {
			b.WriteString(" / " + v.Per)
		}
		fmt.Fprintf(&b, " (%s đ)", dots(v.VND))
		return b.String()
	case schema.Quantity:
		s := strconv.FormatFloat(v.Number, 'f', -1, 64)
		if v.Of != 0 {
			s += " / " + strconv.FormatFloat(v.Of, 'f', -1, 64)
		}
		return strings.TrimSpace(s + " " + v.Unit)
	case schema.Citation:
		parts := []string{v.Type, v.Number, v.Date, v.Issuer}
		return strings.Join(strings.FieldsFunc(strings.Join(parts, "\n"), func(r rune) bool { return r == '\n' }), " · ")
	case schema.Status:
		return t.T("status." + string(v))
	case float64:
		return dots(int64(v)) + strings.TrimPrefix(strconv.FormatFloat(v-math.Trunc(v), 'f', -1, 64), "0")
	case string:
		switch kind {
		case Status:
			return t.T("status." + v)
		case Date:
			if d, err := time.Parse("2006-01-02", v); err == nil {
				return t.T("weekday."+strconv.Itoa(int(d.Weekday()))) + ", " + d.Format("02/01/2006")
			}
			return v
		case Period:
			from, to, _ := strings.Cut(v, "/")
			return written(Date, from) + " – " + written(Date, to)
		}
	}
	return ""
}

// dots parts the thousands as Vietnamese does.
func dots(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return sign + s
}

// englishNames are keys that are no sentences.
var englishNames = map[string]string{
	"scope.documents:read": "see documents, records, pages", "scope.documents:write": "hand in files", "scope.corrections:write": "correct fields",
	"scope.events:read": "read the feed of events", "scope.webhooks:manage": "manage webhooks",
	"field.issuer": "Issuer", "field.parent": "Agency above", "field.number": "Number", "field.place": "Place", "field.date": "Date",
	"field.document_type": "Type of document", "field.title": "Title", "field.appendix": "Appendix", "field.attached_to": "Attached to",
	"field.signer": "Signer", "field.signer_title": "Signer's office", "field.recipients": "Recipient", "field.citations": "Citation",
	"field.amounts": "Amount", "field.columns": "Column head", "field.group": "Group", "field.status": "Status", "field.results": "Results",
	"field.difficulties": "Difficulties", "field.benefits": "Benefits", "field.cost": "Cost", "field.next_steps": "Next steps", "field.goal": "Goal",
	"field.catalogue_ref": "Entry of the plan", "field.lead_agency": "Lead agency", "field.supporting_agencies": "Supporting agencies", "field.task": "Task", "field.deadline": "Deadline",
	"field.result": "Result", "field.section": "Section", "field.name": "Name", "field.unit": "Unit", "field.directive": "Directive",
	"field.target": "Target", "field.progress": "Progress", "field.total": "Total", "field.online": "Online", "field.ratio": "Ratio",
	"field.content": "Content", "field.for_citizens": "For citizens", "field.for_businesses": "For businesses", "field.shortcomings": "Shortcomings",
	"field.causes": "Causes", "field.responsibility": "Responsibility", "field.solutions": "Solutions", "field.beneficiaries": "Beneficiaries",
	"field.change": "Change", "field.citizen_savings": "Savings for citizens", "field.state_savings": "Savings for the state", "field.data_source": "Data source",
	"field.local_application": "Local application",

	"why.repair": "the repair was unsure", "why.engine": "hard to read", "why.handwriting": "handwriting", "why.stamp": "under a stamp", "why.second": "read twice, differently",
	"why.format": "its form is unusual", "why.position": "its place is unusual", "why.head": "the head of its column is known in part", "why.crosses": "not exactly one of its columns is crossed, or not clearly", "why.check": "a check speaks against it", "why.sum": "several small doubts",
	"why.catalogue": "near to a title of the catalogue, not equal", "why.sample": "sample: to measure how good the machine is", "why.unreadable": "unreadable", "why.group": "picked out in the group check", "why.added": "a row that was added", "why.joined": "two rows that were joined",

	"rule.number_gap": "Gap in the numbering", "rule.number_order": "Numbers out of order", "rule.number_repeated": "Number repeated", "rule.declared_count": "Declared and found counts differ",
	"rule.total": "The total does not add up", "rule.parts": "The parts do not add up to the whole", "rule.amount_words": "The sum differs in figures and in words", "rule.future_date": "Date in the future", "rule.amount_readings": "The amount can be read in two ways", "rule.unplaced": "Text without a place",
	"rule.column_unread": "Columns without a field", "rule.table_unread": "A table that no report type knows",
	"rule.foreign_currency": "Foreign currency", "rule.ratio": "The share does not agree with its parts", "rule.status": "More than one status", "rule.claim": "The text says otherwise", "rule.claim_list": "The text says otherwise", "rule.own_number": "Heads of appendices name another number or date",
	"rule.citations": "Citations", "rule.citation_dates": "Dates of citations differ", "rule.amounts": "Amounts", "rule.number": "Number",

	"status.completed": "completed", "status.in_progress": "in progress", "status.not_started": "not started", "status.not_registered": "not registered", "status.transferred": "transferred",
	"state.queued": "waiting", "state.reading": "being read", "state.ready": "ready", "state.failed": "failed", "state.approved": "approved",
	"state.accepted": "accepted by the machine", "state.needs_review": "to review", "state.confirmed": "confirmed", "state.corrected": "corrected",
	"weekday.0": "Sunday", "weekday.1": "Monday", "weekday.2": "Tuesday", "weekday.3": "Wednesday", "weekday.4": "Thursday", "weekday.5": "Friday", "weekday.6": "Saturday",
	"note.accept": "typed or confirmed", "note.blank": "marked as blank", "note.unreadable": "marked as unreadable", "note.above": "same as above",
	"note.double": "double entry", "note.table": "in the table", "note.group": "in the group check", "note.record": "rows",
	"outcome.done": "read", "outcome.partial": "partly read", "outcome.timed_out": "timed out", "outcome.refused": "refused",
	"action.document.deleted":   "deleted for good",
	"action.document.submitted": "submitted", "action.document.processed": "read", "action.document.failed": "failed", "action.document.approved": "approved", "action.document.reopened": "reopened", "action.document.exported": "exported",
}
