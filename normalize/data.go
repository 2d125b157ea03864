package normalize

import _ "embed"

// The channels, counted by TrainChannel from lines that Tesseract read with
// and without its Vietnamese model (see internal/damage).
var (
	//go:embed data/light.tsv
	lightCounts string
	//go:embed data/heavy.tsv
	heavyCounts string
)
