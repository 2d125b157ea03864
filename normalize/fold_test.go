package normalize_test

import (
	"fmt"
	"testing"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize"
)

func ExampleFold() {
	fmt.Println(normalize.Fold("Quyết định số 12/QĐ-UBND"))
	// Output: quyet dinh so 12/qd-ubnd
}

func ExampleTones() {
	fmt.Println(normalize.Tones("Uỷ ban, hoà bình, quý I, huỳnh, LOẠI, KHOẺ, Thuý"))
	// Output: Ủy ban, hòa bình, quý I, huỳnh, LOẠI, KHỎE, Thúy
}

func ExampleSimilarity() {
	fmt.Printf("%.2f\n", normalize.Similarity("Két qua trién khai", "Kết quả triển khai"))
	fmt.Printf("%.2f\n", normalize.Similarity("M0 h1nh", "Mô hình"))
	// Output:
	// 1.00
	// 0.93
}

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"abc 12", "abc 12"},
		{"ĐẮK LẮK", "dak lak"},
		{"Đường", "duong"},
		{"e\u0302\u0301", "e"},
		{"ﬁle", "file"},
		{"a\xffb", "a\xffb"},
		{"ABC\xff", "abc\xff"},
	} {
		if got := normalize.Fold(c.in); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestNFC(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"tie\u0302\u0301ng", "tiếng"},
		{"tiê\u0301ng", "tiếng"},
		{"số\u00a01", "số 1"},
		{"ﬁ 25m² ½", "fi 25m² ½"},
		{"１２", "12"},
		{"a\xff\u0300", "a\xff\u0300"},
	} {
		if got := normalize.NFC(c.in); got != c.want {
			t.Errorf("NFC(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b     string
		min, max float64
	}{
		{"", "", 0, 0},
		{"Tỉnh", "tinh", 0, 0},
		{"abc", "xyz", 3, 3},
		{"a  b", "a b", 0, 0},
		{"cung cap", "cungcap", 0.1, 0.5},
		{"tham mưu", "tharn mưu", 0.1, 0.5},
		{"Đề án", "Pé an", 0.1, 0.5},
		{"Khó khăn", "Kết quả", 3, 8},
	} {
		d, back := normalize.Distance(c.a, c.b), normalize.Distance(c.b, c.a)
		if d < c.min || d > c.max {
			t.Errorf("Distance(%q, %q) = %v, want %v..%v", c.a, c.b, d, c.min, c.max)
		}
		if d != back {
			t.Errorf("Distance(%q, %q) = %v, but %v the other way", c.a, c.b, d, back)
		}
	}
}

func FuzzForms(f *testing.F) {
	for _, s := range []string{"", "Uỷ ban nhân dân", "tie\u0302\u0301ng", "\xff\xfe", "hoà\xc3", "①½ﬁ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := normalize.NFC(s)
		if again := normalize.NFC(n); again != n {
			t.Errorf("NFC(%q) = %q, then %q", s, n, again)
		}
		if utf8.ValidString(s) {
			u := normalize.Tones(n)
			if again := normalize.Tones(u); again != u {
				t.Errorf("Tones(%q) = %q, then %q", n, u, again)
			}
			if f := normalize.Fold(s); f != normalize.Fold(f) {
				t.Errorf("Fold(%q) = %q, then %q", s, f, normalize.Fold(f))
			}
		}
	})
}
