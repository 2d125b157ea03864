package webhook

import (
	"net"
	"time"
)

// listenAt takes an address again that was let go of a moment ago.
func listenAt(address string) (l net.Listener, err error) {
	for range 100 {
		if l, err = net.Listen("tcp", address); err == nil {
			return l, nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil, err
}
