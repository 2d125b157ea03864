package normalize

import (
	"strings"
	"testing"
)

func TestIsSyllable(t *testing.T) {
	for w := range strings.FieldsSeq("ủy ban nhân dân quyết định nghiệp giêng gì giỏi quý quỳnh khuỷu ngoằn đường ưu ý yếu oanh ươm thuở huých xoong đắk lắk học") {
		if got := isSyllable(w); !got {
			t.Errorf("isSyllable(%q) = %v", w, got)
		}
	}
	for w := range strings.FieldsSeq("nghịêp muru xyz tăc hạt2 bcd địnhh quưn thôngg đ") {
		if isSyllable(w) {
			t.Errorf("isSyllable(%q)", w)
		}
	}
}
