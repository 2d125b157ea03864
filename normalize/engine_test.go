package normalize_test

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// readPage repairs a page of one line whose words have one confidence.
func readPage(t *testing.T, source schema.TextSource, text string, confidence float64) []schema.Word {
	t.Helper()
	var l schema.Line
	for w := range strings.FieldsSeq(text) {
		l.Words = append(l.Words, schema.Word{Text: w, Raw: w, Confidence: confidence})
	}
	p := schema.Page{Lines: []schema.Line{l}}
	p.TextSource = source
	restorer(t).Page(&p)
	return p.Lines[0].Words
}

func TestEngineReadings(t *testing.T) {
	for _, c := range []struct {
		seen       string
		confidence float64
		want       string
		reason     string
	}{
		{"phí giải quyết một hồ SƠ.", 0.93, "phí giải quyết một hồ sơ.", normalize.ReasonCase},
		{"thực tế giải quyết hỒ sơ tại cơ quan", 0.93, "thực tế giải quyết hồ sơ tại cơ quan", normalize.ReasonCase},
		{"từ ngày 1I tháng 3 năm 2025", 0.9, "từ ngày 11 tháng 3 năm 2025", normalize.ReasonDigits},
		{"đã lắp đặt !6 máy tính", 0.9, "đã lắp đặt 16 máy tính", normalize.ReasonDigits},
		{"đến cuối năm đạt 1009o kế hoạch", 0.9, "đến cuối năm đạt 100% kế hoạch", normalize.ReasonDigits},
		{"cấp phiếu lý lịch tư pháp. trên VNeID", 0.7, "cấp phiếu lý lịch tư pháp trên VNeID", normalize.ReasonSign},
		{"'Cấp đổi giấy phép lái xe", 0.6, "Cấp đổi giấy phép lái xe", normalize.ReasonSign},
		{"hỗ trợ vay vốn cho gia đình thuộc hỗ cận nghèo", 0.75, "hỗ trợ vay vốn cho gia đình thuộc hộ cận nghèo", normalize.ReasonMarks},
		{"đường thủy nói địa", 0.8, "đường thủy nội địa", normalize.ReasonMarks},
		{"Tăng cường triên khai ứng dụng công nghệ thông tin", 0.7, "Tăng cường triển khai ứng dụng công nghệ thông tin", normalize.ReasonMarks},
	} {
		words := readPage(t, schema.FromOCR, c.seen, c.confidence)
		got := schema.TextOf([]schema.Line{{Words: words}}, " ")
		if got != c.want {
			t.Errorf("%q (confidence %v) became %q, want %q", c.seen, c.confidence, got, c.want)
			continue
		}
		for _, w := range words {
			for _, r := range w.Repairs {
				if r.Reason != c.reason {
					t.Errorf("%q: reason of %q is %q, want %q", c.seen, r.To, r.Reason, c.reason)
				}
			}
		}
	}
}

// Letters that an engine lost or took for others leave words that are none, or that it
// doubted; the words around tell what they were. One it was sure of stays.
func TestLostLettersOfScans(t *testing.T) {
	for _, c := range []struct {
		seen       string // "*" marks the word in question
		confidence float64
		want       string
	}{
		{"theo đề nghị của Ủy ban nhn* dân xã", 0.9, "nhân"},
		{"sửa đổi một số điu* của Nghị định", 0.9, "điều"},
		{"người bị bệnh được khám, chữa dệnh* tại trạm", 0.7, "bệnh"},
		{"lấy ý kiến bằng văủ* bản", 0.7, "văn"},
		{"đoàn gặp già làng người Jrai* trong vùng", 0.966, "Jrai"},
		{"đã cấp mã* số thuế", 0.966, "mã"},
		{"trang bị xe lưu động cho bản Pú* Nhu", 0.9, "Pú"},
		{"chuyển tổng hợp-tiến* độ hằng tháng", 0.7, "hợp-tiến"},
	} {
		var l schema.Line
		at := 0
		for w := range strings.FieldsSeq(c.seen) {
			confidence := 0.966
			if strings.HasSuffix(w, "*") {
				w, confidence, at = strings.TrimSuffix(w, "*"), c.confidence, len(l.Words)
			}
			l.Words = append(l.Words, schema.Word{Text: w, Raw: w, Confidence: confidence})
		}
		p := schema.Page{Lines: []schema.Line{l}}
		p.TextSource = schema.FromOCR
		restorer(t).Page(&p)
		if got := p.Lines[0].Words[at].Text; got != c.want {
			t.Errorf("%q: the word is read %q, want %q", c.seen, got, c.want)
		}
	}
}

// Names, Roman numerals, codes and lists stay as an engine that was certain
// read them.
func TestEngineKeepsRight(t *testing.T) {
	for _, text := range []string{
		"Trung tâm Phục vụ hành chính công đã ban hành Quyết định số 45/QĐ-UBND",
		"trong quý II và quý III năm 2025, phụ lục A1",
		"Khu công nghiệp, các sở, ngành và Sở Tài chính; tiếp nhận 5S, 4G và H2O",
		"1.013274.H04 thủ tục, hồ sơ: giấy tờ; kết quả.",
		"a) Về việc thực hiện; b) Sổ hộ khẩu",
	} {
		got := schema.TextOf([]schema.Line{{Words: readPage(t, schema.FromOCR, text, 0.97)}}, " ")
		if got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// Confidence counts on pages that an engine read, and there only.
func TestConfidenceCounts(t *testing.T) {
	const text = "đã cấp mã số cho 76 vùng trông với 204 ha chè"
	change := func(source schema.TextSource, confidence float64) bool {
		return schema.TextOf([]schema.Line{{Words: readPage(t, source, text, confidence)}}, " ") != text
	}
	if !change(schema.FromOCR, 0.4) {
		t.Errorf("%q stays though the engine was not sure of it", text)
	}
	if change(schema.FromText, 0.4) {
		t.Errorf("%q is changed in a text file", text)
	}
}
