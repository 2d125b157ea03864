// Command sohoa turns folders of scanned Vietnamese government reports into
// checked, structured records. See `sohoa --help`.
package main

import "os"

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
