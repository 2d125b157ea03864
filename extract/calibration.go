package extract

import "math"

// Calibration turns the score that [Evidence] gives into the share of fields
// with such evidence that are right. The form is a hazard: each letter of a
// text that was copied may be wrong, the likelier the further the score lies
// below that of clean text, so a long text with doubts is seldom right to the
// letter while a long clean one is. Values that a grammar reads ("62 %",
// "2,5 tỷ đồng", a status) do not depend on their length.
//
//	P = top · exp(-(base + letter·n^shape) · (clean - score))
//
// The numbers were fitted by greatest likelihood to 2,111 fields of the sample
// reports marked dev and of four real scans, and looked at on 600 fields of the
// reports marked test: the expected calibration error fell from 0.06 to 0.04
// for values and from 0.12 to 0.08 for copied texts.
type calibration struct{ base, letter, shape float64 }

const (
	cleanScore     = 0.98  // score of a field without any doubt
	cleanShare     = 0.985 // share of such fields that are right
	leastConfident = 0.01
)

var (
	valueCalibration = calibration{base: 0.6}
	textCalibration  = calibration{base: 2, letter: 0.2, shape: 0.7}
)

// probability is the share of fields with the score that are right, for texts
// of n letters. It falls with n and rises with the score.
func (c calibration) probability(score float64, n int) float64 {
	doubt := max(0, cleanScore-score)
	rate := c.base
	if c.letter > 0 {
		rate += c.letter * math.Pow(float64(n), c.shape)
	}
	return max(leastConfident, cleanShare*math.Exp(-rate*doubt))
}
