package extract_test

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// table makes a table of rows of texts; "^" is covered by the cell above, "<"
// by the cell on the left.
func table(headRows int, rows ...[]string) schema.Table {
	t := schema.Table{Pages: []int{1}, HeadRows: headRows}
	for r, row := range rows {
		var cells []schema.Cell
		for c, text := range row {
			if text == "^" || text == "<" {
				continue
			}
			cell := schema.Cell{Text: text, Row: r, Col: c, RowSpan: 1, ColSpan: 1}
			for k := r + 1; k < len(rows) && rows[k][c] == "^"; k++ {
				cell.RowSpan++
			}
			for k := c + 1; k < len(row) && row[k] == "<"; k++ {
				cell.ColSpan++
			}
			cells = append(cells, cell)
		}
		t.Rows = append(t.Rows, cells)
	}
	for _, h := range rows[0] {
		t.Columns = append(t.Columns, schema.Field{Text: h})
	}
	return t
}

func value(r schema.Record, name string) string {
	e, ok := r.Fields[name]
	if !ok {
		return ""
	}
	var out []string
	for _, f := range e.All() {
		out = append(out, fmt.Sprint(f.Value))
	}
	return strings.Join(out, "; ")
}

func checkRules(checks []schema.Check) string {
	var out []string
	for _, c := range checks {
		out = append(out, c.Rule)
	}
	return strings.Join(out, " ")
}

func TestBuildFromGrid(t *testing.T) {
	tab := table(1,
		[]string{"STT", "Mô hình", "Kết quả triển khai", "Khó khăn, vướng mắc", "Kinh phí"},
		[]string{"I", "NHÓM TIỆN ÍCH CHO NGƯỜI DÂN (03 MÔ HÌNH)", "<", "<", "<"},
		[]string{"1", "Mô hình 1: Trạm đọc sách xã", "HOÀN THÀNH Đã mở 12 trạm", "Không", "khoảng 2,5 tỷ đồng"},
		[]string{"2", "Mô hình 2: Bến đò số", "Nhiệm vụ này đã bàn giao cho Công an tỉnh quản lý", "-", ""},
		[]string{"STT", "Mô hình", "Kết quả triển khai", "Khó khăn, vướng mắc", "Kinh phí"},
		[]string{"II", "NHÓM PHÂN TÍCH", "<", "<", "<"},
		[]string{"4", "Mô hình 4: Phân tích lượng mưa", "ĐANG THỰC HIỆN", "", "Dùng chung 1 tỷ 200 triệu đồng"},
		[]string{"5", "Mô hình 5: Phân tích độ mặn", "^", "", "^"},
	)
	r := extract.Build(nil, []schema.Table{tab}, extract.Options{})
	if r.Profile != "model-results" || len(r.Records) != 4 {
		t.Fatalf("profile %q, %d records", r.Profile, len(r.Records))
	}
	tests := []struct {
		record             int
		field, want, group string
	}{
		{0, "number", "1", "I"},
		{0, "title", "Trạm đọc sách xã", "I"},
		{0, "status", "completed", "I"},
		{0, "results", "Đã mở 12 trạm", "I"},
		{0, "difficulties", "Không", "I"},
		{0, "amounts", "{2500000000 0 khoảng  cost []}", "I"},
		{1, "status", "transferred", "I"},
		{1, "difficulties", "-", "I"},
		{1, "cost", "", "I"},
		{2, "number", "4", "II"},
		{2, "status", "in_progress", "II"},
		{2, "amounts", "{1200000000 0   cost [5]}", "II"},
		{3, "status", "in_progress", "II"},
		{3, "amounts", "{1200000000 0   cost [4]}", "II"},
	}
	for _, tt := range tests {
		rec := r.Records[tt.record]
		if got := value(rec, tt.field); got != tt.want {
			t.Errorf("%s %s = %q, want %q", rec.ID, tt.field, got, tt.want)
		}
		if rec.Group == nil || rec.Group.Number != tt.group {
			t.Errorf("%s group = %+v, want %s", rec.ID, rec.Group, tt.group)
		}
	}
	if got, want := checkRules(r.Checks), "number_gap declared_count"; got != want {
		t.Errorf("checks %q, want %q: %+v", got, want, r.Checks)
	}
}

