package eval

import (
	"fmt"
	"io"
	"strings"
)

// farPair is how many edits for each true character make two texts no pair: what
// was read of one field stands beside the truth of another then, or a part of it
// is lost, and neither tells what reading does to letters.
const farPair = 0.4

// WritePairs writes what was read beside what is right, a field a line: the group
// of the document, which is the kind of its damage, the reading before repair and
// the truth, parted by tabs, as `sohoa lm channel` takes them. Fields that are
// values, not copies, and those that have no truth of their own are left out.
func (r Report) WritePairs(w io.Writer) error {
	for _, d := range r.Documents {
		for _, s := range d.Scores.Samples {
			read, want := strings.Join(strings.Fields(s.Read), " "), strings.Join(strings.Fields(s.Want), " ")
			if read == "" || want == "" {
				continue
			}
			a, b := []rune(Canonical(read)), []rune(want)
			if float64(Distance(a, b)) > farPair*float64(len(b)) {
				continue
			}
			if _, err := fmt.Fprintf(w, "%s\t%s\t%s\n", d.Group, read, want); err != nil {
				return err
			}
		}
	}
	return nil
}
