package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// Requests that are made to confuse a server, or a proxy in front of it, are
// refused before any of our code sees them.
func TestRequestsThatAreNone(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	var bodies []string
	go func() {
		ended <- (&serveCmd{}).serve(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			b, err := io.ReadAll(r.Body)
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			bodies = append(bodies, r.Method+" "+string(b))
		}))
	}()
	for _, c := range []struct {
		name, request string
		status        int
	}{
		{"a plain one", "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200},
		{"two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
		{"a length that is none", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc", 400},
		{"a coding that is none", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 501},
		{"a space before the colon", "GET / HTTP/1.1\r\nHost: x\r\nX-A : b\r\n\r\n", 400},
		{"two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
		{"no host", "GET / HTTP/1.1\r\n\r\n", 400},
		{"a head without an end", "GET / HTTP/1.1\r\nHost: x\r\nX-A: " + strings.Repeat("a", 200<<10) + "\r\n\r\n", 431},
		{"a line break in a name", "GET /\r HTTP/1.1\r\nHost: x\r\n\r\n", 400},
	} {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		// The server may have answered, and closed, before all is written.
		go func() { _, _ = io.WriteString(conn, c.request) }()
		a, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: no answer: %v", c.name, err)
		} else {
			if a.StatusCode != c.status {
				t.Errorf("%s: status %d, want %d", c.name, a.StatusCode, c.status)
			}
			a.Body.Close()
		}
		conn.Close()
	}
	// A browser that connects and asks nothing keeps nobody from stopping.
	silent, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if len(bodies) != 1 {
		t.Errorf("the program saw %q", bodies)
	}
}
