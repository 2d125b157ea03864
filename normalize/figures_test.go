package normalize

import (
	"bufio"
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize/lm"
	"github.com/sohoa/sohoa/schema"
)

// The figures that repair is judged by, on text that no training saw:
//
//	go test ./normalize -run TestFigures -v -count=1 -args -figures
//
// They need the shared corpora and gold pairs, xz, and Tesseract with vie and
// eng. With -model another model file is judged, with -mistakes the test shows
// what went wrong.
var (
	figures   = flag.Bool("figures", false, "print the figures of repair")
	modelPath = flag.String("model", "", "language model `file` instead of the one that is linked in")
	mistakes  = flag.Int("mistakes", 0, "mistakes to show for each figure")
	dev       = flag.Bool("dev", false, "judge on the held-out documents that choices are made on, not on the others")
	cache     = flag.String("damaged", "", "`folder` to keep damaged lines in between runs")
	cells     = flag.Bool("cells", false, "judge how cells of torn tables are repaired, not how text is at first")
	passes    = flag.Int("passes", 5, "over a text whose speed is measured; the median counts")
)

// sampleSyllables bounds how much text a figure is counted on.
const sampleSyllables = 400000

func sharedFile(t testing.TB, pattern string) []string {
	dir := cmp.Or(os.Getenv("SOHOA_SHARED"), "../../shared")
	files, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("no %s: set SOHOA_SHARED to the folder of shared data", filepath.Join(dir, pattern))
	}
	return files
}

func figuresRestorer(t testing.TB) *Restorer {
	r, err := Default()
	if *modelPath != "" {
		var m *lm.Model
		if m, err = lm.Open(*modelPath); err == nil {
			r, err = New(m)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if *cells {
		return r.ForCells()
	}
	return r
}

func TestFigures(t *testing.T) {
	if !*figures {
		t.Skip("prints figures when asked to: -args -figures")
	}
	r := figuresRestorer(t)
	for _, set := range []struct{ name, files string }{
		{"administrative", "corpora/admin_*.xz"}, {"legal", "corpora/legal_*.xz"}, {"news", "corpora/news_*.xz"},
	} {
		t.Run(set.name, func(t *testing.T) {
			lines := heldOutLines(t, set.files)
			t.Run("bare", func(t *testing.T) { bareFigure(t, r, lines) })
			t.Run("right", func(t *testing.T) { rightFigure(t, r, lines) })
		})
	}
	t.Run("pairs", func(t *testing.T) { pairsFigure(t, r) })
	t.Run("light", func(t *testing.T) { damageFigure(t, r, "vie", 80) })
	t.Run("heavy", func(t *testing.T) { damageFigure(t, r, "eng", 40) })
	t.Run("memory", func(t *testing.T) { memoryFigure(t) })
}

// memoryChild names the variable that makes TestMemoryChild do its work.
const memoryChild = "SOHOA_MEMORY_CHILD"

// memoryFigure has another process repair text and say how much memory it took
// that no file backs: all but the program and the model in it.
func memoryFigure(t *testing.T) {
	for _, set := range []struct {
		name string
		text func() []string
	}{
		{"light", func() []string { return heldOutLines(t, "corpora/legal_*.xz") }},
		{"heavy", func() (lines []string) {
			for l := range strings.Lines(string(damaged(t, "eng", 40, heldPart()))) {
				lines = append(lines, strings.Split(l, "\t")[1])
			}
			return lines
		}},
	} {
		lines := set.text()
		cmd := exec.Command(os.Args[0], "-test.run", "^TestMemoryChild$", "-test.v")
		cmd.Env = append(os.Environ(), memoryChild+"=1")
		cmd.Stdin = strings.NewReader(strings.Join(lines, "\n"))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for l := range strings.Lines(string(out)) {
			if _, figure, ok := strings.Cut(l, "anonymous memory: "); ok {
				t.Logf("memory beyond the mapped model, %s: %s", set.name, strings.TrimSpace(figure))
			}
		}
	}
}

// TestMemoryChild repairs its standard input for memoryFigure.
func TestMemoryChild(t *testing.T) {
	if os.Getenv(memoryChild) == "" {
		t.Skip("is run by TestFigures/memory")
	}
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	ready := anonymous(t)
	most := ready
	watched, stop := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
				most = max(most, anonymous(t))
			}
		}
	}()
	if err := r.Filter(t.Context(), os.Stdin, io.Discard, FilterOptions{}); err != nil {
		t.Error(err)
	}
	close(stop)
	<-watched
	t.Logf("anonymous memory: %.0f MB when open, %.0f MB at most", float64(ready)/1e6, float64(most)/1e6)
}

