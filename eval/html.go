package eval

import (
	"cmp"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

//go:embed report.html.tmpl
var pageSource string

var page = template.Must(template.New("report").Parse(pageSource))

// pageData is what the template shows.
type pageData struct {
	Title     string
	Tiles     []tile
	Groups    []GroupReport
	Trust     []trustRow // by group
	Classes   []trustRow // by class of fields
	Fields    []fieldRow
	Errors    []bars
	Tables    []bars
	Records   []tableRow
	Plots     []plot
	Confusion confusion
	Worst     []worstRow
	Data      template.HTML // the figures, for a later report to compare with
	Changes   []change
	Documents []DocumentReport
	Missing   []string
	Figures   []string // columns of the table of documents
	Cells     map[string]map[string]string
}

// bars is a bar chart: a bar a group.
type bars struct {
	Name string
	SVG  template.HTML
}

type tableRow struct {
	Group, Kind string
	Values      []string
}

type plot struct {
	Name string
	SVG  template.HTML
	Text string
}

type confusion struct {
	Names []string
	Rows  [][]int
}

// tile is a figure that says most.
type tile struct{ Name, Value, Note string }

// trustRow says how far the confidences of some fields can be trusted.
type trustRow struct {
	Name   string
	Fields int
	Right  float64
	Calibration
}

// fieldRow is a line of the table of fields.
type fieldRow struct {
	Name   string
	Right  float64
	Of     int
	Review float64 // share that was sent to review; of those judged with a confidence
}

// worstRow is a wrong field with its cutting.
type worstRow struct {
	Sample
	Cutting template.URL // as a data: address; "" when there is none
}

type change struct {
	Group, Figure string
	Before, After float64
	Worse         bool
}

// kindFigures are the columns of the table of records, by figure and head.
var kindFigures = [][2]string{
	{"number_f1", "number F1"}, {"title_exact", "title exact"}, {"title_cer", "title CER"}, {"group", "group"}, {"status_f1", "status F1"},
	{"amounts_f1", "amounts F1"}, {"amounts_column_f1", "with column"}, {"long_cer", "long columns CER"}, {"fields_exact", "other fields exact"},
	{"typed_exact", "typed fields exact"}, {"text_cer", "texts of fields CER"},
}

// PageOptions say what a page of plots shows besides the figures.
type PageOptions struct {
	// Before is a report of an earlier run; the page tells what changed since.
	Before *Report
	// Cut returns the picture (PNG or JPEG) of a place on a page of a source,
	// nil bytes when there is none. It may be nil.
	Cut func(document string, at schema.Place) ([]byte, error)
}

// worstShown is the number of wrong fields that the page shows.
const worstShown = 20

// WriteHTML writes the report as one page that needs nothing from elsewhere.
// It holds the figures themselves too, so that [ReadReport] reads it.
func (r Report) WriteHTML(w io.Writer, opts PageOptions) error {
	d := pageData{Title: "sohoa: evaluation", Groups: r.Groups, Documents: r.Documents, Missing: r.Missing, Cells: make(map[string]map[string]string)}
	for _, c := range [][2]string{{"cer", "Character error rate"}, {"wer", "Word error rate"}} {
		d.Errors = append(d.Errors, r.barChart(c[0], c[1]))
	}
	for _, c := range [][2]string{{"cells_whole", "Cells whole"}, {"cells_exact", "Cells exact"}, {"cells_f1", "Cells F1"}, {"grits_top", "GriTS-Top"}, {"teds_s", "TEDS-S"}, {"tables_right", "Tables right"}} {
		d.Tables = append(d.Tables, r.barChart(c[0], c[1]))
	}
	for _, g := range r.Groups {
		for _, kind := range slices.Sorted(maps.Keys(g.Scores.Kinds)) {
			row := tableRow{Group: g.Name, Kind: kind}
			for _, f := range kindFigures {
				row.Values = append(row.Values, cell(g.Figures, kind+"."+f[0]))
			}
			d.Records = append(d.Records, row)
		}
		if len(g.Scores.Samples) > 0 {
			d.Trust = append(d.Trust, newTrustRow(g.Name, g.Scores.Samples))
		}
	}
	if all := r.Groups[len(r.Groups)-1]; len(all.Scores.Samples) > 0 {
		if err := d.trust(all.Scores, opts); err != nil {
			return err
		}
	}
	for _, c := range printed {
		d.Figures = append(d.Figures, c[1])
	}
	for _, doc := range r.Documents {
		d.Cells[doc.Name] = make(map[string]string)
		for _, c := range printed {
			d.Cells[doc.Name][c[1]] = cell(doc.Figures, c[0])
		}
	}
	if opts.Before != nil {
		d.Changes = changes(*opts.Before, r)
	}
	data, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("writing the report page: %w", err)
	}
	// Marshal escapes what could end the element.
	d.Data = template.HTML(dataBegins + string(data) + dataEnds)
	if err := page.Execute(w, d); err != nil {
		return fmt.Errorf("writing the report page: %w", err)
	}
	return nil
}

