package lm

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Words returns how many tokens the vocabulary has; ids run from 0 below it.
func (m *Model) Words() int { return len(m.ends) / 4 }

// Word returns the token with the given id, "" for ids that are none.
func (m *Model) Word(id uint16) string {
	if int(id) >= m.Words() {
		return ""
	}
	return string(m.word(id))
}

func (m *Model) word(id uint16) []byte {
	from := uint32(0)
	if id > 0 {
		from = binary.LittleEndian.Uint32(m.ends[4*int(id)-4:])
	}
	return m.words[from:binary.LittleEndian.Uint32(m.ends[4*int(id):])]
}

// ID returns the id of a token, and whether the vocabulary has it; [Unknown]
// and false when not.
func (m *Model) ID(word string) (uint16, bool) {
	mask := len(m.index)/2 - 1
	for i := int(hashWord(word)) & mask; ; i = (i + 1) & mask {
		id := binary.LittleEndian.Uint16(m.index[2*i:])
		if id == None {
			return Unknown, false
		}
		if string(m.word(id)) == string(word) {
			return id, true
		}
	}
}

// hashWord is FNV-1a over the bytes.
func hashWord(word string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(word); i++ {
		h = (h ^ uint32(word[i])) * 16777619
	}
	return h ^ h>>15
}

// Writing tells how a token is written in running text, in shares of its
// occurrences that are no beginnings of sentences.
type Writing struct {
	Title, Upper, Mixed float32 // "Hà", "UBND", "VNeID"; the rest is lower case
}

// Writing returns how the token id is written.
func (m *Model) Writing(id uint16) Writing {
	if int(id) >= m.Words() {
		return Writing{}
	}
	b := m.writing[4*int(id):]
	return Writing{float32(b[0]) / 255, float32(b[1]) / 255, float32(b[2]) / 255}
}

// Form returns the most frequent mixed-case form of a token ("VNeID" for
// "vneid"), "" when it has none to speak of.
func (m *Model) Form(id uint16) string {
	// The list is short: pairs of id and length, then the bytes.
	for f := m.forms; len(f) >= 4; {
		n := int(binary.LittleEndian.Uint16(f[2:]))
		if len(f) < 4+n {
			return ""
		}
		switch have := binary.LittleEndian.Uint16(f); {
		case have == id:
			return string(f[4 : 4+n])
		case have > id:
			return ""
		}
		f = f[4+n:]
	}
	return ""
}

func (m *Model) checkVocabulary() error {
	n := m.Words()
	if len(m.ends)%4 != 0 || n < len(reserved) || n > 1<<16 || len(m.unigrams) != 8*n || len(m.writing) != 4*n {
		return fmt.Errorf("%w: vocabulary of %d words", ErrDamaged, n)
	}
	last := uint32(0)
	for i := range n {
		e := binary.LittleEndian.Uint32(m.ends[4*i:])
		if e < last || int(e) > len(m.words) {
			return fmt.Errorf("%w: words out of order", ErrDamaged)
		}
		last = e
	}
	slots := len(m.index) / 2
	if bits.OnesCount(uint(slots)) != 1 || slots <= n {
		return fmt.Errorf("%w: word index of %d slots", ErrDamaged, slots)
	}
	free := false
	for i := range slots {
		id := binary.LittleEndian.Uint16(m.index[2*i:])
		free = free || id == None
		if int(id) >= n {
			return fmt.Errorf("%w: word index names word %d of %d", ErrDamaged, id, n)
		}
	}
	if !free {
		// A search for a word that is absent would never end.
		return fmt.Errorf("%w: word index is full", ErrDamaged)
	}
	return nil
}

// buildVocabulary makes the sections of the words, their ends and the index.
func buildVocabulary(words []string) (text, ends, index []byte) {
	le := binary.LittleEndian
	for _, w := range words {
		text = append(text, w...)
		ends = le.AppendUint32(ends, uint32(len(text)))
	}
	slots := 1 << bits.Len(uint(len(words)*3/2))
	index = make([]byte, 2*slots)
	for id, w := range words {
		if id == int(None) {
			continue
		}
		i := int(hashWord(w)) & (slots - 1)
		for le.Uint16(index[2*i:]) != None {
			i = (i + 1) & (slots - 1)
		}
		le.PutUint16(index[2*i:], uint16(id))
	}
	return text, ends, index
}
