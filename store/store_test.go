package store_test

import (
	"testing"

	"github.com/sohoa/sohoa/store"
	"github.com/sohoa/sohoa/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func TestSQLite(t *testing.T) {
	storetest.Run(t, storetest.SQLite, storetest.SQLite)
	t.Run("Crash", func(t *testing.T) { storetest.Crash(t, storetest.SQLite(t)) })
	t.Run("Full", func(t *testing.T) {
		storetest.Full(t, storetest.SQLite(t), func(s *store.Store, full bool) error {
			sql := "PRAGMA max_page_count = 1" // rounded up to what the file has
			if !full {
				sql = "PRAGMA max_page_count = 1000000"
			}
			_, err := s.Tamper(t.Context(), sql)
			return err
		})
	})
}

func TestPostgres(t *testing.T) {
	server := storetest.StartPostgres(t)
	storetest.Run(t, server.Database, server.Empty)
	t.Run("Crash", func(t *testing.T) { storetest.Crash(t, server.Database(t)) })
	t.Run("Interrupted", func(t *testing.T) { storetest.Interrupted(t, server) })
}

func BenchmarkSQLite(b *testing.B) { storetest.Benchmark(b, storetest.SQLite) }

func BenchmarkPostgres(b *testing.B) { storetest.Benchmark(b, storetest.StartPostgres(b).Database) }