func TestUnknownTableIsLeft(t *testing.T) {
	tab := table(1, []string{"Mã", "Tên thủ tục", "Phí"}, []string{"1.01", "Cấp phép đào ao", "50.000"})
	if r := extract.Build(nil, []schema.Table{tab}, extract.Options{}); r.Profile != "" || len(r.Records) != 0 {
		t.Errorf("profile %q, records %v", r.Profile, r.Records)
	}
}

// lostAppendix is an appendix as an engine without Vietnamese leaves it.
const lostAppendix = `PHU LUC 02
BAO CAO KET QUA TRIEN KHAI 05 MO HINH DIEM
(Kem theo Cong van so 77/SVH-QLDS ngay 03/6/2025 cua So Van hoa)

STT

M6 hinh

Ket qua trien khai

Kho khan vuong mac

Kinh phi dau tu

I

NHOM TIEN ICH CHO NGUOI DAN (03 MO HINH)

M0 hinh 1: Trien khai tram doc
sach tai cac xa mien nui

HOAN THANH
Den nay da mo 12 tram doc sach.

Khong

Dau tu ban dau khoang 2,5 ty
dong

M5 hinh 2: Trien khai ben do
so

DANG THUC HIEN
Dang phoi hop lap dat thiet bi.

3

Mb hinh 3: Trien khai cho que tren
mang

Den nay phan viec nay da ban giao cho Cong an tinh
quan ly

111 [NHOM PHAN TICH (02 MO HINH)

Mo hinh 4: Phan tich luong mua

5 |M@ hinh 5: Phan tich luong man
`

func TestBuildFromLostGrid(t *testing.T) {
	r := extract.Build(textPages(lostAppendix), nil, extract.Options{})
	if r.Profile != "model-results" || len(r.Records) != 5 {
		t.Fatalf("profile %q, %d records", r.Profile, len(r.Records))
	}
	tests := []struct {
		record      int
		field, want string
	}{
		{0, "number", "1"},
		{0, "title", "Trien khai tram doc sach tai cac xa mien nui"},
		{0, "status", "completed"},
		{0, "amounts", "{2500000000 0 khoảng  cost []}"},
		{1, "title", "Trien khai ben do so"},
		{1, "status", "in_progress"},
		{2, "title", "Trien khai cho que tren mang"},
		{2, "status", "transferred"},
		{2, "results", "Den nay phan viec nay da ban giao cho Cong an tinh quan ly"},
		{3, "title", "Phan tich luong mua"},
		{4, "number", "5"},
		{4, "title", "Phan tich luong man"},
	}
	for _, tt := range tests {
		if got := value(r.Records[tt.record], tt.field); got != tt.want {
			t.Errorf("%s %s = %q, want %q", r.Records[tt.record].ID, tt.field, got, tt.want)
		}
	}
	if g := r.Records[3].Group; g == nil || g.Number != "II" {
		t.Errorf("group of the fourth: %+v, want II", g)
	}
	if f := r.Header.AttachedTo; f == nil || f.Value.(schema.Citation).Number != "77/SVH-QLDS" {
		t.Errorf("attached to %+v", f)
	}
	if f := r.Records[0].Fields["title"].One; f.Boxes[0].Line == nil || *f.Boxes[0].Line != [2]int{19, 20} {
		t.Errorf("title stands at %+v, want lines 19 to 20", f.Boxes)
	}
	for _, c := range r.Checks {
		if c.Rule == "unplaced" {
			t.Errorf("%+v", c)
		}
	}
}

