package extract

import (
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// Where a head of a group is a speck, no number of the table is vouched for; tables
// with a grid and other kinds of records are left alone.
func TestNumbersBelowGroupsWithoutNames(t *testing.T) {
	first := 0
	record := func(kind string, table *int, group string) schema.Record {
		number := schema.Field{Text: "1", Value: "1", State: schema.Accepted, Evidence: &schema.Evidence{}}
		return schema.Record{Kind: kind, Table: table, Group: &schema.Group{Number: "A", Name: group}, Fields: map[string]schema.Entry{"number": {One: &number}}}
	}
	b := &builder{}
	b.res.Records = []schema.Record{
		record("benefit", nil, "NHÓM DỊCH VỤ ĐÃ MỞ"), record("benefit", nil, "lA . C1"),
		record("model", &first, "II . 1"), record("task", nil, "Hạ tầng số"),
	}
	b.doubtGroups()
	for i, want := range []schema.State{schema.NeedsReview, schema.NeedsReview, schema.Accepted, schema.Accepted} {
		if got := b.res.Records[i].Fields["number"].One.State; got != want {
			t.Errorf("number of record %d is %s, want %s", i, got, want)
		}
	}
}
