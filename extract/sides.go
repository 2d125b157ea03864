package extract

func (b *builder) joinSides(p *Profile, rows []*row, lines []int, cols map[int]bool) {}
