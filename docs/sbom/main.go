// Command sbom prints the bill of materials of a Go program as CycloneDX 1.6
// JSON: the modules that are linked into it, with the hashes that go.sum
// vouches for, and what it links from the system. The same binary gives the
// same bytes.
//
//	go run ./docs/sbom bin/sohoa > sbom.cdx.json
package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"debug/elf"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"runtime/debug"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: sbom BINARY")
		os.Exit(2)
	}
	if err := write(os.Stdout, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// bom is the part of CycloneDX 1.6 that is used here.
type bom struct {
	Format       string      `json:"bomFormat"`
	Spec         string      `json:"specVersion"`
	Serial       string      `json:"serialNumber"`
	Version      int         `json:"version"`
	Metadata     metadata    `json:"metadata"`
	Components   []component `json:"components"`
	Dependencies []depends   `json:"dependencies"`
}

type metadata struct {
	Component  component  `json:"component"`
	Properties []property `json:"properties,omitempty"`
}

type component struct {
	Type    string `json:"type"`
	Ref     string `json:"bom-ref"`
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	PURL    string `json:"purl,omitempty"`
	Hashes  []hash `json:"hashes,omitempty"`
}

type hash struct {
	Alg     string `json:"alg"`
	Content string `json:"content"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type depends struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn"`
}

func write(w io.Writer, binary string) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return fmt.Errorf("read %s: %w", binary, err)
	}
	sum, err := sumOf(binary)
	if err != nil {
		return err
	}
	b := makeBOM(info, sum, libraries(binary))
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(b)
}

func makeBOM(info *debug.BuildInfo, sum [32]byte, libs []string) bom {
	self := component{Type: "application", Ref: ref(info.Main), Name: info.Main.Path, Version: info.Main.Version, PURL: ref(info.Main),
		Hashes: []hash{{"SHA-256", hex.EncodeToString(sum[:])}}}
	out := bom{Format: "CycloneDX", Spec: "1.6", Version: 1, Serial: serial(sum), Metadata: metadata{Component: self}}
	for _, s := range info.Settings {
		switch s.Key {
		case "GOOS", "GOARCH", "CGO_ENABLED", "-trimpath", "-tags":
			out.Metadata.Properties = append(out.Metadata.Properties, property{"go:" + s.Key, s.Value})
		}
	}
	out.Components = append(out.Components, component{Type: "library", Ref: "pkg:golang/std@" + strings.TrimPrefix(info.GoVersion, "go"),
		Name: "std", Version: strings.TrimPrefix(info.GoVersion, "go"), PURL: "pkg:golang/std@" + strings.TrimPrefix(info.GoVersion, "go")})
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		c := component{Type: "library", Ref: ref(*m), Name: m.Path, Version: m.Version, PURL: ref(*m)}
		// go.sum's "h1:" is the SHA-256 of the list of the module's files.
		if raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.Sum, "h1:")); err == nil && len(raw) == 32 {
			c.Hashes = []hash{{"SHA-256", hex.EncodeToString(raw)}}
		}
		out.Components = append(out.Components, c)
	}
	for _, l := range libs {
		out.Components = append(out.Components, component{Type: "library", Ref: "system:" + l, Name: l})
	}
	slices.SortFunc(out.Components, func(a, b component) int { return strings.Compare(a.Ref, b.Ref) })
	on := depends{Ref: self.Ref, On: []string{}}
	for _, c := range out.Components {
		on.On = append(on.On, c.Ref)
	}
	out.Dependencies = []depends{on}
	return out
}

// ref is a module's package URL.
func ref(m debug.Module) string {
	parts := strings.Split(m.Path, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	out := "pkg:golang/" + strings.Join(parts, "/")
	if m.Version != "" {
		out += "@" + url.PathEscape(m.Version)
	}
	return out
}

// serial makes a UUID of the binary's hash, so that nothing in the bill comes
// from chance or the clock.
func serial(sum [32]byte) string {
	u := sum[:16]
	u[6], u[8] = u[6]&0x0f|0x80, u[8]&0x3f|0x80 // version 8, of our own making
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// libraries are the shared libraries that the binary asks for; none where it
// is no ELF file.
func libraries(binary string) []string {
	f, err := elf.Open(binary)
	if err != nil {
		return nil
	}
	defer f.Close()
	libs, _ := f.ImportedLibraries() // a static binary has none
	return libs
}

func sumOf(file string) (sum [32]byte, err error) {
	f, err := os.Open(file)
	if err != nil {
		return sum, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return sum, err
	}
	return [32]byte(h.Sum(nil)), nil
}
