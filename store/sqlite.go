package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

var sqliteDialect = dialect{
	name:      "sqlite",
	migration: []string{"{{serial}}", "INTEGER PRIMARY KEY AUTOINCREMENT", "{{blob}}", "BLOB", "{{float}}", "REAL"},
	views:     sqliteViews,
	insertJobs: `INSERT INTO river_job (args, kind, max_attempts, metadata, priority, queue, scheduled_at, state)
		SELECT jsonb(value->>'args'), value->>'kind', value->>'max_attempts', jsonb_object('rank', value->>'rank'), value->>'priority', value->>'queue', value->>'scheduled_at', 'available'
		FROM json_each($1)`,
	completeJob: `UPDATE river_job SET state = 'completed', finalized_at = strftime('%Y-%m-%d %H:%M:%f') WHERE id = $1 AND state = 'running'`,
	// Workers write the name of their client at the end of attempted_by.
	releaseJobs: `UPDATE river_job SET state = 'available'
		WHERE state = 'running' AND attempted_by->>'$[#-1]' IN (SELECT value FROM json_each($1))`,
	runningJobs: `SELECT id FROM river_job WHERE state = 'running' AND attempted_by->>'$[#-1]' = $1`,
	clampJobs: `UPDATE river_job SET scheduled_at = strftime('%Y-%m-%d %H:%M:%f') WHERE state = 'available' AND queue = 'default' AND priority = 1
		AND scheduled_at > strftime('%Y-%m-%d %H:%M:%f', 'now', '+6 minutes')`,
	laterJobs: `SELECT COUNT(*) FROM river_job WHERE state = 'available' AND queue = 'default' AND priority = 1 AND scheduled_at > strftime('%Y-%m-%d %H:%M:%f')`,
	rerankJobs: `UPDATE river_job SET scheduled_at = metadata->>'rank'
		WHERE state = 'available' AND queue = 'default' AND priority IN (2, 3, 4) AND scheduled_at > '2020-01-01' AND metadata->>'rank' < '2020-01-01'`,
}

// sqliteDB keeps two pools: SQLite has one writer, so a pool of one connection
// makes writers of this process wait their turn in Go, and readers, which WAL
// never blocks, have a pool of their own.
type sqliteDB struct {
	path  string
	write *sql.DB
	read  *sql.DB
}

func openSQLite(ctx context.Context, path string) (*sqliteDB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(abs), 0o755); err != nil {
		return nil, err
	}
	db := &sqliteDB{path: abs}
	// busy_timeout comes first: the pragmas after it may have to wait.
	// synchronous=NORMAL in WAL does not wait for the disk at each commit. A
	// killed process loses nothing; a power cut may lose the last transactions,
	// whole ones, and their pages are read again.
	common := url.Values{"_pragma": {"busy_timeout(30000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(ON)", "cache_size(-8000)", "temp_store(MEMORY)"}}
	// Write transactions take the lock when they begin; one that first reads
	// and then writes would fail at once when another came in between.
	common.Set("_txlock", "immediate")
	dsn := func() string { return "file:" + (&url.URL{Path: abs}).EscapedPath() + "?" + common.Encode() }
	db.write = sql.OpenDB(connector{dsn()})
	db.write.SetMaxOpenConns(1)
	if err := db.firstConnection(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), db.write.Close())
	}
	// Readers take much that they do not come back to, all pages of a document
	// above all; the system keeps the file at hand for them.
	common.Add("_pragma", "cache_size(-4000)")
	common.Add("_pragma", "query_only(ON)")
	common.Del("_txlock")
	db.read = sql.OpenDB(connector{dsn()})
	db.read.SetMaxOpenConns(4)
	db.read.SetMaxIdleConns(4)
	return db, nil
}

