package extract

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// A signer's name stands where stamps and signatures are: letters are lost at its
// head, and specks come before and behind it. There are few family names, so
// that the first word tells whether it was read well.

// familyNames are those that signers have, of Kinh and of other peoples.
const familyNames = `Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý
An Ân Âu Bá Bạc Bạch Bàn Bàng Bành Bế Biện Bồ Ca Cái Cam Cảnh Cao Cát Cầm Cấn Chảo Cháng Chế Chu Chung Chử Chương Cồ Cù Cung Cư
Danh Diêm Diệp Doãn Dư Đái Đàm Đan Đào Đậu Đèo Điền Điêu Điểu Đinh Đoàn Đổng Đồng Đới Đường Giàng Giang Giáp Hà Hạ Hàn Hạng Hàng Hầu
Hình Hoa Hoắc Hồng Hứa Hùng Kha Khà Khâu Khoàng Khổng Khuất Khúc Khương Kiên Kiều Kim La Lã Lạc Lại Lâm Lăng Lầu Lèng Liên Liêu Liễu
Lìm Lò Lô Lộ Lộc Long Lỗ Lù Lục Luân Lư Lữ Lừ Lương Lường Lưu Ly Lỳ Ma Mã Mạc Mạch Mai Man Mạnh Mao Mẫn Mâu Mè Mông Mộc Mùa Ngạc Ngân
Nghiêm Nghị Ngọ Ngũ Ngụy Nhâm Nhan Nhữ Ninh Nông Ôn Ông Phàn Phí Phó Phù Phùng Phương Pờ Quách Quan Quàng Quảng Quế Quyền Sái Sầm Sần
Sìn Siu Sồng Sùng Sử Tạ Tào Tăng Tân Tẩn Tấn Tất Tề Thạch Thái Thang Thành Thào Thẩm Thân Thập Thi Thiều Thiệu Thịnh Thôi Thòng Tiền Tiết
Tiêu Tô Tôn Tông Tống Tòng Trà Trác Trang Tráng Trầm Triệu Trình Trịnh Trưng Trương Từ Tưởng Ung Ưng Ứng Uông Vạn Văn Vàng Vi Vì Viêm
Viên Vòng Vừ Vương Xa Xồng Y Yên Ksor Rcom Rahlan Rmah Rơ Kpă Kpa Nay Niê Hlong Blong Ayun Đinh`

// families are the family names, and by their letters without marks.
var families = sync.OnceValues(func() (known map[string]bool, folded map[string][]string) {
	known, folded = map[string]bool{}, map[string][]string{}
	for _, f := range strings.Fields(familyNames) {
		if !known[f] {
			known[f] = true
			folded[normalize.Fold(f)] = append(folded[normalize.Fold(f)], f)
		}
	}
	return known, folded
})

// bareName returns the name that a line holds beside specks: without signs at its
// ends and between its words, and with a capital at its head where the family
// name has lost it; "" when there is none.
func bareName(line string) string {
	text := strings.Join(strings.FieldsFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) }), " ")
	if r, n := utf8.DecodeRuneInString(text); unicode.IsLower(r) {
		if family, _ := familyOf(string(unicode.ToUpper(r)) + text[n:]); family == "" {
			return ""
		}
		text = string(unicode.ToUpper(r)) + text[n:]
	}
	if !looksLikeName(text) {
		return ""
	}
	for _, w := range strings.Fields(text) {
		if letters(w) > 1 && upperShare(w) > 0.9 {
			return "" // "Lưu VT", or specks
		}
	}
	return text
}

// familyOf returns the family name that a name begins with, "" for none that is
// known, and what it was before a mark was put right that only one of them has.
func familyOf(name string) (family, before string) {
	known, folded := families()
	first, _, _ := strings.Cut(name, " ")
	if known[first] {
		return first, first
	}
	if same := folded[normalize.Fold(first)]; len(same) == 1 {
		return same[0], first
	}
	return "", first
}

// signer makes the field of a signer's name. One that was read from a picture and
// does not begin with a family name is for a person to look at, also where one
// that differs in its marks alone is likely: "Tư" may be "Từ", or "Lư".
func (b *builder) signer(p passage) *schema.Field {
	name, read := p.trimmed().text, false
	for _, w := range p.words {
		read = read || w.src != nil && w.src.Confidence < 1
	}
	if bare := bareName(name); read && bare != "" {
		name = bare
	}
	family, before := familyOf(name)
	f := b.makeField(name, p.trimmed(), func(e *Evidence) {
		if read && family != before {
			e.Format = min(e.Format, unfit)
		}
	})
	f.Text = name
	if read && family != "" && family != before {
		f.Text = family + strings.TrimPrefix(name, before)
		f.Repairs = append(f.Repairs, schema.Repair{From: before, To: family, Reason: "family name", Score: 0.9})
	}
	f.Value = f.Text
	return &f
}

// signerBehind parts the signer's name from the line of a recipient that it stands
// behind: three words and more that begin with a family name, below the office.
func signerBehind(l passage, office []passage) (who, name passage) {
	left, right, ok := columnOf(office)
	for k := max(1, len(l.words)-4); ok && k <= len(l.words)-3; k++ {
		name := newPassage(l.words[k:])
		if family, _ := familyOf(name.text); family == "" || !looksLikeName(name.text) {
			continue
		}
		if x0, x1, ok := columnOf([]passage{name}); ok && x0 < right && x1 > left {
			return newPassage(l.words[:k]), name
		}
	}
	return l, passage{}
}

// columnOf returns where passages lie across the page, in pixels; ok is false
// where they have no place in a picture.
func columnOf(list []passage) (x0, x1 int, ok bool) {
	var box schema.Box
	for _, p := range list {
		for _, place := range p.places() {
			if place.Box != nil {
				box = box.Union(*place.Box)
			}
		}
	}
	return box.X0, box.X1, !box.Empty()
}

// officeAmong returns the office that a line ends with, where specks, or an edge
// of a stamp, stand before it.
func officeAmong(l passage) (passage, bool) {
	for i := range min(len(l.words), 4) {
		office := newPassage(l.words[i:])
		before := 0
		for _, w := range l.words[:i] {
			before += letters(w.text)
		}
		if before > 4 {
			break
		}
		trimmed := strings.TrimLeftFunc(office.text, func(r rune) bool { return !unicode.IsLetter(r) })
		if upperShare(trimmed) > 0.7 && isOffice(trimmed) >= 0.9 {
			return office, true
		}
	}
	return l, false
}

// deputyOf reports whether a line may be what a stamp left of the deputy's office
// that follows "KT.": it ends with the word that the office ends with.
func deputyOf(office, line string) bool {
	of, words := strings.Fields(office), strings.Fields(line)
	return len(of) > 1 && len(words) > 1 && len(words) < 5 &&
		normalize.Fold(words[len(words)-1]) == normalize.Fold(of[len(of)-1])
}
