package export

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// Workbook is an XLSX file that is written sheet by sheet, row by row. What it
// writes depends on the rows alone, and its memory does not grow with them:
// excelize keeps long sheets in temporary files, and the archive is put
// together in another.
type Workbook struct {
	file   *excelize.File
	styles map[style]int
	sheets int
}

// Shade is a reason to colour a cell.
type Shade uint8

// Shades: unsure cells need review, doubted ones are more likely wrong than
// right, human ones were confirmed or corrected, head cells name columns.
const (
	NoShade Shade = iota
	Unsure
	Doubted
	Human
	Head
)

// Cell is a value of a [Workbook]: a string, a float64, a bool, [Dong], a [Day]
// or a [Link]; nil leaves the cell empty.
type Cell struct {
	Value any
	Shade Shade
	Wrap  bool // break long text into lines
}

// Dong is a sum in đồng.
type Dong int64

// Day is a date, "2025-07-07".
type Day string

// Link is an address, shown as Text.
type Link struct{ URL, Text string }

type style struct {
	format string
	shade  Shade
	wrap   bool
	link   bool
}

// Number formats of cells. The thousands are parted as the reader's system
// does.
const (
	generalFormat = ""
	dongFormat    = `#,##0\ "₫"`
	dayFormat     = `dd/mm/yyyy`
)

var fills = map[Shade]string{Unsure: "FFF2CC", Doubted: "F8CBAD", Human: "E2EFDA", Head: "DDEBF7"}

// NewWorkbook returns an empty workbook.
func NewWorkbook() *Workbook {
	return &Workbook{file: excelize.NewFile(), styles: map[style]int{}}
}

// Sheet is a sheet that takes rows.
type Sheet struct {
	book    *Workbook
	name    string
	stream  *excelize.StreamWriter
	columns int
	frozen  int
	row     int
	parts   int
	head    []Cell
	widths  []float64
}

// maxRows is how many rows a sheet of XLSX holds; more go on in another sheet.
var maxRows = excelize.TotalRows

// NewSheet begins a sheet with a head that stays in view, as do the first
// frozen columns. Widths are those of the columns, in characters; columns
// without one get 14. Characters that XLSX does not allow in names of sheets
// become "_", and a name that is taken gets a number.
func (b *Workbook) NewSheet(name string, frozen int, widths []float64, head ...Cell) (*Sheet, error) {
	s := &Sheet{book: b, name: name, columns: len(head), frozen: frozen, head: head, widths: widths}
	return s, s.begin()
}

// begin opens the next part of the sheet.
func (s *Sheet) begin() (err error) {
	f := s.book.file
	s.parts++
	name := s.sheetName()
	if s.book.sheets == 0 {
		err = f.SetSheetName("Sheet1", name)
	} else {
		_, err = f.NewSheet(name)
	}
	s.book.sheets++
	if err != nil {
		return fmt.Errorf("sheet %q: %w", name, err)
	}
	if s.stream, err = f.NewStreamWriter(name); err != nil {
		return fmt.Errorf("sheet %q: %w", name, err)
	}
	for i := range s.columns {
		width := 14.0
		if i < len(s.widths) && s.widths[i] > 0 {
			width = s.widths[i]
		}
		if err := s.stream.SetColWidth(i+1, i+1, width); err != nil {
			return fmt.Errorf("sheet %q: %w", name, err)
		}
	}
	corner, err := excelize.CoordinatesToCellName(s.frozen+1, 2)
	if err != nil {
		return fmt.Errorf("sheet %q: %w", name, err)
	}
	if err := s.stream.SetPanes(&excelize.Panes{Freeze: true, XSplit: s.frozen, YSplit: 1, TopLeftCell: corner, ActivePane: pane(s.frozen)}); err != nil {
		return fmt.Errorf("sheet %q: %w", name, err)
	}
	s.row = 0
	return s.write(s.head)
}

func pane(frozen int) string {
	if frozen > 0 {
		return "bottomRight"
	}
	return "bottomLeft"
}

// sheetName makes the name of the part fit for XLSX.
func (s *Sheet) sheetName() string {
	clean := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) || r < ' ' {
			return '_'
		}
		return r
	}, s.name)
	if clean == "" {
		clean = "_"
	}
	taken := s.book.file.GetSheetList()
	for n := s.parts; ; n++ {
		name, suffix := clean, ""
		if n > 1 {
			suffix = fmt.Sprintf(" %d", n)
		}
		for len(utf16.Encode([]rune(name+suffix))) > excelize.MaxSheetNameLength {
			runes := []rune(name)
			name = string(runes[:len(runes)-1])
		}
		name += suffix
		// Excel takes names that differ by case alone for the same.
		if s.book.sheets == 0 || !slices.ContainsFunc(taken, func(t string) bool { return strings.EqualFold(t, name) }) {
			return name
		}
	}
}

// Row writes the next row.
func (s *Sheet) Row(cells ...Cell) error {
	if s.row >= maxRows {
		if err := errors.Join(s.end(), s.begin()); err != nil {
			return err
		}
	}
	return s.write(cells)
}

func (s *Sheet) write(cells []Cell) error {
	s.row++
	values := make([]any, len(cells))
	for i, c := range cells {
		v, err := s.book.cell(c)
		if err != nil {
			return err
		}
		values[i] = v
	}
	if err := s.stream.SetRow("A"+strconv.Itoa(s.row), values); err != nil {
		return fmt.Errorf("row %d: %w", s.row, err)
	}
	return nil
}

