package extract

import "testing"

// A year that was torn from its word is no sum; a sum of thousands has a stop.
func TestYearsAreNoSums(t *testing.T) {
	for figure, sum := range map[string]bool{"2026": false, "1998": false, "2.026": true, "2126": true, "386,4": true} {
		line := passageOf("Đã bàn giao cho xã. " + figure)
		if _, taken := (&builder{}).cutSums(line, false); (len(taken) == 1) != sum {
			t.Errorf("%s: %d sums taken out, want a sum: %v", figure, len(taken), sum)
		}
	}
}
