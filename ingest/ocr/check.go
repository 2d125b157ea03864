package ocr

import (
	"context"
	"errors"

	"github.com/sohoa/sohoa/ingest/child"
)

// Remedy is the command that installs what the engine needs on Debian and
// Ubuntu.
const Remedy = "run: sudo apt-get install -y tesseract-ocr tesseract-ocr-vie"

// Status is what [Check] found.
type Status struct {
	Info   string // "tesseract 5.3.0 (vie)"; "" when it does not work
	Err    error  // why it does not work
	Remedy string // the command that mends it

	// Sandbox is what the child that was started has given up.
	Sandbox child.Sandbox
	// OwnNetwork is as [Pool.OwnNetwork] tells.
	OwnNetwork bool
}

// OK reports whether pages can be read.
func (s Status) OK() bool { return s.Err == nil }

// Check tells whether Tesseract works here with the models of cfg, by starting
// a child and loading them.
func Check(ctx context.Context, cfg Config) Status {
	cfg.Workers = 1
	p, err := NewPool(ctx, cfg)
	if err != nil {
		s := Status{Err: err}
		if e := (*Error)(nil); errors.As(err, &e) {
			s.Remedy = e.Remedy()
		}
		return s
	}
	defer p.Close()
	return Status{Info: p.Info(), Sandbox: p.Sandbox(), OwnNetwork: p.OwnNetwork()}
}
