package field_test

import (
	"testing"

	"github.com/sohoa/sohoa/extract/field"
)

func TestSpelled(t *testing.T) {
	for in, want := range map[string]int64{
		"Một tỷ hai trăm lẻ năm triệu đồng chẵn":           1_205_000_000,
		"mười lăm triệu ba trăm nghìn":                     15_300_000,
		"hai mươi mốt":                                     21,
		"Hai tỷ rưỡi":                                      2_500_000_000,
		"một nghìn hai trăm tỷ đồng Việt Nam":              1_200_000_000_000,
		"Ba trăm tám mươi sáu triệu, bốn trăm nghìn đồng":  386_400_000,
		"Sáu trăm bảy mươi tám nghìn không trăm linh chín": 678_009,
		"năm": 5, "mười": 10, "hai trạm cân": 0, "": 0, "đồng": 0, "bằng chuyển khoản": 0,
	} {
		if got, _ := field.Spelled(in); got != want {
			t.Errorf("Spelled(%q) = %d, want %d", in, got, want)
		}
	}
}
