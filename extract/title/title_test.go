package title_test

import (
	"testing"

	"github.com/sohoa/sohoa/extract/title"
)

func likeness(a, b string, others ...string) (like, misread float64) {
	x, y := title.New(a), title.New(b)
	all := []title.Title{x, y}
	for _, s := range others {
		all = append(all, title.New(s))
	}
	w := title.NewWeights(all)
	return w.Likeness(x, y), w.Misread(x, y)
}

func TestLikeness(t *testing.T) {
	for _, c := range []struct {
		a, b string
		link bool
	}{
		{"Mô hình 7: Đếm khách qua đò bằng máy ảnh", "đếm khách qua đò bằng máy ảnh.", true},
		// Words that were read as one are the two that they are.
		{"Đếm khách quađò bằng máyảnh ởbến", "Đếm khách qua đò bằng máy ảnh ở bến", true},
		// What says nothing else is told more briefly.
		{"Đếm khách tại các bến đò ngang (bến chợ; bến trường; bến đình)", "Dựng máy ảnh để đếm khách tại các bến đò ngang (bến chợ; bến trường; bến đình)", true},
		// One word in the place of another is another subject.
		{"Đăng ký neo thuyền thường trực", "Đăng ký neo thuyền tạm thời", false},
		{"Khai báo lồng bè mức 3", "Khai báo lồng bè mức 4", false},
	} {
		like, _ := likeness(c.a, c.b, "Cấp lại biển đò dọc", "Khai báo tàu cá", "Xem mực nước ở bến")
		if (like >= title.MinLink) != c.link {
			t.Errorf("%q and %q: %.2f, link %v", c.a, c.b, like, c.link)
		}
	}
}

// A title of which hardly a word is whole has a partner where each has one.
func TestMisread(t *testing.T) {
	like, misread := likeness("Đốm khàch qaa dò bàng mày ành", "Đếm khách qua đò bằng máy ảnh", "Xem mực nước ở bến", "Tra giá cá ở chợ")
	if misread < title.MinLink || misread < like {
		t.Errorf("likeness %.2f, misread %.2f", like, misread)
	}
}
