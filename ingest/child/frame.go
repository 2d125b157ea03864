package child

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A frame is what travels on the pipes: one byte that tells its kind, four
// bytes (big-endian) that tell the length of the payload, the payload.
const frameHeader = 5

// ErrProtocol tells that what came through the pipe is not a frame: an
// unknown length, or an end in the middle of one.
var ErrProtocol = errors.New("broken message")

// WriteFrame writes one frame. It does not keep payload.
func WriteFrame(w io.Writer, kind byte, payload ...[]byte) error {
	var n int
	for _, p := range payload {
		n += len(p)
	}
	if uint64(n) > 1<<32-1 {
		return fmt.Errorf("message of %d bytes does not fit a frame", n)
	}
	var head [frameHeader]byte
	head[0] = kind
	binary.BigEndian.PutUint32(head[1:], uint32(n))
	if _, err := w.Write(head[:]); err != nil {
		return err
	}
	for _, p := range payload {
		if _, err := w.Write(p); err != nil {
			return err
		}
	}
	return nil
}

// ReadFrame reads one frame with a payload of at most limit bytes. It returns
// io.EOF when r ends before a frame begins and [ErrProtocol] when r ends
// inside one or the frame is over the limit; memory grows only with the bytes
// that really arrive, so a lying length costs nothing.
func ReadFrame(r io.Reader, limit int) (kind byte, payload []byte, err error) {
	var head [frameHeader]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, nil, fmt.Errorf("%w: end inside its head", ErrProtocol)
		}
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if int64(n) > int64(limit) {
		return 0, nil, fmt.Errorf("%w: %d bytes announced, %d allowed", ErrProtocol, n, limit)
	}
	payload, err = readN(r, int(n))
	if err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return 0, nil, fmt.Errorf("%w: %d bytes announced, %d came", ErrProtocol, n, len(payload))
		}
		return 0, nil, err
	}
	return head[0], payload, nil
}

// readN reads n bytes in steps, so that no more than twice of what came is
// ever allocated. On error it returns what came so far.
func readN(r io.Reader, n int) ([]byte, error) {
	const step = 1 << 20
	buf := make([]byte, 0, min(n, step))
	for len(buf) < n {
		if len(buf) == cap(buf) {
			grown := make([]byte, len(buf), min(n, 2*cap(buf)))
			copy(grown, buf)
			buf = grown
		}
		m, err := io.ReadFull(r, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+m]
		if err != nil {
			return buf, err
		}
	}
	return buf, nil
}
