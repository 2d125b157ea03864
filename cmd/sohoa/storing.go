package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"github.com/sohoa/sohoa/compare"
	"github.com/sohoa/sohoa/store"
)

// storing holds the flags of the commands that use a store.
type storing struct {
	DB    string `name:"db" env:"SOHOA_DB" placeholder:"URL" help:"database: a file (SQLite), or postgres://… (default: sohoa.db in --data)"`
	Data  string `env:"SOHOA_DATA" default:"sohoa-data" placeholder:"DIR" help:"folder for the database and the files"`
	Blobs string `env:"SOHOA_BLOBS" placeholder:"URL" help:"where files are kept: file:///… or s3://… (default: blobs in --data)"`
}

// url is where the database is.
func (f *storing) url() string {
	if f.DB != "" {
		return f.DB
	}
	return filepath.Join(f.Data, "sohoa.db")
}

// existing opens a store for commands that have nothing to do in a new one: a
// wrong path is told instead of being filled with an empty store.
func (f *storing) existing(ctx context.Context, c *console) (*store.Store, error) {
	if file := strings.TrimPrefix(f.url(), "sqlite:"); !strings.Contains(file, "://") {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, failure(c.Sprintf("name its folder with --data; `sohoa submit` and `sohoa serve` make one"), errors.New(c.Sprintf("there is no store at %s", file)))
		}
	}
	return f.open(ctx, c, nil)
}

// open opens the store. log is for what River says, nil for silence.
func (f *storing) open(ctx context.Context, c *console, log *slog.Logger) (*store.Store, error) {
	url, blobs := f.url(), f.Blobs
	if blobs == "" {
		if strings.HasPrefix(url, "postgres") {
			return nil, usage(c.Sprintf("name a place that all machines reach: --blobs file:///shared/folder or --blobs s3://bucket"),
				errors.New(c.Sprintf("a store on PostgreSQL needs --blobs")))
		}
		abs, err := filepath.Abs(filepath.Join(filepath.Dir(strings.TrimPrefix(url, "sqlite:")), "blobs"))
		if err != nil {
			return nil, err
		}
		blobs = "file://" + filepath.ToSlash(abs)
	}
	s, err := store.Open(ctx, url, store.Options{Blobs: blobs, Logger: log, Origin: compare.StoredOrigin})
	if err != nil {
		return nil, failure(c.Sprintf("check --db and --data, and that the database runs"), err)
	}
	return s, nil
}

// whoami names the user for the audit log.
func whoami() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}
