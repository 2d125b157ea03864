package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"gocloud.dev/blob"
)

// Upload is a file for the store.
type Upload struct {
	Name  string    // as people call it, without folders
	Bytes io.Reader // read to its end and kept; or:
	// Path names a file that stays where it is: it is not copied, and must be
	// there, unchanged, until its document is read. For `sohoa run`.
	Path string

	MediaType string
	By        string // who submits it, for the audit log
	// Engine names what reading a page depends on (program, engine, models),
	// Assembly what making a document of pages depends on (report types and
	// their settings). When the document is known but its newest version was
	// made otherwise, a new one is made, of the same pages where the engine is
	// the same. An empty Engine takes whatever is there.
	Engine   string
	Assembly string
	Profile  string // report type to read it as; "" leaves it to the program
	Again    bool   // read it again even though a version exists
	Bulk     bool   // let documents without this mark go first
}

// Receipt says what became of an upload.
type Receipt struct {
	Document string // its id: SHA-256 of the bytes
	Version  int    // that will come of it, or that is there already
	New      bool   // nobody had submitted these bytes before
	Queued   bool   // it will be read; false when there was nothing to do
}

// Submit takes a file in. The same bytes are one document, however often and
// under however many names they come.
func (s *Store) Submit(ctx context.Context, u Upload) (Receipt, error) {
	fail := func(err error) (Receipt, error) {
		return Receipt{}, fmt.Errorf("submit %s: %w", u.Name, err)
	}
	id, bytes, location, err := s.takeIn(ctx, u)
	if err != nil {
		return fail(err)
	}
	var out Receipt
	write := s.db.durable
	if u.Path != "" {
		write = s.db.update // the file is still there to be submitted again
	}
	err = write(ctx, func(t tx) (err error) {
		out, err = s.register(ctx, t, u, id, bytes, location)
		return err
	})
	if errors.Is(err, ErrDeleted) && u.Path == "" {
		if _, erasing := s.eraseBlobs(ctx, id); erasing != nil {
			err = errors.Join(err, erasing)
		}
	}
	if err != nil {
		return fail(err)
	}
	return out, nil
}

