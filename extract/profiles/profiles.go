// Package profiles holds the report types that sohoa knows from the start, as
// YAML files. See the package extract for what they mean.
package profiles

import "embed"

// Files are the YAML files of the built-in report types.
//
//go:embed *.yaml
var Files embed.FS
