package extract

import "strings"

// Text written by hand, or exported from other programs, has a row a line and its cells
// between bars: "| 1 | Cầu dân sinh | 12.300 |". Lines of OCR have bars, too, but neither
// on both ends nor as many on each; where they do, the cells are as sure.

// fewestBarred are the lines with as many cells each that make a table: heads and two rows.
const fewestBarred = 3

// barredCells are the cells of the lines of a section that stand between bars, a line
// after the other; nil where no table is written so.
func (b *builder) barredCells(s *section) (cells []pipedCell) {
	var block []pipedCell
	width := 0 // cells of a line of the block
	add := func() {
		if width > 0 && len(block) >= fewestBarred*width {
			cells = append(cells, block...)
		}
		block, width = nil, 0
	}
	for i := s.from; i < s.to; i++ {
		if isDashes(b.lines[i].text) {
			continue
		}
		line := betweenBars(b.lines[i].passage)
		if len(line) != width {
			add()
		}
		if len(line) < fewestColumns {
			continue
		}
		width = len(line)
		for _, text := range line {
			block = append(block, pipedCell{text, i, i})
		}
	}
	add()
	if cells == nil {
		return nil
	}
	return append(cells, pipedCell{newPassage(nil), s.to, s.to})
}

// betweenBars cuts a line at its bars; nil where it neither begins nor ends with one.
func betweenBars(line passage) (cells []passage) {
	if !strings.HasPrefix(line.text, "|") || !strings.HasSuffix(line.text, "|") {
		return nil
	}
	var cell []word
	opened := false
	for _, w := range line.words {
		texts, raws := strings.Split(w.text, "|"), strings.Split(w.raw, "|")
		for k, text := range texts {
			if k > 0 && opened {
				cells = append(cells, newPassage(cell))
				cell = nil
			}
			opened = opened || k > 0
			if text == "" {
				continue
			}
			part := w
			if part.text, part.raw = text, text; len(raws) == len(texts) {
				part.raw = raws[k]
			}
			cell = append(cell, part)
		}
	}
	return cells
}

// isDashes reports whether a line parts heads from rows: "|---|:---|".
func isDashes(line string) bool {
	return strings.Contains(line, "-") && strings.Trim(line, "|-: ") == ""
}
