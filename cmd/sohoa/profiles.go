package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/sohoa/sohoa/extract"
)

type profilesCmd struct {
	List profilesListCmd `cmd:"" default:"withargs" help:"list the report types"`
}

type profilesListCmd struct {
	Profiles []string `placeholder:"DIR" help:"folder with more report types (YAML)"`
}

func (p *profilesListCmd) Run(c *console) error {
	profiles, err := extract.LoadProfiles(p.Profiles...)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, p := range profiles {
		fmt.Fprintf(w, "%s\t%s\t%s\n", p.Name, p.Kind, p.About)
	}
	return w.Flush()
}
