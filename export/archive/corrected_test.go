package archive

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func TestCorrections(t *testing.T) {
	at := func(b schema.Box) []schema.Place { return []schema.Place{{Page: 1, Box: &b}} }
	upper, cell := schema.Box{X0: 90, Y0: 95, X1: 400, Y1: 155}, schema.Box{X0: 300, Y0: 300, X1: 700, Y1: 400}
	const before = "Triển khai nền tảng số <hóa> & lưu Mô hình đã xong Nơi nhận:"
	for name, c := range map[string]struct {
		field schema.Field
		want  string
	}{
		"word for word": {
			schema.Field{Value: "đang làm", Text: "đang làm", Raw: "đã xong", State: schema.Corrected, Boxes: at(cell)},
			strings.Replace(before, "đã xong", "đang làm", 1),
		},
		"part of the box": {
			schema.Field{Value: "nền móng", Text: "nền móng", Raw: "nền tảng", State: schema.Corrected, Boxes: at(upper)},
			strings.Replace(before, "nền tảng", "nền móng", 1),
		},
		"more words": {
			schema.Field{Value: "đã xong từ tháng 3", Text: "đã xong từ tháng 3", Raw: "đã xong", State: schema.Corrected, Boxes: at(cell)},
			strings.Replace(before, "đã xong", "đã xong từ tháng 3", 1),
		},
		"fewer words, over two lines": {
			schema.Field{Value: "nền tảng hóa", Text: "nền tảng hóa", Raw: "nền tảng số <hóa>", State: schema.Corrected, Boxes: at(upper)},
			strings.Replace(before, "nền tảng số <hóa>", "nền tảng hóa", 1),
		},
		"as the machine had it": {
			schema.Field{Value: "khác", Text: "khác", Raw: "đã xong", State: schema.Accepted, Boxes: at(cell)}, before,
		},
		"other words in the box": {
			schema.Field{Value: "khác", Text: "khác", Raw: "không có", State: schema.Corrected, Boxes: at(cell)}, before,
		},
		"a date": {
			schema.Field{Value: "2025-07-07", Text: "2025-07-07", Raw: "đã xong", State: schema.Corrected, Boxes: at(cell)}, before,
		},
		"an amount": {
			schema.Field{Value: schema.Money{VND: 5}, Text: "5", Raw: "đã xong", State: schema.Corrected, Boxes: at(cell)}, before,
		},
		"over two pages": {
			schema.Field{Value: "khác", Text: "khác", Raw: "đã xong", State: schema.Corrected, Boxes: append(at(cell), schema.Place{Page: 2, Box: &cell})}, before,
		},
		"taken away": {
			schema.Field{Value: nil, Text: "", Raw: "đã xong", State: schema.Corrected, Boxes: at(cell)}, before,
		},
	} {
		doc, page := sample()
		doc.Records = []schema.Record{{ID: "1", Kind: "model", Fields: map[string]schema.Entry{"result": schema.One(c.field)}}}
		var buf bytes.Buffer
		for range 2 { // what is given is not changed
			buf.Reset()
			if err := WriteALTO(&buf, doc, each(page)); err != nil {
				t.Fatal(err)
			}
		}
		root := parse(t, buf.Bytes())
		checkALTO(t, root)
		var got []string
		marked := 0
		for _, n := range root.all(named("String")) {
			got = append(got, n.attr["CONTENT"])
			if n.attr["CS"] == "true" {
				marked++
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %q", name, strings.Join(got, " "), c.want)
		}
		if (marked > 0) != (c.want != before) {
			t.Errorf("%s: %d words marked as corrected", name, marked)
		}
	}
}

func TestFind(t *testing.T) {
	words := []string{"a", "b", "ab", "c"}
	for text, want := range map[string][2]int{"b ab": {1, 2}, "c": {3, 1}, "a b": {0, 0}, "abc": {2, 2}, "bc": {0, 0}, "": {0, 0}} {
		if at, n := find(words, text); [2]int{at, n} != want {
			t.Errorf("%q: %d words from %d, want %v", text, n, at, want)
		}
	}
}
