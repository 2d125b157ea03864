package compare

import (
	"path/filepath"
	"testing"

	"github.com/sohoa/sohoa/extract/title"
	"github.com/sohoa/sohoa/schema"
)

func TestParsePeriod(t *testing.T) {
	for s, want := range map[string]Period{
		"2025":             {"2025", "2025-01-01", "2025-12-31"},
		"2025-h1":          {"2025-H1", "2025-01-01", "2025-06-30"},
		"2025-H2":          {"2025-H2", "2025-07-01", "2025-12-31"},
		"2024-Q1":          {"2024-Q1", "2024-01-01", "2024-03-31"},
		"2024-02":          {"2024-02", "2024-02-01", "2024-02-29"},
		"2025-07-31":       {"2025-07-31", "2025-07-31", "2025-07-31"},
		"2025-01..2025-09": {"2025-01..2025-09", "2025-01-01", "2025-09-30"},
		"2025-Q3..":        {"2025-Q3..", "2025-07-01", ""},
		"..2025":           {"..2025", "", "2025-12-31"},
	} {
		if got, err := ParsePeriod(s); err != nil || got != want {
			t.Errorf("%s: got %+v, %v, want %+v", s, got, err, want)
		}
	}
	for _, s := range []string{"", "..", "quý III", "2025-13", "2025-Q5", "2025-H3", "2025-02-30", "2025-12..2025-01", "25"} {
		if got, err := ParsePeriod(s); err == nil {
			t.Errorf("%q: got %+v", s, got)
		}
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"2025", "2025-Q3", "2025-01..2025-09", "..", "2025-02-30"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := ParsePeriod(s); err == nil && (p.From != "" && p.To != "" && p.From > p.To || !p.Within(p) && p.From != "" && p.To != "") {
			t.Errorf("%q: %+v", s, p)
		}
	})
}

