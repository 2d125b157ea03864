package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"time"

	"github.com/riverqueue/river/rivertype"
	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
)

// Deletion on request. Everything that came of a document goes: its bytes and
// pictures, what was read in all versions, what people corrected, the names it
// came under, and what the audit log says of it beyond who did what when. What
// stays is a tombstone, and an entry of the audit log that says by whom and
// why. A database keeps what was deleted in pages that it has not used again,
// so it is rewritten at the end.

// Deleted is the action of the audit log that a tombstone is.
const Deleted = "document.deleted"

// Tombstone tells what was deleted.
type Tombstone struct {
	Document string    `json:"document"`
	By       string    `json:"by"`
	Reason   string    `json:"reason"`
	At       time.Time `json:"at"`

	// What there was of it; zero when the tombstone is read later.
	Versions    int `json:"versions"`
	Pages       int `json:"pages"`
	Corrections int `json:"corrections"`
	Blobs       int `json:"blobs"`
	// Unerased counts entries of the audit log from before entries could be
	// erased: what they say of the document stays, the names it came under
	// among it.
	Unerased int `json:"unerased"`
}

// erased stands in the audit log where an entry said more.
const erased = `{"erased":true}`

// byVersion and byDocument are the tables that hold what came of a document. A
// test looks for tables with such a column that are missing here.
var (
	byVersion  = []string{"pages", "fields", "records", "stranded", "samples"}
	byDocument = []string{"corrections", "entries", "claims", "origins", "manners", "watched", "names", "versions"}
)

// Delete deletes a document for good. Work on it that is under way ends and
// leads to nothing. It may be called again when it was interrupted: it then
// goes on. A source that lies where it was submitted from (see [Upload.Path])
// is not the store's and stays. On SQLite no byte of the text is left in the
// file of the database when Delete returns; PostgreSQL gives the space free at
// its next vacuum, and its backups and its log are its administrator's.
func (s *Store) Delete(ctx context.Context, document, by, reason string) (Tombstone, error) {
	out := Tombstone{Document: document, By: by, Reason: reason, At: s.now().UTC().Truncate(time.Microsecond)}
	err := s.db.durable(ctx, func(t tx) error { return s.deleteRows(ctx, t, &out) })
	if errors.Is(err, ErrNotFound) {
		// Deleted before, perhaps by a call that did not get to the files.
		var buried error
		if out, buried = s.Tombstone(ctx, document); buried == nil {
			err = nil
		}
	}
	if err != nil {
		return Tombstone{}, fmt.Errorf("delete %s: %w", document, err)
	}
	s.current.forget(document)
	if out.Blobs, err = s.eraseBlobs(ctx, document); err != nil {
		return out, fmt.Errorf("delete %s: its entries are gone, its files are not: %w", document, err)
	}
	if err := s.db.scrub(ctx); err != nil {
		return out, fmt.Errorf("delete %s: rewriting the database, in whose free space traces are left: %w", document, err)
	}
	if _, err := s.db.exec(ctx, `UPDATE tombstones SET blobs = 1 WHERE document = $1`, document); err != nil {
		return out, fmt.Errorf("delete %s: %w", document, err)
	}
	return out, nil
}

// Tombstone returns the tombstone of a deleted document, [ErrNotFound] when
// there is none.
func (s *Store) Tombstone(ctx context.Context, document string) (Tombstone, error) {
	out := Tombstone{Document: document}
	var at int64
	err := s.db.row(ctx, `SELECT by_whom, reason, at FROM tombstones WHERE document = $1`, document).Scan(&out.By, &out.Reason, &at)
	out.At = timeOf(at)
	return out, notFound(err)
}

// HalfDeleted lists the documents whose deletion was interrupted before their
// files were gone and the database rewritten: deleting them once more ends it.
func (s *Store) HalfDeleted(ctx context.Context) ([]string, error) {
	r, err := s.db.query(ctx, `SELECT t.document FROM tombstones t WHERE t.blobs = 0
		AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.id = t.document) ORDER BY t.document`)
	all, err := collect(r, err, func(r scanner) (id string, err error) { return id, r.Scan(&id) })
	if err != nil {
		return nil, fmt.Errorf("deletions that were interrupted: %w", err)
	}
	return all, nil
}

