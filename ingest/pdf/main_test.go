package pdf

import (
	"fmt"
	"os"
	"testing"
)

// The test binary plays the helpers too.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "pdf-child" {
		if err := ServeChild(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}
