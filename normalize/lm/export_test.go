package lm

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// Resum returns a copy of a model file with the checksum that fits it.
func Resum(data []byte) []byte {
	data = bytes.Clone(data)
	if len(data) >= headerSize {
		binary.LittleEndian.PutUint32(data[20:], crc32.Checksum(data[headerSize:], crcTable))
	}
	return data
}