// firstConnection opens the file. Changing to WAL does not wait for
// busy_timeout when another process is just closing the file, so the waiting is
// done here.
func (db *sqliteDB) firstConnection(ctx context.Context) error {
	const tries = 200
	for i := 1; ; i++ {
		err := db.write.PingContext(ctx)
		var own *sqlite.Error
		if err == nil || i == tries || !errors.As(err, &own) || own.Code()&0xff != sqlite3.SQLITE_BUSY {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (db *sqliteDB) alone(ctx context.Context, f func() error) error {
	for {
		lock, err := lockFile(db.path + ".lock")
		if err == nil {
			return errors.Join(f(), lock.Close())
		}
		if !errors.Is(err, errLocked) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (db *sqliteDB) migrateRiver(ctx context.Context) error {
	m, err := rivermigrate.New(riversqlite.New(db.write), nil)
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// scrub rewrites the file, since deleted rows stay readable in pages that are
// not used again, and empties the log, where older forms of the pages lie. A
// reader of another process may hold the log for a moment.
func (db *sqliteDB) scrub(ctx context.Context) error {
	if _, err := db.write.ExecContext(ctx, `VACUUM`); err != nil {
		return err
	}
	for range 100 {
		var busy, frames, done int
		if err := db.write.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &done); err != nil {
			return err
		}
		if busy == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return errors.New("another process reads the database without an end")
}

func (db *sqliteDB) dialect() *dialect { return &sqliteDialect }
func (db *sqliteDB) close() error      { return errors.Join(db.read.Close(), db.write.Close()) }

func (db *sqliteDB) client(cfg *river.Config) (client, error) {
	return river.NewClient(riversqlite.New(db.write), cfg)
}

func (db *sqliteDB) update(ctx context.Context, f func(tx) error) error {
	return inTransaction(ctx, db.write, f)
}

// durable has SQLite wait for the disk, for this transaction alone.
func (db *sqliteDB) durable(ctx context.Context, f func(tx) error) (err error) {
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, `PRAGMA synchronous = FULL`); err != nil {
		return err
	}
	defer func() {
		_, after := conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA synchronous = NORMAL`)
		err = errors.Join(err, after)
	}()
	return inTransaction(ctx, conn, f)
}

func inTransaction(ctx context.Context, on interface {
	BeginTx(context.Context, *sql.TxOptions) (*sql.Tx, error)
}, f func(tx) error) (err error) {
	t, err := on.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = t.Rollback() // the error that led here says more
		}
	}()
	if err := f(sqliteQuerier{t}); err != nil {
		return err
	}
	return t.Commit()
}

func (db *sqliteDB) exec(ctx context.Context, q string, args ...any) (int64, error) {
	return sqliteQuerier{db.write}.exec(ctx, q, args...)
}

func (db *sqliteDB) query(ctx context.Context, q string, args ...any) (rows, error) {
	return sqliteQuerier{db.read}.query(ctx, q, args...)
}

func (db *sqliteDB) row(ctx context.Context, q string, args ...any) scanner {
	return sqliteQuerier{db.read}.row(ctx, q, args...)
}

// announce locks a file beside the database. The lock ends with the process,
// however it ends.
func (db *sqliteDB) announce(_ context.Context, worker int64) (func(), error) {
	if err := os.MkdirAll(db.lockDir(), 0o755); err != nil {
		return nil, err
	}
	path := db.lockPath(worker)
	f, err := lockFile(path)
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return func() {
		_ = os.Remove(path) // the lock goes with the file handle
		_ = f.Close()
	}, nil
}

func (db *sqliteDB) living(_ context.Context, workers []int64) (map[int64]bool, error) {
	alive := map[int64]bool{}
	for _, w := range workers {
		held, err := fileIsLocked(db.lockPath(w))
		if err != nil {
			return nil, err
		}
		alive[w] = held
		if !held {
			_ = os.Remove(db.lockPath(w)) // left by a process that was killed
		}
	}
	return alive, nil
}

func (db *sqliteDB) lockDir() string { return db.path + ".workers" }
func (db *sqliteDB) lockPath(worker int64) string {
	return filepath.Join(db.lockDir(), strconv.FormatInt(worker, 10))
}

func (db *sqliteDB) permanent(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return errors.Is(err, sql.ErrConnDone)
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return true
	}
	return false // busy, full, input and output: these pass
}

// sqliteQuerier speaks our SQL through database/sql.
type sqliteQuerier struct {
	c interface {
		ExecContext(context.Context, string, ...any) (sql.Result, error)
		QueryContext(context.Context, string, ...any) (*sql.Rows, error)
		QueryRowContext(context.Context, string, ...any) *sql.Row
	}
}

func (q sqliteQuerier) exec(ctx context.Context, s string, args ...any) (int64, error) {
	r, err := q.c.ExecContext(ctx, questionMarks(s), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (q sqliteQuerier) query(ctx context.Context, s string, args ...any) (rows, error) {
	r, err := q.c.QueryContext(ctx, questionMarks(s), args...)
	if err != nil {
		return nil, err
	}
	return sqliteRows{r}, nil
}

func (q sqliteQuerier) row(ctx context.Context, s string, args ...any) scanner {
	return q.c.QueryRowContext(ctx, questionMarks(s), args...)
}

type sqliteRows struct{ *sql.Rows }

// Close hides the error, which Err has told already.
func (r sqliteRows) Close() { _ = r.Rows.Close() }
