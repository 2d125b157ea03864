package lm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// A model file is little-endian throughout:
//
//	header    magic, version, state, order, CRC-32C of the body, its length
//	sections  offset and length of each, counted from the start of the file
//	body      the sections, each aligned to 8 bytes
//
// The sections are, in the order of the constants below: a JSON description;
// the words' bytes; their end offsets; an open-addressing hash index from word
// to id; how words are written (see [Writing]); unigrams; and for each higher
// order a [layer] of the trie (levels of quantisation, where children begin,
// tokens, numbers of levels).
const (
	magic   = "sohoa-lm"
	version = 2

	stateIncomplete = 0 // a writer that dies leaves this behind
	stateComplete   = 0x454e4f44

	headerSize  = 40
	sectionSize = 16

	// MaxOrder bounds n: a context and a word pack into 64 bits.
	MaxOrder = 4
)

// layerSections is how many sections an order has.
const layerSections = 4

// Section numbers.
const (
	secMeta = iota
	secWords
	secWordEnds
	secWordIndex
	secWriting
	secForms
	secUnigrams
	secLayers // four sections for each order from 2 up
)

func sectionCount(order int) int { return secLayers + layerSections*(order-1) }

// Errors that tell why a file is no usable model. They are wrapped with the
// file's name and with what to do about it.
var (
	ErrNotModel   = errors.New("not a language model")
	ErrVersion    = errors.New("language model of another version")
	ErrIncomplete = errors.New("language model was not written to its end")
	ErrDamaged    = errors.New("language model is damaged")
)

// Rebuild is the command that makes a model file anew; errors quote it.
const Rebuild = "xz -dc corpora/*.xz | sohoa lm train - -o FILE"

var crcTable = crc32.MakeTable(crc32.Castagnoli)

type header struct {
	state    uint32
	order    int
	checksum uint32
	length   uint64 // of the whole file
	sections [][]byte
}

// parseHeader checks the frame of a model and cuts it into sections. Beyond
// the frame nothing is trusted: the readers of the sections check their own.
func parseHeader(data []byte) (header, error) {
	var h header
	if len(data) < headerSize || string(data[:8]) != magic {
		return h, ErrNotModel
	}
	le := binary.LittleEndian
	if v := le.Uint32(data[8:]); v != version {
		return h, fmt.Errorf("%w: %d, this program reads %d", ErrVersion, v, version)
	}
	h.state = le.Uint32(data[12:])
	if h.state != stateComplete {
		return h, ErrIncomplete
	}
	h.order = int(le.Uint32(data[16:]))
	h.checksum = le.Uint32(data[20:])
	h.length = le.Uint64(data[24:])
	if h.order < 1 || h.order > MaxOrder {
		return h, fmt.Errorf("%w: order %d", ErrDamaged, h.order)
	}
	if h.length != uint64(len(data)) {
		return h, fmt.Errorf("%w: %d bytes, should be %d", ErrDamaged, len(data), h.length)
	}
	n := sectionCount(h.order)
	body := headerSize + n*sectionSize
	if len(data) < body {
		return h, fmt.Errorf("%w: cut off in its table of sections", ErrDamaged)
	}
	for i := range n {
		at := headerSize + i*sectionSize
		off, size := le.Uint64(data[at:]), le.Uint64(data[at+8:])
		if off < uint64(body) || off > h.length || size > h.length-off {
			return h, fmt.Errorf("%w: section %d lies outside the file", ErrDamaged, i)
		}
		h.sections = append(h.sections, data[off:off+size:off+size])
	}
	if sum := crc32.Checksum(data[headerSize:], crcTable); sum != h.checksum {
		return h, fmt.Errorf("%w: checksum %08x, should be %08x", ErrDamaged, sum, h.checksum)
	}
	return h, nil
}

// assemble lays out a complete model file.
func assemble(order int, sections [][]byte) []byte {
	le := binary.LittleEndian
	at := headerSize + len(sections)*sectionSize
	size := at
	for _, s := range sections {
		size = align(size) + len(s)
	}
	out := make([]byte, size)
	copy(out, magic)
	le.PutUint32(out[8:], version)
	le.PutUint32(out[12:], stateComplete)
	le.PutUint32(out[16:], uint32(order))
	le.PutUint64(out[24:], uint64(size))
	for i, s := range sections {
		at = align(at)
		le.PutUint64(out[headerSize+i*sectionSize:], uint64(at))
		le.PutUint64(out[headerSize+i*sectionSize+8:], uint64(len(s)))
		copy(out[at:], s)
		at += len(s)
	}
	le.PutUint32(out[20:], crc32.Checksum(out[headerSize:], crcTable))
	return out
}

func align(n int) int { return (n + 7) &^ 7 }
