package pipeline

import (
	"context"
	"image"

	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/schema"
)

// upward is a cell whose text is written from the foot upwards: its print,
// turned, and where that stands.
type upward struct {
	cell   *schema.GridCell
	turned *image.Gray
	at     schema.Box
}

// readUpward reads the cells that are written upwards, each from its turned
// print. A cell that cannot be read is left empty.
func (p *Pipeline) readUpward(ctx context.Context, cells []upward, dpi int) error {
	for _, u := range cells {
		readings, err := p.set.Engine.Read(ctx, ocr.Tone(u.turned), dpi, []ocr.Region{{Mode: ocr.Block}})
		if err != nil {
			return err
		}
		for _, r := range readings {
			for _, l := range r.Lines {
				l.Box = scan.UnturnedBox(l.Box, u.at)
				for i := range l.Words {
					l.Words[i].Box = scan.UnturnedBox(l.Words[i].Box, u.at)
				}
				u.cell.Lines = append(u.cell.Lines, l)
			}
		}
	}
	return nil
}
