package extract

import (
	"github.com/sohoa/sohoa/schema"
)

func (b *builder) checkAll(tables []schema.Table) {}
