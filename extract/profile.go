package extract

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/extract/profiles"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// A Profile describes a type of report: which columns its table has and what
// they hold. Profiles are data; no report type is known to the code by name.
type Profile struct {
	Name      string   `yaml:"name"`      // stable, lower case with dashes
	Kind      string   `yaml:"kind"`      // kind of its records: "model", "task", …
	About     string   `yaml:"about"`     // one line for people
	Catalogue bool     `yaml:"catalogue"` // other reports' titles may be linked to its records
	Titles    []string `yaml:"titles"`    // wordings in the title of the table that speak for this profile
	Columns   []Column `yaml:"columns"`   // from left to right
	Groups    Groups   `yaml:"groups"`
	Statuses  []Status `yaml:"statuses"` // the most telling first
	Claims    []Status `yaml:"claims"`   // wordings that state in running text how many records have a status
	Totals    []string `yaml:"totals"`   // wordings of rows that sum up and are no records
	Terms     []string `yaml:"terms"`    // names and abbreviations as they are rightly written: "VNeID"
	// Vocabulary are phrases that such reports use; repair leans towards them
	// where a grid was lost.
	Vocabulary []string `yaml:"vocabulary"`

	heads    [][]field.Phrase // by column
	ruled    [][]field.Phrase // by column: heads and those of ruled tables
	grid     [][]field.Phrase // by column: these and those of known grids
	starts   [][]field.Phrase
	words    [][]field.Phrase
	titles   []field.Phrase
	totals   []field.Phrase
	statuses *field.StatusReader
	labels   *field.StatusReader // of a column of statuses
	pattern  *titlePattern
	labelled bool              // of a table's own: its heads name a column of statuses
	terms    map[string]string // by what OCR cannot tell apart
}

// ColumnType says what the cells of a column hold.
type ColumnType string

const (
	TypeText     ColumnType = "text"     // prose, many lines
	TypeTitle    ColumnType = "title"    // what the row is about
	TypeOrdinal  ColumnType = "ordinal"  // the row's number
	TypeAgency   ColumnType = "agency"   // names of agencies
	TypeDate     ColumnType = "date"     // a day
	TypeCount    ColumnType = "count"    // a whole number
	TypePercent  ColumnType = "percent"  // a share
	TypeMeasure  ColumnType = "measure"  // a number, a share or a bound like ">=80"; else text
	TypeUnit     ColumnType = "unit"     // a unit of measurement
	TypeCitation ColumnType = "citation" // a document
	TypeMoney    ColumnType = "money"    // a sum in đồng
	TypeStatus   ColumnType = "status"   // a status label
)

var columnTypes = []ColumnType{TypeText, TypeTitle, TypeOrdinal, TypeAgency, TypeDate, TypeCount, TypePercent, TypeMeasure, TypeUnit, TypeCitation, TypeMoney, TypeStatus}

// A Column is a column of a report's table.
type Column struct {
	Field    string     `yaml:"field"`    // name of the record's field
	Type     ColumnType `yaml:"type"`     // text when empty
	Heads    []string   `yaml:"heads"`    // wordings of its head, any case and marks
	Also     []string   `yaml:"also"`     // more of them, too short or too common to be told from other text: they count in ruled tables alone
	Grid     []string   `yaml:"grid"`     // still more: they count where the grid is known, and are not looked for in text that lost it
	Required bool       `yaml:"required"` // a table without it is not of this type
	Seldom   bool       `yaml:"seldom"`   // few reports have it: its absence says nothing, and it is read from ruled tables alone
	Pattern  string     `yaml:"pattern"`  // how the cell begins, with {n} for the record's number: "Mô hình {n} | MH {n}"
	Status   bool       `yaml:"status"`   // the record's status is said here
	Amounts  bool       `yaml:"amounts"`  // sums of money stand here
	Share    []string   `yaml:"share"`    // fields that the share is computed from: part, whole
	Starts   []string   `yaml:"starts"`   // wordings that cells often begin with; used where the grid is lost
	Words    []string   `yaml:"words"`    // wordings typical of the column; likewise
	Values   []string   `yaml:"values"`   // all or the usual values of a unit column
	Width    float64    `yaml:"width"`    // its usual share of the table's width; used where the grid is lost
}

