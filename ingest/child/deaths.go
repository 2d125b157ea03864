package child

import (
	"maps"
	"sync"
)

// deaths counts the helpers of this process that did not end as asked.
var deaths struct {
	sync.Mutex
	n map[string]int
}

// Deaths returns how many helpers of this process ended otherwise than by
// [Process.Close], by what they were and why: "pdf-child over time". Deaths that
// a second try made good are among them; those that the caller wanted
// ([Cancelled]) are not.
func Deaths() map[string]int {
	deaths.Lock()
	defer deaths.Unlock()
	return maps.Clone(deaths.n)
}

// died counts a death once.
func (p *Process) died(e *Error) {
	if e.Reason == Cancelled || e.Reason == NotBegun {
		return
	}
	p.counted.Do(func() {
		deaths.Lock()
		defer deaths.Unlock()
		if deaths.n == nil {
			deaths.n = map[string]int{}
		}
		deaths.n[p.name+" "+words(e.Reason)]++
	})
}
