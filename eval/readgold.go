package eval

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// ReadGolds reads all truth below a folder, in order of the paths: .json files
// by [ReadGold], and .txt files as the running text of the document of the
// same stem. JSON files of an unknown form are an error.
func ReadGolds(dir string) ([]*Gold, error) {
	var out []*Gold
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		stem := strings.TrimSuffix(e.Name(), filepath.Ext(e.Name()))
		switch filepath.Ext(path) {
		case ".json":
			g, err := ReadGold(path)
			if err != nil {
				return err
			}
			out = append(out, g)
		case ".txt":
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			out = append(out, &Gold{Schema: GoldVersion, Sources: []string{stem}, Group: "text", Text: string(data)})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading truth: %w", err)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("reading truth: no .json or .txt file in %s", dir)
	}
	return out, nil
}

// ReadGold reads one file of truth. Besides the project's own form it knows
// four of hand annotation, told apart by their keys: records with source spans
// ("document" and "models"), a report with what it cites ("cited_documents"),
// a catalogue of models ("models" and "legal_bases"), tasks ("tasks"), and
// tables of real scans ("file" and "tables").
func ReadGold(path string) (*Gold, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading truth: %w", err)
	}
	g, err := parseGold(data)
	if err != nil {
		return nil, fmt.Errorf("reading truth %s: %w", path, err)
	}
	base := filepath.Base(path)
	g.Sources = append(g.Sources, strings.TrimSuffix(base, filepath.Ext(base)))
	return g, nil
}

func parseGold(data []byte) (*Gold, error) {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(data, &keys); err != nil {
		return nil, err
	}
	has := func(names ...string) bool {
		for _, n := range names {
			if _, ok := keys[n]; !ok {
				return false
			}
		}
		return true
	}
	switch {
	case has("schema"):
		var g Gold
		if err := json.Unmarshal(data, &g); err != nil {
			return nil, err
		}
		if g.Schema != GoldVersion {
			return nil, fmt.Errorf("schema %q, want %q", g.Schema, GoldVersion)
		}
		return &g, nil
	case has("document", "models"):
		return parseModels(data)
	case has("cited_documents"):
		return parseReport(data)
	case has("models", "legal_bases"):
		return parseCatalogue(data)
	case has("tasks"):
		return parseTasks(data)
	case has("tables", "header"):
		return parseScan(data)
	}
	return nil, fmt.Errorf("unknown form of truth with keys %s", strings.Join(slices.Sorted(maps.Keys(keys)), ", "))
}

func stemOf(name string) []string {
	if name == "" {
		return nil
	}
	return []string{strings.TrimSuffix(name, filepath.Ext(name))}
}

// goldAmount is an amount in the hand-annotated files.
type goldAmount struct {
	Value      *int64 `json:"value_vnd"`
	ValueTo    int64  `json:"value_vnd_to"`
	Qualifier  string `json:"qualifier"`
	Column     string `json:"column"`
	SharedWith []int  `json:"shared_with"`
}

func (a goldAmount) money() (schema.Money, bool) {
	if a.Value == nil {
		return schema.Money{}, false
	}
	m := schema.Money{VND: *a.Value, VNDTo: a.ValueTo, Qualifier: a.Qualifier, Column: a.Column}
	for _, n := range a.SharedWith {
		m.SharedWith = append(m.SharedWith, strconv.Itoa(n))
	}
	return m, true
}