// Groups describes the rows that stand above a group of records.
type Groups struct {
	Words    []string `yaml:"words"`    // words that group rows begin with, after a numeral
	Declared []string `yaml:"declared"` // what they count in brackets: "(16 MÔ HÌNH)"
	Unit     string   `yaml:"unit"`     // what records are called in running text: "mô hình"
	Sections bool     `yaml:"sections"` // rows "A", "B" … open sections with a numbering of their own
}

// Status maps wordings to a status.
type Status struct {
	Status  schema.Status `yaml:"status"`
	Labels  []string      `yaml:"labels"`  // what a cell says that says nothing else: "Đã hoàn thành"
	Also    []string      `yaml:"also"`    // labels that count in a column of statuses alone
	Phrases []string      `yaml:"phrases"` // what sentences say
}

// LoadProfiles returns the built-in profiles and those of the given YAML files
// and folders of such files, sorted by name. A user's profile replaces a built-in
// one of the same name. What cannot be read or understood is an error that names
// the file; so is a folder without profiles.
func LoadProfiles(extra ...string) ([]Profile, error) {
	byName := make(map[string]Profile)
	if err := loadFolder(byName, profiles.Files, "built in"); err != nil {
		return nil, err
	}
	for _, where := range extra {
		info, err := os.Stat(where)
		if err != nil {
			return nil, fmt.Errorf("read profiles: %w", err)
		}
		if info.IsDir() {
			err = loadFolder(byName, os.DirFS(where), filepath.ToSlash(where))
		} else {
			dir, name := filepath.Split(where)
			err = loadProfile(byName, os.DirFS(filepath.Clean(dir)), name, filepath.ToSlash(dir))
		}
		if err != nil {
			return nil, err
		}
	}
	return slices.SortedFunc(maps.Values(byName), func(a, b Profile) int { return cmp.Compare(a.Name, b.Name) }), nil
}

// loadFolder adds the profiles of a folder.
func loadFolder(byName map[string]Profile, fsys fs.FS, where string) error {
	names, err := fs.Glob(fsys, "*.y*ml")
	if err != nil {
		return fmt.Errorf("list profiles in %s: %w", where, err)
	}
	if len(names) == 0 {
		return fmt.Errorf("no report types (*.yaml) in %s", where)
	}
	for _, name := range names {
		if err := loadProfile(byName, fsys, name, where); err != nil {
			return err
		}
	}
	return nil
}

// loadProfile adds the profile of a file.
func loadProfile(byName map[string]Profile, fsys fs.FS, name, where string) error {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("read profile: %w", err)
	}
	p, err := ParseProfile(data)
	if err != nil {
		return fmt.Errorf("profile %s: %w", path.Join(where, name), err)
	}
	byName[p.Name] = p
	return nil
}

// ParseProfile reads one profile from YAML and checks it. The error names the line or
// the column that is wrong.
func ParseProfile(data []byte) (Profile, error) {
	var p Profile
	if err := yaml.UnmarshalWithOptions(data, &p, yaml.Strict()); err != nil {
		return p, explainYAML(err)
	}
	if err := p.check(data); err != nil {
		return p, err
	}
	p.prepare()
	return p, nil
}

var profileName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// check tells what is wrong; data is what the profile was read from.
func (p *Profile) check(data []byte) error {
	problems := p.checkWords()
	if !profileName.MatchString(p.Name) {
		problems = append(problems, fmt.Errorf("name %q: want lower-case letters, digits and dashes", p.Name))
	}
	if p.Kind == "" {
		problems = append(problems, errors.New("kind is missing"))
	}
	if len(p.Columns) == 0 {
		problems = append(problems, errors.New("no columns"))
	}
	if len(p.Columns) > maxColumns {
		problems = append(problems, fmt.Errorf("%d columns: at most %d", len(p.Columns), maxColumns))
	}
	seen := make(map[string]bool)
	for i, c := range p.Columns {
		if c.Field == "" {
			problems = append(problems, fmt.Errorf("column %d: field is missing", i+1))
		}
		if seen[c.Field] {
			problems = append(problems, fmt.Errorf("column %d: field %q stands twice", i+1, c.Field))
		}
		seen[c.Field] = true
		if len(c.Heads) == 0 {
			problems = append(problems, fmt.Errorf("column %q (line %d): no heads", c.Field, columnLine(data, c.Field)))
		}
		if c.Type != "" && !slices.Contains(columnTypes, c.Type) {
			problems = append(problems, fmt.Errorf("column %q (line %d): unknown type %q; use %s", c.Field, columnLine(data, c.Field), c.Type, list(columnTypes)))
		}
		for form := range strings.SplitSeq(c.Pattern, "|") {
			if c.Pattern != "" && strings.Count(form, "{n}") != 1 {
				problems = append(problems, fmt.Errorf("column %q (line %d): pattern %q needs {n} once", c.Field, columnLine(data, c.Field), strings.TrimSpace(form)))
			}
		}
		if len(c.Share) != 0 && len(c.Share) != 2 {
			problems = append(problems, fmt.Errorf("column %q: share needs two fields", c.Field))
		}
	}
	return errors.Join(problems...)
}