// Marks around the figures within a page.
const (
	dataBegins = `<script type="application/json" id="figures">`
	dataEnds   = `</script>`
)

func newTrustRow(name string, samples []Sample) trustRow {
	var right Share
	for _, s := range samples {
		right.Count(s.Right)
	}
	return trustRow{name, right.Of, ratio(right.Hit, right.Of), Calibrate(samples, promised)}
}

// trust fills in what is about confidences.
func (d *pageData) trust(all *Scores, opts PageOptions) error {
	c := Calibrate(all.Samples, promised)
	percent := func(v float64) string { return fmt.Sprintf("%.1f %%", 100*v) }
	d.Tiles = []tile{
		{"Review to reach 99 %", percent(c.Review), fmt.Sprintf("of %d fields; the rest is right in at least %.2f %% (Wilson, 95 %%)", len(all.Samples), 100*c.Wilson)},
		{"Accepted", percent(c.AcceptedShare), "of the fields, by the thresholds in use"},
		{"Of those, right", fmt.Sprintf("%.2f %%", 100*c.AcceptedPrecision), fmt.Sprintf("at least %.2f %% (Wilson, 95 %%); %d wrong", 100*c.AcceptedWilson, c.AcceptedWrong)},
		{"Sums and numbers accepted wrongly", fmt.Sprint(acceptedWrong(all.Samples)), "amounts, counts, numbers of records"},
		{"Calibration error", fmt.Sprintf("%.4f", c.ECE), "mean gap between confidence and share right (ECE)"},
	}
	d.Plots = []plot{
		{"Reliability", reliabilitySVG(c), fmt.Sprintf("%d fields; expected calibration error %.4f. A bar on the line is a confidence that means what it says.", len(all.Samples), c.ECE)},
		{"Precision against coverage", coverageSVG(all.Samples), fmt.Sprintf("Review %.1f %% of the fields to reach 99 %%; above that threshold the precision is at least %.4f (Wilson, 95 %%).", 100*c.Review, c.Wilson)},
	}
	if len(all.Cells) > 0 {
		c := Calibrate(all.Cells, promised)
		d.Plots = append(d.Plots, plot{"Reliability of cells", reliabilitySVG(c), fmt.Sprintf("%d cells of tables; expected calibration error %.4f.", len(all.Cells), c.ECE)})
	}
	by := func(key func(Sample) string, samples []Sample) map[string][]Sample {
		out := make(map[string][]Sample)
		for _, s := range samples {
			out[key(s)] = append(out[key(s)], s)
		}
		return out
	}
	classes := by(func(s Sample) string { return s.Class }, all.Samples)
	for _, name := range slices.Sorted(maps.Keys(classes)) {
		d.Classes = append(d.Classes, newTrustRow(name, classes[name]))
	}
	types := by(func(s Sample) string { return s.Type }, all.Samples)
	for _, name := range slices.Sorted(maps.Keys(types)) {
		row := newTrustRow(name, types[name])
		d.Fields = append(d.Fields, fieldRow{name, row.Right, row.Fields, 1 - row.AcceptedShare})
	}
	d.Confusion = confusionOf(all.Statuses)
	for _, s := range worst(all.Samples, worstShown) {
		row := worstRow{Sample: s}
		if opts.Cut != nil && len(s.Places) > 0 && s.Places[0].Box != nil {
			picture, err := opts.Cut(s.Document, s.Places[0])
			if err != nil {
				return fmt.Errorf("cutting %s out of %s: %w", s.Type, s.Document, err)
			}
			if len(picture) > 0 {
				row.Cutting = template.URL("data:" + http.DetectContentType(picture) + ";base64," + base64.StdEncoding.EncodeToString(picture))
			}
		}
		d.Worst = append(d.Worst, row)
	}
	return nil
}

// KindHeads are the heads of the table of records.
func (pageData) KindHeads() []string {
	var out []string
	for _, f := range kindFigures {
		out = append(out, f[1])
	}
	return out
}

// barChart draws a figure of all groups that have it.
func (r Report) barChart(figure, name string) bars {
	type bar struct {
		group string
		value float64
	}
	var list []bar
	for _, g := range r.Groups {
		for _, f := range g.Figures {
			if f.Name == figure {
				list = append(list, bar{g.Name, f.Value})
			}
		}
	}
	if len(list) == 0 {
		return bars{Name: name}
	}
	const left, width, step = 90, 200, 20
	top := 1.0
	if low := slices.MaxFunc(list, func(a, b bar) int { return cmp.Compare(a.value, b.value) }).value; low < 0.2 {
		top = 0.2 // error rates are small; a bar of one pixel says nothing
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %d %d" width="%d" role="img" aria-label="%s">`, left+width+60, len(list)*step+4, left+width+60, template.HTMLEscapeString(name))
	for i, x := range list {
		y := i * step
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>`, left-6, y+14, template.HTMLEscapeString(x.group))
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%.1f" height="14"/>`, left, y+3, width*min(x.value/top, 1))
		fmt.Fprintf(&b, `<text x="%.1f" y="%d">%.4f</text>`, left+width*min(x.value/top, 1)+4, y+14, x.value)
	}
	b.WriteString("</svg>")
	return bars{name, template.HTML(b.String())}
}

