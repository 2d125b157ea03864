package extract

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Options control [Build]. The zero value uses the built-in profiles, no
// catalogue and no date to hold the document's dates against.
type Options struct {
	Profiles  []Profile        // report types to choose from; nil means the built-in ones
	Catalogue []CatalogueEntry // titles that records are linked to
	Beside    []CatalogueEntry // titles of other reports on the same list: what they call it, but no link
	Now       time.Time        // dates later than this are reported; zero reports none

	// Calibration gives fields their confidence; nil means the one that the
	// program comes with. Precision is the share of accepted fields that is
	// promised to be right, 0 means [DefaultPrecision]: the calibration knows
	// from which confidence on that holds, for each class of fields. Threshold,
	// when not 0, is taken for all classes instead.
	Calibration *confidence.Model
	Precision   float64
	Threshold   float64

	// CellEvidence keeps what the confidences of cells were computed from, which
	// fitting a calibration asks for; it is a third of a cell's memory.
	CellEvidence bool `json:"-"`

	// Restorer repairs the cells of tables whose grid was lost once more, each
	// as one text; nil leaves them as their pages were repaired.
	Restorer *normalize.Restorer `json:"-"`
}

// Result is what [Build] found.
type Result struct {
	Header    schema.Header
	Records   []schema.Record
	Citations []schema.Field // of the running text; values are [schema.Citation]
	Amounts   []schema.Field // of the running text; values are [schema.Money]
	Checks    []schema.Check
	Profile   string // names of the profiles that fitted, joined by "+"; "" when none did
}

// Build makes records, header fields and the rest of a document. pages are its
// pages after repair, tables what was joined from their grids; neither is
// changed. The same input gives the same result.
func Build(pages []schema.Page, tables []schema.Table, opt Options) Result {
	b := newBuilder(pages, tables, opt)
	b.readTables(tables)
	b.readSections()
	b.readHeader()
	b.running()
	b.compareHeads()
	b.doubtColumns()
	b.doubtRows()
	b.doubtKinds()
	b.doubtGroups()
	b.assess()
	link(b.res.Records, opt.Catalogue, opt.Beside, opt.Threshold, opt.Restorer, b.wordings())
	b.checkAll(tables)
	b.doubtChecks()
	return b.result()
}

// A builder holds the state of one [Build].
type builder struct {
	opt        Options
	profiles   []Profile
	usual      []Profile // the same without the columns that few reports have
	rater      *rater
	lines      []textLine
	sections   []section
	inRows     []bool // by line: tables used it up
	headLines  []bool // by line: it is a head of a table
	groupLines []bool // by line: it is a group row
	ids        map[string]int
	foreign    []foreignSum
	used       []string    // names of profiles that fitted
	totals     []totalSums // of the table being read
	restorers  *restorers
	lastWindow *headSearch
	sheetTops  map[sheetKey]sheetTop
	titleLines map[int]*titleLine       // by line: what is known of it beside the titles of catalogues
	found      []foundTable             // of the section that is read
	otherHalf  []int                    // lines of a title whose end stands on another sheet
	own        []schema.Citation        // the document as heads of its appendices name it
	left       []passage                // words of tables without a place in any row
	said       map[*Profile][]statement // by what the running text claims of their records
	figures    []schema.Check           // of the running text that speak against each other

	res    Result
	tables []recordTable
}

// A recordTable is a table that records were read from.
type recordTable struct {
	profile *Profile
	records []int // indexes into Result.Records
	rows    []*row
	section *section // nil for a known grid
	titles  string   // text above the rows, which may declare a count
	groups  []declaredGroup
	totals  []totalSums
	heads   knownHeads
}

type declaredGroup struct {
	group *schema.Group
	first int // index of its first row
}

type foreignSum struct {
	text   string
	places []schema.Place
}

