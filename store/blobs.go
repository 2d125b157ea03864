package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // file:// is the default
	"gocloud.dev/gcerrors"
)

// Blobs are the source files and the pictures of pages. A source lies at
// sources/ab/ab12…, by its hash, and is written before the transaction that
// names it; a picture lies at pages/ab/ab12…/VERSION/NUMBER.png. Both are written
// whole or not at all, and writing them again changes nothing.

// sourceFile is a source that was copied out of a bucket, because PDF readers
// want a file.
type sourceFile struct {
	path  string
	users int
	used  int64 // order of last use
}

// keepFetched is how many unused copies stay for the next page of their document.
const keepFetched = 16

func (s *Store) openBlobs(ctx context.Context, where string) error {
	u, err := url.Parse(where)
	if err != nil {
		return fmt.Errorf("blobs at %q: %w", where, err)
	}
	if u.Scheme == "file" {
		s.folder = filepath.FromSlash(u.Path)
		if err := os.MkdirAll(s.folder, 0o755); err != nil {
			return err
		}
		q := u.Query()
		// Media types stand in the database; no file of attributes beside each
		// blob. Temporary files lie in the same folder, so that the rename works.
		q.Set("metadata", "skip")
		q.Set("no_tmp_dir", "true")
		u.RawQuery = q.Encode()
	}
	if s.blobs, err = blob.OpenBucket(ctx, u.String()); err != nil {
		return fmt.Errorf("blobs at %q: %w", where, err)
	}
	return nil
}

func sourceKey(document string) string { return path.Join("sources", document[:2], document) }

func pictureKey(document string, version, page int, suffix string) string {
	return path.Join("pages", document[:2], document, fmt.Sprint(version), fmt.Sprint(page)+suffix)
}

// pictureTypes are the suffixes that tell the media type of a picture.
var pictureTypes = map[string]string{".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}

// Source opens the bytes of a document as they were submitted.
func (s *Store) Source(ctx context.Context, document string) (io.ReadCloser, error) {
	var location string
	if err := s.db.row(ctx, `SELECT location FROM documents WHERE id = $1`, document).Scan(&location); err != nil {
		return nil, fmt.Errorf("source of %s: %w", document, notFound(err))
	}
	if p, ok := strings.CutPrefix(location, "file:"); ok {
		return os.Open(p)
	}
	return s.openBlob(ctx, strings.TrimPrefix(location, "blob:"))
}

// Picture opens the upright picture of a page, and says its media type.
func (s *Store) Picture(ctx context.Context, document string, version, page int) (_ io.ReadCloser, mediaType string, _ error) {
	var key string
	err := s.db.row(ctx, `SELECT p.picture FROM pages p JOIN versions v ON v.id = p.version_id
		WHERE v.document = $1 AND v.version = $2 AND p.number = $3`, document, version, page).Scan(&key)
	if err == nil && key == "" {
		err = ErrNotFound
	}
	if err != nil {
		return nil, "", fmt.Errorf("picture of %s page %d: %w", document, page, notFound(err))
	}
	r, err := s.openBlob(ctx, key)
	return r, pictureTypes[path.Ext(key)], err
}

func (s *Store) openBlob(ctx context.Context, key string) (io.ReadCloser, error) {
	r, err := s.blobs.NewReader(ctx, key, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, fmt.Errorf("blob %s: %w", key, ErrNotFound)
	}
	if err != nil {
		return nil, Transient(fmt.Errorf("blob %s: %w", key, err))
	}
	return r, nil
}

// SourceFile gives the source of a document as a file of this machine. The
// caller calls release when it is done with it; the file must not be changed.
func (s *Store) SourceFile(ctx context.Context, document string) (file string, release func(), err error) {
	var location string
	if err := s.db.row(ctx, `SELECT location FROM documents WHERE id = $1`, document).Scan(&location); err != nil {
		return "", nil, fmt.Errorf("source of %s: %w", document, notFound(err))
	}
	if p, ok := strings.CutPrefix(location, "file:"); ok {
		return p, func() {}, nil
	}
	key := strings.TrimPrefix(location, "blob:")
	if s.folder != "" {
		return filepath.Join(s.folder, filepath.FromSlash(key)), func() {}, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.fetched[document]
	if f == nil {
		p, err := s.fetch(ctx, key)
		if err != nil {
			return "", nil, fmt.Errorf("source of %s: %w", document, err)
		}
		f = &sourceFile{path: p}
		s.fetched[document] = f
	}
	f.users++
	s.uses++
	f.used = s.uses
	s.evict()
	return f.path, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		f.users--
	}, nil
}

// evict removes the longest unused copies. The caller holds the lock.
func (s *Store) evict() {
	for len(s.fetched) > keepFetched {
		oldest := ""
		for id, f := range s.fetched {
			if f.users == 0 && (oldest == "" || f.used < s.fetched[oldest].used) {
				oldest = id
			}
		}
		if oldest == "" {
			return
		}
		_ = os.Remove(s.fetched[oldest].path) // a leftover in the temporary folder harms nobody
		delete(s.fetched, oldest)
	}
}

func (s *Store) fetch(ctx context.Context, key string) (_ string, err error) {
	r, err := s.openBlob(ctx, key)
	if err != nil {
		return "", err
	}
	defer r.Close()
	f, err := os.CreateTemp("", "sohoa-source-*")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", Transient(errors.Join(err, os.Remove(f.Name())))
	}
	return f.Name(), nil
}