// anonymous returns the resident memory of this process that no file backs, in
// bytes.
func anonymous(t testing.TB) int64 {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("needs /proc: ", err)
	}
	_, rest, _ := strings.Cut(string(data), "RssAnon:")
	var kb int64
	if _, err := fmt.Sscanf(rest, "%d kB", &kb); err != nil {
		t.Error("reading /proc/self/status: ", err)
	}
	return kb << 10
}

// heldOutLines samples the held-out lines of corpora evenly.
func heldOutLines(t *testing.T, pattern string) []string {
	var lines []string
	for _, f := range sharedFile(t, pattern) {
		var split HeldOut
		eachLine(t, f, func(l string) {
			if split.Line(l) && split.Dev() == *dev && strings.TrimSpace(l) != "" {
				lines = append(lines, Tones(NFC(strings.TrimSpace(l))))
			}
		})
	}
	n := 0
	for _, l := range lines {
		n += strings.Count(l, " ") + 1
	}
	if n <= sampleSyllables {
		return lines
	}
	// Runs of lines, so that neighbours stay together.
	const run = documentLines
	var out []string
	every := n/sampleSyllables + 1
	for i := 0; i < len(lines); i += run * every {
		out = append(out, lines[i:min(i+run, len(lines))]...)
	}
	return out
}

// documentLines is how many lines that follow one another are repaired as one
// text, and sampled together.
const documentLines = 40

func eachLine(t testing.TB, file string, f func(string)) {
	cmd := exec.Command("xz", "-dc", file)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Skip("needs xz: ", err)
	}
	r := bufio.NewReader(out)
	for {
		l, err := r.ReadString('\n')
		if l != "" {
			f(l)
		}
		if err != nil {
			break
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

// wordsOf returns the words of a text without numbers and signs.
func wordsOf(text string) (words []string) {
	for chunk := range strings.FieldsSeq(text) {
		for _, p := range cutPieces(nil, chunk) {
			if p.kind == wordPiece {
				words = append(words, chunk[p.start:p.end])
			}
		}
	}
	return words
}

type missed struct {
	counts map[string]int
}

func (m *missed) add(got, want string) {
	if m.counts == nil {
		m.counts = make(map[string]int)
	}
	m.counts[got+" for "+want]++
}

func (m *missed) log(t *testing.T) {
	keys := make([]string, 0, len(m.counts))
	for k := range m.counts {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(m.counts[b], m.counts[a]), cmp.Compare(a, b))
	})
	for _, k := range keys[:min(*mistakes, len(keys))] {
		t.Logf("%4d  %s", m.counts[k], k)
	}
}

func percent(a, b int) float64 { return 100 * float64(a) / float64(max(b, 1)) }

// bareFigure counts the syllables that are right again after all marks were
// taken off.
func bareFigure(t *testing.T, r *Restorer, lines []string) {
	var right, total int
	var m missed
	start := cpuTime()
	for block := range slices.Chunk(lines, documentLines) {
		bare := make([]string, len(block))
		for i, l := range block {
			bare[i] = foldCase(l)
		}
		for i, res := range r.RestoreLines(bare) {
			want, got := wordsOf(block[i]), wordsOf(res.Text)
			total += len(want)
			if len(want) != len(got) {
				continue
			}
			for i := range want {
				if got[i] == want[i] {
					right++
				} else {
					m.add(got[i], want[i])
				}
			}
		}
	}
	t.Logf("syllables right from bare text: %.2f %% of %d (%.0f a second)", percent(right, total), total, float64(total)/(cpuTime()-start).Seconds())
	m.log(t)
}

