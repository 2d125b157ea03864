package storetest

import (
	"testing"

	"github.com/sohoa/sohoa/store"
)

// Process puts a report made by [Report] into the store, has it read by
// [Work], and returns its id.
func Process(t testing.TB, s *store.Store, number, pages int) string {
	t.Helper()
	return process(t, s, number, pages)
}
