package pipeline

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// slashedNumber matches two whole numbers with a stroke between: a part of a sum
// ("31/75 tỷ đồng"), or a number whose comma was read as a stroke, which a
// speck above it makes of it.
var slashedNumber = regexp.MustCompile(`^[0-9]{1,4}/[0-9]{1,3}$`)

// units are words behind which a number has decimals, folded.
var units = []string{"ty", "ti", "trieu"}

// settleSlashes turns the stroke in a number before a unit of sums into a comma
// where the picture shows a small sign at the foot of the digits: a stroke is as
// high as they are.
func settleSlashes(l *schema.Line, sheet *scan.Sheet) {
	for i := range len(l.Words) - 1 {
		w := &l.Words[i]
		if !slashedNumber.MatchString(w.Text) || !slices.Contains(units, normalize.Fold(l.Words[i+1].Text)) {
			continue
		}
		text := separated(w.Text, slashedSeparators(w, sheet))
		if !strings.ContainsAny(text, ".,") {
			continue
		}
		w.Repairs = append(w.Repairs, schema.Repair{From: w.Text, To: text, Reason: "separators in the picture", Score: 0.95})
		w.Text = text
	}
}

// slashedSeparators tells how the digits of a number with a stroke are parted, as
// [scan.Sheet.Separators] does, "" where other digits are seen than were read.
func slashedSeparators(w *schema.Word, sheet *scan.Sheet) string {
	seen := ""
	if !belowSpecks(w.Box, func(box schema.Box) bool {
		seen = sheet.Separators(box)
		return strings.Count(seen, "0") == len(w.Text)-1
	}) {
		return ""
	}
	return seen
}

// belowSpecks calls see with a box and then with less and less of its top, a quarter
// at most, until see is content: a speck above a digit makes it seem higher than the
// others.
func belowSpecks(box schema.Box, see func(schema.Box) bool) bool {
	step, end := max(box.Height()/12, 1), box.Height()*3
	for ; box.Height()*4 >= end; box.Y0 += step {
		if see(box) {
			return true
		}
	}
	return false
}
