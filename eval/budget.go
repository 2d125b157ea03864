package eval

import (
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/goccy/go-yaml"
)

// Budget is what the figures must keep. It lives in a file, so that a change
// that costs accuracy shows as a change of that file.
type Budget struct {
	Limits []Limit `yaml:"limits"`
}

// Limit bounds figures of a group or of a document.
type Limit struct {
	Group    string             `yaml:"group,omitempty"`    // a group's name, "all" for everything
	Document string             `yaml:"document,omitempty"` // a source's name
	Min      map[string]float64 `yaml:"min,omitempty"`
	Max      map[string]float64 `yaml:"max,omitempty"`
}

// Breach is a figure outside its limit.
type Breach struct {
	Where  string
	Figure string
	Value  float64
	Limit  float64
	Absent bool // the figure was not measured at all
}

// String says in one line what is wrong.
func (b Breach) String() string {
	if b.Absent {
		return fmt.Sprintf("%s: %s was not measured, want %.4f", b.Where, b.Figure, b.Limit)
	}
	if b.Value < b.Limit {
		return fmt.Sprintf("%s: %s is %.4f, want at least %.4f", b.Where, b.Figure, b.Value, b.Limit)
	}
	return fmt.Sprintf("%s: %s is %.4f, want at most %.4f", b.Where, b.Figure, b.Value, b.Limit)
}

// ReadBudget reads a budget file (YAML).
func ReadBudget(path string) (Budget, error) {
	var b Budget
	data, err := os.ReadFile(path)
	if err != nil {
		return b, fmt.Errorf("reading the budget: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(data, &b, yaml.Strict()); err != nil {
		return b, fmt.Errorf("reading budget %s: %w", path, err)
	}
	return b, nil
}

// Check lists the limits that a report breaks, in the order of the budget. A
// figure that is bounded but was not measured breaks its limit: a stage that
// yields nothing must not pass.
func Check(r Report, b Budget) []Breach {
	var out []Breach
	for _, l := range b.Limits {
		where, figures := "group "+l.Group, []Figure(nil)
		if l.Document != "" {
			where = "document " + l.Document
			for _, d := range r.Documents {
				if d.Name == l.Document {
					figures = d.Figures
				}
			}
		} else {
			for _, g := range r.Groups {
				if g.Name == l.Group {
					figures = g.Figures
				}
			}
		}
		out = append(out, breaches(where, figures, l.Min, func(v, limit float64) bool { return v < limit })...)
		out = append(out, breaches(where, figures, l.Max, func(v, limit float64) bool { return v > limit })...)
	}
	return out
}

func breaches(where string, figures []Figure, limits map[string]float64, bad func(v, limit float64) bool) []Breach {
	var out []Breach
	for _, name := range slices.Sorted(maps.Keys(limits)) {
		i := slices.IndexFunc(figures, func(f Figure) bool { return f.Name == name })
		switch {
		case i < 0:
			out = append(out, Breach{Where: where, Figure: name, Limit: limits[name], Absent: true})
		case bad(figures[i].Value, limits[name]):
			out = append(out, Breach{Where: where, Figure: name, Value: figures[i].Value, Limit: limits[name]})
		}
	}
	return out
}