// parseModels reads an appendix of models.
func parseModels(data []byte) (*Gold, error) {
	var f struct {
		Document struct {
			SourceFile string `json:"source_file"`
			Title      string `json:"title"`
			Appendix   string `json:"appendix"`
			Date       string `json:"date"`
			Issuer     string `json:"issuer"`
		} `json:"document"`
		Models []struct {
			Number             int          `json:"number"`
			Title              string       `json:"title"`
			Group              *string      `json:"group"`
			Status             *string      `json:"status"`
			StatusAlternatives []string     `json:"status_alternatives"`
			Amounts            []goldAmount `json:"amounts"`
			Results            string       `json:"results"`
			Difficulties       string       `json:"difficulties"`
			Benefits           string       `json:"benefits"`
			CostText           string       `json:"cost_text"`
			NextSteps          string       `json:"next_steps"`
		} `json:"models"`
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, err
	}
	g := &Gold{
		Schema: GoldVersion, Sources: stemOf(f.Document.SourceFile), Group: "seeds",
		Header:     map[string]string{"title": f.Document.Title, "appendix": f.Document.Appendix},
		AttachedTo: &schema.Citation{Date: f.Document.Date, Issuer: f.Document.Issuer},
	}
	for _, m := range f.Models {
		status := ""
		if m.Status != nil {
			status = *m.Status
		}
		r := GoldRecord{
			Kind: "model", Group: m.Group, Status: &status, StatusAlternatives: m.StatusAlternatives, AmountsKnown: true,
			Fields: map[string]string{
				"number": strconv.Itoa(m.Number), "title": m.Title, "results": m.Results, "difficulties": m.Difficulties,
				"benefits": m.Benefits, "cost": m.CostText, "next_steps": m.NextSteps,
			},
		}
		for _, a := range m.Amounts {
			if money, ok := a.money(); ok {
				r.Amounts = append(r.Amounts, money)
			}
		}
		g.Records = append(g.Records, r)
	}
	return g, nil
}

type goldCitation struct {
	Type   string `json:"type"`
	Number string `json:"number"`
	Date   string `json:"date"`
	Issuer string `json:"issuer"`
}

func citations(list []goldCitation) []schema.Citation {
	out := []schema.Citation{}
	for _, c := range list {
		out = append(out, schema.Citation{Type: c.Type, Number: c.Number, Date: isoDate(c.Date), Issuer: c.Issuer})
	}
	return out
}

