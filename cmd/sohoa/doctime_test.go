package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestDocumentTime(t *testing.T) {
	var c documentClock
	end, err := c.begin("a")
	if err != nil {
		t.Fatal(err)
	}
	end()
	c.add("a", documentTime-time.Second)
	if _, err := c.begin("a"); err != nil {
		t.Errorf("a second before the end: %v", err)
	}
	c.add("a", 2*time.Second)
	_, err = c.begin("a")
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "took 12h0m1s, 12h0m0s allowed; split it") {
		t.Errorf("after its time: %v", err)
	}
	if _, err := c.begin("b"); err != nil {
		t.Errorf("another document: %v", err)
	}
	c.forget("a")
	if _, err := c.begin("a"); err != nil {
		t.Errorf("read anew: %v", err)
	}
}
