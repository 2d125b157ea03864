package ingest

import (
	"math/bits"
	"strings"
)

// Decoding of CCITT Group 3 (ITU-T T.4), which fax machines and old scanners
// write: one-dimensional and two-dimensional lines, with or without ends of
// line. The library knows the first form alone, and gives up at the first line
// that a bad telephone line damaged; here such a line is the one before again.

// Code words, in the order of the lengths of run that they stand for: 0 to 63,
// then 64 to 1728 by 64; faxLong goes on to 2560 for both colours (T.4, tables
// 2, 3a and 3b).
const (
	faxWhite = "00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 110101 101010 101011 0100111 " +
		"0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 0100100 0011000 00000010 00000011 00011010 00011011 " +
		"00010010 00010011 00010100 00010101 00010110 00010111 00101000 00101001 00101010 00101011 00101100 00101101 00000100 " +
		"00000101 00001010 00001011 01010010 01010011 01010100 01010101 00100100 00100101 01011000 01011001 01011010 01011011 " +
		"01001010 01001011 00110010 00110011 00110100 " +
		"11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000 01100111 011001100 011001101 011010010 011010011 " +
		"011010100 011010101 011010110 011010111 011011000 011011001 011011010 011011011 010011000 010011001 010011010 011000 " +
		"010011011 "
	faxBlack = "0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 00000111 000011000 0000010111 " +
		"0000011000 0000001000 00001100111 00001101000 00001101100 00000110111 00000101000 00000010111 00000011000 000011001010 " +
		"000011001011 000011001100 000011001101 000001101000 000001101001 000001101010 000001101011 000011010010 000011010011 " +
		"000011010100 000011010101 000011010110 000011010111 000001101100 000001101101 000011011010 000011011011 000001010100 " +
		"000001010101 000001010110 000001010111 000001100100 000001100101 000001010010 000001010011 000000100100 000000110111 " +
		"000000111000 000000100111 000000101000 000001011000 000001011001 000000101011 000000101100 000001011010 000001100110 " +
		"000001100111 " +
		"0000001111 000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 0000001101100 0000001101101 " +
		"0000001001010 0000001001011 0000001001100 0000001001101 0000001110010 0000001110011 0000001110100 0000001110101 " +
		"0000001110110 0000001110111 0000001010010 0000001010011 0000001010100 0000001010101 0000001011010 0000001011011 " +
		"0000001100100 0000001100101 "
	faxLong = "00000001000 00000001100 00000001101 000000010010 000000010011 000000010100 000000010101 000000010110 000000010111 " +
		"000000011100 000000011101 000000011110 000000011111"

	// Modes of two-dimensional lines (T.4, table 4), in the order of the constants below.
	faxModes = "0001 001 1 011 000011 0000011 010 000010 0000010"
)

const (
	modePass = iota
	modeHorizontal
	modeVertical // and V_R1, V_R2, V_R3, V_L1, V_L2, V_L3
)

// faxCode is a code word: its bits behind a leading one.
type faxCode uint16

var (
	whiteRuns = faxTable(faxWhite + faxLong)
	blackRuns = faxTable(faxBlack + faxLong)
	modes     = faxTable(faxModes)
)

// maxFaxCode is the length of the longest code word.
const maxFaxCode = 13

func faxTable(words string) map[faxCode]int {
	table := map[faxCode]int{}
	for i, word := range strings.Fields(words) {
		code := faxCode(1)
		for _, bit := range word {
			code = code<<1 | faxCode(bit-'0')
		}
		table[code] = i
	}
	return table
}

// faxReader decodes the lines of a strip.
type faxReader struct {
	data  []byte
	at    int // in bits
	width int
	mixed bool // an end of line tells of which dimension the next is
}

// decodeFax decodes a strip of height rows into pix, a byte a pixel, 0xff where
// ink is; lines that are not in it stay as they are. reversed says that the
// bits of a byte come the last first. It returns how many rows it found.
func decodeFax(pix []byte, data []byte, width, height int, mixed, reversed bool) (rows int) {
	if reversed {
		data = append([]byte{}, data...)
		for i, b := range data {
			data[i] = bits.Reverse8(b)
		}
	}
	f := &faxReader{data: data, width: width, mixed: mixed}
	var line []int  // where the colour changes, as of the row above
	marked := false // lines have ends
	for rows < height {
		ends := 0
		for f.endOfLine() {
			if ends++; ends > 1 && mixed || ends > 2 { // the end of the page
				return rows
			}
			if mixed {
				f.at++ // the tag is looked at below
			}
		}
		flat := !mixed || ends == 0 && rows == 0 || ends > 0 && f.peek(f.at-1) == 1
		marked = marked || ends > 0
		begin := f.at
		next, ok := f.line(line, flat)
		if whole := ok && (!marked || f.lineEnds()); !whole {
			// No line holds what an end begins with, so the next end is its own.
			f.at = begin
			last := ok && rows == height-1 // behind it some programs write anything
			if !f.resync() && !last {
				return rows
			}
			ok = last
		}
		if ok {
			line = next
		}
		paintRow(pix[rows*width:][:width], line)
		rows++
	}
	return rows
}

