package export

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/sohoa/sohoa/schema"
)

// parquetRow is the schema of the Parquet form: the same columns whatever the
// records hold, so that files of different days can be read as one table. Text
// columns of fields that a record lacks are null, as are numbers of fields that
// are no plain numbers; fields has everything, also what has no column.
type parquetRow struct {
	Document       string     `parquet:"document,dict"`
	Version        int32      `parquet:"version"`
	Revision       int64      `parquet:"revision"`
	DocumentState  *string    `parquet:"document_state,dict"`
	Source         string     `parquet:"source,dict"`
	Profile        *string    `parquet:"profile,dict"`
	DocumentNumber *string    `parquet:"document_number,dict"`
	DocumentDate   *int32     `parquet:"document_date,date"` // null when digits of it are unknown
	Issuer         *string    `parquet:"issuer,dict"`
	Province       *string    `parquet:"province,dict"`
	Period         *string    `parquet:"period,dict"`
	ChangedAt      *time.Time `parquet:"changed_at,timestamp(microsecond)"`

	Kind        string   `parquet:"kind,dict"`
	Record      string   `parquet:"record"`
	Position    int32    `parquet:"position"`
	GroupNumber *string  `parquet:"group_number,dict"`
	GroupName   *string  `parquet:"group_name,dict"`
	Page        *int32   `parquet:"page"`
	Confidence  float64  `parquet:"confidence"`
	State       string   `parquet:"state,dict"`
	Unsure      []string `parquet:"unsure,list"`
	Link        *string  `parquet:"link"`

	Section            *string         `parquet:"section"`
	Number             *string         `parquet:"number"`
	Title              *string         `parquet:"title"`
	Name               *string         `parquet:"name"`
	Task               *string         `parquet:"task"`
	Content            *string         `parquet:"content"`
	CatalogueRef       *string         `parquet:"catalogue_ref"`
	Status             *string         `parquet:"status,dict"`
	Amounts            []parquetAmount `parquet:"amounts,list"`
	Unit               *string         `parquet:"unit,dict"`
	Directive          *string         `parquet:"directive"`
	Target             *float64        `parquet:"target"`
	Progress           *float64        `parquet:"progress"`
	Total              *float64        `parquet:"total"`
	Online             *float64        `parquet:"online"`
	Ratio              *float64        `parquet:"ratio"`
	Change             *float64        `parquet:"change"`
	Beneficiaries      *float64        `parquet:"beneficiaries"`
	LeadAgency         *string         `parquet:"lead_agency"`
	SupportingAgencies *string         `parquet:"supporting_agencies"`
	Deadline           *string         `parquet:"deadline"`
	DeadlineDate       *int32          `parquet:"deadline_date,date"`
	Goal               *string         `parquet:"goal"`
	Result             *string         `parquet:"result"`
	Results            *string         `parquet:"results"`
	Difficulties       *string         `parquet:"difficulties"`
	Benefits           *string         `parquet:"benefits"`
	Cost               *string         `parquet:"cost"`
	NextSteps          *string         `parquet:"next_steps"`
	ForCitizens        *string         `parquet:"for_citizens"`
	ForBusinesses      *string         `parquet:"for_businesses"`
	Shortcomings       *string         `parquet:"shortcomings"`
	Causes             *string         `parquet:"causes"`
	Responsibility     *string         `parquet:"responsibility"`
	Solutions          *string         `parquet:"solutions"`
	DataSource         *string         `parquet:"data_source"`
	CitizenSavings     *string         `parquet:"citizen_savings"`
	StateSavings       *string         `parquet:"state_savings"`
	LocalApplication   *string         `parquet:"local_application"`

	Fields []parquetField `parquet:"fields,list"`
}

// parquetAmount is a sum of the record.
type parquetAmount struct {
	VND        int64    `parquet:"vnd"`
	VNDTo      *int64   `parquet:"vnd_to"` // upper end of a range
	Qualifier  *string  `parquet:"qualifier"`
	Per        *string  `parquet:"per"`
	Column     *string  `parquet:"column"`
	SharedWith []string `parquet:"shared_with,list"`
	Text       string   `parquet:"text"`
	Confidence float64  `parquet:"confidence"`
	State      string   `parquet:"state,dict"`
	Page       *int32   `parquet:"page"`
}