func TestSplitSheets(t *testing.T) {
	text := `PHỤ LỤC 1
STT Nhiệm vụ cụ thể
Cơ quan chủ trì thực hiện
Thời hạn hoàn thành
Nhóm I - Xây dựng nền tảng
1 |Rà soát kho dữ liệu đất đai của các xã và |Sở Nông nghiệp 31/12/2025
lập danh mục
2 |Tổ chức tập huấn kỹ năng bơi cho học sinh |Sở Giáo dục 30/6/2025




Kết quả thực hiện

- Đã rà soát kho dữ liệu đất đai của 40 xã.

- Danh mục đã gửi các sở.

Đã mở 12 lớp tập huấn kỹ năng bơi cho 900 học sinh.
`
	r := extract.Build(textPages(text), nil, extract.Options{})
	if len(r.Records) != 2 {
		t.Fatalf("%d records, profile %q", len(r.Records), r.Profile)
	}
	for i, want := range []map[string]string{
		{"task": "Rà soát kho dữ liệu đất đai của các xã và lập danh mục", "lead_agency": "Sở Nông nghiệp", "deadline": "2025-12-31",
			"result": "- Đã rà soát kho dữ liệu đất đai của 40 xã. - Danh mục đã gửi các sở."},
		{"task": "Tổ chức tập huấn kỹ năng bơi cho học sinh", "lead_agency": "Sở Giáo dục", "deadline": "2025-06-30",
			"result": "Đã mở 12 lớp tập huấn kỹ năng bơi cho 900 học sinh."},
	} {
		for name, w := range want {
			if got := value(r.Records[i], name); got != w {
				t.Errorf("%s %s = %q, want %q", r.Records[i].ID, name, got, w)
			}
		}
		if f := r.Records[i].Fields["result"].One; f != nil && f.Confidence >= r.Records[i].Fields["deadline"].One.Confidence+0.2 {
			t.Errorf("a result that order alone joins is too sure: %v", f.Confidence)
		}
	}
}

func TestHeader(t *testing.T) {
	text := `UBND TỈNH HẠ LONG CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ VĂN HÓA VÀ THỂ THAO Độc lập - Tự do - Hạnh phúc
S6: 668 /BC-SVHTT Hạ Long, ngày d4 tháng 7 năm 2025
BÁO CÁO

Kết quả mở trạm đọc sách 6 tháng đầu năm

Thực hiện Kế hoạch số 12/KH-UBND ngày 03/01/2025 của UBND tỉnh về mở trạm
đọc sách, Sở Văn hóa và Thể thao báo cáo như sau.

Đến nay có 674.242/708.475 người có thẻ đọc, đạt 97,17%; chi 2,5 tỷ đồng.

Nơi nhận: KT. GIÁM ĐỐC
- UBND tỉnh; PHÓ GIÁM ĐỐC
- Các phòng thuộc Sở;
- Lưu: VT, QLDS.

Trần Thị Bích Lan
`
	r := extract.Build(textPages(text), nil, extract.Options{Now: time.Date(2025, 1, 2, 0, 0, 0, 0, time.UTC)})
	got := map[string]any{}
	for name, f := range r.Header.Fields() {
		got[name] = f.Value
	}
	want := map[string]any{
		"issuer": "SỞ VĂN HÓA VÀ THỂ THAO", "parent": "UBND TỈNH HẠ LONG", "number": "668/BC-SVHTT", "place": "Hạ Long",
		"date": "2025-07-?4", "document_type": "BÁO CÁO", "title": "Kết quả mở trạm đọc sách 6 tháng đầu năm",
		"signer": "Trần Thị Bích Lan", "signer_title": "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("header %v,\nwant %v", got, want)
	}
	if d := r.Header.Date; d.State != schema.NeedsReview || len(d.Alternatives) != 3 {
		t.Errorf("a date with an unknown digit: %+v", d)
	}
	if len(r.Header.Recipients) != 3 {
		t.Errorf("recipients %+v", r.Header.Recipients)
	}
	if len(r.Citations) != 1 || r.Citations[0].Value.(schema.Citation).Issuer != "UBND tỉnh" {
		t.Errorf("citations %+v", r.Citations)
	}
	if len(r.Amounts) != 1 {
		t.Errorf("amounts %+v", r.Amounts)
	}
	if s := checkRules(r.Checks); s != "ratio future_date" {
		t.Errorf("checks %q", s)
	}
}