// rightFigure counts what repair does to text that was right, and its speed.
func rightFigure(t *testing.T, r *Restorer, lines []string) {
	var changed, total int
	var m missed
	for _, l := range lines {
		got := r.Restore(l).Text
		want := wordsOf(l)
		total += len(want)
		if got == l {
			continue
		}
		have := wordsOf(got)
		if len(have) != len(want) {
			changed++
			m.add(got, l)
			continue
		}
		for i := range want {
			if have[i] != want[i] {
				changed++
				m.add(have[i], want[i])
			}
		}
	}
	t.Logf("right text changed: %.3f %% of %d syllables", percent(changed, total), total)
	m.log(t)
	speed(t, r, lines)
}

// speedSyllables is how much of a text its speed is measured on.
const speedSyllables = 50000

// speed measures one core on lines as words, without the cost of making them.
// Each pass begins with a new restorer, which remembers no words; the model is
// in memory. Processor time is counted, but other work on the machine still
// takes from the caches.
func speed(t *testing.T, r *Restorer, lines []string) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	n := 0
	for i, l := range lines {
		if n += len(wordsOf(l)); n > speedSyllables {
			lines = lines[:i+1]
			break
		}
	}
	var rates []float64
	for range *passes {
		fresh, err := New(r.model)
		if err != nil {
			t.Fatal(err)
		}
		fresh.channels = r.channels
		pages := pagesOf(lines)
		runtime.GC()
		start := cpuTime()
		for i := range pages {
			fresh.Page(&pages[i])
		}
		rates = append(rates, float64(n)/(cpuTime()-start).Seconds())
	}
	slices.Sort(rates)
	t.Logf("speed: %.0f syllables a second of one core (%.0f to %.0f)", rates[len(rates)/2], rates[0], rates[len(rates)-1])
}

// pagesOf makes pages of thirty lines.
func pagesOf(lines []string) (pages []schema.Page) {
	for block := range slices.Chunk(lines, 30) {
		var p schema.Page
		for _, l := range block {
			var line schema.Line
			for w := range strings.FieldsSeq(l) {
				line.Words = append(line.Words, schema.Word{Text: w, Raw: w, Confidence: 1})
			}
			p.Lines = append(p.Lines, line)
		}
		pages = append(pages, p)
	}
	return pages
}

// cpuTime is the time that this process has used; other work on the machine
// does not disturb it.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// pairFold divides the gold pairs into five parts.
func pairFold(line string) int {
	f := fnv.New32a()
	io.WriteString(f, line)
	return int(f.Sum32()>>7) % 5
}

// pairsFigure judges the gold pairs by five-fold cross-validation: each part
// is repaired with a channel that was counted on the others, and on rendered
// lines.
func pairsFigure(t *testing.T, r *Restorer) {
	data, err := os.ReadFile(sharedFile(t, "gold/restore_pairs.tsv")[0])
	if err != nil {
		t.Fatal(err)
	}
	pairs := strings.Split(strings.TrimSpace(string(data)), "\n")
	var lone, stream tally
	for fold := range 5 {
		part := foldRestorer(t, r, pairs, fold)
		var block [][]string
		flush := func() {
			lines := make([]string, len(block))
			for i, p := range block {
				lines[i] = p[1]
			}
			for i, res := range part.RestoreLines(lines) {
				if p := block[i]; pairFold(strings.Join(p, "\t")) == fold {
					stream.add(res, p[1], p[2])
					lone.add(part.Restore(p[1]), p[1], p[2])
				}
			}
			block = block[:0]
		}
		for _, l := range pairs {
			p := strings.Split(l, "\t")
			if len(block) == filterBlock || len(block) > 0 && block[0][0] != p[0] {
				flush()
			}
			block = append(block, p)
		}
		flush()
	}
	t.Log("each line alone:")
	lone.log(t)
	t.Log("as a filter sees them:")
	stream.log(t)
}

