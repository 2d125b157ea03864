package normalize

import (
	_ "embed"
	"sync"

	"github.com/sohoa/sohoa/normalize/lm"
)

// vietnamese is the language model, made by the command that lm.Rebuild
// quotes. It stays in the program's file until it is read.
//
//go:embed data/vi.lm
var vietnamese string

var openDefault = sync.OnceValues(func() (*Restorer, error) {
	m, err := lm.LoadString(vietnamese)
	if err != nil {
		return nil, err
	}
	return New(m)
})

// Default returns the restorer with the model that is part of the program.
// Every call returns the same one. It fails in a broken build only.
func Default() (*Restorer, error) { return openDefault() }
