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
	for _, c := range field.Citations("Quyét dinh so 2943-OP/TU ngay 12/03/2024 cua Thanh uy") {
		fmt.Println(c.Citation.Type, c.Citation.Number, c.Citation.Date, c.Citation.Issuer)
	}
	// Output: Quyết định 2943-QĐ/TU 2024-03-12 Thanh uy
}
