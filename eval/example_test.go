package eval_test

import (
	"fmt"

	"github.com/sohoa/sohoa/eval"
	"github.com/sohoa/sohoa/schema"
)

// A document is held against its truth; the figures that it says nothing
// about do not appear.
func ExampleScore() {
	gold := &eval.Gold{
		Header: map[string]string{"number": "12/BC-UBND"},
		Pages:  []eval.GoldPage{{Number: 1, Text: "Ủy ban nhân dân xã báo cáo"}},
	}
	number := schema.Field{Value: "12/BC-UBND", Confidence: 0.97, State: schema.Accepted}
	doc := &schema.Document{
		Header: schema.Header{Number: &number},
		Pages:  []schema.PageInfo{{Number: 1, Outcome: schema.Done, Text: "Ủy ban nhân dân xa báo cáo"}},
	}
	for _, f := range eval.Score(gold, doc).Figures()[:4] {
		fmt.Printf("%s %.3f\n", f.Name, f.Value)
	}
	// Output:
	// cer 0.038
	// wer 0.143
	// words_f1 0.857
	// header_exact 1.000
}
