package field_test

import (
	"fmt"

	"github.com/sohoa/sohoa/extract/field"
)

func ExampleAmounts() {
	for _, a := range field.Amounts("chi khoang 6.8 ty dong, gia 8.000 đ/lượt, 2,1 triệu tài khoản") {
		fmt.Printf("%d %q %q\n", a.Money.VND, a.Money.Qualifier, a.Money.Per)
	}
	// Output:
	// 6800000000 "khoảng" ""
	// 8000 "" "lượt"
}

func ExampleCitations() {
	for _, c := range field.Citations("Quyét dinh so 1827-OP/TU ngay 11/02/2025 cua Tinh uy") {
		fmt.Println(c.Citation.Type, c.Citation.Number, c.Citation.Date, c.Citation.Issuer)
	}
	// Output: Quyết định 1827-QĐ/TU 2025-02-11 Tinh uy
}
