package review

import (
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func TestRowName(t *testing.T) {
	field := func(text string) schema.Entry { return schema.One(schema.Field{Text: text}) }
	for number, want := range map[string]string{"8": "8. Vé điện tử", "Mô hình 8:": "Mô hình 8: Vé điện tử", "8.": "8. Vé điện tử", "": "Vé điện tử"} {
		r := &schema.Record{Fields: map[string]schema.Entry{"number": field(number), "title": field("Vé điện tử")}}
		if got := rowName(r, ""); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if got := rowName(r, "title"); got != number {
			t.Errorf("without its title: %q, want %q", got, number)
		}
	}
}
