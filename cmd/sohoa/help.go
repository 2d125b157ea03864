package main

import (
	"bytes"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
	"golang.org/x/term"
)

// printHelp prints kong's help with headings in the user's language.
func (c *console) printHelp(options kong.HelpOptions, ctx *kong.Context) error {
	out := ctx.Stdout
	if f, ok := out.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			options.WrapUpperBound = width // which kong does not see through the buffer
		}
	}
	var page bytes.Buffer
	ctx.Stdout = &page
	err := kong.DefaultHelpPrinter(options, ctx)
	ctx.Stdout = out
	if err != nil {
		return err
	}
	for line := range strings.Lines(page.String()) {
		if _, err := io.WriteString(out, c.heading(line)); err != nil {
			return err
		}
	}
	return nil
}

// heading puts a line of kong's own into the user's language. Texts of this
// program are so already, see [translate].
func (c *console) heading(line string) string {
	text := strings.TrimSuffix(line, "\n")
	call, usage := strings.CutPrefix(text, "Usage: ")
	switch {
	case usage:
		call = strings.Replace(call, "<command>", c.Sprintf("<command>"), 1)
		call = strings.Replace(call, "[flags]", c.Sprintf("[flags]"), 1)
		text = c.Sprintf("Usage: ") + call
	case text == "Arguments:":
		text = c.Sprintf("Arguments:")
	case text == "Flags:":
		text = c.Sprintf("Flags:")
	case text == "Commands:":
		text = c.Sprintf("Commands:")
	case text == `Run "sohoa <command> --help" for more information on a command.`:
		text = c.Sprintf(`Run "sohoa <command> --help" for more information on a command.`)
	}
	return text + "\n"
}