func TestWithin(t *testing.T) {
	period := func(s string) Period {
		if s == "" {
			return Period{}
		}
		p, err := ParsePeriod(s)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, c := range []struct {
		p, q string
		want bool
	}{
		{"2025-Q3", "2025", true}, {"2025", "2025-Q3", false}, {"2025-Q3", "2025-07..", true}, {"2025-Q2", "2025-07..", false},
		{"2025-01..2025-09", "2025-H1..", true}, {"", "2025", false}, {"", "", true}, {"2025", "", true},
	} {
		if got := period(c.p).Within(period(c.q)); got != c.want {
			t.Errorf("%q within %q: %v", c.p, c.q, got)
		}
	}
}

func TestParseGiven(t *testing.T) {
	g, err := ParseGiven("phu-luc*=Sơn Hải, 2025-Q3")
	if err != nil || g.Pattern != "phu-luc*" || g.Province != "Sơn Hải" || g.Period.Name != "2025-Q3" {
		t.Errorf("got %+v, %v", g, err)
	}
	if g, err := ParseGiven("a=,2025"); err != nil || g.Province != "" || g.Period.Name != "2025" {
		t.Errorf("got %+v, %v", g, err)
	}
	for _, s := range []string{"", "=x", "a", "[=x", "a=x,soon"} {
		if g, err := ParseGiven(s); err == nil {
			t.Errorf("%q: got %+v", s, g)
		}
	}
}

func TestThereAre34Provinces(t *testing.T) {
	old := 0
	for _, p := range provinces {
		old += 1 + len(p.joined)
	}
	// Thừa Thiên Huế is the old name of Huế, not a province that joined it.
	if len(provinces) != 34 || old-1 != 63 {
		t.Errorf("%d provinces now, %d before", len(provinces), old-1)
	}
}

func TestSpell(t *testing.T) {
	for name, want := range map[string]string{
		"Quang Ngai": "Quảng Ngãi", "QUẢNG NGÃI": "Quảng Ngãi", "tỉnh Quảng Ngài": "Quảng Ngãi", "Hoà Bình": "Hòa Bình",
		"thành phố Hồ Chí Minh": "Hồ Chí Minh", "Bà Rịa – Vũng Tàu": "Bà Rịa - Vũng Tàu", "Ba Ria Vung Tau": "Bà Rịa - Vũng Tàu", "Đăk Lăk": "Đắk Lắk",
		"Quảng Nam": "Quảng Nam", "Quảng Ninh": "Quảng Ninh", "Hà Nam": "Hà Nam", "Hà  Nội": "Hà Nội",
		"Sơn Hải": "Sơn Hải", "Trà Giang": "Trà Giang",
	} {
		if got := spell(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

// text makes a field of a text.
func textField(s string) *schema.Field {
	if s == "" {
		return nil
	}
	return &schema.Field{Value: s, Text: s}
}

func TestLocate(t *testing.T) {
	for _, c := range []struct {
		name     string
		report   Report
		file     string
		header   schema.Header
		page     string
		province string
		period   string
		from     Evidence
	}{
		{name: "letterhead and title", header: schema.Header{Issuer: textField("UBND TỈNH SƠN HẢI"), Title: textField("Kết quả quý III năm 2025"), Date: textField("2025-10-07")},
			province: "Sơn Hải", period: "2025-Q3", from: Evidence{"header", "title"}},
		{name: "day of the document", header: schema.Header{Issuer: textField("SỞ Y TẾ"), Parent: textField("UBND TỈNH SƠN HẢI"), Date: textField("2025-10-07")},
			province: "Sơn Hải", period: "2025-10", from: Evidence{"header", "date"}},
		{name: "misread province", header: schema.Header{Parent: textField("UBND TỈNH QUANG NGÀI")}, province: "Quảng Ngãi", from: Evidence{Province: "header"}},
		{name: "appendix", header: schema.Header{Title: textField("KẾT QUẢ CÁC MÔ HÌNH"),
			AttachedTo: &schema.Field{Text: "Báo cáo số 96/BC-UBND ngày 07/10/2025 của UBND tỉnh Bạch Vân", Value: schema.Citation{Type: "Báo cáo", Number: "96/BC-UBND", Date: "2025-10-07", Issuer: "UBND tỉnh Bạch Vân"}}},
			province: "Bạch Vân", period: "2025-10", from: Evidence{"attached_to", "attached_to"}},
		{name: "text", page: "Trên địa bàn tỉnh Đức Sơn, tính đến ngày 15/6/2025, đã cấp 12 thẻ.\nSo với tỉnh Bạch Vân thì cao hơn; tỉnh Đức Sơn đứng thứ hai.\n",
			province: "Đức Sơn", period: "2025-06", from: Evidence{"text", "text"}},
		{name: "file", file: "bao-cao_quang-ngai_quy-3-2025.pdf", province: "Quảng Ngãi", period: "2025-Q3", from: Evidence{"name", "name"}},
		{name: "folders", report: Report{Path: filepath.Join("bao-cao", "Kon Tum", "2025-H1", "phu-luc.json")}, province: "Kon Tum", period: "2025-H1", from: Evidence{"name", "name"}},
		{name: "nothing", file: "x.pdf"},
		{name: "given", file: "phu-luc-4.pdf", header: schema.Header{Issuer: textField("UBND TỈNH BẠCH VÂN")}, province: "Sơn Hải", period: "2024", from: Evidence{"given", "given"}},
	} {
		r := c.report
		r.Document = &schema.Document{Source: schema.Source{Name: c.file}, Header: c.header, Pages: []schema.PageInfo{{Number: 1, Text: c.page}}}
		given, err := ParseGiven("phu-luc-4*=Sơn Hải,2024")
		if err != nil {
			t.Fatal(err)
		}
		Locate([]*Report{&r}, []Given{given}, false)
		if r.Province != c.province || r.Period.Name != c.period || r.Evidence != c.from {
			t.Errorf("%s: got %q %q %+v, want %q %q %+v", c.name, r.Province, r.Period.Name, r.Evidence, c.province, c.period, c.from)
		}
	}
}

func TestLocateAgrees(t *testing.T) {
	make := func(issuer, file string) *Report {
		return &Report{Document: &schema.Document{Source: schema.Source{Name: file}, Header: schema.Header{Issuer: textField(issuer)}}}
	}
	all := []*Report{make("UBND TỈNH TR4 GIANG", "a"), make("UBND TỈNH TRÀ GIANG", "b"), make("UBND TỈNH KON TUM", "c"), make("", "tra-giang-phu-luc.pdf"), make("UBND TỈNH QUẢNG NGÃI", "e")}
	Locate(all, nil, true)
	for i, want := range []string{"Trà Giang", "Trà Giang", "Quảng Ngãi", "Trà Giang", "Quảng Ngãi"} {
		if all[i].Province != want {
			t.Errorf("report %d: %q, want %q", i, all[i].Province, want)
		}
	}
}

func TestPeriodOfName(t *testing.T) {
	for name, want := range map[string]string{
		"bao-cao-quy-iii-2025.pdf": "2025-Q3", "BC Q2.2025.pdf": "2025-Q2", "2025q4": "2025-Q4", "thang-9-2025": "2025-09", "T12_2024.pdf": "2024-12",
		"2025-08-05 bao cao.pdf": "2025-08", "tong hop 2024.pdf": "2024", "608-BC.pdf": "", "20250901.pdf": "",
	} {
		if got := periodOfName(name); got.Name != want {
			t.Errorf("%s: got %q, want %q", name, got.Name, want)
		}
	}
}

func TestTitlesApart(t *testing.T) {
	same := [][2]string{
		{"Mô hình 25: Chuẩn hóa xác thực tập trung", "Chuẩn hóa xác thực tập trung."},
		{"Chuan hoa xac thuc tap trung", "Chuẩn hóa xác thực tập trung"},
		{"Khám chữa bệnh bằng căn cước gắn chip", "Sử dụng căn cước gắn chip trong khám, chữa bệnh"},
		{"Thu phí bãi xe không dùng tiền mặt", "Thu phí các bãi xe không dùng tiền mặt trên địa bàn tỉnh"},
	}
	other := [][2]string{
		{"Đăng ký thường trú trực tuyến", "Đăng ký tạm trú trực tuyến"},
		{"Dịch vụ công mức độ 3", "Dịch vụ công mức độ 4"},
		{"Thu học phí không dùng tiền mặt", "Phiên chợ không dùng tiền mặt"},
		{"Cổng tự động soát vé tại bến tàu", "Cổng tự động soát vé tại khu du lịch"},
	}
	var all []title.Title
	for _, list := range [][][2]string{same, other} {
		for _, p := range list {
			all = append(all, title.New(p[0]), title.New(p[1]))
		}
	}
	w := title.NewWeights(all)
	for _, p := range same {
		if s := w.Likeness(title.New(p[0]), title.New(p[1])); s < title.MinLink {
			t.Errorf("%q and %q are one, likeness %.2f", p[0], p[1], s)
		}
	}
	for _, p := range other {
		if s := w.Likeness(title.New(p[0]), title.New(p[1])); s >= title.MinLink {
			t.Errorf("%q and %q are two, likeness %.2f", p[0], p[1], s)
		}
	}
}

// BenchmarkNew compares 34 provinces with four reports each of 45 models, whose
// titles are spelt differently.
func BenchmarkNew(b *testing.B) {
	first := []string{"Khám chữa bệnh", "Thu học phí", "Quản lý lưu trú", "Cấp phiếu lý lịch", "Bản đồ nhà ở", "Giám sát giao thông", "Hồ sơ sức khỏe", "Đăng ký tuyển sinh", "Chi trả lương hưu"}
	second := []string{"bằng căn cước gắn chip", "không dùng tiền mặt", "trên ứng dụng định danh", "tại trạm y tế xã", "cho hộ nghèo vùng cao"}
	var reports []*Report
	for p := range provinces {
		for period := range 4 {
			r := &Report{Document: &schema.Document{DocumentID: string(rune('a'+period)) + provinces[p].name}, Province: provinces[p].name, Period: Period{Name: "2025-Q" + string(rune('1'+period)), To: string(rune('1' + period))}}
			for i, a := range first {
				for k, c := range second {
					name := a + " " + c
					if (i+k+p)%5 == 0 {
						name = "Triển khai " + name + " tại " + provinces[p].name
					}
					r.Records = append(r.Records, schema.Record{ID: name, Kind: "model", Fields: map[string]schema.Entry{"title": schema.One(*textField(name))}})
				}
			}
			reports = append(reports, r)
		}
	}
	for b.Loop() {
		c, err := New(reports, Options{ByPeriod: true})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(c.Rows)), "rows")
	}
}
