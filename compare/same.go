package compare

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/sohoa/sohoa/extract/title"
)

// Same says of titles that they name one subject in other words, which
// likeness cannot know: "Sổ khám bệnh trên điện thoại" is "Hồ sơ sức
// khỏe di động".
type Same map[string]title.Title // by the key of a title

// ReadSame reads lines "TITLE = TITLE"; the left one is then taken for the
// right one. Empty lines and those that begin with # say nothing.
func ReadSame(r io.Reader) (Same, error) {
	same := Same{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		left, right, ok := strings.Cut(line, "=")
		a, b := title.New(left), title.New(right)
		if !ok || a.Key == "" || b.Key == "" {
			return nil, fmt.Errorf("line %d: want TITLE = TITLE, got %q", n, line)
		}
		same[a.Key] = b
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("titles that are the same: %w", err)
	}
	return same, nil
}

// of is the title that t is taken for. Chains are followed, rings are not.
func (s Same) of(t title.Title) title.Title {
	for range len(s) {
		next, ok := s[t.Key]
		if !ok {
			break
		}
		t = next
	}
	return t
}
