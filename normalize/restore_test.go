package normalize_test

import (
	"fmt"
	"log"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

func ExampleRestorer_Restore() {
	r, err := normalize.Default()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Restore("Uy ban nhan dan tinh ban hanh ké hoach trién khai chuyén déi s6").Text)
	// Output: Ủy ban nhân dân tỉnh ban hành kế hoạch triển khai chuyển đổi số
}

func restorer(t testing.TB) *normalize.Restorer {
	t.Helper()
	r, err := normalize.Default()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Right text stays as it is, to the last space.
func TestRestoreKeepsRightText(t *testing.T) {
	r := restorer(t)
	for _, text := range []string{
		"", " ", "\n", "123", "...",
		"Ủy ban nhân dân huyện ban hành Kế hoạch số 45/KH-UBND ngày 12/3/2024.",
		"  Sở Khoa học và Công nghệ   chủ trì,\tphối hợp với các sở, ngành liên quan. ",
		"Truy cập https://dichvucong.example.vn hoặc gửi thư đến hotro@example.vn để được hỗ trợ.",
		"Ứng dụng VNeID, CSDL quốc gia về dân cư, hệ thống IOC và nền tảng Cloud của tỉnh.",
		"\xff\xfe không phải UTF-8 \x80",
		strings.Repeat("a", 5000),
	} {
		if got := r.Restore(text).Text; got != text {
			t.Errorf("Restore(%.80q) = %.80q", text, got)
		}
	}
}

// A few lines without any marks, on a page that was read by an engine without
// Vietnamese letters, lost letters like the rest: "tim" may be "tâm".
func TestPageWithPlainLines(t *testing.T) {
	r := restorer(t)
	line := func(text string) (l schema.Line) {
		for w := range strings.FieldsSeq(text) {
			l.Words = append(l.Words, schema.Word{Text: w, Raw: w})
		}
		return l
	}
	p := &schema.Page{Grids: []schema.Grid{{Cells: []schema.GridCell{
		{Lines: []schema.Line{line("Céc don vi d& hoan thanh viéc s6 hoa hd so, du lléu duge cap nhat thudng xuyén vé hé théng")}},
		{Lines: []schema.Line{line("Trung tim Giam sat an toan"), line("thong tin cua huyen Ba Be")}},
	}}}}
	r.Page(p)
	if got := schema.TextOf(p.Grids[0].Cells[1].Lines, " "); !strings.HasPrefix(got, "Trung tâm Giám sát an toàn thông tin") {
		t.Errorf("became %q", got)
	}
}

func TestPage(t *testing.T) {
	r := restorer(t)
	word := func(s string, x int) schema.Word {
		return schema.Word{Text: s, Raw: s, Box: schema.Box{X0: x, Y0: 0, X1: x + 10*len(s), Y1: 20}, Confidence: 0.9}
	}
	line := func(text string) (l schema.Line) {
		x := 0
		for w := range strings.FieldsSeq(text) {
			l.Words = append(l.Words, word(w, x))
			x += 10*len(w) + 5
		}
		return l
	}
	p := &schema.Page{
		Lines: []schema.Line{line("Thuc hién nhiém vu phat trién kinh té xa hdi"), line("cta tinh trong nam 2025")},
		Grids: []schema.Grid{{Cells: []schema.GridCell{{Lines: []schema.Line{line("Hoan thanh viéc s6 hoa hd so")}}, {}}}},
	}
	r.Page(p)
	if got, want := schema.TextOf(p.Lines, " "), "Thực hiện nhiệm vụ phát triển kinh tế xã hội của tỉnh trong năm 2025"; got != want {
		t.Errorf("lines: %q, want %q", got, want)
	}
	if got, want := schema.TextOf(p.Grids[0].Cells[0].Lines, " "), "Hoàn thành việc số hóa hồ sơ"; got != want {
		t.Errorf("cell: %q, want %q", got, want)
	}
	if got, want := schema.RawOf(p.Lines[1:], " "), "cta tinh trong nam 2025"; got != want {
		t.Errorf("raw text: %q, want %q", got, want)
	}
	for _, w := range p.Lines[0].Words {
		if w.Text != w.Raw && (len(w.Repairs) == 0 || w.Repairs[0].From != w.Raw || w.Repairs[len(w.Repairs)-1].To != w.Text) {
			t.Errorf("%q became %q by %v", w.Raw, w.Text, w.Repairs)
		}
		if w.Box.Empty() {
			t.Errorf("%q lost its box", w.Raw)
		}
	}
}

func FuzzRestore(f *testing.F) {
	for _, s := range []string{"", "Két qua trién khai", "s6 327/0P-UBND", "kh}ong", "\xff\xfe a", "hoà thuý 12,5 %", "a b c d e f ¢ € 3 d3 & 1}} '", "khoahoc congnghé dir liéu"} {
		f.Add(s)
	}
	r := restorer(f)
	f.Fuzz(func(t *testing.T, s string) {
		res := r.Restore(s)
		if again := r.Restore(s); again.Text != res.Text {
			t.Errorf("Restore(%q) = %q, then %q", s, res.Text, again.Text)
		}
		var raw strings.Builder
		for _, w := range res.Words {
			raw.WriteString(w.Raw)
		}
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if got, want := squeeze(raw.String()), squeeze(s); got != want {
			t.Errorf("raw text of %q is %q", s, got)
		}
	})
}

// What an engine without Vietnamese letters makes of a line, beyond marks.
func TestRestoreHeavilyDamaged(t *testing.T) {
	r := restorer(t)
	for _, c := range []struct{ name, seen, want string }{
		// "é" alone is no TCVN3, in which it would be "ộ".
		{"one letter for many", "Bén thué tai san va bén cho thué cé trach nhiém bao tri", "Bên thuê tài sản và bên cho thuê có trách nhiệm bảo trì"},
		{"a letter read twice", "dau tu cho h¢ théng thong tin va co so dit li€¢u", "đầu tư cho hệ thống thông tin và cơ sở dữ liệu"},
		{"no marks, letters wrong", "Cung cap cho ngwoi dan va doanh nghiep cac dich vu cong truc tuyen", "Cung cấp cho người dân và doanh nghiệp các dịch vụ công trực tuyến"},
		{"an unknown agency", "Thong bao s6 77/SKHDT-VP ngay 5/6/2023 vé viéc kiém tra dinh ky", "Thông báo số 77/SKHĐT-VP ngày 5/6/2023 về việc kiểm tra định kỳ"},
	} {
		if got := r.Restore(c.seen).Text; got != c.want {
			t.Errorf("%s: Restore(%q)\n got %q\nwant %q", c.name, c.seen, got, c.want)
		}
	}
}

// A number or a sign alone may be a word that lost its shape, where no number
// makes sense; ordinals, counts and lists keep theirs.
func TestRestoreLoneDigits(t *testing.T) {
	r := restorer(t)
	for seen, want := range map[string]string{
		"May chu thuong xuyén bi 101, bi treo":                       "lỗi,",
		"Kho dir liéu sé trién khai 16 trinh ba nam":                 "lộ trình",
		"Phan mém duge cai dat & cac phong chuyén mén thudc huyén":   "cài đặt ở các",
		"Xa da dao tao 16 can bo va 101 hoi vién vé ky ning sé":      "đào tạo 16 cán bộ và 101 hội viên",
		"Nhiém vu thir 6 trong bang nay duge giao cho phong van hoa": " 6 trong bảng này",
		"kiém soat quan tri, co nhat ky truy cap":                    "quản trị,",
	} {
		if got := r.Restore(seen).Text; !strings.Contains(got, want) {
			t.Errorf("Restore(%q) = %q, without %q", seen, got, want)
		}
	}
}
