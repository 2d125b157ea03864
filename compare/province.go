package compare

import (
	"strings"

	"github.com/sohoa/sohoa/normalize"
)

// provinces are the 34 provinces and cities since 1 July 2025, each with those
// that were joined to it then (Resolution 202/2025/QH15).
var provinces = []struct {
	name   string
	joined []string
}{
	{"An Giang", []string{"Kiên Giang"}},
	{"Bắc Ninh", []string{"Bắc Giang"}},
	{"Cà Mau", []string{"Bạc Liêu"}},
	{"Cao Bằng", nil},
	{"Cần Thơ", []string{"Sóc Trăng", "Hậu Giang"}},
	{"Đà Nẵng", []string{"Quảng Nam"}},
	{"Đắk Lắk", []string{"Phú Yên"}},
	{"Điện Biên", nil},
	{"Đồng Nai", []string{"Bình Phước"}},
	{"Đồng Tháp", []string{"Tiền Giang"}},
	{"Gia Lai", []string{"Bình Định"}},
	{"Hà Nội", nil},
	{"Hà Tĩnh", nil},
	{"Hải Phòng", []string{"Hải Dương"}},
	{"Hồ Chí Minh", []string{"Bà Rịa - Vũng Tàu", "Bình Dương"}},
	{"Huế", []string{"Thừa Thiên Huế"}},
	{"Hưng Yên", []string{"Thái Bình"}},
	{"Khánh Hòa", []string{"Ninh Thuận"}},
	{"Lai Châu", nil},
	{"Lạng Sơn", nil},
	{"Lào Cai", []string{"Yên Bái"}},
	{"Lâm Đồng", []string{"Đắk Nông", "Bình Thuận"}},
	{"Nghệ An", nil},
	{"Ninh Bình", []string{"Hà Nam", "Nam Định"}},
	{"Phú Thọ", []string{"Vĩnh Phúc", "Hòa Bình"}},
	{"Quảng Ngãi", []string{"Kon Tum"}},
	{"Quảng Ninh", nil},
	{"Quảng Trị", []string{"Quảng Bình"}},
	{"Sơn La", nil},
	{"Tây Ninh", []string{"Long An"}},
	{"Thái Nguyên", []string{"Bắc Kạn"}},
	{"Thanh Hóa", nil},
	{"Tuyên Quang", []string{"Hà Giang"}},
	{"Vĩnh Long", []string{"Bến Tre", "Trà Vinh"}},
}

// known maps the folded names of provinces, old and new, to their right
// spelling; today maps old names to the province that they belong to now.
var known, today = func() (known, today map[string]string) {
	known, today = map[string]string{}, map[string]string{}
	for _, p := range provinces {
		known[key(p.name)] = p.name
		for _, old := range p.joined {
			known[key(old)] = old
			today[old] = p.name
		}
	}
	return known, today
}()

// key folds a name so that spellings of it are equal: "Hoà Bình" and "HÒA
// BÌNH", "Bà Rịa – Vũng Tàu" with any dash or none.
func key(name string) string {
	f := normalize.Fold(name)
	f = strings.Map(func(r rune) rune {
		if r == '-' || r == '–' || r == '—' || r == '.' || r == ',' {
			return ' '
		}
		return r
	}, f)
	words := strings.Fields(f)
	for len(words) > 1 {
		switch {
		case words[0] == "tinh" || words[0] == "tp":
			words = words[1:]
		case words[0] == "thanh" && words[1] == "pho" && len(words) > 2:
			words = words[2:]
		default:
			return strings.Join(words, " ")
		}
	}
	return strings.Join(words, " ")
}

// minSpelling is the likeness from which on a name is taken for a misread
// province: "Quang Ngai" is equal but for marks, "Quàng Ngài" too; "Quảng Nam"
// and "Quảng Ninh" are 0.8 alike.
const minSpelling = 0.9

// spell returns the right spelling of a province that was misread, and the name
// as it is when it is not near to one alone.
func spell(name string) string {
	k := key(name)
	if right, ok := known[k]; ok {
		return right
	}
	best, second, found := 0.0, 0.0, ""
	for _, right := range known {
		switch s := normalize.Similarity(k, key(right)); {
		case s > best:
			best, second, found = s, best, right
		case s > second:
			second = s
		}
	}
	if best >= minSpelling && best-second >= 0.05 {
		return found
	}
	return strings.Join(strings.Fields(name), " ")
}

// inName looks for a known province in the words of a file's or folder's name.
func inName(name string, also []string) string {
	text := " " + key(strings.Map(func(r rune) rune {
		if strings.ContainsRune("_-.~()[]+", r) {
			return ' '
		}
		return r
	}, name)) + " "
	best, found := 0, ""
	look := func(right string) {
		if k := key(right); len(k) > best && strings.Contains(text, " "+k+" ") {
			best, found = len(k), right
		}
	}
	for _, p := range provinces {
		look(p.name)
		for _, old := range p.joined {
			look(old)
		}
	}
	for _, other := range also {
		look(other)
	}
	return found
}
