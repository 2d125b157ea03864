package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"testing"
)

var (
	numbers = regexp.MustCompile(`\[\n\s+-?\d+(?:,\n\s+-?\d+)*\n\s+\]`)
	breaks  = regexp.MustCompile(`\n\s+`)
)

// plainIndent is what an indenter does, in two passes over the whole.
func plainIndent(t *testing.T, data []byte) string {
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", "  "); err != nil {
		t.Fatal(err)
	}
	return string(numbers.ReplaceAllFunc(b.Bytes(), func(array []byte) []byte {
		inner := breaks.ReplaceAll(array[1:len(array)-1], []byte(" "))
		return append(append([]byte{'['}, bytes.TrimSpace(inner)...), ']')
	}))
}

func TestIndenter(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var value func(depth int) any
	value = func(depth int) any {
		switch n := random.IntN(10); {
		case n < 3 && depth > 0:
			list := make([]any, random.IntN(4))
			for i := range list {
				list[i] = value(depth - 1)
			}
			return list
		case n < 5 && depth > 0:
			object := map[string]any{}
			for range random.IntN(4) {
				object[string(rune('a'+random.IntN(4)))+`"[1,2]`] = value(depth - 1)
			}
			return object
		case n < 8:
			return random.IntN(200) - 100
		}
		return []any{"x, [1]\\", `"{:`, 1.5, -2e30, nil, true, "", "\n"}[random.IntN(8)]
	}
	inline := 0
	for range 2000 {
		data, err := json.Marshal(map[string]any{"document": value(5)})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		in := &indenter{w: bufio.NewWriter(&b)}
		cut := random.IntN(len(data) + 1)
		_, _ = in.Write(data[:cut])
		_, _ = in.Write(data[cut:])
		if err := in.w.Flush(); err != nil {
			t.Fatal(err)
		}
		if want := plainIndent(t, data); b.String() != want {
			t.Fatalf("%s:\n%s\nwant\n%s", data, b.String(), want)
		}
		if bytes.Contains(b.Bytes(), []byte(", ")) {
			inline++
		}
	}
	if inline < 100 {
		t.Errorf("%d arrays on one line: the test says little", inline)
	}
}