// Close ends the sheet. It gets filter buttons over its head.
func (s *Sheet) Close() error { return s.end() }

func (s *Sheet) end() error {
	last, err := excelize.CoordinatesToCellName(max(s.columns, 1), max(s.row, 1), true)
	if err != nil {
		return err
	}
	if err := s.book.file.AutoFilter(s.stream.Sheet, "$A$1:"+last, nil); err != nil {
		return fmt.Errorf("filter of %q: %w", s.stream.Sheet, err)
	}
	if err := s.stream.Flush(); err != nil {
		return fmt.Errorf("sheet %q: %w", s.stream.Sheet, err)
	}
	return nil
}

// maxExact is the largest whole number that the numbers of a spreadsheet hold
// exactly: they have 15 digits.
const maxExact = 999_999_999_999_999

// cell makes excelize's cell. Text is stored as text, so that no formula can
// hide in it; the one formula there is makes a link.
func (b *Workbook) cell(c Cell) (_ any, err error) {
	out := excelize.Cell{}
	st := style{shade: c.Shade, wrap: c.Wrap}
	switch v := c.Value.(type) {
	case nil:
		if c.Shade == NoShade {
			return nil, nil
		}
	case string:
		out.Value = bounded(printable(v))
	case float64:
		out.Value = v
	case int:
		out.Value = v
	case bool:
		out.Value = v
	case Dong:
		out.Value, st.format = int64(v), dongFormat
		if v > maxExact || v < -maxExact {
			out.Value = strconv.FormatInt(int64(v), 10)
		}
	case Day:
		t, ok := day(string(v))
		if !ok || t.Year() < 1900 { // the calendar of spreadsheets begins there
			out.Value = string(v)
			break
		}
		out.Value, st.format = t, dayFormat
	case Link:
		out.Value, st.link = bounded(printable(v.Text)), true
		if formula := hyperlink(v); formula != "" {
			out.Formula = formula
		} else {
			out.Value = bounded(v.URL)
		}
	default:
		return nil, fmt.Errorf("a cell of type %T", c.Value)
	}
	out.StyleID, err = b.style(st)
	return out, err
}

// hyperlink is the formula of a link, "" for addresses that are too long for
// one: a text within a formula has at most 255 characters.
func hyperlink(l Link) string {
	quote := func(s string) string { return `"` + strings.ReplaceAll(printable(s), `"`, `""`) + `"` }
	if len(l.URL) > 255 || len(l.Text) > 255 {
		return ""
	}
	return "HYPERLINK(" + quote(l.URL) + "," + quote(l.Text) + ")"
}

// bounded cuts a text that is longer than a cell may be, and says so by its end.
func bounded(s string) string {
	const cut = " […]"
	if len(s) <= excelize.TotalCellChars {
		return s // no fewer bytes than characters
	}
	units := utf16.Encode([]rune(s))
	if len(units) <= excelize.TotalCellChars {
		return s
	}
	return strings.ToValidUTF8(string(utf16.Decode(units[:excelize.TotalCellChars-len(cut)-1])), "") + cut
}

func (b *Workbook) style(s style) (int, error) {
	if s == (style{}) {
		return 0, nil
	}
	if id, ok := b.styles[s]; ok {
		return id, nil
	}
	x := excelize.Style{}
	if s.format != generalFormat {
		x.CustomNumFmt = &s.format
	}
	if color := fills[s.shade]; color != "" {
		x.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	switch {
	case s.shade == Head:
		x.Font = &excelize.Font{Bold: true}
	case s.link:
		x.Font = &excelize.Font{Color: "0563C1", Underline: "single"}
	}
	if s.wrap {
		x.Alignment = &excelize.Alignment{WrapText: true, Vertical: "top"}
	}
	id, err := b.file.NewStyle(&x)
	if err != nil {
		return 0, fmt.Errorf("style of cells: %w", err)
	}
	b.styles[s] = id
	return id, nil
}

// Finish writes the workbook, whose sheets must be closed, and ends it. The
// parts of the archive come in the order of their names: excelize ranges over a
// map of the streamed sheets, so that its own order differs from one writing to
// the next.
func (b *Workbook) Finish(w io.Writer) (err error) {
	defer func() { err = errors.Join(err, b.Close()) }()
	temp, err := temporary()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, discard(temp)) }()
	// excelize would make the archive in memory; the buffer that it offers stays
	// empty.
	out := bufio.NewWriterSize(temp, 1<<16)
	b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return archive{zip.NewWriter(out)} })
	if err := b.file.Write(io.Discard); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	size, err := temp.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	zr, err := zip.NewReader(temp, size)
	if err != nil {
		return fmt.Errorf("read the workbook back: %w", err)
	}
	slices.SortFunc(zr.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	zw := zip.NewWriter(w)
	for _, part := range zr.File {
		if part.UncompressedSize64 > math.MaxUint32 {
			return fmt.Errorf("part %q: sheets of more than 4 GiB cannot be read by spreadsheet programs", part.Name)
		}
		if err := zw.Copy(part); err != nil {
			return fmt.Errorf("part %q: %w", part.Name, err)
		}
	}
	return zw.Close()
}

// Close lets go of temporary files. [Workbook.Finish] does it too.
func (b *Workbook) Close() error {
	if b.file == nil {
		return nil
	}
	f := b.file
	b.file = nil
	err := f.Close()
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, fs.ErrClosed) {
		return nil
	}
	return err
}

// archive is what excelize writes its parts to.
type archive struct{ *zip.Writer }
