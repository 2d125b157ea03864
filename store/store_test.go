package store_test

import (
	"testing"

	"github.com/sohoa/sohoa/store/storetest"
)

func TestSQLite(t *testing.T) { storetest.Run(t, storetest.SQLite) }
