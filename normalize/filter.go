package normalize

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// FilterOptions guide [Restorer.Filter].
type FilterOptions struct {
	// JSON writes a [Restoration] a line, with words, reasons and scores,
	// instead of the text alone.
	JSON bool
}

// filterBlock bounds the lines that are repaired as one context.
const filterBlock = 60

// Filter repairs the lines of in and writes them to out, a line for a line.
// Lines up to an empty one are read as one paragraph. Line ends stay as they
// are, and so does a last line without one.
func (r *Restorer) Filter(ctx context.Context, in io.Reader, out io.Writer, opts FilterOptions) error {
	lines := bufio.NewReader(in)
	w := bufio.NewWriter(out)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	var block, ends []string
	flush := func() error {
		if len(block) == 0 {
			return nil
		}
		for i, res := range r.RestoreLines(block) {
			if opts.JSON {
				if err := encoder.Encode(res); err != nil {
					return fmt.Errorf("writing repaired text: %w", err)
				}
				continue
			}
			w.WriteString(res.Text) // errors stay with w until it is flushed
			w.WriteString(ends[i])
		}
		block, ends = block[:0], ends[:0]
		if err := w.Flush(); err != nil {
			return fmt.Errorf("writing repaired text: %w", err)
		}
		return nil
	}
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			text := strings.TrimRight(line, "\r\n")
			block, ends = append(block, text), append(ends, line[len(text):])
			if strings.TrimSpace(text) == "" || len(block) == filterBlock {
				if err := flush(); err != nil {
					return err
				}
			}
		}
		if ctx.Err() != nil {
			return fmt.Errorf("repairing text: %w", ctx.Err())
		}
		if errors.Is(err, io.EOF) {
			return flush()
		}
		if err != nil {
			return fmt.Errorf("reading text: %w", err)
		}
	}
}
