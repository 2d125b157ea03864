package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Old systems leave names in other encodings; a name on the command line is
// that of the file, byte for byte.
func TestNamesThatAreNoUTF8(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "b\xe1o c\xe1o, 1.txt")
	if err := os.WriteFile(file, []byte("UBND TỈNH SƠN HẢI\n"), 0o600); err != nil {
		t.Skipf("this file system takes no such name: %v", err)
	}
	var out, errOut bytes.Buffer
	if code := run([]string{"submit", "--data", filepath.Join(dir, "data"), file}, strings.NewReader(""), &out, &errOut); code != exitOK {
		t.Fatalf("exit %d: %s", code, errOut.String())
	}
	errOut.Reset()
	if code := run([]string{"submit", "--data", filepath.Join(dir, "data"), file + "x"}, strings.NewReader(""), &out, &errOut); code == exitOK {
		t.Error("a file that is not there was found")
	}
}
