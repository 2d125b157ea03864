package confidence_test

import (
	"fmt"
	"math"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/schema"
)

func ExampleModel_Probability() {
	m := confidence.Default()
	clean := &schema.Evidence{Source: schema.FromOCR, Class: confidence.Short, Doubts: make([]float64, confidence.Count)}
	doubtful := &schema.Evidence{Source: schema.FromOCR, Class: confidence.Short, Doubts: make([]float64, confidence.Count)}
	doubtful.Doubts[confidence.Strangers] = math.Log(3) // two words that are none
	fmt.Println(m.Probability(clean) > 0.95, m.Probability(doubtful) < m.Probability(clean), m.Why(doubtful))
	// Output: true true [repair]
}
