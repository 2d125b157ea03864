package compare

import (
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/export"
)

// writeXLSX writes a workbook: the comparison as people read it, a line a cell
// as programs read it, what changed, and the reports.
func (c *Comparison) writeXLSX(w io.Writer, set Writing) (err error) {
	book := export.NewWorkbook()
	defer func() { err = errors.Join(err, book.Close()) }()
	for _, sheet := range []func(*export.Workbook, Writing) error{c.mainSheet, c.cellSheet, c.changeSheet, c.reportSheet} {
		if err := sheet(book, set); err != nil {
			return err
		}
	}
	return book.Finish(w)
}

func heads(names ...string) []export.Cell {
	out := make([]export.Cell, len(names))
	for i, n := range names {
		out[i] = export.Cell{Value: n, Shade: export.Head}
	}
	return out
}

// mainSheet has a line a subject; a column of the comparison has a column for
// the status, one for the sum and one for each field.
func (c *Comparison) mainSheet(book *export.Workbook, set Writing) error {
	head := []string{set.Say("Number"), set.Say("Subject"), set.Say("Group")}
	widths := []float64{8, 56, 24}
	for n := range c.Columns {
		label := c.Columns[n].label(set.Say)
		head = append(head, label+" · "+set.Say("Status"), label+" · "+set.Say("Amount (đồng)"))
		widths = append(widths, 18, 20)
		for _, f := range c.Fields {
			head = append(head, label+" · "+f)
			widths = append(widths, 18)
		}
	}
	sheet, err := book.NewSheet(set.Say("Comparison"), 2, widths, heads(head...)...)
	if err != nil {
		return err
	}
	for _, r := range c.Rows {
		line := []export.Cell{text(r.Number), {Value: r.Title, Wrap: true}, text(r.Group)}
		for _, cell := range r.Cells {
			line = append(line, cell.forSheet(len(c.Fields), set)...)
		}
		if err := sheet.Row(line...); err != nil {
			return err
		}
	}
	return sheet.Close()
}

// forSheet makes the cells of the workbook for one cell of the comparison,
// shaded where they rest on something unsure, linked to their place.
func (c *Cell) forSheet(fields int, set Writing) []export.Cell {
	out := make([]export.Cell, 2+fields)
	if c == nil {
		return out
	}
	shade := func(what ...string) export.Shade {
		if c.doubts(append(what, "link", "several")...) {
			return export.Unsure
		}
		return export.NoShade
	}
	status := set.Say(StatusWord(c.Status))
	out[0] = export.Cell{Value: status, Shade: shade("status", "title")}
	if l := c.Sources[0].Link; l != "" {
		out[0].Value = export.Link{URL: l, Text: status}
	}
	out[1].Shade = shade("amounts")
	if c.Amount != nil {
		out[1].Value = export.Dong(*c.Amount)
	} else if s := c.words(); s != "" {
		out[1].Value = s
	}
	for i, v := range c.Values {
		out[2+i] = export.Cell{Value: v.Text, Shade: shade(v.Field)}
		if v.Number != nil {
			out[2+i].Value = *v.Number
		}
	}
	return out
}

func (c *Comparison) cellSheet(book *export.Workbook, set Writing) error {
	head := slices.Concat(cellColumns, c.Fields, cellTail)
	sheet, err := book.NewSheet(set.Say("Cells"), 0, nil, heads(head...)...)
	if err != nil {
		return err
	}
	for i := range c.Rows {
		for n := range c.Columns {
			shade := export.NoShade
			if cell := c.Rows[i].Cells[n]; cell != nil && len(cell.Unsure) > 0 {
				shade = export.Unsure
			}
			if err := sheet.Row(cells(c.line(&c.Rows[i], n), shade)...); err != nil {
				return err
			}
		}
	}
	return sheet.Close()
}

func (c *Comparison) changeSheet(book *export.Workbook, set Writing) error {
	sheet, err := book.NewSheet(set.Say("Changes"), 0, []float64{0, 0, 0, 0, 48}, heads(changeColumns...)...)
	if err != nil {
		return err
	}
	for i := range c.Changes {
		shade := export.NoShade
		if c.Changes[i].Unsure {
			shade = export.Unsure
		}
		if err := sheet.Row(cells(c.Changes[i].line(), shade)...); err != nil {
			return err
		}
	}
	return sheet.Close()
}

func (c *Comparison) reportSheet(book *export.Workbook, set Writing) error {
	statuses := []string{"completed", "in_progress", "not_started", "not_registered", "transferred", ""}
	head := []string{"province", "period", "period_from", "period_to", "reports", "reported", "missing"}
	for _, s := range statuses {
		head = append(head, strings.ReplaceAll(statusWords[s], " ", "_"))
	}
	head = append(head, "amount", "unsure", "province_evidence", "period_evidence")
	sheet, err := book.NewSheet(set.Say("Reports"), 0, []float64{20, 12, 12, 12, 48}, heads(head...)...)
	if err != nil {
		return err
	}
	for n := range c.Columns {
		col := &c.Columns[n]
		line := []any{col.Label(), col.Period.Name, export.Day(col.Period.From), export.Day(col.Period.To), names(col.Documents), col.Tally.Reported, col.Tally.Missing}
		for _, s := range statuses {
			line = append(line, col.Tally.Statuses[s])
		}
		line = append(line, export.Dong(col.Tally.Amount), col.Tally.Unsure, col.Documents[0].Evidence.Province, col.Documents[0].Evidence.Period)
		if err := sheet.Row(cells(line, export.NoShade)...); err != nil {
			return err
		}
	}
	for _, p := range c.Plans {
		if err := sheet.Row(text(set.Say("Plan")), text(""), text(""), text(""), text(p.Name)); err != nil {
			return err
		}
	}
	return sheet.Close()
}

func text(s string) export.Cell {
	if s == "" {
		return export.Cell{}
	}
	return export.Cell{Value: s}
}

// cells makes cells of the workbook; empty texts stay empty.
func cells(line []any, shade export.Shade) []export.Cell {
	out := make([]export.Cell, len(line))
	for i, v := range line {
		if s, ok := v.(string); ok && s == "" {
			continue
		}
		out[i] = export.Cell{Value: v, Shade: shade}
	}
	return out
}
