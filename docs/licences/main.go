// Command licences prints the licences of every module that is linked into
// sohoa, as Markdown, and fails when one is unknown or is not allowed (the GPL
// and its relatives).
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// allowed are the SPDX names of licences that may be linked into an
// Apache-2.0 program that is shipped as a binary.
var allowed = []string{"Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MPL-2.0", "Unlicense", "CC0-1.0", "Zlib", "0BSD"}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run() error {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", "./cmd/sohoa").Output()
	if err != nil {
		return fmt.Errorf("go list: %w", err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(lines)
	lines = slices.DeleteFunc(slices.Compact(lines), func(l string) bool { return l == "" })

	fmt.Print("# Licences of what is linked into sohoa\n\nMade by `make licences`; do not edit. sohoa itself is Apache-2.0.\n\n")
	fmt.Print("Linked from the system, as shared libraries: Tesseract (Apache-2.0), Leptonica (BSD-2-Clause).\nInside go-pdfium: PDFium (BSD-3-Clause and Apache-2.0), compiled to WebAssembly.\n\n")
	fmt.Print("| module | version | licence |\n|---|---|---|\n")
	var bad []string
	for _, l := range lines {
		f := strings.Split(l, "\t")
		names := licencesOf(f[2])
		if len(names) == 0 {
			bad = append(bad, f[0]+": no licence found")
		}
		for _, n := range names {
			if !slices.Contains(allowed, n) {
				bad = append(bad, f[0]+": "+n)
			}
		}
		fmt.Printf("| %s | %s | %s |\n", f[0], f[1], strings.Join(names, ", "))
	}
	if len(bad) > 0 {
		return fmt.Errorf("not allowed: %s", strings.Join(bad, "; "))
	}
	return nil
}

// choice returns the licence under which a module is linked whose authors offer
// one or the other, "BSD-3-Clause OR GPL-2.0-only", by the SPDX line at the
// head of its licence; "" when they do not.
func choice(dir string) string {
	files, _ := filepath.Glob(filepath.Join(dir, "Licen[sc]e")) // the pattern is a constant
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		first, _, _ := strings.Cut(string(text), "\n")
		_, offer, ok := strings.Cut(strings.TrimSuffix(strings.TrimSpace(first), "*/"), "SPDX-License-Identifier:")
		if !ok || !strings.Contains(offer, " OR ") {
			continue
		}
		for name := range strings.SplitSeq(offer, " OR ") {
			if name = strings.TrimSpace(name); slices.Contains(allowed, name) {
				return name
			}
		}
	}
	return ""
}

// licencesOf names the licences in the module's folder by SPDX, sorted.
func licencesOf(dir string) []string {
	var names []string
	if chosen := choice(dir); chosen != "" {
		return []string{chosen}
	}
	for _, pattern := range []string{"LICENSE*", "UNLICENSE*", "LICENCE*", "License*", "license*", "COPYING*"} {
		files, _ := filepath.Glob(filepath.Join(dir, pattern)) // the pattern is a constant
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				continue
			}
			for _, m := range licensecheck.Scan(bytes.TrimSpace(text)).Match {
				if !slices.Contains(names, m.ID) {
					names = append(names, m.ID)
				}
			}
		}
	}
	slices.Sort(names)
	return names
}