// A known grid whose last column stands on a sheet of its own.
func TestSideSheetOfGrid(t *testing.T) {
	tab := table(1,
		[]string{"STT", "Nhiệm vụ cụ thể", "Cơ quan chủ trì", "Thời hạn hoàn thành"},
		[]string{"1", "Rà soát kho dữ liệu đất đai", "Sở Nông nghiệp", "31/12/2025"},
		[]string{"2", "Mở lớp tập huấn kỹ năng bơi", "Sở Giáo dục", "30/6/2025"},
	)
	text := "PHỤ LỤC 1\n\n\n\n\nKết quả thực hiện\n\nĐã rà soát kho dữ liệu của 40 xã, còn\n11.\n\nĐã mở 12 lớp cho 900 học sinh.\n"
	r := extract.Build(textPages(text), []schema.Table{tab}, extract.Options{})
	if len(r.Records) != 2 {
		t.Fatalf("%d records", len(r.Records))
	}
	for i, want := range []string{"Đã rà soát kho dữ liệu của 40 xã, còn 11.", "Đã mở 12 lớp cho 900 học sinh."} {
		if got := value(r.Records[i], "result"); got != want {
			t.Errorf("result %q, want %q", got, want)
		}
	}
}

// Number and day by hand: what OCR makes of them must not send the search for
// place, date and title into the body.
func TestHandwrittenLetterhead(t *testing.T) {
	text := `UBND TỈNH HẠ LONG
SỞ VĂN HÓA
Số: Zh? /QĐ-SVH
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Hạ Long, ngày {§ tháng O2 năm 2025
QUYẾT ĐỊNH
Về việc công bố Danh mục trạm đọc sách
(Lĩnh vực: Thư viện)
GIÁM ĐỐC SỞ VĂN HÓA
Căn cứ Luật Thư viện ngày 21 tháng 11 năm 2019;
Thực hiện Công văn số 12/UBND-VX ngày 03/01/2025 của UBND tỉnh;
`
	h := extract.Build(textPages(text), nil, extract.Options{}).Header
	got := map[string]any{}
	for name, f := range h.Fields() {
		got[name] = f.Value
	}
	want := map[string]any{
		"parent": "UBND TỈNH HẠ LONG", "issuer": "SỞ VĂN HÓA", "number": "?/QĐ-SVH", "place": "Hạ Long", "date": "2025-02-??",
		"document_type": "QUYẾT ĐỊNH", "title": "Về việc công bố Danh mục trạm đọc sách (Lĩnh vực: Thư viện)",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("header %v,\nwant %v", got, want)
	}
	for _, f := range []*schema.Field{h.Number, h.Date} {
		if f != nil && f.State != schema.NeedsReview {
			t.Errorf("%v is accepted", f.Value)
		}
	}
}

func TestNumberWithoutStroke(t *testing.T) {
	h := extract.Build(textPages("UBND TỈNH HẠ LONG\nSố: 171KH-UBND\nHạ Long, ngày 06 tháng 02 năm 2024\nKẾ HOẠCH\nMở trạm đọc sách\n"), nil, extract.Options{}).Header
	if h.Number == nil || h.Number.Value != "171/KH-UBND" || h.Number.State != schema.NeedsReview {
		t.Errorf("number %+v", h.Number)
	}
	if h.Title == nil || h.Title.Value != "Mở trạm đọc sách" {
		t.Errorf("title %+v", h.Title)
	}
}

func TestHandwritingNeedsReview(t *testing.T) {
	pages := textPages("Số: 12/KH-SVH Hạ Long, ngày 05 tháng 7 năm 2025\nKẾ HOẠCH\nMở trạm đọc sách\n")
	pages[0].Lines[0].Words[1].Under = schema.Handwriting
	r := extract.Build(pages, nil, extract.Options{})
	if f := r.Header.Number; f == nil || f.State != schema.NeedsReview || f.Why[0] != "handwriting" {
		t.Errorf("number %+v", f)
	}
}