func newBuilder(pages []schema.Page, tables []schema.Table, opt Options) *builder {
	b := &builder{
		opt: opt, profiles: opt.Profiles, rater: newRater(pages, opt), lines: flatten(pages),
		ids: map[string]int{}, restorers: newRestorers(opt), sheetTops: map[sheetKey]sheetTop{}, titleLines: map[int]*titleLine{},
		said: map[*Profile][]statement{},
	}
	n := len(b.lines)
	b.inRows, b.headLines, b.groupLines = make([]bool, n), make([]bool, n), make([]bool, n)
	if b.profiles == nil {
		b.profiles = builtIn()
	}
	for i := range b.profiles {
		b.usual = append(b.usual, b.profiles[i].usual())
	}
	b.sections = cutSections(b.lines)
	b.res.Header.Recipients = []schema.Field{}
	return b
}

// builtIn loads the built-in profiles. They are part of the program and tested,
// so an error is a broken build.
var builtIn = sync.OnceValue(func() []Profile {
	ps, err := LoadProfiles()
	if err != nil {
		panic("built-in profiles: " + err.Error())
	}
	return ps
})

// readTables makes records of the tables with known grids.
func (b *builder) readTables(tables []schema.Table) {
	year := b.reportYear()
	for i := range tables {
		t := &tables[i]
		best := bestProfile(b.profiles, t, year)
		p, assigned := best.profile, best.assigned
		if p == nil {
			b.reportUnknown(t, i+1)
			continue
		}
		index := i
		rows := b.fromTable(best, t, &index)
		b.reportUnread(p, " of table "+strconv.Itoa(i+1), unreadColumns(best, t))
		b.sideSheets(p, rows, slices.Concat(assigned, wanted(best.spans)), t)
		b.addRows(p, rows, nil, "", knownHeads{})
	}
}

// addRows turns rows to records.
func (b *builder) addRows(p *Profile, rows []*row, s *section, titles string, heads knownHeads) {
	if len(rows) == 0 {
		return
	}
	t := recordTable{profile: p, rows: rows, section: s, titles: titles, totals: b.totals, heads: heads}
	b.totals = nil
	var group *schema.Group
	ids := make([]string, len(rows))
	for i, r := range rows {
		if r.group != nil && r.group != group {
			group = r.group
			t.groups = append(t.groups, declaredGroup{group, i})
		}
		t.records = append(t.records, len(b.res.Records)+i)
		ids[i] = b.recordID(p, r)
	}
	records := make([]schema.Record, len(rows))
	b.beside(len(rows), func(part *builder, i int) { records[i] = part.makeRecord(p, rows[i], ids[i]) })
	b.likelyStatuses(p, rows, records)
	b.res.Records = append(b.res.Records, records...)
	b.tables = append(b.tables, t)
	for _, name := range b.used {
		if name == p.Name {
			return
		}
	}
	b.used = append(b.used, p.Name)
}

// A foundTable is a table of a section whose grid was lost.
type foundTable struct {
	profile *Profile
	rows    []*row
	titles  string // text above the rows
	lines   []int  // of its rows, not all words of which may have a place; nil when they have
	heads   knownHeads
	totals  []totalSums // of rows that sum up
}

// knownHeads tells how surely the columns of a table are known by their heads.
type knownHeads struct {
	missing []bool  // by column of the profile: no head of it was found; nil for none
	own     float64 // 1 where the columns are not those of a known form, 2 where their heads were torn, too
}

// lacks reports whether no head of a column was found.
func (h *knownHeads) lacks(c int) bool { return c < len(h.missing) && h.missing[c] }

// share is the share of the columns whose heads are missing.
func (h *knownHeads) share() float64 {
	n := 0
	for _, missing := range h.missing {
		if missing {
			n++
		}
	}
	return float64(n) / float64(max(len(h.missing), 1))
}

// readSections looks for tables whose grid was lost. Sections have no lines in
// common, so they are read beside each other; what was found is taken in order.
func (b *builder) readSections() {
	found := make([][]foundTable, len(b.sections))
	b.beside(len(b.sections), func(part *builder, i int) {
		part.readSection(&b.sections[i])
		found[i] = part.found
	})
	for i, tables := range found {
		for _, t := range tables {
			b.totals = t.totals
			b.addRows(t.profile, t.rows, &b.sections[i], t.titles, t.heads)
			b.unplaced(t.profile, t.rows, t.lines)
		}
	}
}

