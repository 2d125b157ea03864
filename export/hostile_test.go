package export_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/xuri/excelize/v2"

	"github.com/sohoa/sohoa/export"
	"github.com/sohoa/sohoa/schema"
)

// hostile are texts that some program on the way might run, cut, swallow or
// take for something else.
var hostile = []string{
	"=cmd|' /C calc'!A0", "+84 912 000 111", "@SUM(A1:A9)", "-2+3+cmd|' /C calc'!A0", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", " =1+1",
	"'một dấu nháy", "''hai", "-", "--", "-5,25", "00123", "1e5", "12/3", "TRUE", "1.685.976.000",
	"dòng một\ndòng hai", "dòng một\r\ndòng hai", "một\rhai", `ông nói "được"`, `"`, "a,b;c\td", "  hai đầu  ",
	"\u202eđảo ngược\u202c עברית العربية", "không\u200bthấy", "\ufeffđầu tệp", "\u2028ngắt dòng", "tổ hợp: o\u031b\u0302",
	"<b>&amp;</b>", "]]>", "_x0041_", "_x005F_x0041_", "{{.}}", "%s%n", "\\N", "NULL", "🙂",
}

// unescaped is a text that LibreOffice 7.4 reads right and writes wrong: it
// forgets to escape what looks like an escape.
const unescaped = "_x005F_x0041_"

// broken are texts that not every form can hold, and what comes out of CSV and
// XLSX for them.
var broken = map[string]string{
	"nul\x00byte": "nul\ufffdbyte", "chuông\a": "chuông\ufffd", "hỏng\xff\xfe": "hỏng\ufffd\ufffd", "thoát\x1b[2J": "thoát\ufffd[2J",
}

// hostileDocument holds a record for each text.
func hostileDocument(texts []string) *schema.Document {
	doc := &schema.Document{DocumentID: strings.Repeat("ab", 32), Source: schema.Source{Name: "=độc.pdf", MediaType: "application/pdf"}}
	for i, s := range texts {
		doc.Records = append(doc.Records, schema.Record{ID: fmt.Sprint("r", i), Kind: "model", Fields: map[string]schema.Entry{
			"title":    schema.One(schema.Field{Value: s, Text: s, Raw: s, Confidence: 0.9, State: schema.Accepted}),
			"amounts":  {List: []schema.Field{{Value: schema.Money{VND: int64(i) * 1_000_003}, Text: "x", Confidence: 1, State: schema.Accepted}}},
			"deadline": schema.One(schema.Field{Value: "2025-09-30", Text: "30/9/2025", Confidence: 1, State: schema.Accepted}),
			"ratio":    schema.One(schema.Field{Value: schema.Quantity{Number: 98.6, Unit: "%"}, Text: "98,6", Confidence: 1, State: schema.Accepted}),
		}})
	}
	doc.Seal()
	return doc
}

