package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/normalize/lm"
)

type lmCmd struct {
	Train   lmTrainCmd   `cmd:"" help:"train a language model from text"`
	Channel lmChannelCmd `cmd:"" help:"count what reading does to letters, from pairs of read and right lines"`
	Domain  lmDomainCmd  `cmd:"" help:"count which words administrative text prefers"`
	Phrases lmPhrasesCmd `cmd:"" help:"count which words follow which in badly read reports"`
	Around  lmAroundCmd  `cmd:"" help:"train what words say about those around them"`
	Info    lmInfoCmd    `cmd:"" help:"tell about a language model file"`
}

type lmTrainCmd struct {
	Texts []string `arg:"" name:"file" help:"text files, or - for standard input"`
	Out   string   `short:"o" required:"" placeholder:"FILE" help:"model file to write"`
	Name  string   `default:"vi" placeholder:"NAME" help:"name that the model carries"`
	All   bool     `help:"train on the held-out lines too"`
	Order int      `placeholder:"N" help:"longest n-grams (default: 4)"`
	Grams int      `placeholder:"N" help:"n-grams to keep, which the size of the file follows (default: what fits in 40 MB)"`
	Admin int      `placeholder:"N" help:"how often a line counts that reads administrative (default: 4)"`
}

func (lmTrainCmd) Help() string {
	return example("  xz -dc corpora/*.xz | sohoa lm train - -o vi.lm")
}

func (l *lmTrainCmd) Run(ctx context.Context, c *console) error {
	text, closeAll, err := openAll(l.Texts, c.in)
	if err != nil {
		return err
	}
	defer closeAll()
	return normalize.Train(ctx, text, l.Out, normalize.TrainOptions{
		LM:          lm.Options{Name: l.Name, Order: l.Order, MaxGrams: l.Grams},
		AdminWeight: l.Admin,
		Everything:  l.All,
		Progress:    func(n int64) { fmt.Fprintf(c.err, "\r%d MB", n>>20) },
	})
}

// openAll returns the files one after another; "-" is the standard input.
func openAll(paths []string, stdin io.Reader) (io.Reader, func(), error) {
	var readers []io.Reader
	var files []*os.File
	closeAll := func() {
		for _, f := range files {
			f.Close()
		}
	}
	for _, path := range paths {
		if path == "-" {
			readers = append(readers, stdin)
			continue
		}
		f, err := os.Open(path)
		if err != nil {
			closeAll()
			return nil, nil, err
		}
		files = append(files, f)
		readers = append(readers, f)
	}
	return io.MultiReader(readers...), closeAll, nil
}

type lmChannelCmd struct {
	Pairs  []string           `arg:"" name:"file" help:"files of pairs, or - for standard input: source, line as read and right line, parted by tabs"`
	Out    string             `short:"o" required:"" placeholder:"FILE" help:"channel file to write"`
	Weight map[string]float64 `placeholder:"END=N" help:"how often a pair counts whose source ends so (default: once)"`
	Text   []string           `placeholder:"FILE" help:"text that the same engine read, without what is right: what the pairs make certain in it counts, too"`
	Trust  float64            `default:"5" placeholder:"N" help:"how often a word of such text counts (default: 5 times)"`
	Cells  bool               `help:"the channel that cells of torn tables are repaired with"`
}

func (lmChannelCmd) Help() string {
	return example(
		"  xz -dc corpora/admin*.xz | go run ./normalize/internal/damage -lang eng -pages 60 > eng.tsv",
		"  sohoa lm channel eng.tsv pairs.tsv --weight .txt=4 --text read.txt -o heavy.tsv",
	)
}

func (l *lmChannelCmd) Run(c *console) error {
	pairs, closeAll, err := openAll(l.Pairs, c.in)
	if err != nil {
		return err
	}
	defer closeAll()
	opts := normalize.ChannelOptions{Weight: l.weight, TextWeight: l.Trust, Cells: l.Cells}
	for _, path := range l.Text {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		opts.Text = append(append(opts.Text, text...), "\n\n"...)
	}
	if opts.Model, err = defaultModel(); err != nil {
		return err
	}
	var out bytes.Buffer
	if err := normalize.TrainChannel(pairs, &out, opts); err != nil {
		return err
	}
	if err := os.WriteFile(l.Out, out.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing channel: %w", err)
	}
	return nil
}

// weight returns the weight of the longest ending that a source has.
func (l *lmChannelCmd) weight(source string) float64 {
	weight, longest := 1.0, -1
	for end, w := range l.Weight {
		if strings.HasSuffix(source, end) && len(end) > longest {
			weight, longest = w, len(end)
		}
	}
	return weight
}

type lmDomainCmd struct {
	Texts []string `arg:"" name:"file" help:"text files, or - for standard input"`
	Out   string   `short:"o" required:"" placeholder:"FILE" help:"table to write"`
}

func (lmDomainCmd) Help() string {
	return example("  xz -dc corpora/*.xz | sohoa lm domain - -o domain.tsv")
}

func (l *lmDomainCmd) Run(ctx context.Context, c *console) error {
	text, closeAll, err := openAll(l.Texts, c.in)
	if err != nil {
		return err
	}
	defer closeAll()
	var out bytes.Buffer
	if err := normalize.TrainDomain(ctx, text, &out); err != nil {
		return err
	}
	if err := os.WriteFile(l.Out, out.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing domain table: %w", err)
	}
	return nil
}

type lmPhrasesCmd struct {
	Texts []string `arg:"" name:"file" help:"text that engines without Vietnamese letters read, or - for standard input"`
	Out   string   `short:"o" required:"" placeholder:"FILE" help:"table to write"`
}

func (lmPhrasesCmd) Help() string {
	return example("  sohoa lm phrases read.txt -o phrases.tsv")
}

func (l *lmPhrasesCmd) Run(c *console) error {
	text, closeAll, err := openAll(l.Texts, c.in)
	if err != nil {
		return err
	}
	defer closeAll()
	restorer, err := normalize.Default()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := restorer.TrainPhrases(text, &out); err != nil {
		return err
	}
	if err := os.WriteFile(l.Out, out.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing table of phrases: %w", err)
	}
	return nil
}

type lmAroundCmd struct {
	Texts []string `arg:"" name:"file" help:"text files, or - for standard input"`
	Out   string   `short:"o" required:"" placeholder:"FILE" help:"table to write"`
}

func (lmAroundCmd) Help() string {
	return example("  xz -dc corpora/*.xz | sohoa lm around - -o surroundings.bin")
}

func (l *lmAroundCmd) Run(ctx context.Context, c *console) error {
	text, closeAll, err := openAll(l.Texts, c.in)
	if err != nil {
		return err
	}
	defer closeAll()
	model, err := defaultModel()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	progress := func(share float64) { fmt.Fprintf(c.err, "\r%.0f %%", 100*share) }
	if err := normalize.TrainSurroundings(ctx, text, &out, model, progress); err != nil {
		return err
	}
	if err := os.WriteFile(l.Out, out.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing surroundings: %w", err)
	}
	return nil
}

type lmInfoCmd struct {
	File string `arg:"" optional:"" help:"model file (default: the one built in)"`
}

func (l *lmInfoCmd) Run(c *console) error {
	model, err := defaultModel()
	if l.File != "" {
		model, err = lm.Open(l.File)
	}
	if err != nil {
		return err
	}
	enc := json.NewEncoder(c.out)
	enc.SetIndent("", "  ")
	return enc.Encode(model.Info())
}

func defaultModel() (*lm.Model, error) {
	r, err := normalize.Default()
	if err != nil {
		return nil, err
	}
	return r.Model(), nil
}
