package main

import (
	"fmt"
	"os"
	"strings"
)

// The marks between which a page keeps the figures of the last run.
const (
	keepFrom = "<!-- bench: from here to the next mark `make bench` writes -->"
	keepTo   = "<!-- bench: end -->"
)

// keep writes the table between the marks of the page. A page without them is
// left alone, and told of.
func keep(page, table string) error {
	old, err := os.ReadFile(page)
	if err != nil {
		return fmt.Errorf("keeping the figures: %w", err)
	}
	text, err := replaced(string(old), table)
	if err != nil {
		return fmt.Errorf("keeping the figures in %s: %w", page, err)
	}
	return os.WriteFile(page, []byte(text), 0o644)
}

// replaced returns the text with the table in place of what is between the
// marks.
func replaced(text, table string) (string, error) {
	before, rest, ok := strings.Cut(text, keepFrom)
	if !ok {
		return "", fmt.Errorf("no line %q", keepFrom)
	}
	_, after, ok := strings.Cut(rest, keepTo)
	if !ok {
		return "", fmt.Errorf("no line %q", keepTo)
	}
	return before + keepFrom + "\n\n" + strings.TrimSpace(table) + "\n\n" + keepTo + after, nil
}