// foldRestorer returns a restorer for the pairs of one fold. Channel and
// phrases are from the other pairs and from the documents that the pairs are
// of; there, the lines of the fold are seen without what is right.
func foldRestorer(t *testing.T, r *Restorer, pairs []string, fold int) *Restorer {
	train := bytes.NewBuffer(bytes.Clone(damaged(t, "eng", 60, "train")))
	judged := make(map[string]bool)
	for _, l := range pairs {
		if pairFold(l) == fold {
			judged[strings.Split(l, "\t")[1]] = true
		} else {
			train.WriteString(l + "\n")
		}
	}
	var text, others bytes.Buffer
	for _, f := range sharedFile(t, "seeds/*.txt") {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for l := range strings.Lines(string(data) + "\n\n") {
			text.WriteString(l)
			if judged[strings.Join(strings.Fields(l), " ")] {
				l = "\n"
			}
			others.WriteString(l)
		}
	}
	counts := kept(t, foldFile("channel", fold), func(out io.Writer) error {
		return TrainChannel(train, out, ChannelOptions{Weight: pairWeight, Text: text.Bytes(), TextWeight: 5, Model: r.model, Cells: *cells})
	})
	heavy := heavyTable{channel: heavyChannel, counts: counts, search: usualReach}
	if *cells {
		heavy.channel = cellChannel
	}
	k, err := newKnowledge(r.model, heavy)
	if err != nil {
		t.Fatal(err)
	}
	if *cells {
		if k.around, err = loadSurroundings(r.model, surroundingsData); err != nil {
			t.Fatal(err)
		}
	}
	part := &Restorer{knowledge: k}
	table := kept(t, foldFile("phrases", fold), func(out io.Writer) error { return part.TrainPhrases(&others, out) })
	if part.phrases, err = loadPhrases(r.model, table); err != nil {
		t.Fatal(err)
	}
	return part
}

// foldFile names a table of a fold.
func foldFile(table string, fold int) string {
	if *cells {
		table = "cell" + table
	}
	return fmt.Sprintf("%s%d.tsv", table, fold)
}

