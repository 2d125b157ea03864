package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/sohoa/sohoa/compare"
	"github.com/sohoa/sohoa/export"
	"github.com/sohoa/sohoa/export/archive"
	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/schema"
)

type runCmd struct {
	Paths   []string `arg:"" name:"path" help:"files and folders: PDF, PNG, JPEG, TIFF, TXT"`
	Out     string   `short:"o" required:"" placeholder:"DIR" help:"folder for the results"`
	Profile string   `default:"auto" placeholder:"auto|NAME" help:"report type, or auto"`
	Formats []string `default:"json" help:"output formats: json, jsonl, csv, xlsx, parquet, pdf, hocr, alto"`
	JSON    bool     `help:"progress as JSON lines"`
	Link    bool     `negatable:"" default:"true" help:"link titles to the plans among the files"`
	reading
}

func (runCmd) Help() string {
	return example(
		"  sohoa run bao-cao/ -o ket-qua",
		"  sohoa run a.pdf b.txt scans/ -o out --formats json,csv,xlsx,parquet",
		"  sohoa run bao-cao/ -o ket-qua --formats json,pdf,hocr,alto",
		"  sohoa run bao-cao/ -o ket-qua --json 2> progress.jsonl",
	)
}

func (r *runCmd) Run(ctx context.Context, c *console) error {
	formats, archives, err := r.formats(c)
	if err != nil {
		return err
	}
	found := ingest.Find(r.Paths)
	ours := func(f string) bool { return inside(f, r.Out) }
	found.Files, found.Office = slices.DeleteFunc(found.Files, ours), slices.DeleteFunc(found.Office, ours)
	if len(found.Files) == 0 && len(found.Problems) == 0 {
		return usage(c.Sprintf("give a folder that holds PDF, PNG, JPEG, TIFF or TXT files"), errors.New(c.Sprintf("no files to read")))
	}
	if len(found.Files) == 0 {
		_ = r.end(c, r.begin(c, found), found, summary{})
		return errNothing
	}
	made := missing(filepath.Join(r.Out, storeFolder))
	useful := false
	defer func() {
		if !useful {
			discard(made)
		}
	}()
	if err := makeOutput(r.Out); err != nil {
		return failure(c.Sprintf("choose a folder that you may write to with -o"), err)
	}
	set, closeAll, err := r.settings(ctx, c, r.Profile)
	if err != nil {
		return err
	}
	defer closeAll()

	view := r.begin(c, found)
	names := outputNames(found.Files)
	b, err := openBatch(ctx, filepath.Join(r.Out, storeFolder), set, r.Profile, r.workers(), view.event)
	if err != nil {
		return failure(c.Sprintf("choose a folder that you may write to with -o"), err)
	}
	defer b.close()
	links := newLinking(set.Extract.Profiles)
	write := func(file string, doc *schema.Document) error {
		province, period := compare.Origin(doc)
		stored := &export.Stored{Document: doc, Province: province, Period: period.Name}
		for _, format := range formats {
			path := filepath.Join(r.Out, names[file]+"."+string(format))
			if err := export.Write(path, format, stored, export.Settings{BOM: true}); err != nil {
				return failure(c.Sprintf("choose a folder that you may write to with -o"), err)
			}
		}
		return nil
	}
	lost := 0
	sum, err := b.run(ctx, found.Files, func(file string, doc *schema.Document) error {
		links.add(file, doc)
		for _, format := range archives {
			bad, err := b.reader.archiveFile(ctx, filepath.Join(r.Out, names[file]+format.Suffix()), format, doc)
			if err != nil {
				return failure(c.Sprintf("choose a folder that you may write to with -o"), err)
			}
			if bad != nil {
				lost++
				view.event(failed(file, bad))
			}
		}
		return write(file, doc)
	})
	if err == nil && r.Link {
		var more int
		more, err = links.run(ctx, b.relink, b.renamed(write))
		sum.Review += more
	}
	sum.Failed += lost
	// A run that was stopped goes on another time from what lies in the store.
	useful = err != nil || b.useful(ctx)
	if err != nil {
		view.close(sum, false)
		return err
	}
	return r.end(c, view, found, sum)
}

// begin opens the view of a run and tells what of its input cannot be used.
func (r *runCmd) begin(c *console, found ingest.Found) view {
	view := newView(c, r.JSON, len(found.Files))
	for _, err := range found.Problems {
		view.event(failed("", err))
	}
	for _, file := range found.Office {
		view.event(skipped(file, ingest.Office(file)))
	}
	return view
}

