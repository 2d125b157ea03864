package field

import (
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// What the openings of sentences say where no wording of the report type does; and
// where they say nothing that can be relied on.
func TestStatusOfOpenings(t *testing.T) {
	const none = schema.Status("")
	r := NewStatusReader([]StatusWords{{Status: schema.Completed, Labels: []string{"ĐẠT"}}})
	for _, c := range []struct {
		text string
		want schema.Status
	}{
		{"Hoàn thành lắp 9 trạm đo mưa và giao cho xã trông coi.", schema.Completed},
		{"Hoàn thành tại cả ba bến đò.", schema.Completed},
		{"Hoàn thành 40% khối lượng đào.", schema.InProgress},
		{"Hoàn thành khảo sát bốn bãi rác.", schema.InProgress},
		{"Hoàn thành lắp máy. Đang thử đường truyền.", schema.InProgress},
		{"Đã vận hành ở hai bến phà, mỗi ngày bán 70 vé.", schema.Completed},
		{"Đến nay đã được đưa vào khai thác", schema.Completed},
		{"Đã vận hành thử, chưa nghiệm thu", schema.InProgress},
		{"Đã khai thác 30% công suất", schema.InProgress},
		{"Đã trình bản vẽ lên sở.", schema.InProgress},
		{"Đã kê khai 300 hộ nuôi cá.", none}, // may be all, or a few
		{"Đang đo đạc ở sáu thôn, chưa có sổ.", schema.InProgress},
		{"Hiện nay, đang chạy thử", schema.InProgress},
		{"Đang hoạt động ở chợ huyện", none}, // done, or tried
		{"Đang vận hành thử ở chợ huyện", schema.InProgress},
		{"Đang chuẩn bị mặt bằng", none},
		{"Chưa chọn được thợ.", schema.NotStarted},
		{"Chưa được giao mặt bằng", schema.NotStarted},
		{"Chưa có nhà thầu. Đã xong bản vẽ.", none},
		{"Chưa có nhà thầu. Đang vẽ lại.", schema.InProgress},
		{"Chưa hoàn thành đường dẫn, đang sửa.", schema.InProgress},
		{"Chưa phát sinh trường hợp nào", none},
		{"Chưa có sự cố", none},
		{"Sẽ hoàn thành bến mới vào tháng tới.", schema.InProgress},
		{"Chợ họp đông hơn. Đã vận hành.", none}, // the first clause must tell
		{"Đãi ngộ thợ giỏi", none},
		{"Đang", schema.InProgress},
		{"", none},
	} {
		if got, _ := r.ReadOpening(c.text); got.Status != c.want {
			t.Errorf("%q: %q, want %q", c.text, got.Status, c.want)
		}
	}
	if _, ok := NewStatusReader(nil).ReadOpening("Đang đo đạc"); ok {
		t.Error("a report type without statuses has one")
	}
}