func encoded(t testing.TB, f export.Format, doc *schema.Document, set export.Settings) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := export.Encode(&b, f, &export.Stored{Document: doc, Version: 3, State: "ready", Changed: time.Unix(1_760_000_000, 0)}, set); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// unix makes all line ends one: readers of CSV and spreadsheets do.
func unix(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// expected lists the texts as CSV and XLSX hold them.
func expected() (in, out []string) {
	in, out = append(in, hostile...), append(out, hostile...)
	for _, s := range []string{"nul\x00byte", "chuông\a", "hỏng\xff\xfe", "thoát\x1b[2J"} {
		in, out = append(in, s), append(out, broken[s])
	}
	return in, out
}

func TestCSVKeepsHostileTexts(t *testing.T) {
	in, want := expected()
	for _, comma := range []rune{',', ';'} {
		data := encoded(t, export.CSV, hostileDocument(in), export.Settings{Comma: comma})
		r := csv.NewReader(bytes.NewReader(data))
		r.Comma = comma
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		at := indexOf(rows[0], "title")
		for i, s := range want {
			cell := rows[i+1][at]
			if strings.ContainsAny(cell[:1], "=+@\t\r\n") || strings.HasPrefix(cell, "-") && strings.Trim(cell, "-0123456789,.") != "" {
				t.Errorf("%q could be run", cell)
			}
			if got := export.Original(cell); got != strings.ReplaceAll(s, "\r\n", "\n") { // as encoding/csv reads line ends
				t.Errorf("got %q, want %q", got, s)
			}
		}
	}
}

func TestCSVIsExactWithinQuotes(t *testing.T) {
	data := encoded(t, export.CSV, hostileDocument([]string{"một\r\nhai\nba\rbốn"}), export.Settings{})
	if !bytes.Contains(data, []byte("\"một\r\nhai\nba\rbốn\"")) {
		t.Errorf("line breaks changed: %q", data)
	}
}

func indexOf(head []string, name string) int {
	for i, h := range head {
		if h == name {
			return i
		}
	}
	return -1
}

func TestXLSXKeepsHostileTexts(t *testing.T) {
	in, want := expected()
	f, err := excelize.OpenReader(bytes.NewReader(encoded(t, export.XLSX, hostileDocument(in), export.Settings{BaseURL: "https://sohoa.example/"})))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	checkSheet(t, f, want, true)
	link := column(t, f, "model", "link")
	if got, _ := f.GetCellFormula("model", link+"2"); !strings.HasPrefix(got, `HYPERLINK("https://sohoa.example/d/abab`) || !strings.Contains(got, "path=records%2Fr0%2F") {
		t.Errorf("link %q", got)
	}
}

// checkSheet compares the sheet of models with the texts that went in. exact
// is false for workbooks that another program has written, which may change
// line ends.
func checkSheet(t *testing.T, f *excelize.File, want []string, exact bool) {
	t.Helper()
	cell := func(name string, row int) (string, string) {
		at := fmt.Sprint(column(t, f, "model", name), row)
		v, err := f.GetCellValue("model", at, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		formula, _ := f.GetCellFormula("model", at)
		return v, formula
	}
	for i, s := range want {
		got, formula := cell("title", i+2)
		if formula != "" {
			t.Errorf("%q became the formula %q", s, formula)
		}
		if !exact && s == unescaped {
			continue
		}
		if got != s && (exact || unix(got) != unix(s)) {
			t.Errorf("got %q, want %q", got, s)
		}
		if got, _ := cell("amounts", i+2); got != fmt.Sprint(i*1_000_003) {
			t.Errorf("amount %q, want %d", got, i*1_000_003)
		}
		if got, _ := cell("deadline", i+2); got != "45930" { // 30 September 2025 as spreadsheets count days
			t.Errorf("deadline %q", got)
		}
		if got, _ := cell("ratio", i+2); got != "98.6" {
			t.Errorf("ratio %q", got)
		}
	}
}

func TestLongTextIsCutVisibly(t *testing.T) {
	long := strings.Repeat("ễ", 40_000)
	f, err := excelize.OpenReader(bytes.NewReader(encoded(t, export.XLSX, hostileDocument([]string{long}), export.Settings{})))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, _ := f.GetCellValue("model", column(t, f, "model", "title")+"2")
	if !strings.HasSuffix(got, "[…]") || len([]rune(got)) > excelize.TotalCellChars || len([]rune(got)) < 32_000 {
		t.Errorf("%d characters, ends with %q", len([]rune(got)), got[max(0, len(got)-20):])
	}
}

// TestLibreOfficeReadsBack opens CSV and XLSX in another spreadsheet program,
// lets it write what it has read, and compares the cells.
func TestLibreOfficeReadsBack(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is not installed; `apt-get install libreoffice-calc` brings it")
	}
	if testing.Short() {
		t.Skip("starting LibreOffice takes seconds")
	}
	in, want := expected()
	doc := hostileDocument(in)
	dir := t.TempDir()
	for name, data := range map[string][]byte{
		"book.xlsx":  encoded(t, export.XLSX, doc, export.Settings{BaseURL: "https://sohoa.example"}),
		"table.csv":  encoded(t, export.CSV, doc, export.Settings{}),
		"marked.csv": encoded(t, export.CSV, doc, export.Settings{BOM: true, Comma: ';'}),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	convert := func(name, filter string) *excelize.File {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", filepath.Join(dir, "out")}
		if filter != "" {
			args = append(args, "--infilter="+filter)
		}
		cmd := exec.CommandContext(ctx, soffice, append(args, filepath.Join(dir, name))...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("soffice: %v\n%s", err, out)
		}
		if bytes.Contains(out, []byte("source file could not be loaded")) && !hasCalc(soffice) {
			t.Skip("LibreOffice is here without Calc; `apt-get install libreoffice-calc-nogui` brings it")
		}
		f, err := excelize.OpenFile(filepath.Join(dir, "out", strings.TrimSuffix(name, filepath.Ext(name))+".xlsx"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		return f
	}

	book := convert("book.xlsx", "")
	if got := fmt.Sprint(book.GetSheetList()); got != "[model amounts documents]" {
		t.Errorf("sheets %s", got)
	}
	checkSheet(t, book, want, false)

	// Field separator, quote, UTF-8, first line, no column types, language,
	// quoted cells are not text by themselves, numbers are looked for.
	for name, filter := range map[string]string{"table.csv": "Text - txt - csv (StarCalc):44,34,76,1,,1033,false,true", "marked.csv": "Text - txt - csv (StarCalc):59,34,76,1,,1033,false,true"} {
		f := convert(name, filter)
		rows, err := f.GetRows(f.GetSheetName(0), excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		at, sums := indexOf(rows[0], "title"), indexOf(rows[0], "amounts")
		if rows[0][0] != "province" {
			t.Errorf("%s: the head begins with %q", name, rows[0][0])
		}
		for i, s := range want {
			letters, _ := excelize.ColumnNumberToName(at + 1)
			if formula, _ := f.GetCellFormula(f.GetSheetName(0), fmt.Sprint(letters, i+2)); formula != "" {
				t.Errorf("%s: %q became the formula %q", name, s, formula)
			}
			if got := rows[i+1][sums]; got != fmt.Sprint(i*1_000_003) {
				t.Errorf("%s: amount %q, want %d", name, got, i*1_000_003)
			}
			switch s {
			case "00123", "1e5", "12/3", "TRUE", "-5,25", "1.685.976.000":
				continue // CSV has no types: a spreadsheet takes these for numbers, days or truth
			case unescaped:
				continue
			}
			if got := export.Original(rows[i+1][at]); unix(got) != unix(s) {
				t.Errorf("%s: got %q, want %q", name, got, s)
			}
		}
	}
}

// hasCalc reports whether the part of LibreOffice that reads tables is beside
// the program.
func hasCalc(soffice string) bool {
	program, err := filepath.EvalSymlinks(soffice)
	if err != nil {
		return false
	}
	found, err := filepath.Glob(filepath.Join(filepath.Dir(program), "libsclo.*"))
	return err == nil && len(found) > 0
}

func TestJSONLinesKeepEverything(t *testing.T) {
	in := append([]string{"nul\x00byte", "chuông\a"}, hostile...)
	data := encoded(t, export.JSONL, hostileDocument(in), export.Settings{BaseURL: "https://sohoa.example"})
	compiler := jsonschema.NewCompiler()
	for name, source := range map[string][]byte{"urn:sohoa:document:1": schema.JSONSchema, "urn:sohoa:record:1": export.RecordSchema} {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(source))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiler.AddResource(name, value); err != nil {
			t.Fatal(err)
		}
	}
	valid, err := compiler.Compile("urn:sohoa:record:1")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range bytes.Lines(data) {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
		if err != nil {
			t.Fatal(err)
		}
		if err := valid.Validate(value); err != nil {
			t.Errorf("line %d: %v", n+1, err)
		}
		var got struct{ Record schema.Record }
		if err := json.Unmarshal(line, &got); err != nil {
			t.Fatal(err)
		}
		if s := got.Record.Fields["title"].One.Text; s != in[n] {
			t.Errorf("got %q, want %q", s, in[n])
		}
		n++
	}
	if n != len(in) {
		t.Errorf("%d lines, want %d", n, len(in))
	}
	// A record that lacks what the schema wants is refused by it.
	bad, _ := jsonschema.UnmarshalJSON(strings.NewReader(`{"schema":"sohoa.record/1"}`))
	var invalid *jsonschema.ValidationError
	if err := valid.Validate(bad); !errors.As(err, &invalid) {
		t.Errorf("an empty record is valid: %v", err)
	}
}

func TestInertIsReversible(t *testing.T) {
	for _, s := range append(hostile, "", "a", "'", "=") {
		if got := export.Original(export.Inert(s)); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

func FuzzInert(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		safe := export.Inert(s)
		if export.Original(safe) != s {
			t.Errorf("%q became %q", s, export.Original(safe))
		}
		if safe != "" && strings.ContainsRune("=+@\t\r\n", rune(safe[0])) {
			t.Errorf("%q is not safe", safe)
		}
	})
}
