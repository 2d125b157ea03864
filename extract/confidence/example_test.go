package confidence_test

import (
	"fmt"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/schema"
)

func ExampleModel_Probability() {
	m := confidence.Default()
	clean := &schema.Evidence{Source: schema.FromOCR, Class: confidence.Short, Doubts: make([]float64, confidence.Count)}
	doubtful := &schema.Evidence{Source: schema.FromOCR, Class: confidence.Short, Doubts: make([]float64, confidence.Count)}
	doubtful.Doubts[confidence.Repairs] = 2 // several repairs, none of them sure
	fmt.Println(m.Probability(clean) > 0.95, m.Probability(doubtful) < m.Probability(clean), m.Why(doubtful))
	// Output: true true [repair]
}