// parquetField is one value of the record, with how far it can be trusted.
type parquetField struct {
	Name       string   `parquet:"name,dict"`
	Index      *int32   `parquet:"index"` // in a list; null for single values
	Text       string   `parquet:"text"`
	Number     *float64 `parquet:"number"`
	Date       *int32   `parquet:"date,date"`
	VND        *int64   `parquet:"vnd"`
	Confidence float64  `parquet:"confidence"`
	State      string   `parquet:"state,dict"`
	Page       *int32   `parquet:"page"`
}

// parquetRows is how many records a row group holds: readers skip whole groups,
// and the writer keeps one in memory.
const parquetRows = 2048

// parquetEncoder writes Parquet.
type parquetEncoder struct {
	w   *parquet.GenericWriter[parquetRow]
	set Settings
	in  int // rows in the open group
}

func newParquet(w io.Writer, set Settings) (*parquetEncoder, error) {
	cfg, err := parquet.NewWriterConfig(
		parquet.Compression(&parquet.Snappy), // which every reader knows
		parquet.CreatedBy("sohoa", RecordVersion, ""),
		parquet.DataPageStatistics(true),
		parquet.PageBufferSize(64<<10),
		parquet.KeyValueMetadata("sohoa.schema", RecordVersion),
	)
	if err != nil {
		return nil, fmt.Errorf("parquet: %w", err)
	}
	return &parquetEncoder{w: parquet.NewGenericWriter[parquetRow](w, cfg), set: set}, nil
}

// Add implements [Encoder].
func (e *parquetEncoder) Add(doc *Stored) error {
	for _, r := range rows(doc, e.set) {
		if _, err := e.w.Write([]parquetRow{newParquetRow(r)}); err != nil {
			return fmt.Errorf("record %s of %s: %w", r.rec.ID, doc.Source.Name, err)
		}
		if e.in++; e.in == parquetRows {
			e.in = 0
			if err := e.w.Flush(); err != nil {
				return fmt.Errorf("parquet row group: %w", err)
			}
		}
	}
	return nil
}

// Close implements [Encoder].
func (e *parquetEncoder) Close() error {
	if err := e.w.Close(); err != nil {
		return fmt.Errorf("parquet: %w", err)
	}
	return nil
}

