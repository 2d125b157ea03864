package normalize

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize/lm"
)

// TrainOptions guide [Train]. The zero value is what the model of this
// package was made with.
type TrainOptions struct {
	LM lm.Options
	// AdminWeight is how often a line counts that reads like administrative
	// text; default 4. Other lines count once.
	AdminWeight int
	// Everything trains on the held-out lines too (see [HeldOut]).
	Everything bool
	// Progress, when set, is called now and then with the bytes read.
	Progress func(bytes int64)
}

// Train reads text, a paragraph or sentence a line, and writes a language
// model of its syllables to path. It holds about five bytes of memory for each
// of the text's, and needs about twenty more for each syllable at the end.
func Train(ctx context.Context, text io.Reader, path string, opts TrainOptions) error {
	if opts.AdminWeight == 0 {
		opts.AdminWeight = 4
	}
	if opts.LM.Rivals == nil {
		opts.LM.Rivals = rivals
	}
	trainer, err := lm.NewTrainer(opts.LM)
	if err != nil {
		return fmt.Errorf("training language model: %w", err)
	}
	var split HeldOut
	var tokens []lm.Token
	var read int64
	lines := bufio.NewReaderSize(text, 1<<20)
	for n := 0; ; n++ {
		line, err := lines.ReadString('\n')
		read += int64(len(line))
		if n%4096 == 0 {
			if ctx.Err() != nil {
				return fmt.Errorf("training language model: %w", ctx.Err())
			}
			if opts.Progress != nil {
				opts.Progress(read)
			}
		}
		if line = strings.TrimSpace(line); line != "" && (!split.Line(line) || opts.Everything) {
			tokens = trainingTokens(tokens[:0], line)
			weight := 1
			if readsAdministrative(tokens) {
				weight = opts.AdminWeight
			}
			trainer.Add(tokens, weight)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("training language model: reading text: %w", err)
		}
	}
	if err := trainer.Write(path); err != nil {
		return fmt.Errorf("training language model: %w", err)
	}
	return nil
}

// rivals makes rivals of words that differ in their marks alone.
func rivals(token string) string {
	if r, _ := utf8.DecodeRuneInString(token); !isLetter(r) {
		return ""
	}
	return Fold(token)
}

// trainingTokens appends the tokens of a line of right text.
func trainingTokens(tokens []lm.Token, line string) []lm.Token {
	line = Tones(NFC(line))
	shouting := mostlyUpper(line)
	var buf [16]piece
	fresh := true // a sentence begins: its capital says nothing
	for chunk := range strings.FieldsSeq(line) {
		for _, p := range cutPieces(buf[:0], chunk) {
			t := lm.Token{Text: tokenOf(chunk, p)}
			if p.kind == wordPiece {
				if !shouting && !fresh {
					t.Form = t.Text
				}
				t.Text = strings.ToLower(t.Text)
			}
			fresh = p.kind == signPiece && strings.ContainsAny(t.Text, ".:;?!\"-(") || fresh && p.kind != wordPiece
			tokens = append(tokens, t)
		}
	}
	return tokens
}

func mostlyUpper(s string) bool {
	upper, lower := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	return upper > lower
}

// adminWords are pairs of syllables that reports, plans and legal texts are
// full of, and other texts are not.
var adminWords = setOf("quyết định,nghị định,nghị quyết,thông tư,chỉ thị,công văn,kế hoạch,báo cáo,đề án,văn bản,ủy ban,nhân dân,cơ quan,ban hành,phê duyệt,thẩm quyền,quy định,triển khai,thực hiện,nhiệm vụ,hành chính,chuyển đổi,dữ liệu,dịch vụ,trực tuyến,hồ sơ,thủ tục,cán bộ,công chức,địa bàn,chính quyền,địa phương,lãnh đạo,chỉ đạo,tham mưu,đơn vị,tổ chức,quản lý,nhà nước,căn cứ,phối hợp", ",")

// readsAdministrative reports whether a line uses one of the pairs at least
// every dozen tokens.
func readsAdministrative(tokens []lm.Token) bool {
	hits := 0
	var buf [64]byte
	for i := 1; i < len(tokens); i++ {
		pair := append(append(append(buf[:0], tokens[i-1].Text...), ' '), tokens[i].Text...)
		if adminWords[string(pair)] {
			hits++
		}
	}
	return hits*12 >= len(tokens)
}

// HeldOut divides a text into what models are trained on and what they are
// judged by, the same way in every run: about one block of lines in twenty is
// held out. A block begins at a line whose hash says so and runs on for some
// sixty lines, so that neighbours, which are of one document, stay together.
// The zero value stands before a text.
type HeldOut struct{ held, dev bool }

// Line takes the next line and reports whether it is held out.
func (h *HeldOut) Line(line string) bool {
	f := fnv.New64a()
	io.WriteString(f, strings.TrimSpace(line)) // never fails
	sum := f.Sum64()
	sum ^= sum >> 29
	sum *= 0xbf58476d1ce4e5b9
	sum ^= sum >> 32
	if sum%64 == 0 {
		h.held = sum>>8%20 == 0
		h.dev = sum>>16%2 == 0
	}
	return h.held
}

// Dev reports whether the line last taken is of the held-out blocks that
// choices are made on: weights, orders, thresholds. Figures are quoted for the
// others.
func (h *HeldOut) Dev() bool { return h.held && h.dev }