// side is the width of a plot in pixels, edge the room for its labels.
const (
	side = 260
	edge = 46
)

// frame draws the axes of a plot between 0 and 1, or from a lowest value on.
func frame(b *strings.Builder, x, y string, lowest float64) {
	fmt.Fprintf(b, `<svg viewBox="0 0 %d %d" width="%d"><rect class="frame" x="%d" y="4" width="%d" height="%d"/>`, side+edge+8, side+edge, side+edge+8, edge, side, side-4)
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="middle">%s</text><text transform="translate(10 %d) rotate(-90)" text-anchor="middle">%s</text>`, edge+side/2, side+26, x, side/2, y)
	for _, t := range []float64{0, 0.5, 1} {
		v := lowest + (1-lowest)*t
		fmt.Fprintf(b, `<text x="%.0f" y="%d" text-anchor="middle">%.1f</text><text x="%d" y="%.0f" text-anchor="end">%.2f</text>`, edge+t*side, side+14, t, edge-3, 10+(1-t)*(side-10), v)
	}
}

func reliabilitySVG(c Calibration) template.HTML {
	var b strings.Builder
	frame(&b, "confidence", "share right", 0)
	for _, bin := range c.Bins {
		if bin.N == 0 {
			continue
		}
		h := bin.Right * (side - 4)
		fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f"><title>%d fields: said %.3f, right %.3f</title></rect>`,
			edge+bin.From*side+1, side-h, (bin.To-bin.From)*side-2, h, bin.N, bin.Confidence, bin.Right)
	}
	fmt.Fprintf(&b, `<line x1="%d" y1="%d" x2="%d" y2="4"/></svg>`, edge, side, edge+side)
	return template.HTML(b.String())
}

// coverageSVG draws the precision of the surest share of the fields.
func coverageSVG(samples []Sample) template.HTML {
	order := slices.Clone(samples)
	slices.SortStableFunc(order, func(a, b Sample) int { return cmp.Compare(b.Confidence, a.Confidence) })
	type dot struct{ coverage, precision float64 }
	var dots []dot
	right, lowest := 0, 1.0
	for i, s := range order {
		if s.Right {
			right++
		}
		if i+1 < len(order) && order[i+1].Confidence == s.Confidence {
			continue
		}
		dots = append(dots, dot{ratio(i+1, len(order)), ratio(right, i+1)})
		lowest = min(lowest, ratio(right, i+1))
	}
	lowest = math.Floor(min(lowest, 0.9)*10) / 10
	var b strings.Builder
	frame(&b, "share of the fields", "precision", lowest)
	y := func(p float64) float64 { return 4 + (1-p)/(1-lowest)*(side-4) }
	fmt.Fprintf(&b, `<line x1="%d" y1="%.1f" x2="%d" y2="%.1f"/><polyline points="`, edge, y(0.99), edge+side, y(0.99))
	for _, d := range dots {
		fmt.Fprintf(&b, "%.1f,%.1f ", edge+d.coverage*side, y(d.precision))
	}
	b.WriteString(`"/></svg>`)
	return template.HTML(b.String())
}

// confusionOf turns counts of pairs into a square.
func confusionOf(pairs map[string]int) confusion {
	names := make(map[string]bool)
	for pair := range pairs {
		a, b, _ := strings.Cut(pair, "\t")
		names[a], names[b] = true, true
	}
	c := confusion{Names: slices.Sorted(maps.Keys(names))}
	for _, a := range c.Names {
		var row []int
		for _, b := range c.Names {
			row = append(row, pairs[a+"\t"+b])
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

// worst lists the wrong fields of which the machine was surest.
func worst(samples []Sample, n int) []Sample {
	wrong := slices.DeleteFunc(slices.Clone(samples), func(s Sample) bool { return s.Right })
	slices.SortStableFunc(wrong, func(a, b Sample) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return wrong[:min(n, len(wrong))]
}

// changes lists the figures of groups that moved, the worse ones first.
func changes(before, after Report) []change {
	var out []change
	for _, g := range after.Groups {
		i := slices.IndexFunc(before.Groups, func(x GroupReport) bool { return x.Name == g.Name })
		if i < 0 {
			continue
		}
		for _, f := range g.Figures {
			j := slices.IndexFunc(before.Groups[i].Figures, func(x Figure) bool { return x.Name == f.Name })
			if j < 0 {
				continue
			}
			was := before.Groups[i].Figures[j].Value
			if math.Abs(was-f.Value) < 0.00005 {
				continue
			}
			out = append(out, change{g.Name, f.Name, was, f.Value, f.Value < was != f.Low})
		}
	}
	slices.SortStableFunc(out, func(a, b change) int {
		if a.Worse != b.Worse {
			if a.Worse {
				return -1
			}
			return 1
		}
		return cmp.Compare(math.Abs(b.After-b.Before), math.Abs(a.After-a.Before))
	})
	return out
}
