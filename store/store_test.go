package store_test

import (
	"testing"

	"github.com/sohoa/sohoa/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func TestSQLite(t *testing.T) { storetest.Run(t, storetest.SQLite, storetest.SQLite) }

func TestPostgres(t *testing.T) {
	server := storetest.StartPostgres(t)
	storetest.Run(t, server.Database, server.Empty)
}

func BenchmarkSQLite(b *testing.B) { storetest.Benchmark(b, storetest.SQLite) }

func BenchmarkPostgres(b *testing.B) { storetest.Benchmark(b, storetest.StartPostgres(b).Database) }
