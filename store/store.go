package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"gocloud.dev/blob"

	"github.com/sohoa/sohoa/schema"
)

// Options say how to open a store.
type Options struct {
	// Blobs is the URL of the bucket for source files and page pictures, as
	// gocloud.dev/blob takes it: "file:///path", "s3://name?…" where the program
	// links that driver. Empty means the folder "blobs" beside the SQLite
	// database; a store on PostgreSQL has no such place and needs one.
	Blobs string
	// Logger is handed to River, which asks for one. Nil is silence.
	Logger *slog.Logger
	// Origin finds out which province and period a document is about. Nil goes
	// by the header alone: [OriginOf].
	Origin func(*schema.Document) Origin
}

// Store is a set of documents with the work on them. It is safe for use by
// many goroutines; many processes may open the same one.
type Store struct {
	db     database
	blobs  *blob.Bucket
	folder string // of the blobs when they are files, "" otherwise
	log    *slog.Logger
	origin func(*schema.Document) Origin
	now    func() time.Time

	mu      sync.Mutex
	fetched map[string]*sourceFile // sources copied from the bucket
	uses    int64                  // counts them, for sourceFile.used
	current currentCache
	uploads quota
}

// Open opens the store at url and brings its tables up to date: a path or
// "sqlite:PATH" for SQLite, "postgres://…" for PostgreSQL.
func Open(ctx context.Context, url string, o Options) (_ *Store, err error) {
	s := &Store{log: o.Logger, now: time.Now, fetched: map[string]*sourceFile{}, uploads: newQuota()}
	if s.origin = o.Origin; s.origin == nil {
		s.origin = func(doc *schema.Document) Origin { return OriginOf(&doc.Header) }
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		if o.Blobs == "" {
			return nil, errors.New("open store: a store on PostgreSQL needs a place for files that all machines reach")
		}
		s.db, err = openPostgres(ctx, url)
	} else {
		path := strings.TrimPrefix(url, "sqlite:")
		if strings.Contains(path, "://") {
			return nil, fmt.Errorf("open store: %q is neither a file nor postgres://…", url)
		}
		if o.Blobs == "" {
			abs, err := filepath.Abs(filepath.Join(filepath.Dir(path), "blobs"))
			if err != nil {
				return nil, fmt.Errorf("open store: %w", err)
			}
			o.Blobs = "file://" + filepath.ToSlash(abs)
		}
		s.db, err = openSQLite(ctx, path)
	}
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := errors.Join(migrate(ctx, s.db), s.openBlobs(ctx, o.Blobs)); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", err), s.db.close())
	}
	if err := s.fillOrigins(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", err), s.Close())
	}
	return s, nil
}

// Database names the kind of database: "sqlite" or "postgres".
func (s *Store) Database() string { return s.db.dialect().name }

// Close ends the use of the store. Workers must have returned from Run.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, f := range s.fetched {
		errs = append(errs, os.Remove(f.path))
	}
	return errors.Join(append(errs, s.blobs.Close(), s.db.close())...)
}
