package extract

import (
	"strings"
	"sync"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// agencyNames are those that documents are sent to everywhere. There are few of
// them, so that one in which letters were misread can be told.
const agencyNames = `Văn phòng Chính phủ
Văn phòng Quốc hội
Văn phòng Chủ tịch nước
Văn phòng Trung ương Đảng
Văn phòng Tỉnh ủy
Văn phòng Thành ủy
Thủ tướng Chính phủ
Thường trực Tỉnh ủy
Thường trực Thành ủy
Ban Thường vụ Tỉnh ủy
Ban Thường vụ Thành ủy
Ban Tuyên giáo Tỉnh ủy
Ban Dân vận Tỉnh ủy
Ban Nội chính Tỉnh ủy
Ban Tổ chức Tỉnh ủy
Ủy ban Dân tộc
Ủy ban Mặt trận Tổ quốc Việt Nam
Kiểm toán Nhà nước
Ngân hàng Nhà nước Việt Nam
Thanh tra Chính phủ
Tòa án nhân dân tối cao
Viện kiểm sát nhân dân tối cao
Bộ Công an
Bộ Quốc phòng
Bộ Ngoại giao
Bộ Nội vụ
Bộ Tư pháp
Bộ Tài chính
Bộ Kế hoạch và Đầu tư
Bộ Công Thương
Bộ Xây dựng
Bộ Giao thông vận tải
Bộ Y tế
Bộ Giáo dục và Đào tạo
Bộ Khoa học và Công nghệ
Bộ Thông tin và Truyền thông
Bộ Văn hóa, Thể thao và Du lịch
Bộ Nông nghiệp và Môi trường
Bộ Nông nghiệp và Phát triển nông thôn
Bộ Tài nguyên và Môi trường
Bộ Lao động - Thương binh và Xã hội
Bộ Dân tộc và Tôn giáo
Sở Nội vụ
Sở Tư pháp
Sở Tài chính
Sở Kế hoạch và Đầu tư
Sở Công Thương
Sở Xây dựng
Sở Giao thông vận tải
Sở Y tế
Sở Giáo dục và Đào tạo
Sở Khoa học và Công nghệ
Sở Thông tin và Truyền thông
Sở Văn hóa, Thể thao và Du lịch
Sở Văn hóa và Thể thao
Sở Du lịch
Sở Nông nghiệp và Môi trường
Sở Nông nghiệp và Phát triển nông thôn
Sở Tài nguyên và Môi trường
Sở Lao động - Thương binh và Xã hội
Sở Dân tộc và Tôn giáo
Sở Ngoại vụ
Thanh tra tỉnh
Công an tỉnh
Công an thành phố
Bộ Chỉ huy Quân sự tỉnh
Bảo hiểm xã hội tỉnh
Kho bạc Nhà nước tỉnh
Cục Thuế tỉnh
Cục Thống kê tỉnh
Bưu điện tỉnh
Viễn thông tỉnh
Cổng Thông tin điện tử tỉnh
Cổng Thông tin điện tử Chính phủ
Trung tâm Phục vụ hành chính công tỉnh`

type agencyName struct {
	name   string
	phrase field.Phrase
	words  int
}

var agencies = sync.OnceValue(func() []agencyName {
	var out []agencyName
	for _, n := range strings.Split(agencyNames, "\n") {
		out = append(out, agencyName{n, field.NewPhrase(n), len(strings.Fields(n))})
	}
	return out
})

// How like a known name one is that was misread, and by how much more than like
// the next.
const (
	agencyLike  = 0.8
	agencyClear = 0.03
)

// respellAgency spells the name of an agency that a field begins with as it is
// rightly written, where marks alone are wrong, or one word that is like it. It
// is left to review.
func respellAgency(f *schema.Field) {
	var best, second field.Hit
	var known agencyName
	t := field.NewText(f.Text)
	for _, a := range agencies() {
		h, ok := t.FindPrefix(a.phrase, agencyLike)
		switch {
		case !ok:
		case h.Score > best.Score || h.Score == best.Score && h.To > best.To:
			best, second, known = h, best, a
		case h.Score > second.Score:
			second = h
		}
	}
	if known.name == "" {
		return
	}
	seen := strings.TrimRight(f.Text[best.From:best.To], " ,;.:()")
	if strings.EqualFold(seen, known.name) || best.Score-second.Score < agencyClear ||
		normalize.Fold(seen) != normalize.Fold(known.name) && !oneWordOff(seen, known) {
		return
	}
	respell(f, best.From, best.From+len(seen), known.name, "agency")
	f.State, f.Why = schema.NeedsReview, []string{"repair"}
}

// oneWordOff reports whether a text has the words of a name but for one, which is
// like it.
func oneWordOff(seen string, a agencyName) bool {
	x, y := strings.Fields(normalize.Fold(seen)), strings.Fields(normalize.Fold(a.name))
	if len(x) != len(y) {
		return false
	}
	off := 0
	for i := range x {
		if x[i] != y[i] {
			off++
			if !alikeWords(x[i], y[i]) {
				return false
			}
		}
	}
	return off == 1
}

// alikeWords reports whether one word may be the other misread: half of the
// letters at least are the same, or the shorter has lost its end.
func alikeWords(x, y string) bool {
	return normalize.Similarity(x, y) >= 0.5 || len(x) > 1 && len(y) > 1 && x[0] == y[0] && max(len(x), len(y)) <= 3
}
