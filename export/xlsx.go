package export

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/sohoa/sohoa/schema"
)

// EncodeXLSX writes a workbook with a sheet a record kind. Numbers and single
// amounts are typed cells; fields that need review are shaded.
func EncodeXLSX(w io.Writer, doc *schema.Document) (err error) {
	f := excelize.NewFile()
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	review, err := f.NewStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFE699"}}})
	if err != nil {
		return fmt.Errorf("review style: %w", err)
	}
	head, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fmt.Errorf("head style: %w", err)
	}
	all := sheets(doc)
	for _, s := range all {
		if _, err := f.NewSheet(s.kind); err != nil {
			return fmt.Errorf("sheet %q: %w", s.kind, err)
		}
		if err := fillSheet(f, s, head, review); err != nil {
			return fmt.Errorf("sheet %q: %w", s.kind, err)
		}
	}
	if len(all) > 0 {
		if err := f.DeleteSheet("Sheet1"); err != nil {
			return err
		}
	}
	return writeSorted(w, f)
}

// writeSorted writes the workbook with its parts in the order of their names.
// excelize ranges over a map of the streamed sheets, so its own order differs
// from one writing to the next; the compressed parts are copied as they are.
func writeSorted(w io.Writer, f *excelize.File) error {
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		return err
	}
	zr, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		return fmt.Errorf("read the workbook back: %w", err)
	}
	slices.SortFunc(zr.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	zw := zip.NewWriter(w)
	for _, part := range zr.File {
		if err := zw.Copy(part); err != nil {
			return fmt.Errorf("part %q: %w", part.Name, err)
		}
	}
	return zw.Close()
}

func fillSheet(f *excelize.File, s sheet, head, review int) error {
	sw, err := f.NewStreamWriter(s.kind)
	if err != nil {
		return err
	}
	var row []any
	for _, name := range append(append([]string{"id", "group_number", "group_name"}, s.fields...), "page", "confidence") {
		row = append(row, excelize.Cell{StyleID: head, Value: name})
	}
	if err := sw.SetRow("A1", row); err != nil {
		return err
	}
	for i, r := range s.rows {
		number, name := groupOf(r)
		row = append(row[:0], r.ID, number, name)
		for _, field := range s.fields {
			row = append(row, typedCell(r.Fields[field], review))
		}
		confidence, _ := lowest(r)
		row = append(row, firstPage(r), confidence)
		if err := sw.SetRow("A"+strconv.Itoa(i+2), row); err != nil {
			return err
		}
	}
	return sw.Flush()
}

// typedCell gives a number where the entry is one number or one amount, text
// otherwise; excelize stores text as text, so no formula can hide in it.
func typedCell(e schema.Entry, review int) excelize.Cell {
	var c excelize.Cell
	fields := e.All()
	for _, f := range fields {
		if f.State == schema.NeedsReview {
			c.StyleID = review
		}
	}
	c.Value = plain(e)
	if len(fields) == 1 {
		switch v := fields[0].Value.(type) {
		case float64:
			c.Value = v
		case schema.Money:
			c.Value = v.VND
		case map[string]any:
			if vnd, ok := v["vnd"].(float64); ok {
				c.Value = vnd
			}
		}
	}
	return c
}
