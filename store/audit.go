package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Actions of the audit log. Other packages may add their own.
const (
	Submitted = "document.submitted"
	Processed = "document.processed"
	Failed    = "document.failed"
	Approved  = "document.approved"
	Reopened  = "document.reopened"
	Amended   = "field.corrected" // a batch of corrections, or its undoing
)

// AuditEntry is one line of the audit log. The log is append-only: each
// entry's hash covers the entry and the hash of the one before, so that an
// entry cannot be changed, taken out or put in without all later hashes
// changing. It is also the stream of events that other systems are told.
type AuditEntry struct {
	Seq      int64           `json:"seq"` // 1, 2, 3, … without gaps
	At       time.Time       `json:"at"`
	Actor    string          `json:"actor"`
	Action   string          `json:"action"`
	Document string          `json:"document"`
	Version  int             `json:"version"`
	Data     json.RawMessage `json:"data"`
	Hash     string          `json:"hash"`

	salt, seal string // see chain; empty in entries from before there were seals
}

// chain returns the hash of the entry, given that of the one before. It covers
// a JSON array, which no choice of strings can make ambiguous. In the place of
// the data stands their seal, so that the chain holds when the data are erased
// because the document was deleted.
func (e *AuditEntry) chain(before string) string {
	data := string(e.Data)
	if e.seal != "" {
		data = e.seal
	}
	sum := sha256.Sum256([]byte(mustJSON([]any{before, e.Seq, microseconds(e.At), e.Actor, e.Action, e.Document, e.Version, data})))
	return hex.EncodeToString(sum[:])
}

// sealed returns the seal of the data. The salt, which is erased with the
// data, keeps anybody from finding a short name again by trying.
func (e *AuditEntry) sealed() string {
	sum := sha256.Sum256([]byte(mustJSON([]string{e.salt, string(e.Data)})))
	return hex.EncodeToString(sum[:])
}

// erased reports whether the data were taken out when the document was deleted.
func (e *AuditEntry) erased() bool {
	return e.seal != "" && e.salt == "" && string(e.Data) == erased
}

// audit appends an entry in the caller's transaction. It takes the lock on the
// head of the log, so it comes last in a transaction.
func (s *Store) audit(ctx context.Context, t tx, actor, action, document string, version int, data any) error {
	e := AuditEntry{At: s.now().UTC().Truncate(time.Microsecond), Actor: actor, Action: action, Document: document, Version: version, Data: json.RawMessage(mustJSON(data))}
	var before string
	if err := t.row(ctx, `SELECT seq, hash FROM audit_head WHERE one = 1`+s.db.dialect().forUpdate).Scan(&e.Seq, &before); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	e.Seq++
	e.salt = rand.Text()
	e.seal = e.sealed()
	e.Hash = e.chain(before)
	if _, err := t.exec(ctx, `INSERT INTO audit (seq, at, actor, action, document, version, data, hash, salt, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		e.Seq, microseconds(e.At), e.Actor, e.Action, e.Document, e.Version, string(e.Data), e.Hash, e.salt, e.seal); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	if _, err := t.exec(ctx, `UPDATE audit_head SET seq = $1, hash = $2 WHERE one = 1`, e.Seq, e.Hash); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
}

// Audit writes an entry for something that happened outside the store: a
// login, an export, an account that was made.
func (s *Store) Audit(ctx context.Context, actor, action, document string, version int, data any) error {
	return s.db.durable(ctx, func(t tx) error { return s.audit(ctx, t, actor, action, document, version, data) })
}

const auditColumns = `SELECT seq, at, actor, action, document, version, data, hash, salt, seal FROM audit `

func scanAudit(r scanner) (e AuditEntry, err error) {
	var at int64
	var data string
	err = r.Scan(&e.Seq, &at, &e.Actor, &e.Action, &e.Document, &e.Version, &data, &e.Hash, &e.salt, &e.seal)
	e.At, e.Data = timeOf(at), json.RawMessage(data)
	return e, err
}

// AuditLog returns up to limit entries after the given one, oldest first: of
// one document, or of all when document is empty.
func (s *Store) AuditLog(ctx context.Context, document string, after int64, limit int) ([]AuditEntry, error) {
	q, args := auditColumns+`WHERE seq > $1 ORDER BY seq LIMIT $2`, []any{after, limit}
	if document != "" {
		q, args = auditColumns+`WHERE document = $3 AND seq > $1 ORDER BY seq LIMIT $2`, append(args, document)
	}
	r, err := s.db.query(ctx, q, args...)
	return collect(r, err, scanAudit)
}

// VerifyAudit reads the whole log and checks each hash, the numbering and the
// end. It returns the number of entries and the last hash, which may be noted
// down elsewhere: a log whose end was cut off, head included, is only
// detected by whoever kept an older end. An error that is [ErrTampered] names
// the first entry that does not fit. Data may be erased where their document
// was deleted, which a later entry must say.
func (s *Store) VerifyAudit(ctx context.Context) (entries int64, last string, err error) {
	wanting := map[string]int64{} // documents with erased data, by their last such entry
	for {
		batch, err := s.AuditLog(ctx, "", entries, 1000)
		if err != nil {
			return entries, last, err
		}
		for _, e := range batch {
			if e.Seq != entries+1 || e.Hash != e.chain(last) {
				return entries, last, fmt.Errorf("%w: entry %d does not follow from the one before", ErrTampered, entries+1)
			}
			switch {
			case e.Action == Deleted:
				delete(wanting, e.Document)
			case e.erased():
				wanting[e.Document] = e.Seq
			}
			if e.seal != "" && !e.erased() && e.seal != e.sealed() {
				return entries, last, fmt.Errorf("%w: what entry %d says was changed", ErrTampered, e.Seq)
			}
			entries, last = e.Seq, e.Hash
		}
		if len(batch) < 1000 {
			break
		}
	}
	for _, document := range slices.Sorted(maps.Keys(wanting)) {
		return entries, last, fmt.Errorf("%w: what entry %d says was erased, and its document was not deleted", ErrTampered, wanting[document])
	}
	var seq int64
	var hash string
	if err := s.db.row(ctx, `SELECT seq, hash FROM audit_head WHERE one = 1`).Scan(&seq, &hash); err != nil {
		return entries, last, err
	}
	// Entries that came in while we read move the head on; it never lies behind.
	if seq < entries || seq == entries && hash != last {
		return entries, last, fmt.Errorf("%w: the log ends at entry %d, its head says %d", ErrTampered, entries, seq)
	}
	if seq > entries {
		if more, err := s.AuditLog(ctx, "", entries, 1); err != nil || len(more) == 0 {
			return entries, last, fmt.Errorf("%w: the log ends at entry %d, its head says %d (%v)", ErrTampered, entries, seq, err)
		}
	}
	return entries, last, nil
}
