package extract

import (
	"fmt"

	"github.com/sohoa/sohoa/schema"
)

func (b *builder) checkAll(tables []schema.Table) {}

// reportUnplaced lists text of a table that found no place.
func (b *builder) reportUnplaced(p *Profile, left []passage) {
	if len(left) == 0 {
		return
	}
	all := concat(left...)
	b.check(schema.Check{
		Rule: "unplaced", Severity: schema.Warning, Places: all.places(),
		Message: fmt.Sprintf("%d lines of the table %q found no place in any row", len(left), p.Name),
	})
}
