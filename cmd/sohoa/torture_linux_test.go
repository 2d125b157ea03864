package main

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
)

func TestDescriptors(t *testing.T) {
	before, connections := descriptors(os.Getpid())
	if connections != 0 {
		t.Skipf("the test itself holds %d network connections", connections)
	}
	local, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer local.Close()
	if all, connections := descriptors(os.Getpid()); all <= before || connections != 0 {
		t.Errorf("with a socket of the machine: %d handles, %d connections; want over %d, 0", all, connections, before)
	}
	listen := map[string]func() (io.Closer, error){
		"tcp": func() (io.Closer, error) { return net.Listen("tcp", "127.0.0.1:0") },
		"udp": func() (io.Closer, error) { return net.ListenPacket("udp", "127.0.0.1:0") },
	}
	for network, open := range listen {
		t.Run(network, func(t *testing.T) {
			s, err := open()
			if err != nil {
				t.Skip(err)
			}
			defer s.Close()
			if _, connections := descriptors(os.Getpid()); connections != 1 {
				t.Errorf("%d connections, want 1", connections)
			}
		})
	}
}
