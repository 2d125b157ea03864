package normalize_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log"
	"os"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/normalize"
)

func ExampleRestorer_Filter() {
	r, err := normalize.Default()
	if err != nil {
		log.Fatal(err)
	}
	text := "Ké hoach s6 12/KH-UBND cta Uy ban nhan dan\ntinh vé phat trién du lich\n"
	if err := r.Filter(context.Background(), strings.NewReader(text), os.Stdout, normalize.FilterOptions{}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// Kế hoạch số 12/KH-UBND của Ủy ban nhân dân
	// tỉnh về phát triển du lịch
}

func TestFilterKeepsLines(t *testing.T) {
	r := restorer(t)
	for _, in := range []string{
		"", "\n", "\r\n\r\n", "a", "một\r\nhai\n\n\nba", strings.Repeat("Sở Tài chính trình Ủy ban nhân dân tỉnh.\n", 200), "\xff\n\x00\n",
	} {
		var out bytes.Buffer
		if err := r.Filter(context.Background(), strings.NewReader(in), &out, normalize.FilterOptions{}); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); got != in {
			t.Errorf("Filter(%.60q) = %.60q", in, got)
		}
	}
}

func TestFilterJSON(t *testing.T) {
	var out bytes.Buffer
	if err := restorer(t).Filter(context.Background(), strings.NewReader("trién khai\nnhiém vu"), &out, normalize.FilterOptions{JSON: true}); err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(&out)
	for _, want := range []string{"triển khai", "nhiệm vụ"} {
		var res normalize.Restoration
		if err := d.Decode(&res); err != nil {
			t.Fatal(err)
		}
		if res.Text != want || len(res.Words) != 2 || len(res.Words[0].Repairs) != 1 {
			t.Errorf("%+v, want %q in two words", res, want)
		}
	}
}

func TestFilterStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := restorer(t).Filter(ctx, strings.NewReader("a\nb\n"), &bytes.Buffer{}, normalize.FilterOptions{})
	if err == nil {
		t.Error("no error after the context ended")
	}
}

// A line without an end is no reason to fail or to lose text.
func TestLongLine(t *testing.T) {
	if testing.Short() {
		t.Skip("ten megabytes take a while")
	}
	r := restorer(t)
	const sentence = "Ủy ban nhân dân tỉnh báo cáo kết quả thực hiện nhiệm vụ năm 2024, số 15/BC-UBND. "
	text := strings.Repeat(sentence, 10<<20/len(sentence))
	if got := r.Restore(text).Text; got != text {
		t.Errorf("a line of %d bytes came back with %d", len(text), len(got))
	}
	word := strings.Repeat("x", 10<<20)
	if got := r.Restore(word).Text; got != word {
		t.Errorf("a word of %d bytes came back with %d", len(word), len(got))
	}
}

func TestWithVocabulary(t *testing.T) {
	r := restorer(t)
	const damaged = "xa Tinh Ha"
	v := r.WithVocabulary("xã Tịnh Hà", "xã Tịnh Hà")
	if got, want := v.Restore("Uy ban nhan dan "+damaged+" bao cdo két qua").Text, "Ủy ban nhân dân xã Tịnh Hà báo cáo kết quả"; got != want {
		t.Errorf("with vocabulary %q, want %q", got, want)
	}
}

// Pages are repaired by several goroutines.
func TestConcurrent(t *testing.T) {
	r := restorer(t)
	want := r.Restore("Két qua thuc hién nhiém vu phat trién kinh té").Text
	got := make(chan string)
	for range 8 {
		go func() { got <- r.Restore("Két qua thuc hién nhiém vu phat trién kinh té").Text }()
	}
	for range 8 {
		if g := <-got; g != want {
			t.Errorf("%q, want %q", g, want)
		}
	}
}
