package ocr

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/sohoa/sohoa/ingest/child"
	"github.com/sohoa/sohoa/schema"
)

// The test binary plays the children too: the real one, and those that fail in
// every way a child can. The word after "ocr-child" says which.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "ocr-child" {
		how := "real"
		if len(os.Args) > 2 {
			how = os.Args[2]
		}
		if err := play(how, os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// play answers like a child until the region after which the fault comes.
func play(how string, args []string) error {
	if how == "real" {
		return ServeChild(os.Stdin, os.Stdout)
	}
	for {
		kind, payload, err := child.ReadFrame(os.Stdin, maxMessage)
		if err != nil {
			return nil
		}
		switch kind {
		case msgHello:
			if how == "no-model" {
				child.WriteFrame(os.Stdout, msgFailed, []byte("loading model vie:\nno such file"))
				return nil
			}
			send(msgReady, ready{Version: "0.0-mock"})
		case msgRegions:
			var regions []wireRegion
			json.Unmarshal(payload, &regions)
			for i, reg := range regions {
				if i == 1 {
					fault(how, args)
				}
				send(msgReading, wireReading{Index: i, Lines: []packedLine{{{text: "chữ", box: schema.Box{X1: reg.Box.Width(), Y1: 9}, conf: 0.9}}}})
			}
		}
	}
}

func send(kind byte, v any) {
	b, _ := json.Marshal(v)
	child.WriteFrame(os.Stdout, kind, b)
}

// fault does what a broken child does.
func fault(how string, args []string) {
	switch how {
	case "exit":
		os.Exit(3)
	case "abort":
		panic("the library gave up")
	case "hang":
		time.Sleep(time.Hour)
	case "garbage":
		os.Stdout.WriteString("Warning: Invalid resolution 0 dpi. Using 70 instead.\n")
		time.Sleep(time.Hour)
	case "half":
		os.Stdout.Write([]byte{msgReading, 0, 0, 1, 0, '{'})
		os.Exit(0)
	case "wrong-kind":
		child.WriteFrame(os.Stdout, 'Z', nil)
	case "wrong-index":
		send(msgReading, wireReading{Index: 7})
	case "no-json":
		child.WriteFrame(os.Stdout, msgReading, []byte("{"))
	case "closes":
		os.Stdout.Close()
		time.Sleep(time.Hour)
	case "eats":
		var held [][]byte
		for range 4096 {
			b := make([]byte, 4<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			held = append(held, b)
			time.Sleep(time.Millisecond)
		}
		io.WriteString(io.Discard, fmt.Sprint(len(held)))
		time.Sleep(time.Hour)
	case "outside":
		send(msgReading, wireReading{Index: 1, Lines: []packedLine{{{text: "xa", box: schema.Box{X0: 1 << 40, Y0: -1 << 40, X1: 1 << 41, Y1: 5}, conf: 9}}}})
	case "once": // dies the first time only: args[1] is a file that remembers
		if _, err := os.Stat(args[1]); err != nil {
			exec.Command("touch", args[1]).Run()
			os.Exit(3)
		}
	}
}
