package pdf

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/sohoa/sohoa/ingest/child"
)

// FuzzAnswer speaks to the reader of text as a parent that lost its mind
// would, and looks at what comes back as the real parent does.
func FuzzAnswer(f *testing.F) {
	file := page("/MediaBox[0 0 300 200]", "BT /H 12 Tf 20 100 Td (text) Tj ET")
	f.Add(byte(msgOpen), []byte(`{"size":1000}`), file)
	f.Add(byte(msgText), []byte(`{"page":1,"width":100,"height":100}`), file)
	f.Add(byte(msgRender), []byte(`{"page":-1,"dpi":1000000000,"max":-5}`), file)
	f.Add(byte(msgCount), []byte(nil), file)
	f.Add(byte(msgOpen), []byte(`{"size":9223372036854775807}`), file)
	f.Fuzz(func(t *testing.T, kind byte, payload, data []byte) {
		if !ends(data) || len(data) > 1<<16 {
			return
		}
		var in, out bytes.Buffer
		for range 8 { // what a request for bytes of the file is answered with
			if err := child.WriteFrame(&in, msgData, data); err != nil {
				t.Fatal(err)
			}
		}
		count := 0
		if err := answer(&textReader{}, &count, kind, payload, &in, &out); err != nil {
			return
		}
		for out.Len() > 0 {
			got, answered, err := child.ReadFrame(&out, 1<<24)
			if err != nil {
				t.Fatalf("what it says is no frame: %v", err)
			}
			switch got {
			case msgRead:
				if len(answered) != 16 || binary.BigEndian.Uint64(answered[8:]) > maxRead {
					t.Fatalf("it asks for %x", answered)
				}
			case msgFailed:
				if err := readFailure(answered); err == nil {
					t.Fatal("a failure that is none")
				}
			case msgPicture:
				_, _ = decodePicture(answered)
			}
		}
	})
}
