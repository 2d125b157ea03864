package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// documentTime is how long all pages of a document may take together: 5,000
// pages, the most that are allowed, at eight seconds each. It is there for
// documents each of whose pages takes nearly the time that a page may take.
const documentTime = 12 * time.Hour

// documentClock adds up the time that reading the pages of each document took
// in this process.
type documentClock struct {
	mu    sync.Mutex
	spent map[string]time.Duration
}

// overDocumentTime is the error of pages that come too late.
type overDocumentTime time.Duration

func (e overDocumentTime) Error() string {
	return fmt.Sprintf("the document is over its time: its pages took %v, %v allowed; split it", time.Duration(e).Round(time.Second), documentTime)
}

// Is makes the page end as timed out, and not be tried again.
func (overDocumentTime) Is(target error) bool { return target == context.DeadlineExceeded }

// begin begins a page, unless the document has no time left; end ends it.
func (c *documentClock) begin(document string) (end func(), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if spent := c.spent[document]; spent >= documentTime {
		return nil, overDocumentTime(spent)
	}
	began := time.Now()
	return func() { c.add(document, time.Since(began)) }, nil
}

func (c *documentClock) add(document string, d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.spent == nil {
		c.spent = map[string]time.Duration{}
	}
	c.spent[document] += d
}

// forget stops counting a document that is finished.
func (c *documentClock) forget(document string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.spent, document)
}
