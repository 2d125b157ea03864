package store

import (
	"context"
	"regexp"
	"sync"
	"time"

	"github.com/riverqueue/river"
)

// database is what SQLite and PostgreSQL do differently. Everything above it
// is written once.
type database interface {
	querier // outside a transaction, for reading

	// alone runs f while no other process does; migrateRiver makes River's tables.
	alone(ctx context.Context, f func() error) error
	migrateRiver(context.Context) error

	// update runs f in a transaction that commits when f returns nil. When the
	// machine loses power, SQLite may lose the last transactions, whole and in
	// order: what the machine did is done again.
	update(ctx context.Context, f func(tx) error) error
	// durable is update for what people did: it returns when it is on disk.
	durable(ctx context.Context, f func(tx) error) error

	// client makes the River client that works the jobs.
	client(*river.Config) (client, error)

	// announce takes a lock that the system lets go of when this process dies,
	// and returns what gives it back.
	announce(ctx context.Context, worker int64) (release func(), err error)
	// living returns those of the workers whose lock is held.
	living(ctx context.Context, workers []int64) (map[int64]bool, error)

	// permanent reports whether an error of the database will come again when
	// the same is tried again.
	permanent(error) bool

	// scrub rewrites what the database keeps of deleted rows, where it can.
	scrub(context.Context) error

	dialect() *dialect
	close() error
}

// dialect holds the SQL that differs.
type dialect struct {
	name        string
	migration   []string // replacements for migration files, old and new in turn
	views       []string // likewise, see views.go
	forUpdate   string   // locks the rows that a SELECT found
	insertJobs  string   // from one JSON array, see newJob
	completeJob string   // by id; see Store.complete
	releaseJobs string   // of the workers named in a JSON array
	runningJobs string   // ids of those that the named worker took
	rerankJobs  string   // puts jobs that River rescheduled back in their place
	clampJobs   string   // brings those near that a clock gone wrong put far into the future
	laterJobs   string   // count of those whose time has not come
}

// client is River's client without its type parameter.
type client interface {
	Start(context.Context) error
	Stop(context.Context) error
	StopAndCancel(context.Context) error
}

type querier interface {
	exec(ctx context.Context, sql string, args ...any) (affected int64, err error)
	query(ctx context.Context, sql string, args ...any) (rows, error)
	row(ctx context.Context, sql string, args ...any) scanner
}

// tx is an open transaction.
type tx querier

type scanner interface{ Scan(...any) error }

type rows interface {
	scanner
	Next() bool
	Err() error
	Close()
}

// collect reads all rows.
func collect[T any](r rows, err error, scan func(scanner) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var all []T
	for r.Next() {
		v, err := scan(r)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, r.Err()
}

var (
	placeholder = regexp.MustCompile(`\$(\d+)`)
	rewritten   sync.Map // of PostgreSQL's placeholders to SQLite's
)

// questionMarks turns $1 into ?1.
func questionMarks(sql string) string {
	if s, ok := rewritten.Load(sql); ok {
		return s.(string)
	}
	s := placeholder.ReplaceAllString(sql, "?$1")
	rewritten.Store(sql, s)
	return s
}

// microseconds is how times are stored.
func microseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func timeOf(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
