package normalize

import "fmt"

// Info names the language model for results: its name and checksum.
func (r *Restorer) Info() string {
	return fmt.Sprintf("%s %s", r.Model().Info().Name, r.Model().Checksum())
}