// kept returns a file that an earlier run left in the folder of -damaged, or
// makes it.
func kept(t *testing.T, name string, produce func(io.Writer) error) string {
	path := filepath.Join(cmp.Or(*cache, t.TempDir()), name)
	if data, err := os.ReadFile(path); err == nil {
		return string(data)
	}
	var out bytes.Buffer
	if err := produce(&out); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func pairWeight(source string) float64 {
	if strings.HasSuffix(source, ".txt") {
		return 10
	}
	return 1
}

// heldPart names the part of the held-out lines that is judged.
func heldPart() string {
	if *dev {
		return "dev"
	}
	return "test"
}

// damaged returns lines of a part that Tesseract read with a language model.
func damaged(t *testing.T, lang string, pages int, part string) []byte {
	name := filepath.Join(cmp.Or(*cache, t.TempDir()), fmt.Sprintf("%s-%d-%s.tsv", lang, pages, part))
	if data, err := os.ReadFile(name); err == nil {
		return data
	}
	if _, err := exec.LookPath("tesseract"); err != nil {
		t.Skip("needs tesseract: ", err)
	}
	var text bytes.Buffer
	patterns := []string{"corpora/admin_*.xz", "corpora/legal_vbpl*.xz"}
	if part == "train" {
		// What repair is judged by should be right: the news have misprints.
		patterns = append(patterns, "corpora/news_vietd*.xz")
	}
	for _, pattern := range patterns {
		for _, f := range sharedFile(t, pattern) {
			eachLine(t, f, func(l string) { text.WriteString(l) })
		}
	}
	cmd := exec.Command("go", "run", "./internal/damage", "-lang", lang, "-pages", fmt.Sprint(pages), "-part", part, "-seed", fmt.Sprint(len(lang)+pages))
	cmd.Stdin = &text
	cmd.Stderr = os.Stderr
	data, err := cmd.Output()
	if err != nil {
		t.Fatal("making damaged lines: ", err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return data
}

func damageFigure(t *testing.T, r *Restorer, lang string, pages int) {
	var all tally
	var lines []string
	data := damaged(t, lang, pages, heldPart())
	// Lines of a page are repaired in its light.
	for l := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimRight(l, "\n"), "\t")
		lines = append(lines, f[1])
		all.add(r.Restore(f[1]), f[1], f[2])
	}
	all.log(t)
	speed(t, r, lines)
}

// tally compares words before and after repair with the truth.
type tally struct {
	tokens, before, after, broken int
	sure, sureRight, unsure       int
	m                             missed
	shown, rash                   []string
}

func (y *tally) add(res Restoration, seen, truth string) {
	want := strings.Fields(Tones(NFC(truth)))
	was := strings.Fields(Tones(NFC(seen)))
	var got []string
	for _, w := range res.Words {
		got = append(got, w.Text)
	}
	pairsBefore, pairsAfter := align(was, want), align(got, want)
	y.tokens += len(want)
	rightBefore := make(map[int]bool)
	for _, p := range pairsBefore {
		if p[0] >= 0 && p[1] >= 0 && was[p[0]] == want[p[1]] {
			y.before++
			rightBefore[p[1]] = true
		}
	}
	for _, p := range pairsAfter {
		right := p[0] >= 0 && p[1] >= 0 && got[p[0]] == want[p[1]]
		if right {
			y.after++
		} else {
			a, b := "", ""
			if p[0] >= 0 {
				a = got[p[0]]
			}
			if p[1] >= 0 {
				b = want[p[1]]
				if rightBefore[p[1]] {
					y.broken++
				}
			}
			y.m.add(a, b)
		}
		if p[0] < 0 {
			continue
		}
		w := res.Words[p[0]]
		if n := len(w.Repairs); n > 0 && w.Repairs[n-1].Reason != ReasonForm {
			switch {
			case w.Unsure:
				y.unsure++
			case w.Repairs[n-1].Score >= lightSure:
				y.sure++
				if right {
					y.sureRight++
				} else {
					y.rash = append(y.rash, fmt.Sprintf("sure %.3f: %s, was %s, in %q", w.Repairs[n-1].Score, w.Text, w.Raw, truth))
				}
			}
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		y.shown = append(y.shown, fmt.Sprintf("\n in  %s\n out %s\n was %s", seen, res.Text, truth))
	}
}

func (y *tally) log(t *testing.T) {
	t.Logf("tokens right: %.2f %% before, %.2f %% after, of %d", percent(y.before, y.tokens), percent(y.after, y.tokens), y.tokens)
	t.Logf("errors removed: %.1f %%; newly damaged: %.3f %%", percent(y.after-y.before+y.broken, y.tokens-y.before), percent(y.broken, y.tokens))
	t.Logf("sure changes right: %.2f %% of %d; unsure %d", percent(y.sureRight, y.sure), y.sure, y.unsure)
	y.m.log(t)
	for _, s := range y.rash[:min(*mistakes, len(y.rash))] {
		t.Log(s)
	}
	for _, s := range y.shown[:min(*mistakes, len(y.shown))] {
		t.Log(s)
	}
}

// align pairs the words of two lines, -1 where there is none, by the least
// number of edits; equal words attract.
func align(a, b []string) (pairs [][2]int) {
	n := make([][]float64, len(a)+1)
	for i := range n {
		n[i] = make([]float64, len(b)+1)
		for j := range n[i] {
			switch {
			case i == 0:
				n[i][j] = float64(j)
			case j == 0:
				n[i][j] = float64(i)
			default:
				n[i][j] = min(n[i-1][j-1]+differ(a[i-1], b[j-1]), n[i-1][j]+1, n[i][j-1]+1)
			}
		}
	}
	for i, j := len(a), len(b); i > 0 || j > 0; {
		switch {
		case i > 0 && j > 0 && n[i][j] == n[i-1][j-1]+differ(a[i-1], b[j-1]):
			i--
			j--
			pairs = append(pairs, [2]int{i, j})
		case i > 0 && n[i][j] == n[i-1][j]+1:
			i--
			pairs = append(pairs, [2]int{i, -1})
		default:
			j--
			pairs = append(pairs, [2]int{-1, j})
		}
	}
	return pairs
}

func differ(a, b string) float64 {
	switch {
	case a == b:
		return 0
	case Fold(a) == Fold(b):
		return 0.6
	case utf8.RuneCountInString(a) == 1 != (utf8.RuneCountInString(b) == 1):
		return 1.2
	}
	return 1.1
}
