package lm

import (
	"fmt"
	"io"
	"strings"
)

// WriteInfo writes a description of the model for people.
func (m *Model) WriteInfo(w io.Writer) error {
	i := m.meta
	var b strings.Builder
	fmt.Fprintf(&b, "name        %s\n", i.Name)
	fmt.Fprintf(&b, "checksum    %s\n", m.Checksum())
	fmt.Fprintf(&b, "size        %d bytes\n", m.size)
	fmt.Fprintf(&b, "order       %d\n", m.order)
	fmt.Fprintf(&b, "vocabulary  %d tokens, %.3f %% of the training text outside it\n", m.Words(), 100*i.Unknown)
	fmt.Fprintf(&b, "trained on  %d sentences, %d tokens, %d weighted\n", i.Sentences, i.Tokens, i.Weighted)
	for n := range i.Grams {
		seen := int64(0)
		if n < len(i.Seen) {
			seen = i.Seen[n]
		}
		fmt.Fprintf(&b, "%d-grams     %d of %d\n", n+1, i.Grams[n], seen)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("describing language model: %w", err)
	}
	return nil
}
