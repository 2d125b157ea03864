package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"reflect"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/ingest/pdf"
	"github.com/sohoa/sohoa/pipeline"
)

// version is set by the linker for releases.
var version = "0.1.0"

// cli is the command line. Help texts are keys of the message table.
type cli struct {
	Run      runCmd      `cmd:"" help:"read files and folders, write a JSON a document"`
	Restore  restoreCmd  `cmd:"" help:"broken Vietnamese in, repaired Vietnamese out, a line for a line"`
	Eval     evalCmd     `cmd:"" help:"compare results with truth and print the figures"`
	LM       lmCmd       `cmd:"" name:"lm" help:"the language model"`
	Submit   submitCmd   `cmd:"" help:"put files on the queue of a store"`
	Worker   workerCmd   `cmd:"" help:"read what is on the queue"`
	Watch    watchCmd    `cmd:"" help:"put on the queue what arrives in a folder"`
	Export   exportCmd   `cmd:"" help:"records of a store as JSON Lines, CSV, XLSX or Parquet, pages as searchable PDF"`
	Compare  compareCmd  `cmd:"" help:"lay the reports of provinces and periods side by side"`
	Status   statusCmd   `cmd:"" help:"the queue, how it goes, what failed, and trying that again"`
	Audit    auditCmd    `cmd:"" help:"the audit log"`
	Delete   deleteCmd   `cmd:"" help:"delete a document for good, with all that came of it"`
	Backup   backupCmd   `cmd:"" help:"copy the database of a store while work goes on"`
	Profiles profilesCmd `cmd:"" help:"report types"`
	Serve    serveCmd    `cmd:"" help:"pages in which people correct what the machine was unsure of"`
	Token    tokenCmd    `cmd:"" help:"tokens of programs that use the API"`
	Webhook  webhookCmd  `cmd:"" help:"telling other systems of events"`
	Doctor   doctorCmd   `cmd:"" help:"what is missing on this machine, and the command that mends it"`

	Torture  tortureCmd  `cmd:"" hidden:"" help:"run over malformed files and check what was promised"`
	Soak     soakCmd     `cmd:"" hidden:"" help:"keep a worker at mixed work and check that nothing grows"`
	OCRChild ocrChildCmd `cmd:"" name:"ocr-child" hidden:""`
	PDFChild pdfChildCmd `cmd:"" name:"pdf-child" hidden:""`
	Picture  pictureCmd  `cmd:"" name:"picture-child" hidden:""`

	Lang    string           `help:"language of messages: vi or en" placeholder:"vi|en"`
	Version kong.VersionFlag `help:"print the version"`
}

// console is what a command may touch of the world.
type console struct {
	texts
	in       io.Reader
	out, err io.Writer
}

// run runs the program and returns its exit code.
func run(args []string, in io.Reader, out, errOut io.Writer) int {
	c := &console{newTexts(langFlag(args)), in, out, errOut}
	var root cli
	exit := -1
	parser, err := kong.New(&root,
		kong.Name("sohoa"),
		kong.Description(c.Sprintf("turns folders of scanned Vietnamese reports into checked records")),
		kong.Vars{"version": "sohoa " + version},
		kong.Writers(out, errOut),
		kong.KindMapper(reflect.String, asTheyAre{}),
		kong.Exit(func(code int) { exit = code }),
		kong.Help(c.printHelp),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.PostBuild(func(k *kong.Kong) error { translate(k.Model.Node, c); return nil }),
	)
	if err != nil {
		c.complain(errOut, err, "")
		return exitFailed
	}
	switch {
	case len(args) == 0:
		args = []string{"--help"}
	case args[0] == "help":
		args = append(slices.Clone(args[1:]), "--help")
	}
	call, err := parser.Parse(args)
	if exit >= 0 {
		return exit // help or version has been printed
	}
	if err != nil {
		c.complain(errOut, err, usageHint(c, err))
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	call.BindTo(ctx, (*context.Context)(nil))
	return c.exitCode(ctx, call.Run(c))
}

// exitCode tells the user about the error of a command and turns it into the
// code that the contract names.
func (c *console) exitCode(ctx context.Context, err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errPartial):
		return exitPartial
	case errors.Is(err, errNothing):
		return exitUsage
	case ctx.Err() != nil:
		c.complain(c.err, errors.New(c.Sprintf("stopped")), c.Sprintf("run the same command again to go on where it was"))
		return exitFailed
	}
	c.complain(c.err, err, pipeline.Hint(err))
	var h *hintedError
	if errors.As(err, &h) {
		return h.code
	}
	return exitFailed
}

func usageHint(c *console, err error) string {
	var pe *kong.ParseError
	if errors.As(err, &pe) && pe.Context != nil {
		if node := pe.Context.Selected(); node != nil {
			return c.Sprintf("run `sohoa %s --help` for the usage", strings.TrimPrefix(node.FullPath(), "sohoa "))
		}
	}
	return c.Sprintf("run `sohoa --help` for the usage")
}

// asTheyAre hands texts of the command line on as they came. kong's own way
// leads through JSON, where bytes that are no UTF-8 become marks: files of such
// names, which old systems leave, could not be found.
type asTheyAre struct{}

// Decode implements [kong.Mapper].
func (asTheyAre) Decode(ctx *kong.DecodeContext, target reflect.Value) error {
	t, err := ctx.Scan.PopValue("string")
	if err != nil {
		return err
	}
	target.SetString(fmt.Sprint(t.Value))
	return nil
}

// langFlag finds --lang before the parser runs, since its own messages need it.
func langFlag(args []string) string {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--lang="); ok {
			return v
		}
		if a == "--lang" && i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

// translate puts the user's language into the help of a node and all below it.
func translate(n *kong.Node, c *console) {
	if n.Help != "" {
		n.Help = c.Sprintf(literal(n.Help))
	}
	if n.Detail != "" { // examples, see [example]
		n.Detail = c.Sprintf("Examples:") + "\n\n" + n.Detail
	}
	for _, f := range n.Flags {
		f.Help = c.Sprintf(literal(f.Help))
	}
	for _, p := range n.Positional {
		p.Help = c.Sprintf(literal(p.Help))
	}
	for _, child := range n.Children {
		translate(child, c)
	}
}

// literal makes a help text safe as a format string.
func literal(s string) string { return strings.ReplaceAll(s, "%", "%%") }

// ocrChildCmd is the body of a Tesseract child process.
type ocrChildCmd struct{}

func (ocrChildCmd) Run(c *console) error { return ocr.ServeChild(c.in, c.out) }

// pdfChildCmd is the body of a helper that reads PDF files.
type pdfChildCmd struct{}

func (pdfChildCmd) Run(c *console) error { return pdf.ServeChild(c.in, c.out) }

// pictureCmd is the body of a helper that decodes a picture.
type pictureCmd struct{}

func (pictureCmd) Run(c *console) error { return ingest.ServePicture(c.in, c.out) }

// examples are printed under a command's help.
func example(lines ...string) string { return fmt.Sprintln(strings.Join(lines, "\n")) }
