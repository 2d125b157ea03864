package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sohoa/sohoa/store"
)

// Server is a PostgreSQL server in a temporary folder, on a free port of the
// loopback interface, that lives as long as a test.
type Server struct {
	bin, dir string
	port     int
	as       *syscall.Credential // nil keeps the user of the test
	made     atomic.Int64        // databases
	base     sync.Once           // makes the migrated database that others are copied from
}

// StartPostgres starts a server of its own for the test; without PostgreSQL on
// the machine the test is skipped. PostgreSQL does not run as root, so that a
// test that does starts it as the user postgres.
func StartPostgres(t testing.TB) *Server {
	t.Helper()
	bin, err := serverPrograms()
	if err != nil {
		t.Skip(err)
	}
	s := &Server{bin: bin}
	if os.Geteuid() == 0 {
		if s.as, err = credential("postgres"); err != nil {
			t.Skipf("PostgreSQL does not run as root, and there is no other user for it: %v", err)
		}
	}
	if s.dir, err = os.MkdirTemp("", "sohoa-postgres-*"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(s.dir); err != nil {
			t.Error(err)
		}
	})
	if s.as != nil {
		if err := os.Chown(s.dir, int(s.as.Uid), int(s.as.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	// A test must not wait for the disk; what is lost with the power here is a
	// temporary folder.
	if err := s.run("initdb", "-D", s.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"); err != nil {
		t.Fatal(err)
	}
	if s.port, err = freePort(); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// Start starts the server again after Stop.
func (s *Server) Start() error {
	return s.run("pg_ctl", "-D", s.data(), "-l", filepath.Join(s.dir, "log"), "-w", "-t", "150", "start", "-o",
		fmt.Sprintf("-c listen_addresses=127.0.0.1 -c port=%d -c unix_socket_directories='' -c fsync=%s -c max_connections=100 -c shared_buffers=64MB", s.port, s.fsync()))
}

// fsync is off but for benchmarks, whose figures shall hold for a real server.
func (s *Server) fsync() string {
	if os.Getenv("SOHOA_BENCH") != "" {
		return "on"
	}
	return "off"
}

// Stop ends the server, breaking all connections; it does nothing when the
// server is down.
func (s *Server) Stop() error {
	if _, err := os.Stat(filepath.Join(s.data(), "postmaster.pid")); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return s.run("pg_ctl", "-D", s.data(), "-w", "-t", "150", "-m", "immediate", "stop")
}

// Database makes a database on the server that holds an empty store.
func (s *Server) Database(t testing.TB) Database {
	t.Helper()
	s.base.Do(func() {
		s.create(t, "base", "")
		st, err := store.Open(t.Context(), s.url("base"), store.Options{Blobs: "file://" + t.TempDir()})
		if err == nil {
			err = st.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	return s.create(t, fmt.Sprintf("test%d", s.made.Add(1)), " TEMPLATE base")
}

// Empty makes a database on the server that holds nothing.
func (s *Server) Empty(t testing.TB) Database {
	t.Helper()
	return s.create(t, fmt.Sprintf("test%d", s.made.Add(1)), "")
}

func (s *Server) create(t testing.TB, name, how string) Database {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.url("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.Exec(t.Context(), "CREATE DATABASE "+name+how)
	if err := errors.Join(err, conn.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
	return Database{URL: s.url(name), Blobs: "file://" + filepath.Join(t.TempDir(), "blobs"), server: s}
}

func (s *Server) url(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", s.port, database)
}

func (s *Server) run(program string, args ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, program), args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	// The server inherits standard output; with a pipe Wait would wait for it.
	out, err := os.CreateTemp("", "sohoa-pgctl-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(out.Name()) }()
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if s.as != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as}
	}
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
		return fmt.Errorf("%s: %w: %s %s", program, err, bytes.TrimSpace(said), bytes.TrimSpace(log))
	}
	return nil
}

// serverPrograms finds the newest PostgreSQL; Debian keeps it out of PATH.
func serverPrograms() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.New("PostgreSQL is not installed (Debian: apt-get install postgresql)")
	}
	version := func(p string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(p))))
		return n
	}
	return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
}

func credential(name string) (*syscall.Credential, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}

// freePort finds a port below those that the system gives to others who ask for
// any: nobody takes it before the server starts, or while it is stopped.
func freePort() (port int, err error) {
	for range 100 {
		port = 20_000 + rand.IntN(10_000)
		var l net.Listener
		if l, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			return port, l.Close()
		}
	}
	return 0, err
}