func newParquetRow(r row) parquetRow {
	h := &r.doc.Header
	number, name := groupOf(r.rec)
	p := parquetRow{
		Document: valid(r.doc.DocumentID), Version: int32(r.doc.Version), Revision: r.doc.Revision, DocumentState: known(r.doc.State), Source: valid(r.doc.Source.Name),
		Profile: known(r.doc.Engine.Profile), DocumentNumber: known(headerText(h.Number)), DocumentDate: days(documentDate(r.doc.Document)), Issuer: known(headerText(h.Issuer)),
		Province: known(r.doc.Province), Period: known(r.doc.Period),
		Kind: valid(r.rec.Kind), Record: valid(r.rec.ID), Position: int32(r.position), GroupNumber: known(number), GroupName: known(name),
		Page: pageNumber(r.page), Confidence: r.confidence, State: string(r.state), Unsure: r.unsure, Link: known(r.link),
	}
	if !r.doc.Changed.IsZero() {
		t := r.doc.Changed.UTC().Truncate(time.Microsecond)
		p.ChangedAt = &t
	}
	texts := map[string]**string{
		"section": &p.Section, "number": &p.Number, "title": &p.Title, "name": &p.Name, "task": &p.Task, "content": &p.Content, "catalogue_ref": &p.CatalogueRef,
		"status": &p.Status, "unit": &p.Unit, "directive": &p.Directive, "lead_agency": &p.LeadAgency, "supporting_agencies": &p.SupportingAgencies,
		"deadline": &p.Deadline, "goal": &p.Goal, "result": &p.Result, "results": &p.Results, "difficulties": &p.Difficulties, "benefits": &p.Benefits,
		"cost": &p.Cost, "next_steps": &p.NextSteps, "for_citizens": &p.ForCitizens, "for_businesses": &p.ForBusinesses, "shortcomings": &p.Shortcomings,
		"causes": &p.Causes, "responsibility": &p.Responsibility, "solutions": &p.Solutions, "data_source": &p.DataSource,
		"citizen_savings": &p.CitizenSavings, "state_savings": &p.StateSavings, "local_application": &p.LocalApplication,
	}
	numbers := map[string]**float64{
		"target": &p.Target, "progress": &p.Progress, "total": &p.Total, "online": &p.Online, "ratio": &p.Ratio, "change": &p.Change, "beneficiaries": &p.Beneficiaries,
	}
	for _, name := range fieldNames(r.rec) {
		e := r.rec.Fields[name]
		if at := texts[name]; at != nil {
			*at = known(plain(name, e))
		}
		if at := numbers[name]; at != nil {
			if c := fieldCell(name, e); c.Type == numberCell {
				*at = &c.Number
			}
		}
		fields := e.All()
		for i := range fields {
			f := &fields[i]
			p.Fields = append(p.Fields, newParquetField(name, f, e.One == nil, i))
			if m, ok := schema.TypedValue(f.Value).(schema.Money); ok {
				p.Amounts = append(p.Amounts, newParquetAmount(f, m))
			}
		}
		if name == "deadline" && e.One != nil {
			if s, ok := e.One.Value.(string); ok {
				p.DeadlineDate = days(s)
			}
		}
	}
	return p
}

// plain is the value of a text column: the words of the report, but the value
// where it is a name of ours or of the catalogue.
func plain(name string, e schema.Entry) string {
	switch name {
	case "status", "catalogue_ref", "number":
		if c := fieldCell(name, e); c.Text != "" {
			return c.Text
		}
	}
	return wording(e)
}

func newParquetField(name string, f *schema.Field, list bool, i int) parquetField {
	x := parquetField{Name: valid(name), Text: valid(f.Text), Confidence: f.Confidence, State: string(f.State), Page: pageOf(f)}
	if list {
		n := int32(i)
		x.Index = &n
	}
	switch c := valueCell("", f); c.Type {
	case numberCell:
		x.Number = &c.Number
	case dateCell:
		x.Date = days(c.Text)
	}
	if m, ok := schema.TypedValue(f.Value).(schema.Money); ok {
		x.VND = &m.VND
	}
	return x
}

func newParquetAmount(f *schema.Field, m schema.Money) parquetAmount {
	a := parquetAmount{
		VND: m.VND, Qualifier: known(m.Qualifier), Per: known(m.Per), Column: known(m.Column), SharedWith: m.SharedWith,
		Text: valid(f.Text), Confidence: f.Confidence, State: string(f.State), Page: pageOf(f),
	}
	if m.VNDTo != 0 {
		a.VNDTo = &m.VNDTo
	}
	return a
}

func pageOf(f *schema.Field) *int32 {
	if len(f.Boxes) == 0 {
		return nil
	}
	return pageNumber(f.Boxes[0].Page)
}

func pageNumber(n int) *int32 {
	if n == 0 {
		return nil
	}
	p := int32(n)
	return &p
}

// known is nil for what is not said.
func known(s string) *string {
	if s == "" {
		return nil
	}
	s = valid(s)
	return &s
}

// days counts from 1970, nil for what is no whole date. Of a period it is the last day,
// which is what a deadline asks for.
func days(s string) *int32 {
	if first, last, ok := strings.Cut(s, "/"); ok && len(first) == len(last) {
		s = last
	}
	t, ok := day(s)
	if !ok {
		return nil
	}
	n := int32(t.Unix() / 86400)
	if t.Unix()%86400 < 0 {
		n--
	}
	return &n
}
