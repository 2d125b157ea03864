package main

import (
	"time"

	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/schema"
)

// runEvent tells a view how the work goes. Kind says which of the other
// fields are set.
type runEvent struct {
	Kind    eventKind      `json:"event"`
	File    string         `json:"file,omitempty"`    // path as given
	Pages   int            `json:"pages,omitempty"`   // of the document
	Page    int            `json:"page,omitempty"`    // 1-based
	Outcome schema.Outcome `json:"outcome,omitempty"` // of the page
	Reason  string         `json:"reason,omitempty"`  // why a page or a document failed
	Hint    string         `json:"hint,omitempty"`    // what to do about it
	Kept    bool           `json:"kept,omitempty"`    // the page came from an earlier run
	Records int            `json:"records,omitempty"`
	Review  int            `json:"review,omitempty"` // fields that need review
	Seconds float64        `json:"seconds,omitempty"`

	err error // whose text Reason is; of [eventFailed] alone
}

// eventKind names a [runEvent].
type eventKind string

const (
	eventOpened   eventKind = "opened"   // File, Pages
	eventPage     eventKind = "page"     // File, Page, Outcome, Reason, Kept, Seconds
	eventDocument eventKind = "document" // File, Pages, Records, Review, Seconds
	eventFailed   eventKind = "failed"   // File, Reason, Hint
	eventSkipped  eventKind = "skipped"  // likewise, of files that are not read and count as no failure
)

// summary adds up a run.
type summary struct {
	Documents int           `json:"documents"` // finished
	Failed    int           `json:"failed"`    // documents that gave no result
	Skipped   int           `json:"skipped"`   // office documents, which are not read
	Pages     int           `json:"pages"`
	BadPages  int           `json:"bad_pages"` // pages with another outcome than done
	Records   int           `json:"records"`
	Review    int           `json:"review"` // fields that need review
	Elapsed   time.Duration `json:"-"`

	// HelperDeaths counts the helper processes that crashed or were ended, by
	// what they were and why; those made good by a second try among them.
	HelperDeaths map[string]int `json:"helper_deaths,omitempty"`
}

// clean reports whether every page of every document was done.
func (s summary) clean() bool { return s.Failed == 0 && s.BadPages == 0 }

// failed is the event of a file that gave no result. File is "" where the error
// names it.
func failed(file string, err error) runEvent {
	return runEvent{Kind: eventFailed, File: file, Reason: err.Error(), Hint: pipeline.Hint(err), err: err}
}

// skipped is the event of a file that is not read.
func skipped(file string, why error) runEvent {
	return runEvent{Kind: eventSkipped, File: file, Reason: why.Error(), Hint: pipeline.Hint(why)}
}
