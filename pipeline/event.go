package pipeline

import (
	"time"

	"github.com/sohoa/sohoa/schema"
)

// Event tells an observer how the work goes. Kind says which of the other
// fields are set.
type Event struct {
	Kind    EventKind      `json:"event"`
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
}

// EventKind names an [Event].
type EventKind string

const (
	Opened   EventKind = "opened"   // File, Pages
	PageDone EventKind = "page"     // File, Page, Outcome, Reason, Kept, Seconds
	Finished EventKind = "document" // File, Pages, Records, Review, Seconds
	Failed   EventKind = "failed"   // File, Reason, Hint
)

// Summary adds up a run.
type Summary struct {
	Documents int           `json:"documents"` // finished
	Failed    int           `json:"failed"`    // documents that gave no result
	Pages     int           `json:"pages"`
	BadPages  int           `json:"bad_pages"` // pages with another outcome than done
	Records   int           `json:"records"`
	Review    int           `json:"review"` // fields that need review
	Elapsed   time.Duration `json:"-"`
}

// Clean reports whether every page of every document was done.
func (s Summary) Clean() bool { return s.Failed == 0 && s.BadPages == 0 }