// prepare folds all wordings once.
func (p *Profile) prepare() {
	p.heads, p.ruled, p.grid, p.starts, p.words = nil, nil, nil, nil, nil
	for i := range p.Columns {
		c := &p.Columns[i]
		if c.Type == "" {
			c.Type = TypeText
		}
		p.heads = append(p.heads, field.NewPhrases(c.Heads...))
		p.ruled = append(p.ruled, field.NewPhrases(slices.Concat(c.Heads, c.Also)...))
		p.grid = append(p.grid, field.NewPhrases(slices.Concat(c.Heads, c.Also, c.Grid)...))
		p.starts = append(p.starts, field.NewPhrases(c.Starts...))
		p.words = append(p.words, field.NewPhrases(c.Words...))
		if c.Pattern != "" && p.pattern == nil {
			p.pattern = newTitlePattern(c.Pattern)
		}
	}
	p.terms = make(map[string]string)
	for _, t := range p.Terms {
		p.terms[normalize.FoldOCR(t)] = t
	}
	p.titles = field.NewPhrases(p.Titles...)
	p.totals = field.NewPhrases(p.Totals...)
	var words, column []field.StatusWords
	for _, s := range p.Statuses {
		words = append(words, field.StatusWords{Status: s.Status, Labels: s.Labels, Phrases: s.Phrases})
		column = append(column, field.StatusWords{Status: s.Status, Labels: slices.Concat(s.Labels, s.Also), Phrases: s.Phrases})
	}
	p.statuses, p.labels = field.NewStatusReader(words), field.NewStatusReader(column)
}

// usual is the profile without the columns that few reports have: where a grid was
// lost, nothing tells their text from that of others.
func (p *Profile) usual() Profile {
	out := *p
	out.Columns = slices.DeleteFunc(slices.Clone(p.Columns), func(c Column) bool { return c.Seldom })
	out.pattern = nil
	out.prepare()
	return out
}

// column returns the index of the first column that fits, or -1.
func (p *Profile) column(fits func(*Column) bool) int {
	return slices.IndexFunc(p.Columns, func(c Column) bool { return fits(&c) })
}

func (p *Profile) titleColumn() int {
	return p.column(func(c *Column) bool { return c.Type == TypeTitle })
}

func (p *Profile) numberColumn() int {
	return p.column(func(c *Column) bool { return c.Type == TypeOrdinal })
}

// A titlePattern finds beginnings like "Mô hình 25:" in damaged text.
type titlePattern struct {
	words  []string       // "mohinh": the folded wordings without spaces
	most   int            // letters of the longest
	number *regexp.Regexp // digits and what parts them from the title
}

func newTitlePattern(pattern string) *titlePattern {
	t := &titlePattern{
		number: regexp.MustCompile(`^[\s.]*([0-9lIoO?]{1,3})\s*([:.;,*\-–]|\s|$)[\s:.;,*]*`),
	}
	for form := range strings.SplitSeq(pattern, "|") {
		before, _, _ := strings.Cut(form, "{n}")
		word := strings.Join(strings.Fields(normalize.Fold(before)), "")
		t.words, t.most = append(t.words, word), max(t.most, len(word))
	}
	return t
}

// minPattern is how like the wording a beginning must be. OCR leaves some
// eighteen forms of the five letters "Mô hình"; the number behind them makes
// even poor ones safe.
const minPattern = 0.68

// surePattern is how like the wording a beginning is that may lack its last letter.
const surePattern = 0.8

