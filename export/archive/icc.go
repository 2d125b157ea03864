package archive

import (
	"encoding/binary"
	"math"
	"unicode/utf16"
)

// The numbers of sRGB (IEC 61966-2-1): chromaticities of the primaries and of
// the white point D65, and the curve between stored and linear values.
var (
	srgbRed   = [2]float64{0.64, 0.33}
	srgbGreen = [2]float64{0.30, 0.60}
	srgbBlue  = [2]float64{0.15, 0.06}
	d65       = [2]float64{0.3127, 0.3290}
	// Y = (a·X + b)^g from d up, and c·X below.
	srgbCurve = [5]float64{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045} // g a b c d
	// d50 is the white of the space in which profiles are given (ICC.1:2004-10, 7.2.16).
	d50 = vector{0.9642, 1, 0.8249}
	// bradford takes colours to the answers of the eye's receptors (ICC.1:2004-10, annex E).
	bradford = matrix{{0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}}
)

type (
	vector [3]float64
	matrix [3]vector // rows
)

func (m matrix) times(v vector) (out vector) {
	for i, row := range m {
		out[i] = row[0]*v[0] + row[1]*v[1] + row[2]*v[2]
	}
	return out
}

func (m matrix) product(n matrix) (out matrix) {
	for i := range out {
		for j := range out {
			out[i][j] = m[i][0]*n[0][j] + m[i][1]*n[1][j] + m[i][2]*n[2][j]
		}
	}
	return out
}

func (m matrix) inverse() (out matrix) {
	cofactor := func(i, j int) float64 {
		a, b, c, d := (i+1)%3, (i+2)%3, (j+1)%3, (j+2)%3
		return m[a][c]*m[b][d] - m[a][d]*m[b][c]
	}
	det := m[0][0]*cofactor(0, 0) + m[0][1]*cofactor(0, 1) + m[0][2]*cofactor(0, 2)
	for i := range out {
		for j := range out {
			out[i][j] = cofactor(j, i) / det
		}
	}
	return out
}

// tristimulus gives the colour of a chromaticity at luminance 1.
func tristimulus(xy [2]float64) vector {
	return vector{xy[0] / xy[1], 1, (1 - xy[0] - xy[1]) / xy[1]}
}

// srgbProfile makes the ICC profile (version 4.2, ICC.1:2004-10) that says what
// the colours of a page mean, as PDF/A asks for. It is computed from the
// numbers above rather than copied from a file with terms of its own.
func srgbProfile() []byte {
	white := tristimulus(d65)
	// Columns are the primaries, scaled so that together they make white.
	var primaries matrix
	for j, p := range [][2]float64{srgbRed, srgbGreen, srgbBlue} {
		for i, v := range tristimulus(p) {
			primaries[i][j] = v
		}
	}
	scale := primaries.inverse().times(white)
	for i := range primaries {
		for j := range primaries {
			primaries[i][j] *= scale[j]
		}
	}
	// From D65 to D50 by what the receptors answer to either white.
	from, to := bradford.times(white), bradford.times(d50)
	adapt := bradford.inverse().product(matrix{{to[0] / from[0], 0, 0}, {0, to[1] / from[1], 0}, {0, 0, to[2] / from[2]}}.product(bradford))
	adapted := adapt.product(primaries)

	be := binary.BigEndian
	fixed := func(b []byte, v ...float64) []byte { // s15Fixed16Number
		for _, f := range v {
			b = be.AppendUint32(b, uint32(int32(math.Round(f*65536))))
		}
		return b
	}
	xyz := func(v vector) []byte { return fixed([]byte("XYZ \x00\x00\x00\x00"), v[:]...) }
	text := func(s string) []byte {
		b := []byte("mluc\x00\x00\x00\x00")
		b = be.AppendUint32(b, 1)  // one language
		b = be.AppendUint32(b, 12) // bytes of its record
		b = append(b, "enUS"...)
		b = be.AppendUint32(b, uint32(2*len(s)))
		b = be.AppendUint32(b, 28)
		for _, u := range utf16.Encode([]rune(s)) {
			b = be.AppendUint16(b, u)
		}
		return b
	}
	curve := fixed([]byte("para\x00\x00\x00\x00\x00\x03\x00\x00"), srgbCurve[:]...)
	tags := []struct {
		name string
		data []byte
	}{
		{"desc", text("sRGB IEC 61966-2-1")},
		{"cprt", text("No copyright, use freely")},
		{"wtpt", xyz(d50)},
		{"chad", fixed([]byte("sf32\x00\x00\x00\x00"), append(append(adapt[0][:], adapt[1][:]...), adapt[2][:]...)...)},
		{"rXYZ", xyz(vector{adapted[0][0], adapted[1][0], adapted[2][0]})},
		{"gXYZ", xyz(vector{adapted[0][1], adapted[1][1], adapted[2][1]})},
		{"bXYZ", xyz(vector{adapted[0][2], adapted[1][2], adapted[2][2]})},
		{"rTRC", curve}, {"gTRC", nil}, {"bTRC", nil}, // the three share one
	}

	const headLength = 128
	table := be.AppendUint32(nil, uint32(len(tags)))
	at := headLength + 4 + 12*len(tags)
	var body []byte
	last, lastLen := 0, 0
	for _, t := range tags {
		if t.data != nil {
			last, lastLen = at+len(body), len(t.data)
			body = append(body, t.data...)
			for len(body)%4 != 0 {
				body = append(body, 0)
			}
		}
		table = append(table, t.name...)
		table = be.AppendUint32(table, uint32(last))
		table = be.AppendUint32(table, uint32(lastLen))
	}
	head := make([]byte, headLength)
	be.PutUint32(head, uint32(at+len(body)))
	be.PutUint32(head[8:], 0x04200000)
	copy(head[12:], "mntrRGB XYZ ")
	// The date is one of the profile, not of the file: the day of IEC 61966-2-1.
	for i, v := range []uint16{1999, 10, 18, 0, 0, 0} {
		be.PutUint16(head[24+2*i:], v)
	}
	copy(head[36:], "acsp")
	copy(head[68:], fixed(nil, d50[:]...))
	return append(append(head, table...), body...)
}
