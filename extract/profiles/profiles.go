// Package profiles holds the report types that sohoa knows from the start, as
// YAML files, and lists of words that hold for all of them, as text files with an
// entry a line. See the package extract for what report types mean.
package profiles

import (
	"embed"
	"strings"
)

// Files are the YAML files of the built-in report types.
//
//go:embed *.yaml
var Files embed.FS

//go:embed agencies.txt
var agencies string

//go:embed priced.txt
var priced string

//go:embed remarks.txt
var remarks string

//go:embed other-figures.txt
var otherFigures string

//go:embed other-texts.txt
var otherTexts string

//go:embed silent-heads.txt
var silentHeads string

// Agencies lists what names of agencies begin with: "Sở", "Ủy ban".
func Agencies() []string { return entries(agencies) }

// Priced lists things that prices are for and whose names have several syllables:
// "hồ sơ", "hộ gia đình".
func Priced() []string { return entries(priced) }

// Remarks lists heads of columns that no report type has a field for: "Ghi chú".
func Remarks() []string { return entries(remarks) }

// OtherFigures lists heads of columns of figures that no report type needs: "So với kế hoạch".
func OtherFigures() []string { return entries(otherFigures) }

// OtherTexts lists heads of columns of words that no report type needs: "Nhận xét".
func OtherTexts() []string { return entries(otherTexts) }

// SilentHeads lists syllables that say of the matter of a column when, how much or in which
// unit: "năm", "đồng". Where a grid is lost they do not tell columns apart.
func SilentHeads() []string { return entries(silentHeads) }

// entries are the lines of a list without its comments.
func entries(list string) (out []string) {
	for line := range strings.Lines(list) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}
