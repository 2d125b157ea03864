package main

import (
	"testing"
	"time"

	"github.com/sohoa/sohoa/compare"
)

func TestWordsOfComparisonsAreTranslated(t *testing.T) {
	for _, w := range compare.Words {
		if _, ok := vietnamese[w]; !ok {
			t.Errorf("no Vietnamese for %q", w)
		}
	}
}

func TestMomentOf(t *testing.T) {
	zone := time.FixedZone("+07", 7*3600)
	now := time.Date(2025, 10, 3, 12, 0, 0, 0, zone)
	for s, want := range map[string]string{
		"2025-07-31":                "2025-07-31T00:00:00+07:00",
		"36h":                       "2025-10-02T00:00:00+07:00",
		"2025-07-31T08:00:00+07:00": "2025-07-31T08:00:00+07:00",
		"2025-07-31T01:00:00Z":      "2025-07-31T08:00:00+07:00",
		"-3h":                       "",
		"yesterday":                 "",
		"":                          "",
	} {
		got, err := momentOf(s, now)
		if (err != nil) != (want == "") || err == nil && got.In(zone).Format(time.RFC3339) != want {
			t.Errorf("%q: got %v, %v, want %s", s, got, err, want)
		}
	}
}
