package extract

import "testing"

// OCR reads specks and corners of frames as quotation marks.
func TestWithoutLoneQuote(t *testing.T) {
	for title, want := range map[string]string{
		`"Bến cá thanh toán qua điện thoại`:  `Bến cá thanh toán qua điện thoại`,
		`“ Bến cá thanh toán qua điện thoại`: `Bến cá thanh toán qua điện thoại`,
		`Bến cá thanh toán qua điện thoại ”`: `Bến cá thanh toán qua điện thoại`,
		`Bến cá thanh toán qua điện thoại"`:  `Bến cá thanh toán qua điện thoại`,
		`“Bến cá số” ở vùng hạ lưu`:          `“Bến cá số” ở vùng hạ lưu`,
		`Mô hình "Bến cá số"`:                `Mô hình "Bến cá số"`,
		`Mô hình "Bến cá số ở vùng hạ lưu`:   `Mô hình "Bến cá số ở vùng hạ lưu`,
		`Bảng điện tử ở bến cá cỡ 40"`:       `Bảng điện tử ở bến cá cỡ 40"`,
		`"`: ``,
		`Bến cá thanh toán qua điện thoại 24 giờ`: `Bến cá thanh toán qua điện thoại 24 giờ`,
	} {
		if got := passageOf(title).withoutLoneQuote().text; got != want {
			t.Errorf("%s: %q, want %q", title, got, want)
		}
	}
}