// isoDate turns "03/9/2025" into "2025-09-03"; other texts become "".
func isoDate(s string) string {
	var d, m, y int
	if n, err := fmt.Sscanf(s, "%d/%d/%d", &d, &m, &y); n != 3 || err != nil {
		if len(s) == 10 && s[4] == '-' {
			return s
		}
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}

type goldSigner struct {
	Authority string `json:"authority"`
	Capacity  string `json:"capacity"`
	Name      string `json:"name"`
}

// letterhead is what several of the hand-annotated forms share.
type letterhead struct {
	SourceFile   string     `json:"source_file"`
	Number       string     `json:"number"`
	Date         string     `json:"date"`
	Place        string     `json:"place"`
	Issuer       string     `json:"issuer"`
	Parent       string     `json:"parent"`
	DocumentType string     `json:"document_type"`
	Title        string     `json:"title"`
	Signatory    goldSigner `json:"signatory"`
}

func (l letterhead) header() map[string]string {
	h := map[string]string{
		"number": l.Number, "date": l.Date, "place": l.Place, "issuer": l.Issuer, "parent": l.Parent,
		"document_type": l.DocumentType, "title": l.Title, "signer": l.Signatory.Name,
		"signer_title": strings.TrimSpace(l.Signatory.Authority + " " + l.Signatory.Capacity),
	}
	maps.DeleteFunc(h, func(_, v string) bool { return v == "" })
	return h
}

// parseReport reads a report: letterhead, recipients, documents cited.
func parseReport(data []byte) (*Gold, error) {
	var f struct {
		letterhead
		Recipients []string       `json:"recipients_list"`
		Cited      []goldCitation `json:"cited_documents"`
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, err
	}
	return &Gold{
		Schema: GoldVersion, Sources: stemOf(f.SourceFile), Group: "seeds",
		Header: f.header(), Recipients: f.Recipients, Citations: citations(f.Cited),
	}, nil
}

// parseCatalogue reads a plan with a catalogue of models. Its list of legal
// bases is not everything that the plan cites, so citations are not judged.
func parseCatalogue(data []byte) (*Gold, error) {
	var f struct {
		letterhead
		Models []struct {
			Number     int    `json:"number"`
			Title      string `json:"title"`
			Goal       string `json:"goal"`
			Lead       string `json:"lead_agency"`
			Supporting string `json:"supporting_agencies"`
		} `json:"models"`
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, err
	}
	g := &Gold{Schema: GoldVersion, Sources: stemOf(f.SourceFile), Group: "seeds", Header: f.header()}
	for _, m := range f.Models {
		g.Records = append(g.Records, GoldRecord{Kind: "model", Fields: map[string]string{
			"number": strconv.Itoa(m.Number), "title": m.Title, "goal": m.Goal, "lead_agency": m.Lead, "supporting_agencies": m.Supporting,
		}})
	}
	return g, nil
}

// parseTasks reads an appendix of tasks.
func parseTasks(data []byte) (*Gold, error) {
	var f struct {
		SourceFile string `json:"source_file"`
		Title      string `json:"title"`
		Appendix   string `json:"appendix"`
		AttachedTo struct {
			Type   string `json:"type"`
			Issuer string `json:"issuer"`
		} `json:"attached_to"`
		Tasks []struct {
			No       int     `json:"no"`
			Group    *string `json:"group"`
			Task     string  `json:"task"`
			Lead     string  `json:"lead_agency"`
			Deadline string  `json:"deadline"`
			Result   string  `json:"result"`
		} `json:"tasks"`
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, err
	}
	g := &Gold{
		Schema: GoldVersion, Sources: stemOf(f.SourceFile), Group: "seeds",
		Header: map[string]string{"title": f.Title, "appendix": f.Appendix},
	}
	if f.AttachedTo.Type != "" {
		g.AttachedTo = &schema.Citation{Type: f.AttachedTo.Type, Issuer: f.AttachedTo.Issuer}
	}
	for _, t := range f.Tasks {
		g.Records = append(g.Records, GoldRecord{Kind: "task", Group: t.Group, Fields: map[string]string{
			"number": strconv.Itoa(t.No), "task": t.Task, "lead_agency": t.Lead, "deadline": t.Deadline, "result": t.Result,
		}})
	}
	return g, nil
}

// parseScan reads the tables and the header of a real scan.
func parseScan(data []byte) (*Gold, error) {
	var f struct {
		File     string                     `json:"file"`
		Header   map[string]json.RawMessage `json:"header"` // flags stand among the texts
		PageText map[string]string          `json:"page_text"`
		Tables   []struct {
			Pages    []int `json:"pages"`
			HeadRows int   `json:"head_rows"`
			Rows     [][]struct {
				Text    string                `json:"text"`
				Joined  string                `json:"text_joined"`
				RowSpan int                   `json:"row_span"`
				ColSpan int                   `json:"col_span"`
				Page    int                   `json:"page"`
				Box     schema.Box            `json:"box"`
				ByPage  map[string]schema.Box `json:"boxes_by_page"`
			} `json:"rows"`
		} `json:"tables"`
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, err
	}
	g := &Gold{Schema: GoldVersion, Sources: stemOf(f.File), Group: "real", Header: make(map[string]string)}
	for name, raw := range f.Header {
		var s string
		if json.Unmarshal(raw, &s) == nil && s != "" {
			g.Header[name] = s
		}
	}
	for n, text := range f.PageText {
		number, err := strconv.Atoi(n)
		if err != nil {
			return nil, fmt.Errorf("page_text: page %q is no number", n)
		}
		g.Pages = append(g.Pages, GoldPage{Number: number, Text: text})
	}
	slices.SortFunc(g.Pages, func(a, b GoldPage) int { return a.Number - b.Number })
	for _, t := range f.Tables {
		table := GoldTable{Pages: t.Pages, HeadRows: t.HeadRows}
		for _, row := range t.Rows {
			var cells []GoldCell
			for _, c := range row {
				cell := GoldCell{Text: c.Text, Other: c.Joined, RowSpan: c.RowSpan, ColSpan: c.ColSpan}
				if len(c.ByPage) == 0 {
					cell.Boxes = []schema.Place{{Page: c.Page, Box: &c.Box}}
				}
				for n, box := range c.ByPage {
					page, err := strconv.Atoi(n)
					if err != nil {
						return nil, fmt.Errorf("boxes_by_page: page %q is no number", n)
					}
					cell.Boxes = append(cell.Boxes, schema.Place{Page: page, Box: &box})
				}
				slices.SortFunc(cell.Boxes, func(a, b schema.Place) int { return a.Page - b.Page })
				cells = append(cells, cell)
			}
			table.Rows = append(table.Rows, cells)
		}
		g.Tables = append(g.Tables, table)
	}
	return g, nil
}
