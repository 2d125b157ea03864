package extract

import "testing"

// Torn heads that lack a column that all such tables have, or part a number from its whole,
// say less than the profile's.
func TestTornHeadsKeepColumns(t *testing.T) {
	p := &Profile{Columns: []Column{
		{Field: "number", Type: TypeOrdinal}, {Field: "name", Type: TypeTitle, Required: true},
		{Field: "total", Type: TypeCount, Required: true}, {Field: "online", Type: TypeCount, Required: true},
		{Field: "ratio", Type: TypePercent, Share: []string{"online", "total"}}, {Field: "cost", Type: TypeText},
	}}
	all, few := []bool{true, true, true, true, true, false}, []bool{true, true, true, false, false, false}
	for _, test := range []struct {
		cols  []int
		found []bool
		want  bool
	}{
		{[]int{0, 1, 3, 2, 4, 5}, all, true},
		{[]int{0, 1, 2, 4, 3}, all, true},
		{[]int{0, 1, 2, 4, 5}, all, false},
		{[]int{0, 1, 2, 4, 5}, few, true},
		{[]int{0, 1, 2, 4, 5, 3}, few, false},
	} {
		own := ownColumns{of: p, cols: test.cols}
		if got := own.surerThan(&headRegion{profile: p, found: test.found}); got != test.want {
			t.Errorf("columns %v where %v were found: surer = %v", test.cols, test.found, got)
		}
	}
}