func TestClaims(t *testing.T) {
	const list = "Các mô hình gồm: Mô hình 1: Trạm đọc sách xã; trường học; chợ (Sở Văn hóa); Mô hình 3: Chuyến xe khám mắt miễn phí; Mô hình 4: Sổ tay trồng quế hữu cơ; Mô hình 7: Camera cầu phao bến Trâu; Mô hình 8: Kho hạt giống bản địa."
	titles := []string{"Trạm đọc sách xã; trường học; chợ", "Bến đò số", "Chuyến xe khám mắt miễn phí", "Sổ tay trồng quế hữu cơ", "Camera cầu phao bến Trâu"}
	for _, c := range []struct {
		name, text string
		statuses   []string // a row each
		want       []string // severity, rule, and what the message ends with
	}{
		{"another count", "Đến nay, tỉnh đã hoàn thành 02 mô hình.", []string{"HOÀN THÀNH", "ĐANG THỰC HIỆN"}, []string{
			"warning claim the table has 1 of status completed"}},
		{"the same count", "Đến nay, tỉnh đã hoàn thành 02 mô hình.", []string{"HOÀN THÀNH", "HOÀN THÀNH"}, nil},
		{"one that cannot be read may be the other", "Đến nay, tỉnh đã hoàn thành 02 mô hình.", []string{"HOÀN THÀNH", "QTR GHIZDWLX", "ĐANG THỰC HIỆN"}, []string{
			"info claim the table has 1 of status completed, and 1 of which the status is not known: 2"}},
		{"not all of them", "Đến nay, tỉnh đã hoàn thành 04 mô hình.", []string{"HOÀN THÀNH", "QTR GHIZDWLX", "ĐANG THỰC HIỆN"}, []string{
			"warning claim the table has 1 of status completed, and 1 of which the status is not known: 2"}},
		{"more than it says", "Đến nay, tỉnh đã hoàn thành 01 mô hình.", []string{"HOÀN THÀNH", "HOÀN THÀNH", "QTR GHIZDWLX"}, []string{
			"warning claim the table has 2 of status completed, and 1 of which the status is not known: 3"}},
		{"a list", list, []string{"HOÀN THÀNH", "HOÀN THÀNH", "HOÀN THÀNH", "QTR GHIZDWLX", "ĐANG THỰC HIỆN"}, []string{
			`warning claim_list 2 of them are so in the table; another status: 5; status not known: 4; not found by title: 8 "Kho hạt giống bản địa."`}},
		{"a list that agrees", list, []string{"HOÀN THÀNH", "ĐANG THỰC HIỆN", "HOÀN THÀNH", "HOÀN THÀNH", "HOÀN THÀNH"}, []string{
			`info claim_list 4 of them are so in the table; not found by title: 8 "Kho hạt giống bản địa."`}},
	} {
		rows := [][]string{{"STT", "Mô hình", "Kết quả triển khai", "Kinh phí"}}
		for i, s := range c.statuses {
			rows = append(rows, []string{strconv.Itoa(i + 1), fmt.Sprintf("Mô hình %d: %s", i+1, titles[i]), s, ""})
		}
		r := extract.Build(textPages("BÁO CÁO\n\n"+c.text+"\n"), []schema.Table{table(1, rows...)}, extract.Options{})
		if len(r.Checks) != len(c.want) {
			t.Errorf("%s: checks %+v", c.name, r.Checks)
			continue
		}
		for i, want := range c.want {
			if k := r.Checks[i]; !strings.HasPrefix(want, string(k.Severity)+" "+k.Rule) || !strings.HasSuffix(k.Message, strings.TrimPrefix(want, string(k.Severity)+" "+k.Rule+" ")) {
				t.Errorf("%s: %s %s %q, want %q", c.name, k.Severity, k.Rule, k.Message, want)
			}
		}
	}
}

func TestCatalogue(t *testing.T) {
	entries := []extract.CatalogueEntry{
		{Kind: "model", Number: "7", Title: "Trạm đọc sách tại các xã.", Document: "9/KH-UBND"},
		{Kind: "model", Number: "8", Title: "Bến đò số", Document: "9/KH-UBND"},
	}
	tab := table(1,
		[]string{"STT", "Mô hình", "Kết quả triển khai", "Kinh phí"},
		[]string{"1", "Mô hình 1: Tram doc sach tai cac xa", "", ""},
		[]string{"2", "Mô hình 2: Đường hoa ven sông", "", ""},
	)
	r := extract.Build(nil, []schema.Table{tab}, extract.Options{Catalogue: entries})
	if got := value(r.Records[0], "catalogue_ref"); got != "9/KH-UBND#7" {
		t.Errorf("catalogue_ref %q", got)
	}
	if got := value(r.Records[1], "catalogue_ref"); got != "" {
		t.Errorf("a title that the catalogue does not have is linked to %q", got)
	}
}

