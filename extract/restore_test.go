package extract_test

import (
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func restore(t *testing.T, pages []schema.Page) {}
