package eval

// gritsTop returns GriTS-Top, the topology form of the grid table similarity
// of Smock, Pesala and Abraham, "GriTS: Grid table similarity metric for table
// structure recognition" (ICDAR 2023), as F-score. Each place of a grid is
// described by the rectangle of its cell relative to the place; two places are
// as alike as the intersection over union of their rectangles. The most
// similar sub-grids are found with the factored heuristic of the paper's
// section 4: rows and columns are aligned each by themselves.
func gritsTop(gold, pred *grid) float64 {
	if gold.rows*gold.cols == 0 || pred.rows*pred.cols == 0 {
		return 0
	}
	like := func(r, c, pr, pc int) float64 { return rectIoU(gold.relative(r, c), pred.relative(pr, pc)) }
	rowLike := func(r, pr int) float64 {
		return bestSum(gold.cols, pred.cols, func(c, pc int) float64 { return like(r, c, pr, pc) })
	}
	colLike := func(c, pc int) float64 {
		return bestSum(gold.rows, pred.rows, func(r, pr int) float64 { return like(r, c, pr, pc) })
	}
	rows := alignSequence(gold.rows, pred.rows, rowLike)
	cols := alignSequence(gold.cols, pred.cols, colLike)
	sum := 0.0
	for r, pr := range rows {
		for c, pc := range cols {
			if pr >= 0 && pc >= 0 {
				sum += like(r, c, pr, pc)
			}
		}
	}
	return 2 * sum / float64(gold.rows*gold.cols+pred.rows*pred.cols)
}

// relative returns the rectangle of the cell that covers a place, relative to
// it: left, top, right and bottom; the unit square where no cell is.
func (g *grid) relative(r, c int) [4]int {
	k := g.at[r][c]
	if k < 0 {
		return [4]int{0, 0, 1, 1}
	}
	cell := g.cells[k]
	return [4]int{cell.col - c, cell.row - r, cell.col + cell.colSpan - c, cell.row + cell.rowSpan - r}
}

func rectIoU(a, b [4]int) float64 {
	w := min(a[2], b[2]) - max(a[0], b[0])
	h := min(a[3], b[3]) - max(a[1], b[1])
	if w <= 0 || h <= 0 {
		return 0
	}
	both := w * h
	area := func(x [4]int) int { return (x[2] - x[0]) * (x[3] - x[1]) }
	return float64(both) / float64(area(a)+area(b)-both)
}

// bestSum is the value of the best alignment of two sequences.
func bestSum(n, m int, likeness func(i, j int) float64) float64 {
	row := make([]float64, m+1)
	for i := n - 1; i >= 0; i-- {
		diagonal := 0.0 // best[i+1][j+1]
		for j := m - 1; j >= 0; j-- {
			below := row[j]
			row[j] = max(below, row[j+1], diagonal+likeness(i, j))
			diagonal = below
		}
	}
	return row[0]
}

// node is a node of the tree that TEDS compares, in post-order.
type node struct {
	label [3]int // kind, row span, column span
	first int    // post-order number of its leftmost leaf
}

const (
	tagTable = iota
	tagHead
	tagBody
	tagRow
	tagCell
)

// tree turns a grid into the tree table → thead, tbody → tr → td.
func (g *grid) tree() []node {
	var out []node
	part := func(tag, from, to int) {
		start := len(out)
		for r := from; r < to; r++ {
			row := len(out)
			for c := range g.cols {
				k := g.at[r][c]
				if k >= 0 && g.cells[k].row == r && g.cells[k].col == c {
					out = append(out, node{[3]int{tagCell, g.cells[k].rowSpan, g.cells[k].colSpan}, len(out)})
				}
			}
			out = append(out, node{[3]int{tagRow}, row})
		}
		out = append(out, node{[3]int{tag}, start})
	}
	head := min(max(g.head, 0), g.rows)
	part(tagHead, 0, head)
	part(tagBody, head, g.rows)
	return append(out, node{[3]int{tagTable}, 0})
}

// tedsStruct returns TEDS-S: one less the tree edit distance over the size of
// the larger tree, with texts left aside. TEDS is by Zhong, ShafieiBavani and
// Jimeno Yepes, "Image-based table recognition: data, model, and evaluation"
// (ECCV 2020); a change of kind or span costs one, like an insertion or a
// deletion. The distance is computed as in Zhang and Shasha (1989).
func tedsStruct(gold, pred *grid) float64 {
	a, b := gold.tree(), pred.tree()
	return 1 - float64(treeDistance(a, b))/float64(max(len(a), len(b)))
}

func treeDistance(a, b []node) int {
	dist := make([][]int, len(a))
	for i := range dist {
		dist[i] = make([]int, len(b))
	}
	forest := make([][]int, len(a)+1)
	for i := range forest {
		forest[i] = make([]int, len(b)+1)
	}
	for _, i := range keyRoots(a) {
		for _, j := range keyRoots(b) {
			forestDistance(a, b, i, j, dist, forest)
		}
	}
	return dist[len(a)-1][len(b)-1]
}

// keyRoots lists the nodes with a left sibling, and the root, rising.
func keyRoots(t []node) []int {
	last := make(map[int]int)
	for i, n := range t {
		last[n.first] = i
	}
	var out []int
	for i, n := range t {
		if last[n.first] == i {
			out = append(out, i)
		}
	}
	return out
}

// forestDistance fills dist for all pairs of subtrees that share their
// leftmost leaf with i and j. In forest, row x stands for the nodes of a from
// i's leftmost leaf to the x-1st after it.
func forestDistance(a, b []node, i, j int, dist, forest [][]int) {
	li, lj := a[i].first, b[j].first
	forest[0][0] = 0
	for x := li; x <= i; x++ {
		forest[x-li+1][0] = forest[x-li][0] + 1
	}
	for y := lj; y <= j; y++ {
		forest[0][y-lj+1] = forest[0][y-lj] + 1
	}
	for x := li; x <= i; x++ {
		for y := lj; y <= j; y++ {
			u, v := x-li+1, y-lj+1
			least := min(forest[u-1][v], forest[u][v-1]) + 1
			if a[x].first == li && b[y].first == lj {
				change := 0
				if a[x].label != b[y].label {
					change = 1
				}
				least = min(least, forest[u-1][v-1]+change)
				dist[x][y] = least
			} else {
				least = min(least, forest[a[x].first-li][b[y].first-lj]+dist[x][y])
			}
			forest[u][v] = least
		}
	}
}

// sameStructure reports whether two tables have the same places and spans.
func sameStructure(gold, pred *grid) bool {
	if gold.rows != pred.rows || gold.cols != pred.cols || len(gold.cells) != len(pred.cells) {
		return false
	}
	for i, c := range gold.cells {
		p := pred.cells[i]
		if c.row != p.row || c.col != p.col || c.rowSpan != p.rowSpan || c.colSpan != p.colSpan {
			return false
		}
	}
	return true
}