// A title that is linked takes the plan's letters where its own were misread, and
// drops what two columns that were parted left twice.
func TestCatalogueMends(t *testing.T) {
	const title = "Trạm đọc sách tự động tại các xã, phường"
	entries := []extract.CatalogueEntry{{Kind: "model", Number: "7", Title: title, Document: "9/KH-UBND"}}
	r, err := normalize.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, read := range []string{
		"Trạm đọc sách. sách tự động tại các xã, phường",
		"Trạm đọc sách tỷ động tại các xã, phường",
		"Trạm đọc sách tư đồng tại các xã, phường",
	} {
		tab := table(1, []string{"STT", "Mô hình", "Kết quả triển khai", "Kinh phí"}, []string{"1", "Mô hình 1: " + read, "", ""})
		got := extract.Build(nil, []schema.Table{tab}, extract.Options{Catalogue: entries, Restorer: r})
		if text := value(got.Records[0], "title"); text != title {
			t.Errorf("%q became %q", read, text)
		}
	}
}

// A plan may word a title otherwise than the report does, by another word that looks
// like it: what the report has stays where it was read so and makes sense.
func TestCatalogueLeavesLegibleWords(t *testing.T) {
	entries := []extract.CatalogueEntry{{Kind: "model", Number: "7", Title: "Trạm đọc cáo tự động tại các xã, phường", Document: "9/KH-UBND"}}
	r, err := normalize.Default()
	if err != nil {
		t.Fatal(err)
	}
	const title = "Trạm đọc báo tự động tại các xã, phường"
	tab := table(1, []string{"STT", "Mô hình", "Kết quả triển khai", "Kinh phí"}, []string{"1", "Mô hình 1: " + title, "", ""})
	got := extract.Build(nil, []schema.Table{tab}, extract.Options{Catalogue: entries, Restorer: r})
	if text := value(got.Records[0], "title"); text != title {
		t.Errorf("%q became %q", title, text)
	}
	if got := value(got.Records[0], "catalogue_ref"); got != "9/KH-UBND#7" {
		t.Errorf("catalogue_ref %q", got)
	}
}

// A text may end with the title of a table of which nothing else is left.
func TestTitleWithoutTable(t *testing.T) {
	text := "PHỤ LỤC 1\nDANH MỤC CÁC CHỈ TIÊU\nChi tiết theo từng đơn vị"
	if r := extract.Build(textPages(text), nil, extract.Options{}); len(r.Records) > 0 {
		t.Errorf("%d records", len(r.Records))
	}
}

func TestBuildIsDeterministic(t *testing.T) {
	first := extract.Build(textPages(lostAppendix), nil, extract.Options{})
	for range 3 {
		if again := extract.Build(textPages(lostAppendix), nil, extract.Options{}); !reflect.DeepEqual(first, again) {
			t.Fatal("two runs differ")
		}
	}
}

func TestExplain(t *testing.T) {
	tab := table(1, []string{"STT", "Mô hình", "Kết quả triển khai", "Kinh phí"}, []string{"1", "Mô hình 1: Trạm đọc sách", "HOÀN THÀNH", ""})
	es := extract.Explain(textPages(lostAppendix), []schema.Table{tab}, extract.Options{})
	if len(es) != 2 || es[0].Profile != "model-results" || es[0].Records != 1 || es[1].Records != 5 {
		t.Fatalf("%+v", es)
	}
	if got := strings.Join(es[0].Missing, " "); got != "status difficulties benefits next_steps" {
		t.Errorf("missing %q", got)
	}
}

func FuzzBuild(f *testing.F) {
	f.Add(lostAppendix)
	f.Add("Số: 1/BC-X A, ngày 1 tháng 2 năm 2025\nTT\n|\nNội dung mô hình\n|\nMục tiêu\n|\nCơ quan chủ trì\n|\n1\n|\nMô hình 1: a\n|\nb\n|\nc\n|")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4000 {
			return
		}
		r := extract.Build(textPages(text), nil, extract.Options{})
		for _, rec := range r.Records {
			for name, e := range rec.Fields {
				for _, fd := range e.All() {
					if fd.Confidence < 0 || fd.Confidence > 1 {
						t.Errorf("%s %s: confidence %v", rec.ID, name, fd.Confidence)
					}
				}
			}
		}
	})
}