// shortWording is the length up to which a wording must be read as it is: "MH".
const shortWording = 3

// opensTitle reports whether the letters before a number are a wording, as damage
// leaves it.
func opensTitle(head, word string) bool {
	if len(word) <= shortWording {
		return head == word
	}
	if len(head) < len(word)-2 {
		return false
	}
	like, ok := normalize.SimilarityFrom(head, word, minPattern)
	return ok && (like >= surePattern || strings.HasSuffix(foldTail(head), foldTail(word)))
}

// find looks for the pattern at the start of the text, or behind at most skip
// bytes of it. It returns the range of the pattern with its number, which is 0
// when its digits are illegible.
func (t *titlePattern) find(text string, skip int) (n, from, to int, ok bool) {
	starts := []int{0}
	for i := 1; i < len(text) && i <= skip; i++ {
		if text[i-1] == ' ' || text[i-1] == '|' || text[i-1] == '[' {
			starts = append(starts, i)
		}
	}
	for _, s := range starts {
		if n, end, ok := t.at(text[s:]); ok {
			return n, s, s + end, true
		}
	}
	return 0, 0, 0, false
}

// in looks for the pattern in a passage, first as repaired and then as read,
// since repair makes words of damaged beginnings. The range is one of its text.
func (t *titlePattern) in(p passage, skip int) (n, from, to int, ok bool) {
	if n, from, to, ok = t.find(p.text, skip); ok {
		return n, from, to, true
	}
	raw := p.asRead()
	n, _, end, ok := t.find(raw.text, skip)
	if !ok || len(p.words) == 0 {
		return 0, 0, 0, false
	}
	k := raw.wordAt(max(end-1, 0))
	for k > 0 && strings.TrimSpace(raw.text[raw.starts[k]:min(end, len(raw.text))]) == "" {
		k--
	}
	return n, 0, p.starts[k] + len(p.words[k].text), true
}

// at tries the pattern at the very start: the letters up to the first digit
// that follows a letter are compared with the wording.
func (t *titlePattern) at(text string) (n, end int, ok bool) {
	limit := min(len(text), 3*t.most+8)
	for i := 1; i < limit; i++ {
		if c := text[i]; c < '0' || c > '9' {
			// "Mô hình l:" is the first; the words before must be the wording.
			if n, end, ok := t.stroke(text, i); ok {
				return n, end, true
			}
			continue
		}
		head := strings.Join(strings.Fields(normalize.Fold(text[:i])), "")
		if !slices.ContainsFunc(t.words, func(word string) bool { return opensTitle(head, word) }) {
			continue
		}
		m := t.number.FindStringSubmatchIndex(text[i:])
		if m == nil {
			return 0, 0, false
		}
		digits := text[i+m[2] : i+m[3]]
		if strings.Contains(digits, "?") {
			return 0, i + m[1], true
		}
		n, ok := field.Ordinal(digits)
		return n, i + m[1], ok
	}
	return 0, 0, false
}

// stroke reads the number 1 or 11 that was taken for letters, at byte i.
func (t *titlePattern) stroke(text string, i int) (n, end int, ok bool) {
	if text[i-1] != ' ' || !strings.ContainsRune("lLIi|", rune(text[i])) {
		return 0, 0, false
	}
	word, _, _ := strings.Cut(text[i:], " ")
	core := strings.TrimRight(word, ".:,;*-")
	if strings.Trim(core, "lLIi|") != "" || len(core) > 2 {
		return 0, 0, false
	}
	head := strings.Join(strings.Fields(normalize.Fold(text[:i])), "")
	if !slices.ContainsFunc(t.words, func(word string) bool {
		if len(word) <= shortWording {
			return false
		}
		_, ok := normalize.SimilarityFrom(head, word, 0.85)
		return ok
	}) {
		return 0, 0, false
	}
	rest := text[i+len(word):]
	return map[int]int{1: 1, 2: 11}[len(core)], len(text) - len(strings.TrimLeft(rest, " :.;,")), true
}

// foldTail is what OCR leaves whole of a pattern's end: its last two letters,
// with those that look alike made one.
func foldTail(s string) string {
	s = strings.TrimRight(s, " .,:-'’`")
	if len(s) < 2 {
		return s
	}
	return normalize.FoldOCR(s[len(s)-1:])
}