func (s *Store) deleteRows(ctx context.Context, t tx, out *Tombstone) error {
	var state State
	if err := t.row(ctx, `SELECT state FROM documents WHERE id = $1`+s.db.dialect().forUpdate, out.Document).Scan(&state); err != nil {
		return notFound(err)
	}
	// Pages that are being read lock their version when they are kept: they
	// come before this, or find that it is gone.
	r, err := t.query(ctx, `SELECT id FROM versions WHERE document = $1 ORDER BY id`+s.db.dialect().forUpdate, out.Document)
	versions, err := collect(r, err, func(r scanner) (id int64, err error) { return id, r.Scan(&id) })
	if err != nil {
		return err
	}
	out.Versions = len(versions)
	for _, v := range versions {
		var pages int
		if err := t.row(ctx, `SELECT COUNT(*) FROM pages WHERE version_id = $1`, v).Scan(&pages); err != nil {
			return err
		}
		out.Pages += pages
		for _, table := range byVersion {
			if _, err := t.exec(ctx, `DELETE FROM `+table+` WHERE version_id = $1`, v); err != nil {
				return err
			}
		}
		if _, err := t.exec(ctx, `DELETE FROM river_job WHERE state <> 'running' AND kind IN ('split', 'page', 'assemble', 'export') AND CAST(args->>'v' AS BIGINT) = $1`, v); err != nil {
			return err
		}
	}
	if err := t.row(ctx, `SELECT COUNT(*) FROM corrections WHERE document = $1`, out.Document).Scan(&out.Corrections); err != nil {
		return err
	}
	for _, table := range byDocument {
		if _, err := t.exec(ctx, `DELETE FROM `+table+` WHERE document = $1`, out.Document); err != nil {
			return err
		}
	}
	for _, q := range []string{
		`DELETE FROM documents WHERE id = $1`,
		// Answers that were kept for requests that come twice, and what receivers
		// of events answered.
		`DELETE FROM idempotency WHERE answer LIKE '%' || $1 || '%'`,
		`UPDATE attempts SET answer = '', error = '' WHERE delivery IN (SELECT d.id FROM deliveries d JOIN audit a ON a.seq = d.seq WHERE a.document = $1)`,
	} {
		if _, err := t.exec(ctx, q, out.Document); err != nil {
			return err
		}
	}
	if err := t.row(ctx, `SELECT COUNT(*) FROM audit WHERE document = $1 AND seal = ''`, out.Document).Scan(&out.Unerased); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE audit SET data = $2, salt = '' WHERE document = $1 AND seal <> ''`, out.Document, erased); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `INSERT INTO tombstones (document, by_whom, reason, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (document) DO UPDATE SET by_whom = $2, reason = $3, at = $4, blobs = 0`, out.Document, out.By, clean(out.Reason), microseconds(out.At)); err != nil {
		return err
	}
	return s.audit(ctx, t, out.By, Deleted, out.Document, 0, map[string]any{
		"reason": clean(out.Reason), "versions": out.Versions, "pages": out.Pages, "corrections": out.Corrections, "unerased": out.Unerased,
	})
}

// eraseBlobs removes the source and the pictures of a document, and the copy
// of the source that this process may have.
func (s *Store) eraseBlobs(ctx context.Context, document string) (n int, err error) {
	if len(document) < 2 || strings.ContainsAny(document, "/.") {
		return 0, fmt.Errorf("%w: %q is no document", ErrInvalid, document)
	}
	s.mu.Lock()
	if f := s.fetched[document]; f != nil {
		_ = os.Remove(f.path) // readers that have it open keep it until they close it
		delete(s.fetched, document)
	}
	s.mu.Unlock()
	keys, err := s.blobsOf(ctx, document)
	if err != nil {
		return 0, err
	}
	for _, key := range keys {
		switch err := s.blobs.Delete(ctx, key); {
		case err == nil:
			n++
		case gcerrors.Code(err) != gcerrors.NotFound:
			return n, err
		}
	}
	return n, nil
}

// blobsOf returns the keys of the source of a document and of its pictures.
func (s *Store) blobsOf(ctx context.Context, document string) (keys []string, err error) {
	const tries = 5
	for range tries {
		keys = []string{sourceKey(document)}
		all := s.blobs.List(&blob.ListOptions{Prefix: path.Join("pages", document[:2], document) + "/"})
		var o *blob.ListObject
		for o, err = all.Next(ctx); err == nil; o, err = all.Next(ctx) {
			keys = append(keys, o.Key)
		}
		switch {
		case errors.Is(err, io.EOF):
			return keys, nil
		case gcerrors.Code(err) != gcerrors.NotFound:
			return nil, err
		}
		// A folder loses files while it is listed when two pages that were being
		// read notice at once that their document is gone.
	}
	return nil, err
}

// gone reports whether a job is about a version that was deleted, and takes
// away what the job left before it noticed: the picture of its page.
func (w *Worker) gone(ctx context.Context, job *rivertype.JobRow) bool {
	var args struct {
		Version int64 `json:"v"`
	}
	if err := json.Unmarshal(job.EncodedArgs, &args); err != nil || args.Version == 0 {
		return false
	}
	var n int
	if err := w.s.db.row(ctx, `SELECT COUNT(*) FROM versions WHERE id = $1`, args.Version).Scan(&n); err != nil || n > 0 {
		return false
	}
	w.mu.Lock()
	task, known := w.tasks[args.Version] // it stays: other pages of it may be under way
	w.mu.Unlock()
	if !known {
		return true
	}
	// Somebody may have submitted it again; then its files are in use.
	if err := w.s.db.row(ctx, `SELECT COUNT(*) FROM documents WHERE id = $1`, task.Document).Scan(&n); err != nil || n > 0 {
		return err == nil
	}
	if _, err := w.s.eraseBlobs(ctx, task.Document); err != nil {
		w.tell(Event{Kind: Trouble, Err: err})
		return false // it is tried again
	}
	return true
}
