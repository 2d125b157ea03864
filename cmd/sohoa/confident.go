package main

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/extract/confidence"
)

// confident holds the flags that say what confidences mean.
type confident struct {
	Calibration string  `placeholder:"FILE" help:"calibration that sohoa eval --calibrate wrote (default: calibration.json in --data, else the one built in)"`
	Precision   float64 `default:"0.99" help:"share of accepted fields that is promised to be right"`
}

// own takes the calibration that lies in the data folder, when none is named.
func (f *confident) own(data string) {
	path := filepath.Join(data, "calibration.json")
	if _, err := os.Stat(path); f.Calibration == "" && err == nil {
		f.Calibration = path
	}
}

// apply sets what the flags say.
func (f *confident) apply(c *console, o *extract.Options) error {
	if f.Precision <= 0 || f.Precision >= 1 {
		return usage(c.Sprintf("give a share between 0 and 1, such as 0.99"), errors.New(c.Sprintf("wrong --precision")))
	}
	o.Precision = f.Precision
	if f.Calibration == "" {
		return nil
	}
	m, err := confidence.Read(f.Calibration)
	if err != nil {
		return failure(c.Sprintf("name a file that `sohoa eval --calibrate` wrote"), err)
	}
	o.Calibration = m
	return nil
}

// sampling holds the flag of the commands behind which people review.
type sampling struct {
	Sample float64 `default:"0.01" help:"share of accepted fields that go to review all the same, to find errors that the machine is sure of"`
}
