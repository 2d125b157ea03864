package eval

import (
	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/schema"
)

// wholeTolerance is the share of a cell's characters that may be wrong in a
// cell that counts as whole.
const wholeTolerance = 0.05

// scoreTables compares the tables of a document. Predicted tables without a
// true partner count nowhere: truth need not tell of every table.
func scoreTables(gold []GoldTable, pred []schema.Table, s *Scores) {
	gg, pg := make([]*grid, len(gold)), make([]*grid, len(pred))
	for i := range gold {
		gg[i] = goldGrid(&gold[i])
	}
	for j := range pred {
		pg[j] = predGrid(&pred[j])
	}
	for i, j := range alignTables(gg, pg) {
		if j < 0 {
			s.miss(gg[i].text(), "", "table %d", i+1)
			missingTable(gg[i], s)
			continue
		}
		scoreTable(i, gg[i], pg[j], s)
	}
}

// missingTable counts a table that was not found: everything in it is wrong.
func missingTable(g *grid, s *Scores) {
	s.GriTS.add(Mean{0, 1})
	s.TEDS.add(Mean{0, 1})
	s.TablesRight.Count(false)
	for _, c := range g.cells {
		if c.text != "" {
			n := len([]rune(c.text))
			s.CellsWhole.Count(false)
			s.CellsExact.Count(false)
			s.CellMatch.Gold++
			s.CellChars.add(Edits{n, n})
		}
	}
	s.RowJoins.Gold += len(g.joins())
}

// scoreTable compares two tables; n is the number of the true one, from 0.
func scoreTable(n int, g, p *grid, s *Scores) {
	s.GriTS.add(Mean{gritsTop(g, p), 1})
	s.TEDS.add(Mean{tedsStruct(g, p), 1})
	s.TablesRight.Count(sameStructure(g, p))

	rows, cols := alignRows(g, p), alignColumns(g, p)
	for _, c := range g.cells {
		got := ""
		var source *schema.Cell
		if r, k := rows[c.row], cols[c.col]; r >= 0 && k >= 0 && p.at[r][k] >= 0 {
			got, source = p.cells[p.at[r][k]].text, p.cells[p.at[r][k]].source
		}
		if source != nil {
			edits, _ := cellEdits(c, got)
			s.cell(source, edits == 0, c.text, got)
		}
		if c.text == "" {
			continue
		}
		edits, length := cellEdits(c, got)
		s.CellChars.add(Edits{edits, length})
		whole := float64(edits) <= wholeTolerance*float64(length)
		s.CellsExact.Count(edits == 0)
		s.CellsWhole.Count(whole)
		s.CellMatch.Gold++
		if whole {
			s.CellMatch.Both++
		}
		if edits > 0 {
			s.miss(c.text, got, "table %d, row %d, column %d", n+1, c.row+1, c.col+1)
		}
	}
	for _, c := range p.cells {
		if c.text != "" {
			s.CellMatch.Pred++
		}
	}

	// A join counts as found when the aligned row crosses the same break.
	back := make(map[int]int)
	for r, pr := range rows {
		if pr >= 0 {
			back[pr] = r
		}
	}
	truth := make(map[[2]int]bool)
	for _, j := range g.joins() {
		truth[j] = true
	}
	found := p.joins()
	m := Match{Gold: len(truth), Pred: len(found)}
	for _, j := range found {
		if r, ok := back[j[0]]; ok && truth[[2]int{r, j[1]}] {
			m.Both++
		}
	}
	s.RowJoins.add(m)
}

// cellEdits returns the edits between a true cell and a reading of it, by the
// nearer of its two right texts.
func cellEdits(c gridCell, got string) (edits, length int) {
	want := []rune(c.text)
	edits, length = Distance(want, []rune(got)), len(want)
	if c.other != "" {
		if e := Distance([]rune(c.other), []rune(got)); e < edits {
			edits, length = e, len([]rune(c.other))
		}
	}
	return edits, length
}

// cell judges a predicted cell. Cells have no state: whether one would be
// accepted, by the thresholds that the program comes with, follows when the
// source of its page is known.
func (s *Scores) cell(c *schema.Cell, right bool, want, got string) {
	class := confidence.Cell
	if got == "" {
		class = confidence.Blank
	}
	s.Cells = append(s.Cells, Sample{
		Type: "table.cell", Class: class, Confidence: c.Confidence, Right: right, Near: right || nearlyRight(want, got), Want: want, Got: got,
		Places: c.Boxes, Evidence: c.Evidence,
	})
}
