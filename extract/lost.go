package extract

func (b *builder) readLost(s *section) {}
