package schema_test

import (
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func TestMannerIsReadAsWritten(t *testing.T) {
	for _, turn := range []int{0, 90, 180, 270, schema.AsItLies} {
		for bits := range 8 {
			m := schema.Manner{Turn: turn, Running: bits&1 > 0, Picture: bits&2 > 0, Fine: bits&4 > 0}
			got, err := schema.ParseManner(m.String())
			if err != nil || got != m {
				t.Errorf("%+v, written %q, is read as %+v, %v", m, m, got, err)
			}
			if (m.String() == "") != (m == schema.Manner{}) {
				t.Errorf("%+v is written %q", m, m)
			}
		}
	}
	for _, s := range []string{"turn=45", "turn=0", "turn=450", "turn=x", "turn=", "upside-down", "fine, running"} {
		if m, err := schema.ParseManner(s); err == nil {
			t.Errorf("%q is read as %+v", s, m)
		}
	}
}