// paintRow inks every second run between the changes.
func paintRow(row []byte, changes []int) {
	for i := 0; i < len(changes); i += 2 {
		end := len(row)
		if i+1 < len(changes) {
			end = changes[i+1]
		}
		for x := changes[i]; x < end; x++ {
			row[x] = 0xff
		}
	}
}

// peek gives a bit; what lies outside is 0.
func (f *faxReader) peek(at int) byte {
	if at < 0 || at>>3 >= len(f.data) {
		return 0
	}
	return f.data[at>>3] >> (7 - at&7) & 1
}

// lineEnds says whether a line ends here, or the strip.
func (f *faxReader) lineEnds() bool {
	at := f.at
	defer func() { f.at = at }()
	return f.endOfLine() || f.at == 8*len(f.data)
}

// endOfLine steps over an end of line, eleven zeros or more and a one, when
// there is one, and over zeros at the end of the strip.
func (f *faxReader) endOfLine() bool {
	for at := f.at; at < 8*len(f.data); at++ {
		if f.peek(at) == 1 {
			if at-f.at < 11 {
				return false
			}
			f.at = at + 1
			return true
		}
	}
	f.at = 8 * len(f.data)
	return false
}

// resync goes to before the next end of line.
func (f *faxReader) resync() bool {
	zeros := 0
	for ; f.at < 8*len(f.data); f.at++ {
		switch {
		case f.peek(f.at) == 0:
			zeros++
		case zeros >= 11:
			f.at -= 11
			return true
		default:
			zeros = 0
		}
	}
	return false
}

// word reads a code word.
func (f *faxReader) word(table map[faxCode]int) (int, bool) {
	code := faxCode(1)
	for n := 1; n <= maxFaxCode && f.at+n <= 8*len(f.data); n++ {
		code = code<<1 | faxCode(f.peek(f.at+n-1))
		if v, ok := table[code]; ok {
			f.at += n
			return v, true
		}
	}
	return 0, false
}

// run reads the length of a run: code words of 64 and more, then one below.
func (f *faxReader) run(black bool) (length int, ok bool) {
	table := whiteRuns
	if black {
		table = blackRuns
	}
	for {
		v, ok := f.word(table)
		if !ok {
			return 0, false
		}
		if v < 64 {
			return length + v, length+v <= f.width
		}
		if length += (v - 63) * 64; length > f.width {
			return 0, false
		}
	}
}

// line reads a line: where its colour changes, white first.
func (f *faxReader) line(above []int, flat bool) ([]int, bool) {
	read := f.mixedLine
	if flat {
		read = f.flatLine
	}
	changes, ok := read(above)
	// A run of no pixels is no change; lines below must not lean on it.
	kept := changes[:0]
	for _, c := range changes {
		if n := len(kept); n > 0 && kept[n-1] == c {
			kept = kept[:n-1]
		} else {
			kept = append(kept, c)
		}
	}
	return kept, ok
}

func (f *faxReader) flatLine([]int) (changes []int, ok bool) {
	for x, black := 0, false; x < f.width; black = !black {
		n, ok := f.run(black)
		if x += n; !ok || x > f.width || len(changes) > 2*f.width {
			return nil, false
		}
		changes = append(changes, x)
	}
	return changes, true
}

// mixedLine reads a two-dimensional line, by the names of T.4, 4.2: a0 is
// where the line has got to, b1 the next change above to its colour's other.
func (f *faxReader) mixedLine(above []int) (changes []int, ok bool) {
	a0, black, next := -1, false, 0
	for a0 < f.width {
		// A change above at an even place is one to black. After a step back to
		// the left an earlier one may be the next again.
		for next = max(next-2, 0); next < len(above) && (above[next] <= a0 || (next%2 == 1) != black); next++ {
		}
		mode, ok := f.word(modes)
		if !ok || len(changes) > 2*f.width {
			return nil, false
		}
		switch mode {
		case modePass:
			a0 = f.change(above, next+1)
		case modeHorizontal:
			first, ok1 := f.run(black)
			second, ok2 := f.run(!black)
			a1 := max(a0, 0) + first
			if a0 = a1 + second; !ok1 || !ok2 || a0 > f.width {
				return nil, false
			}
			changes = append(changes, a1, a0)
		default:
			shift := mode - modeVertical
			if shift > 3 {
				shift = 3 - shift
			}
			a1 := f.change(above, next) + shift
			if a1 < max(a0, 0) || a1 > f.width {
				return nil, false
			}
			changes = append(changes, a1)
			a0, black = a1, !black
		}
	}
	return changes, true
}

// change gives the place of a change above; behind the last is the margin.
func (f *faxReader) change(above []int, i int) int {
	if i < len(above) {
		return above[i]
	}
	return f.width
}