// takeIn hashes the bytes and puts them among the blobs.
func (s *Store) takeIn(ctx context.Context, u Upload) (id string, n int64, location string, err error) {
	hash := sha256.New()
	if u.Path != "" {
		abs, err := filepath.Abs(u.Path)
		if err != nil {
			return "", 0, "", err
		}
		f, err := os.Open(abs)
		if err != nil {
			return "", 0, "", err
		}
		defer f.Close()
		n, err := io.Copy(hash, f)
		return hex.EncodeToString(hash.Sum(nil)), n, "file:" + abs, err
	}
	done, err := s.uploads.take()
	if err != nil {
		return "", 0, "", err
	}
	defer done()
	// The key is known only at the end, so the bytes wait in a file.
	f, err := os.CreateTemp("", "sohoa-upload-*")
	if err != nil {
		return "", 0, "", err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	if n, err = io.Copy(io.MultiWriter(f, hash), newRoomy(u.Bytes, s.uploadFolders()...)); err != nil {
		return "", 0, "", err
	}
	id = hex.EncodeToString(hash.Sum(nil))
	key := sourceKey(id)
	if there, err := s.blobs.Exists(ctx, key); err != nil || there {
		return id, n, "blob:" + key, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", 0, "", err
	}
	return id, n, "blob:" + key, s.blobs.Upload(ctx, key, f, &blob.WriterOptions{ContentType: "application/octet-stream"})
}

// register writes the document, its name, and, where there is something to
// do, a version with its first job.
func (s *Store) register(ctx context.Context, t tx, u Upload, id string, bytes int64, location string) (Receipt, error) {
	now := microseconds(s.now())
	out := Receipt{Document: id}
	added, err := t.exec(ctx, `INSERT INTO documents (id, media_type, bytes, location, state, created_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (id) DO NOTHING`, id, u.MediaType, bytes, location, Queued, now)
	if err != nil {
		return out, err
	}
	out.New = added == 1
	if out.New && !u.Again {
		// What was deleted does not come back by itself, as from a watched folder.
		var one int
		switch err := t.row(ctx, `SELECT 1 FROM tombstones WHERE document = $1`, id).Scan(&one); {
		case err == nil:
			return out, ErrDeleted
		case !errors.Is(notFound(err), ErrNotFound):
			return out, err
		}
	}
	if !out.New {
		// The file may have moved since; a copy among the blobs is better than either.
		if _, err := t.exec(ctx, `UPDATE documents SET location = $2 WHERE id = $1 AND location LIKE 'file:%'`, id, location); err != nil {
			return out, err
		}
	}
	if _, err := t.exec(ctx, `INSERT INTO names (document, name, by_whom, at) VALUES ($1, $2, $3, $4) ON CONFLICT (document, name) DO NOTHING`, id, u.Name, u.By, now); err != nil {
		return out, err
	}
	// Two that submit the same bytes at once take turns here.
	var state State
	if err := t.row(ctx, `SELECT state FROM documents WHERE id = $1`+s.db.dialect().forUpdate, id).Scan(&state); err != nil {
		return out, err
	}
	last, err := newestVersion(ctx, t, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return out, err
	}
	out.Version = last.version
	outdated := u.Engine != "" && (u.Engine != last.engine || u.Assembly != last.assembly)
	if out.Version > 0 && !u.Again && !outdated && last.state != Unreadable {
		return out, nil
	}
	if state == Locked {
		if u.Again {
			return out, ErrApproved
		}
		return out, nil
	}
	if u.Again {
		u.Profile = cmp.Or(u.Profile, last.profile) // what was asked for once still holds
	}
	out.Version++
	out.Queued = true
	if last.state == Queued || last.state == Reading {
		if err := s.supersede(ctx, t, last.id); err != nil {
			return out, err
		}
	}
	kept := 0
	if !u.Again && u.Engine == last.engine && last.pages > 0 {
		kept, err = s.nextVersion(ctx, t, u, id, last, 0)
	} else {
		err = s.newVersion(ctx, t, u, id, out.Version)
	}
	if err != nil {
		return out, err
	}
	return out, s.audit(ctx, t, u.By, Submitted, id, out.Version, map[string]any{"name": u.Name, "engine": u.Engine, "profile": u.Profile, "kept_pages": kept})
}

// supersede ends a version that is still being read, because a newer one takes
// its place. Pages under way are finished and lead to nothing.
func (s *Store) supersede(ctx context.Context, t tx, version int64) error {
	if _, err := t.exec(ctx, `DELETE FROM river_job WHERE state = 'available' AND CAST(args->>'v' AS BIGINT) = $1`, version); err != nil {
		return err
	}
	_, err := t.exec(ctx, `UPDATE versions SET state = $2, reason = 'a newer version took its place', finished_at = $3 WHERE id = $1`, version, Unreadable, microseconds(s.now()))
	return err
}

// versionRow is what a new version takes from the one before.
type versionRow struct {
	id, priority              int64
	version, pages            int
	engine, assembly, profile string
	state                     State
	source                    string
}

func newestVersion(ctx context.Context, t tx, document string) (v versionRow, err error) {
	err = t.row(ctx, `SELECT id, version, engine, assembly, profile, state, priority, source, pages FROM versions WHERE document = $1 ORDER BY version DESC LIMIT 1`, document).
		Scan(&v.id, &v.version, &v.engine, &v.assembly, &v.profile, &v.state, &v.priority, &v.source, &v.pages)
	return v, notFound(err)
}

// before returns the version that a new one follows, and holds the document
// until the transaction ends. An approved document gets no new version.
func (s *Store) before(ctx context.Context, t tx, document string) (versionRow, error) {
	var state State
	if err := t.row(ctx, `SELECT state FROM documents WHERE id = $1`+s.db.dialect().forUpdate, document).Scan(&state); err != nil {
		return versionRow{}, notFound(err)
	}
	if state == Locked {
		return versionRow{}, ErrApproved
	}
	return newestVersion(ctx, t, document)
}

// nextVersion makes a version that takes over the pages which the one before
// has read well, except page again, and queues the others.
func (s *Store) nextVersion(ctx context.Context, t tx, u Upload, document string, old versionRow, again int) (kept int, err error) {
	var id int64
	if err := t.row(ctx, `INSERT INTO versions (document, version, engine, assembly, profile, state, priority, source, pages, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
		document, old.version+1, u.Engine, u.Assembly, u.Profile, Reading, u.priority(), old.source, old.pages, microseconds(s.now())).Scan(&id); err != nil {
		return 0, err
	}
	if _, err := t.exec(ctx, `INSERT INTO pages (version_id, number, outcome, reason, attempts, worker, picture, data, finished_at)
		SELECT CAST($2 AS BIGINT), number, outcome, reason, attempts, worker, picture, data, finished_at FROM pages WHERE version_id = $1 AND outcome = 'done' AND number <> $3`, old.id, id, again); err != nil {
		return 0, err
	}
	r, err := t.query(ctx, `SELECT number FROM pages WHERE version_id = $1`, id)
	numbers, err := collect(r, err, func(s scanner) (n int, err error) { return n, s.Scan(&n) })
	if err != nil {
		return 0, err
	}
	return len(numbers), s.queuePages(ctx, t, id, u.priority(), old.pages, numbers)
}

func (u *Upload) priority() int {
	if u.Bulk {
		return priorityBulk
	}
	return priorityNormal
}

func (s *Store) newVersion(ctx context.Context, t tx, u Upload, id string, version int) error {
	now := microseconds(s.now())
	var versionID int64
	err := t.row(ctx, `INSERT INTO versions (document, version, engine, assembly, profile, state, priority, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`, id, version, u.Engine, u.Assembly, u.Profile, Queued, u.priority(), now).Scan(&versionID)
	if err != nil {
		return err
	}
	// A document that has a finished version stays readable while it is read again.
	if _, err := t.exec(ctx, `UPDATE documents SET state = $2, reason = '', remedy = '', changed_at = $3 WHERE id = $1 AND version = 0`, id, Queued, now); err != nil {
		return err
	}
	return s.insertJobs(ctx, t, newJob(splitArgs{versionID}, u.priority(), rank(versionID, 0)))
}

// Retry reads a document again that failed, or whose pages did: a new version
// takes over the pages that were read well and queues the others.
func (s *Store) Retry(ctx context.Context, document, by string) (Receipt, error) {
	out := Receipt{Document: document}
	err := s.db.update(ctx, func(t tx) error {
		old, err := s.before(ctx, t, document)
		if err != nil {
			return err
		}
		out.Version = old.version
		if old.state != Ready && old.state != Unreadable {
			return nil // it is being read
		}
		u := Upload{By: by, Engine: old.engine, Assembly: old.assembly, Profile: old.profile, Bulk: old.priority == int64(priorityBulk)}
		out.Version++
		out.Queued = true
		kept := 0
		if old.pages == 0 {
			err = s.newVersion(ctx, t, u, document, out.Version)
		} else {
			kept, err = s.nextVersion(ctx, t, u, document, old, 0)
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, t, by, Submitted, document, out.Version, map[string]any{"retry": true, "kept_pages": kept})
	})
	if err != nil {
		return Receipt{}, fmt.Errorf("retry %s: %w", document, err)
	}
	return out, nil
}

// Only puts the unfinished work on the given documents before all other work.
// The rest stays in the queue, behind.
func (s *Store) Only(ctx context.Context, documents []string) error {
	err := s.db.update(ctx, func(t tx) error {
		if _, err := t.exec(ctx, `UPDATE versions SET priority = $1 WHERE state NOT IN ('ready', 'failed')`, priorityParked); err != nil {
			return err
		}
		for _, id := range documents {
			if _, err := t.exec(ctx, `UPDATE versions SET priority = $1 WHERE document = $2 AND state NOT IN ('ready', 'failed')`, priorityNormal, id); err != nil {
				return err
			}
		}
		_, err := t.exec(ctx, `UPDATE river_job SET priority = COALESCE((SELECT priority FROM versions WHERE id = CAST(args->>'v' AS BIGINT)), priority)
			WHERE state = 'available' AND kind IN ('split', 'page') AND priority > 1`)
		return err
	})
	if err != nil {
		return fmt.Errorf("put documents first: %w", err)
	}
	return nil
}
