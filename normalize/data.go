package normalize

import _ "embed"

// The channels, counted by TrainChannel from lines that Tesseract read with
// and without its Vietnamese model (see internal/damage). That of scans is of
// worn pages that sohoa read itself.
var (
	//go:embed data/light.tsv
	lightCounts string
	//go:embed data/scans.tsv
	scanCounts string
	//go:embed data/heavy.tsv
	heavyCounts string
	//go:embed data/cells.tsv
	cellCounts string
)