// end tells how a run went that came to its end, its input taken into account.
func (r *runCmd) end(c *console, view view, found ingest.Found, sum summary) error {
	sum.Failed += len(found.Problems)
	sum.Skipped = len(found.Office)
	view.close(sum, true)
	if !r.JSON {
		closingTable(c, sum, r.Out)
		passedOver(c, found.Office)
	}
	if !sum.clean() {
		return errPartial
	}
	return nil
}

// formats sorts the formats asked for into those of records and those of pages.
func (r *runCmd) formats(c *console) (records []export.Format, pages []archive.Format, err error) {
	for _, f := range r.Formats {
		switch {
		case slices.Contains(export.Formats(), export.Format(f)):
			records = append(records, export.Format(f))
		case slices.Contains(archive.Formats(), archive.Format(f)):
			pages = append(pages, archive.Format(f))
		default:
			return nil, nil, usage(c.Sprintf("formats are %s", formatNames()), errors.New(c.Sprintf("unknown format %q", f)))
		}
	}
	return records, pages, nil
}

// makeOutput makes the folder and proves that files can be written there,
// before hours of work find out.
func makeOutput(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return errors.Join(
		export.WriteFile(filepath.Join(dir, ".sohoa-probe"), func(io.Writer) error { return nil }),
		os.Remove(filepath.Join(dir, ".sohoa-probe")),
	)
}

// formatNames lists the formats of results.
func formatNames() string {
	var names []string
	for _, f := range export.Formats() {
		names = append(names, string(f))
	}
	for _, f := range archive.Formats() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// storeFolder holds the store of a run, within the folder of its results.
const storeFolder = ".sohoa"

// missing lists what there is to make for dir to exist, the innermost first.
func missing(dir string) (paths []string) {
	for {
		if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
			return paths
		}
		paths = append(paths, dir)
		dir = filepath.Dir(dir)
	}
}

// discard takes away what a run made that came to nothing: its store, and the
// folders around it as far as nothing else has come into them.
func discard(made []string) {
	for _, path := range made {
		if filepath.Base(path) == storeFolder {
			_ = os.RemoveAll(path)
		} else if os.Remove(path) != nil {
			return
		}
	}
}

// inside reports whether file lies in the folder dir: results of an earlier
// run are no input.
func inside(file, dir string) bool {
	f, err1 := filepath.Abs(file)
	d, err2 := filepath.Abs(dir)
	return err1 == nil && err2 == nil && strings.HasPrefix(f, d+string(filepath.Separator))
}

// outputNames gives each input the name of its results: its file name, with a
// counter where two inputs of different folders are called the same.
func outputNames(files []string) map[string]string {
	names := make(map[string]string, len(files))
	taken := map[string]bool{}
	for _, f := range files {
		base := shortened(filepath.Base(f))
		name := base
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s~%d", base, n)
		}
		taken[name] = true
		names[f] = name
	}
	return names
}

// maxName is the length in bytes up to which a result takes over the name of
// its file. File systems allow 255, and the format's ending comes after it.
const maxName = 200

// shortened cuts a name that is too long for more to be added to it, and marks
// it by its hash, so that two such names stay different.
func shortened(name string) string {
	if len(name) <= maxName {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return strings.ToValidUTF8(name[:maxName-20], "") + "~" + hex.EncodeToString(sum[:6])
}

func closingTable(c *console, s summary, dir string) {
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	row := func(name string, n any) { fmt.Fprintf(w, "%s\t%v\n", c.Sprintf(name), n) }
	row("documents", s.Documents)
	row("pages", s.Pages)
	row("records", s.Records)
	row("fields to review", s.Review)
	if s.BadPages > 0 {
		row("pages with failures", s.BadPages)
	}
	if s.Failed > 0 {
		row("documents failed", s.Failed)
	}
	if s.Skipped > 0 {
		row("office documents skipped", s.Skipped)
	}
	row("seconds", fmt.Sprintf("%.1f", s.Elapsed.Seconds()))
	_ = w.Flush()
	if s.Documents > 0 {
		fmt.Fprintln(c.out, c.Sprintf("Results are in %s.", dir))
	}
}

// passedOver names office documents that were not read, the first of many.
func passedOver(c *console, office []string) {
	const named = 10
	if len(office) == 0 {
		return
	}
	list := strings.Join(office[:min(named, len(office))], ", ")
	if len(office) > named {
		list = c.Sprintf("%s and %d more", list, len(office)-named)
	}
	fmt.Fprintln(c.out, c.Sprintf("Not read: %s. Print them to PDF, and have that read.", list))
}