// beside calls f with the numbers below n, several at a time, each with a builder of
// its own, and then takes what these noted, in order. They share what is known of
// the document so far, and what is noted of lines by index.
func (b *builder) beside(n int, f func(part *builder, i int)) {
	parts := make([]*builder, n)
	inParallel(n, func(i int) {
		parts[i] = &builder{
			opt: b.opt, profiles: b.profiles, usual: b.usual, rater: b.rater, lines: b.lines, sections: b.sections,
			inRows: b.inRows, headLines: b.headLines, groupLines: b.groupLines, restorers: b.restorers,
			titleLines: map[int]*titleLine{},
			res:        Result{Header: b.res.Header},
		}
		f(parts[i], i)
	})
	for _, p := range parts {
		b.otherHalf = append(b.otherHalf, p.otherHalf...)
		b.foreign = append(b.foreign, p.foreign...)
		b.own = append(b.own, p.own...)
		b.res.Citations = append(b.res.Citations, p.res.Citations...)
		b.res.Amounts = append(b.res.Amounts, p.res.Amounts...)
		b.res.Checks = append(b.res.Checks, p.res.Checks...)
		b.figures = append(b.figures, p.figures...)
		for profile, said := range p.said {
			b.said[profile] = append(b.said[profile], said...)
		}
	}
}

func (b *builder) readSection(s *section) {
	if rest, ok := b.readSpaced(s); ok {
		for i := range rest {
			b.readLost(&rest[i])
		}
		return
	}
	if !b.readPiped(s) {
		b.readLost(s)
	}
}

func (b *builder) readHeader() {
	if len(b.sections) == 0 {
		return
	}
	b.res.Header = b.header(withoutWhite(b.lines[b.sections[0].from:b.sections[0].to]))
}

// paragraphsAtATime are read beside each other.
const paragraphsAtATime = 64

// running searches the text outside tables for citations and amounts, and for what checks
// will hold against the records.
func (b *builder) running() {
	claiming := b.claiming()
	batch := make([]passage, 0, paragraphsAtATime)
	read := func() {
		b.beside(len(batch), func(part *builder, i int) {
			part.readParagraph(batch[i])
			part.said = statements(batch[i], claiming)
			part.figures = figureChecks(batch[i], nil)
		})
		batch = batch[:0]
	}
	for p := range b.paragraphs() {
		if batch = append(batch, p); len(batch) == cap(batch) {
			read()
		}
	}
	read()
}

func (b *builder) readParagraph(p passage) {
	b.res.Citations = append(b.res.Citations, b.citations(p)...)
	for _, a := range field.Amounts(p.text) {
		if a.Currency != "VND" {
			b.foreign = append(b.foreign, foreignSum{p.text[a.From:a.To], p.slice(a.From, a.To).places()})
			continue
		}
		b.res.Amounts = append(b.res.Amounts, b.moneyField(a.Money, a, p.slice(a.From, a.To), 1))
	}
}

// citations finds the documents that a passage cites. Codes are read as they
// stood: repair knows words, and makes one of what is none.
func (b *builder) citations(p passage) []schema.Field {
	read := p.codesAsRead()
	var out []schema.Field
	for _, c := range field.Citations(read.text) {
		// The document's own number is no citation.
		if n := b.res.Header.Number; n != nil && sameNumber(c.Citation.Number, fmt.Sprint(n.Value)) && samePlace(read.slice(c.NumberAt[0], c.NumberAt[1]).places(), n.Boxes) {
			continue
		}
		if b.ownHead(read.text[:c.From], c.Citation) {
			continue
		}
		out = append(out, b.citationField(c, read, 1))
	}
	return out
}

// sameNumber reports whether a citation's number may be the letterhead's, of which
// the ordinal may be illegible, or the code put right.
func sameNumber(cited, own string) bool {
	if strings.HasPrefix(own, "?") {
		return codeOf(cited) == codeOf(own)
	}
	return normalize.Fold(cited) == normalize.Fold(own) || ordinalOf(cited) == ordinalOf(own)
}

