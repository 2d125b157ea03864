package extract

import "testing"

func TestProbabilityIsMonotone(t *testing.T) {
	for _, c := range []calibration{valueCalibration, textCalibration} {
		for n := 1; n < 2000; n *= 3 {
			before := 0.0
			for s := 0.0; s <= 1; s += 0.01 {
				p := c.probability(s, n)
				if p < before || p <= 0 || p >= 1 {
					t.Fatalf("%+v: %v letters, score %.2f: %v after %v", c, n, s, p, before)
				}
				if longer := c.probability(s, 2*n); longer > p {
					t.Fatalf("%+v: longer text is surer: %v > %v", c, longer, p)
				}
				before = p
			}
		}
	}
}

// A short value and a long text of the same score are not equally sure, unless
// nothing speaks against either.
func TestLengthCounts(t *testing.T) {
	if a, b := valueCalibration.probability(0.95, 4), textCalibration.probability(0.95, 400); a < DefaultThreshold || b > DefaultThreshold {
		t.Errorf("value %.3f, text %.3f", a, b)
	}
	if b := textCalibration.probability(cleanScore, 4000); b < DefaultThreshold {
		t.Errorf("a long clean text: %.3f", b)
	}
}
