package schema

import (
	"fmt"
	"strconv"
	"strings"
)

// Manner says how a page is to be read when a person saw that the usual way
// read it badly. The zero Manner is the usual way.
type Manner struct {
	// Turn is the turn in degrees clockwise that makes the page upright: 90,
	// 180, 270, or [AsItLies]. 0 leaves it to the program.
	Turn    int
	Running bool // running text: no tables are looked for
	Picture bool // read the picture even where there is a text layer
	Fine    bool // small print: read it enlarged
}

// AsItLies as [Manner.Turn] says that the page is upright as it lies in its
// file.
const AsItLies = 360

// String writes a manner the way [ParseManner] reads it; "" is the usual way.
func (m Manner) String() string {
	var words []string
	if m.Turn != 0 {
		words = append(words, fmt.Sprintf("turn=%d", m.Turn))
	}
	for _, w := range []struct {
		name string
		on   bool
	}{{"running", m.Running}, {"picture", m.Picture}, {"fine", m.Fine}} {
		if w.on {
			words = append(words, w.name)
		}
	}
	return strings.Join(words, " ")
}

// ParseManner reads what [Manner.String] wrote.
func ParseManner(s string) (m Manner, err error) {
	for _, word := range strings.Fields(s) {
		degrees, turn := strings.CutPrefix(word, "turn=")
		switch {
		case turn:
			m.Turn, err = strconv.Atoi(degrees)
			if err != nil || m.Turn%90 != 0 || m.Turn < 90 || m.Turn > AsItLies {
				return Manner{}, fmt.Errorf("manner of reading: turn %q is not 90, 180, 270 or %d", degrees, AsItLies)
			}
		case word == "running":
			m.Running = true
		case word == "picture":
			m.Picture = true
		case word == "fine":
			m.Fine = true
		default:
			return Manner{}, fmt.Errorf("manner of reading: unknown word %q", word)
		}
	}
	return m, nil
}
