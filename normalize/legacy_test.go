package normalize_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

func ExampleDecode() {
	fmt.Println(normalize.Decode("C¸c ®¬n vÞ thuéc tØnh", normalize.TCVN3))
	fmt.Println(normalize.Decode("Caùc ñôn vò thuoäc tænh", normalize.VNI))
	// Output:
	// Các đơn vị thuộc tỉnh
	// Các đơn vị thuộc tỉnh
}

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		e        normalize.Encoding
		in, want string
	}{
		{normalize.TCVN3, "§¶ng bé x· h\u00adíng dÉn", "Đảng bộ xã hướng dẫn"},
		{normalize.TCVN3, "ñy ban nh©n d©n huyÖn, quyÕt ®Þnh, tr\u00adêng, n÷a, kü", "ủy ban nhân dân huyện, quyết định, trường, nữa, kỹ"},
		{normalize.VNI, "ÑAÛNG BOÄ TÆNH", "ĐẢNG BỘ TỈNH"},
		{normalize.VNI, "höôùng daãn, nöõa, kyõ thuaät, ngaên, kyø, lyù, nguyeân", "hướng dẫn, nữa, kỹ thuật, ngăn, kỳ, lý, nguyên"},
		{normalize.Windows1258, "Viêòt Nam, ðýõÌng, ngýõÌi", "Việt Nam, đường, người"},
		{normalize.TCVN3, "plain 123", "plain 123"},
	} {
		if got := normalize.Decode(c.in, c.e); got != c.want {
			t.Errorf("Decode(%q, %v) = %q, want %q", c.in, c.e, got, c.want)
		}
	}
}

func lineOf(text, font string) (l schema.Line) {
	for w := range strings.FieldsSeq(text) {
		l.Words = append(l.Words, schema.Word{Text: w, Raw: w, Confidence: 1, Font: font})
	}
	return l
}

func TestTextLayer(t *testing.T) {
	r := restorer(t)
	for name, c := range map[string]struct {
		in   []schema.Line
		want string
		low  float64
		high float64
	}{
		"right":      {[]schema.Line{lineOf("Ủy ban nhân dân xã báo cáo kết quả thực hiện", "")}, "Ủy ban nhân dân xã báo cáo kết quả thực hiện", 0.9, 1},
		"decomposed": {[]schema.Line{lineOf("ke\u0302\u0301t qua\u0309 thu\u031b\u0323c hie\u0323\u0302n", "")}, "kết quả thực hiện", 0.9, 1},
		"TCVN3":      {[]schema.Line{lineOf("KÕt qu¶ thùc hiÖn nhiÖm vô n¨m 2024", "")}, "Kết quả thực hiện nhiệm vụ năm 2024", 0.8, 1},
		"VNI":        {[]schema.Line{lineOf("Keát quaû thöïc hieän nhieäm vuï naêm 2024", "")}, "Kết quả thực hiện nhiệm vụ năm 2024", 0.8, 1},
		"font":       {[]schema.Line{lineOf("b¸o c¸o", "ABCDEF+.VnTimeH")}, "BÁO CÁO", 0.8, 1},
		"mixed": {[]schema.Line{lineOf("Sè hãa hå s¬ l\u00adu tr÷ cña tØnh", ""), lineOf("Số hóa hồ sơ lưu trữ của tỉnh", "")},
			"Số hóa hồ sơ lưu trữ của tỉnh Số hóa hồ sơ lưu trữ của tỉnh", 0.8, 1},
		"wrong language": {[]schema.Line{lineOf("Két qua thuc hién nhiém vu cta tinh trong nam", "")}, "Két qua thuc hién nhiém vu cta tinh trong nam", 0, 0.3},
		"numbers":        {[]schema.Line{lineOf("12 345 6,7", "")}, "12 345 6,7", 1, 1},
		"empty":          {nil, "", 0, 0},
	} {
		got, q := r.TextLayer(c.in)
		if text := schema.TextOf(got, " "); text != c.want {
			t.Errorf("%s: %q, want %q", name, text, c.want)
		}
		if q < c.low || q > c.high {
			t.Errorf("%s: quality %.2f, want %.2f to %.2f", name, q, c.low, c.high)
		}
	}
}

// The committed tables are what their generator writes.
func TestTablesAreGenerated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tables")
	if out, err := exec.Command("go", "run", "gen_legacy.go", path).CombinedOutput(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			t.Skip("needs the go command")
		}
		t.Fatalf("%v\n%s", err, out)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("legacy_tables.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("legacy_tables.go differs from what gen_legacy.go writes: run go generate ./normalize")
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"C¸c ®¬n vÞ", "Caùc ñôn vò", "\xff", "aù\xc3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for e := normalize.Unicode; e <= normalize.Windows1258; e++ {
			got := normalize.Decode(s, e)
			if utf8.ValidString(s) && !utf8.ValidString(got) {
				t.Errorf("Decode(%q, %v) = %q", s, e, got)
			}
		}
	})
}
