package field

import (
	"strings"

	"github.com/sohoa/sohoa/normalize"
)

// Presence tells apart the four ways in which a cell says nothing.
type Presence string

const (
	Filled Presence = ""      // the cell has content
	Empty  Presence = "empty" // nothing stands there
	Dash   Presence = "dash"  // "-": the row has nothing to say here
	No     Presence = "no"    // "Không": the answer is no
	None   Presence = "none"  // "Không có": there is none
	Yes    Presence = "yes"   // "Có": the answer is yes
)

// ReadPresence reads a whole cell.
func ReadPresence(cell string) Presence {
	s := strings.Trim(cell, " \t\n.,;:|[]")
	switch {
	case s == "":
		if strings.ContainsAny(cell, "-–—_") {
			return Dash
		}
		return Empty
	case strings.Trim(s, "-–—_ ") == "":
		return Dash
	case len([]rune(s)) > 16:
		return Filled
	}
	fold := normalize.Fold(s)
	words := strings.Fields(fold)
	switch {
	case len(words) == 1 && (fold == "co" || fold == "x"):
		return Yes
	case len(words) <= 2 && (like(fold, "khong") || fold == "khing" || fold == "khdng"):
		return No
	case len(words) == 2 && like(words[0], "khong", "khing") && len(words[1]) <= 3 && like(words[1], "co", "c6", "cé"),
		like(fold, "khong co"), like(fold, "chua co"):
		return None
	}
	return Filled
}