// ordinalOf is a number without its code: "608" of "608/BC-UBND".
func ordinalOf(number string) string {
	return number[:max(0, strings.IndexAny(number, "/-"))]
}

func samePlace(a, b []schema.Place) bool {
	if len(a) == 0 || len(b) == 0 || a[0].Page != b[0].Page {
		return false
	}
	if a[0].Line != nil && b[0].Line != nil {
		return *a[0].Line == *b[0].Line
	}
	return a[0].Box != nil && b[0].Box != nil && *a[0].Box == *b[0].Box
}

func (b *builder) citationField(c field.CitationHit, p passage, certainty float64) schema.Field {
	return b.makeField(c.Citation, p.slice(c.From, c.To), func(e *Evidence) {
		// The number decides; how the words of the type were repaired does not
		// matter, since they are matched and not copied.
		n := gather(p.slice(c.NumberAt[0], c.NumberAt[1]))
		e.Repairs, e.Changed, e.Unsure, e.Rivals, e.Rival = 0.5+0.5*n.Repairs, n.Changed, n.Unsure, n.Rivals, n.Rival
		e.Format = certainty
		if !c.Clean {
			e.Format *= 0.93
		}
		if c.Implied {
			e.Format *= 0.92
		}
		if strings.Contains(c.Citation.Date, "?") {
			e.Format *= 0.7
		}
	})
}

// paragraphs joins running lines to texts that sentences do not cross: a
// citation may be broken over lines, and over pages. They are made one by one,
// since all of them hold every word of the document once more.
func (b *builder) paragraphs() iter.Seq[passage] {
	return func(yield func(passage) bool) {
		var words []word
		prev := -1
		for i := range b.lines {
			l := &b.lines[i]
			if b.inRows[i] || b.headLines[i] || l.role == schema.PageNumber || pageNumber(l.text) {
				continue
			}
			if l.gap && prev >= 0 && !runsOn(b.lines[prev].text, l.text) {
				if !yield(newPassage(words)) {
					return
				}
				words = nil
			}
			words = append(words, withoutWhite(b.lines[i : i+1])[0].words...)
			prev = i
		}
		if len(words) > 0 {
			yield(newPassage(words))
		}
	}
}

func pageNumber(s string) bool {
	s = strings.Trim(s, " -–.")
	_, err := strconv.Atoi(s)
	return err == nil && len(s) <= 3
}

// runsOn reports whether the sentence of one block goes on in the next.
func runsOn(a, b string) bool {
	a = strings.TrimRight(a, " ")
	if a == "" || strings.HasSuffix(a, ".") || strings.HasSuffix(a, ":") {
		return false
	}
	if strings.HasSuffix(a, ";") {
		return false
	}
	b = strings.TrimLeft(b, " ")
	return b != "" && !startsUpper(b) && !strings.HasPrefix(b, "-") && !strings.HasPrefix(b, "+") && !strings.HasPrefix(b, "*")
}

func (b *builder) check(c schema.Check) { b.res.Checks = append(b.res.Checks, newCheck(c)) }

// newCheck is a check that has lists, if empty ones.
func newCheck(c schema.Check) schema.Check {
	if c.Records == nil {
		c.Records = []string{}
	}
	if c.Fields == nil {
		c.Fields = []string{}
	}
	return c
}

// placeChecks tells of checks that point at fields of records where these stand.
func (b *builder) placeChecks() {
	const most = 8 // places; of more records the first and the last tell enough
	for i := range b.res.Checks {
		c := &b.res.Checks[i]
		if len(c.Places) > 0 || len(c.Records) > checkedRecords {
			continue
		}
		for k := range b.res.Records {
			r := &b.res.Records[k]
			if !slices.Contains(c.Records, r.ID) {
				continue
			}
			for _, name := range c.Fields {
				for _, f := range r.Fields[name].All() {
					c.Places = append(c.Places, f.Boxes...)
				}
			}
		}
		c.Places = c.Places[:min(len(c.Places), most)]
	}
}

func (b *builder) result() Result {
	b.placeChecks()
	b.res.Profile = strings.Join(b.used, "+")
	return b.res
}
