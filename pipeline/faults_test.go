package pipeline_test

import (
	"context"
	"errors"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/ingest/child"
	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/schema"
)

// words answers every region with one line of the words given.
func words(all ...schema.Word) engine {
	return func(_ context.Context, regions []ocr.Region) ([]ocr.Reading, error) {
		out := make([]ocr.Reading, len(regions))
		for i := range regions {
			out[i].Lines = []schema.Line{{Words: all, Box: schema.Box{X0: -5, Y0: math.MinInt, X1: math.MaxInt, Y1: 1 << 40}}}
		}
		return out, nil
	}
}

// Whatever an engine says or does, its page has one outcome, and a document
// that is valid comes of it.
func TestEnginesThatAreUpset(t *testing.T) {
	word := func(text string, conf float64, b schema.Box) schema.Word {
		return schema.Word{Text: text, Raw: text, Confidence: conf, Box: b}
	}
	in := schema.Box{X0: 60, Y0: 100, X1: 120, Y1: 114}
	many := make([]schema.Word, 25_000)
	for i := range many {
		many[i] = word("x", 1, in)
	}
	fails := func(err error) engine {
		return func(_ context.Context, regions []ocr.Region) ([]ocr.Reading, error) {
			return make([]ocr.Reading, len(regions)), err
		}
	}
	for _, c := range []struct {
		name   string
		engine engine
		want   schema.Outcome
		says   string // in the reason
		text   string // of the page
	}{
		{"outside the page", words(word("xa", 0.9, schema.Box{X0: 1 << 40, Y0: 5, X1: 1 << 41, Y1: 9}), word("đây", 0.9, in)), schema.Done, "", "đây"},
		{"over its edge", words(word("mép", 0.9, schema.Box{X0: -100, Y0: -100, X1: 50, Y1: 1 << 30})), schema.Done, "", "mép"},
		{"empty boxes", words(word("không", 0.9, schema.Box{}), word("ngược", 0.9, schema.Box{X0: 9, Y0: 9, X1: 1, Y1: 1})), schema.Done, "", ""},
		{"no confidence", words(word("một", math.NaN(), in), word("hai", math.Inf(1), in), word("ba", -7, in)), schema.Done, "", "một hai ba"},
		{"no text", words(word("", 0.9, in), word("\xff\x00\x1b[31m", 0.9, in)), schema.Done, "", ""},
		{"endless word", words(word(strings.Repeat("a", 10_000_000), 0.9, in)), schema.Done, "", ""},
		{"too many words", words(many...), schema.Refused, "more than 20000 words on the page, 20000 allowed", ""},
		{"too few readings", func(context.Context, []ocr.Region) ([]ocr.Reading, error) { return nil, nil }, schema.Refused, "0 readings of", ""},
		{"too many readings", func(_ context.Context, r []ocr.Region) ([]ocr.Reading, error) {
			return make([]ocr.Reading, len(r)+1), nil
		}, schema.Refused, "readings of", ""},
		{"panics", func(context.Context, []ocr.Region) ([]ocr.Reading, error) { panic("upset") }, schema.Refused, "internal fault: upset", ""},
		{"exits", fails(&ocr.Error{Kind: ocr.ErrRefused, Err: &child.Error{Reason: child.Exited, Detail: "exit status 3"}}), schema.Refused, "exit status 3", ""},
		{"eats memory", fails(&ocr.Error{Kind: ocr.ErrRefused, Err: &child.Error{Reason: child.OverSize, Detail: "it held 900 MB, 768 MB allowed"}}), schema.Refused, "768 MB allowed", ""},
		{"hangs", func(ctx context.Context, r []ocr.Region) ([]ocr.Reading, error) {
			<-ctx.Done()
			return make([]ocr.Reading, len(r)), ctx.Err()
		}, schema.TimedOut, "", ""},
		{"is too slow", fails(&ocr.Error{Kind: ocr.ErrTimedOut, Detail: "3 of 9 regions read in the 2m0s allowed"}), schema.TimedOut, "2m0s allowed", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := settings(t, c.engine)
			if c.name == "hangs" {
				set.PageBudget = 100 * time.Millisecond
			}
			doc := read(t, pipeline.New(set), picture(t, "page.png"))
			page := doc.Pages[0]
			if page.Outcome != c.want || !strings.Contains(page.Reason, c.says) {
				t.Errorf("outcome %s (%.200s), want %s that says %q", page.Outcome, page.Reason, c.want, c.says)
			}
			if !strings.Contains(page.Text, c.text) || len(page.Text) > 300_000 {
				t.Errorf("text of %d bytes: %.200q, want %q", len(page.Text), page.Text, c.text)
			}
			if err := doc.Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}

// The real pool gives the pipeline such errors when its children are upset:
// this is the whole way, from a process that dies to the outcome of a page.
func TestChildrenThatAreUpset(t *testing.T) {
	// A test binary with its models, built to watch for races, holds far more
	// than a child that reads: only what is eaten is to go over the limit.
	const memory = 512 << 20
	for how, c := range map[string]struct {
		time time.Duration // 0 is enough for the others on any machine
		want schema.Outcome
		says string
	}{
		"hang":    {2 * time.Second, schema.TimedOut, "2s allowed"},
		"exit":    {0, schema.Refused, "exit status 3"},
		"garbage": {0, schema.Refused, "it ended 2 reading processes"},
		"eats":    {0, schema.Refused, "512 MB allowed"},
	} {
		t.Run(how, func(t *testing.T) {
			pool, err := ocr.NewPool(t.Context(), ocr.Config{Command: []string{"", "upset-child", how}, Workers: 1, PageTimeout: c.time, Memory: memory})
			if err != nil {
				t.Fatal(err)
			}
			defer pool.Close()
			set := settings(t, nil)
			set.Engine = pool
			page := read(t, pipeline.New(set), picture(t, "page.png")).Pages[0]
			if page.Outcome != c.want || !strings.Contains(page.Reason, c.says) {
				t.Errorf("outcome %s (%s), want %s that says %q", page.Outcome, page.Reason, c.want, c.says)
			}
		})
	}
}

// The test binary plays the children that are upset.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "upset-child" {
		upset(os.Args[2])
		return
	}
	os.Exit(m.Run())
}

func upset(how string) {
	for {
		kind, _, err := child.ReadFrame(os.Stdin, 1<<30)
		switch {
		case err != nil:
			return
		case kind == 'h': // the greeting
			if err := child.WriteFrame(os.Stdout, 'H', []byte(`{"version":"0"}`)); err != nil {
				return
			}
			continue
		case kind == 'p': // the page
			continue
		}
		switch how {
		case "hang":
			time.Sleep(time.Hour)
		case "exit":
			os.Exit(3)
		case "garbage":
			_, err = os.Stdout.WriteString("panic: something else, and more than a head\n")
			time.Sleep(time.Hour)
		case "eats":
			var held [][]byte
			for range 4096 {
				b := make([]byte, 1<<20)
				for i := 0; i < len(b); i += 4096 {
					b[i] = 1
				}
				held = append(held, b)
				time.Sleep(time.Millisecond)
			}
			err = errors.New(string(held[0][:1]))
		}
		if err != nil {
			return
		}
	}
}
