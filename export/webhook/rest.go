package webhook

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/sohoa/sohoa/store"
)

// A receiver that hangs keeps a slot of the queue for as long as we wait for it.
// With many messages for it in the queue it would soon have all slots, and the
// others would wait with it. So a receiver that did not answer in time is left
// to rest: its messages are put off, and one of them tries how it is when the
// rest is over. A receiver that answers, however badly, costs no time and gets
// no rest.

const (
	defaultRest = 30 * time.Second
	longestRest = 10 // times the first one
)

// rests are the receivers that hung when they were last tried, by webhook.
type rests struct {
	first time.Duration

	mu      sync.Mutex
	resting map[string]*rest
}

type rest struct {
	until   time.Time
	length  time.Duration
	probing bool // a message is on its way to see how it is
}

func newRests(first time.Duration) *rests {
	if first == 0 {
		first = defaultRest
	}
	return &rests{first: first, resting: map[string]*rest{}}
}

// begin asks whether a message may be sent now, and otherwise for how long it
// is put off.
func (r *rests) begin(hook string, now time.Time) (wait time.Duration, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	is := r.resting[hook]
	switch {
	case is == nil:
		return 0, true
	case !is.probing && !now.Before(is.until):
		is.probing = true
		return 0, true
	}
	// Not all at once when it is over.
	return max(is.until.Sub(now), 0) + is.length/2 + rand.N(is.length), false
}

// end says how the receiver was.
func (r *rests) end(hook string, a store.Attempt, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !a.Hung {
		delete(r.resting, hook)
		return
	}
	is := r.resting[hook]
	switch {
	case is == nil:
		is = &rest{length: r.first}
		r.resting[hook] = is
	case is.probing:
		is.length = min(2*is.length, longestRest*r.first)
	}
	is.probing, is.until = false, now.Add(is.length)
}
