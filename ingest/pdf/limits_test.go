package pdf

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// Each limit is hit by a file, and the message says what was asked and what is
// allowed, with a line on what to do.
func TestLimitsSayWhatIsAllowed(t *testing.T) {
	many := append([]string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[" + strings.Repeat("3 0 R ", 30) + "]/Count 30>>"}, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>")
	// Forty forms, each of which draws the next one twice.
	forms := []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>", stream("", "/F Do")}
	for i := range 40 {
		forms = append(forms, stream(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>", i+6), "/F Do /F Do"))
	}
	forms = append(forms, stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "0 0 9 9 re f"))
	for _, c := range []struct {
		name string
		file []byte
		kind error
		says []string
	}{
		{"pages", build(many...), ErrLimit, []string{"30 pages", "20 allowed"}},
		{"side", page("/MediaBox[0 0 1000000 1]", ""), ErrLimit, []string{"1000000×1 points", "14400 points allowed"}},
		{"pixels", page("/MediaBox[0 0 14000 14000]", ""), ErrLimit, []string{"4.9×4.9 m", "4 million pixels allowed"}},
		{"forms without end", build(forms...), nil, []string{"allowed"}},
	} {
		var err error
		d, openErr := renderer(t).Open(context.Background(), strings.NewReader(string(c.file)), int64(len(c.file)))
		if err = openErr; err == nil {
			_, err = d.Render(context.Background(), 1, 0)
		}
		if err == nil || c.kind != nil && !errors.Is(err, c.kind) {
			t.Errorf("%s: error %v, want %v", c.name, err, c.kind)
			continue
		}
		for _, s := range c.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: %q does not say %q", c.name, err, s)
			}
		}
		var e *Error
		if !errors.As(err, &e) || e.Remedy() == "" {
			t.Errorf("%s: nothing says what to do: %v", c.name, err)
		}
	}
}

func TestHelpersAreConfined(t *testing.T) {
	d := openBytes(t, page("/MediaBox[0 0 300 200]", "BT /H 12 Tf 20 100 Td (text) Tj ET"))
	if s := renderer(t).Sandbox(); !s.Closed() {
		t.Skipf("this kernel closes nothing: %v", s)
	}
	pic, err := d.Render(context.Background(), 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	if l, err := d.Text(context.Background(), 1, pic); err != nil || l.Chars == 0 {
		t.Errorf("text in the sandbox: %+v, %v", l, err)
	}
}
