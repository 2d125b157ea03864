package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

var postgresDialect = dialect{
	name:      "postgres",
	migration: []string{"{{serial}}", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "{{blob}}", "BYTEA", "{{float}}", "DOUBLE PRECISION"},
	views:     postgresViews,
	forUpdate: " FOR UPDATE",
	insertJobs: `INSERT INTO river_job (args, kind, max_attempts, metadata, priority, queue, scheduled_at, state)
		SELECT (value->>'args')::jsonb, value->>'kind', (value->>'max_attempts')::smallint, jsonb_build_object('rank', value->>'rank'), (value->>'priority')::smallint, value->>'queue', (value->>'scheduled_at')::timestamp AT TIME ZONE 'UTC', 'available'
		FROM jsonb_array_elements($1::jsonb)`,
	completeJob: `UPDATE river_job SET state = 'completed', finalized_at = now() WHERE id = $1 AND state = 'running'`,
	releaseJobs: `UPDATE river_job SET state = 'available'
		WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] IN (SELECT jsonb_array_elements_text($1::jsonb))`,
	runningJobs: `SELECT id FROM river_job WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] = $1`,
	clampJobs:   `UPDATE river_job SET scheduled_at = now() WHERE state = 'available' AND queue = 'default' AND priority = 1 AND scheduled_at > now() + interval '6 minutes'`,
	laterJobs:   `SELECT COUNT(*) FROM river_job WHERE state = 'available' AND queue = 'default' AND priority = 1 AND scheduled_at > now()`,
	rerankJobs: `UPDATE river_job SET scheduled_at = (metadata->>'rank')::timestamp AT TIME ZONE 'UTC'
		WHERE state = 'available' AND queue = 'default' AND priority IN (2, 3, 4) AND scheduled_at > '2020-01-01' AND metadata->>'rank' < '2020-01-01'`,
}

// migrateLock is the advisory lock of whoever changes tables.
const migrateLock = 7650361

// workerLocks is the class of the advisory locks that living workers hold; the
// worker's number is the object.
const workerLocks = 7650362

type postgresDB struct {
	pool *pgxpool.Pool
	url  string
}

func openPostgres(ctx context.Context, url string) (*postgresDB, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(url, "pool_max_conns") {
		cfg.MaxConns = max(cfg.MaxConns, 8)
	}
	// Every commit waits for the disk. Without that a server that crashed could
	// forget a page and the end of its job, and River, which does not know,
	// would mark the job as done once more.
	cfg.ConnConfig.RuntimeParams["synchronous_commit"] = "on"
	// A machine that vanished keeps its connection, and with it its lock, until
	// the server notices.
	for name, value := range map[string]string{"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"} {
		if _, set := cfg.ConnConfig.RuntimeParams[name]; !set {
			cfg.ConnConfig.RuntimeParams[name] = value
		}
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	return &postgresDB{pool: pool, url: url}, nil
}

func (db *postgresDB) alone(ctx context.Context, f func() error) error {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, migrateLock); err != nil {
		return err
	}
	err = f()
	_, unlockErr := conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, migrateLock)
	return errors.Join(err, unlockErr)
}

func (db *postgresDB) migrateRiver(ctx context.Context) error {
	m, err := rivermigrate.New(riverpgxv5.New(db.pool), nil)
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

func (db *postgresDB) dialect() *dialect { return &postgresDialect }

func (db *postgresDB) close() error {
	db.pool.Close()
	return nil
}

func (db *postgresDB) client(cfg *river.Config) (client, error) {
	return river.NewClient(riverpgxv5.New(db.pool), cfg)
}

func (db *postgresDB) update(ctx context.Context, f func(tx) error) error {
	return pgx.BeginFunc(ctx, db.pool, func(t pgx.Tx) error {
		return f(postgresQuerier{t})
	})
}

func (db *postgresDB) durable(ctx context.Context, f func(tx) error) error { return db.update(ctx, f) }

func (db *postgresDB) exec(ctx context.Context, q string, args ...any) (int64, error) {
	return postgresQuerier{db.pool}.exec(ctx, q, args...)
}

func (db *postgresDB) query(ctx context.Context, q string, args ...any) (rows, error) {
	return postgresQuerier{db.pool}.query(ctx, q, args...)
}

func (db *postgresDB) row(ctx context.Context, q string, args ...any) scanner {
	return postgresQuerier{db.pool}.row(ctx, q, args...)
}

// announce holds an advisory lock on a connection of its own. The server lets
// go of it when the connection breaks, so no clock is asked who is alive. A
// connection that broke while the process lives is made again.
func (db *postgresDB) announce(ctx context.Context, worker int64) (func(), error) {
	conn, err := db.hold(ctx, worker)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-ctx.Done():
				// The lock goes with the connection, in time or not.
				bye, done := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
				defer done()
				_ = conn.Close(bye)
				return
			case <-time.After(2 * time.Second):
			}
			ping, done := context.WithTimeout(ctx, 5*time.Second)
			err := conn.Ping(ping)
			done()
			if err == nil || ctx.Err() != nil {
				continue
			}
			_ = conn.PgConn().Conn().Close() // broken already
			if c, err := db.hold(ctx, worker); err == nil {
				conn = c
			}
		}
	})
	return func() { cancel(); wg.Wait() }, nil
}

func (db *postgresDB) hold(ctx context.Context, worker int64) (*pgx.Conn, error) {
	cfg := db.pool.Config().ConnConfig
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1, $2)`, workerLocks, int32(worker)); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return conn, nil
}

func (db *postgresDB) living(ctx context.Context, workers []int64) (map[int64]bool, error) {
	r, err := db.query(ctx, `SELECT objid::bigint FROM pg_locks
		WHERE locktype = 'advisory' AND classid = $1 AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, workerLocks)
	held, err := collect(r, err, func(s scanner) (id int64, err error) { return id, s.Scan(&id) })
	alive := map[int64]bool{}
	for _, id := range held {
		alive[id] = true
	}
	return alive, err
}

// scrub does nothing: a vacuum of PostgreSQL gives the space free, and what lies
// in its log and its backups is not for a client to take away.
func (db *postgresDB) scrub(context.Context) error { return nil }

func (db *postgresDB) permanent(err error) bool {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return false // the connection: it comes back
	}
	switch e.Code[:2] {
	case "22", "23", "42": // data, integrity, syntax
		return true
	}
	return false
}

// postgresQuerier speaks our SQL through pgx.
type postgresQuerier struct {
	c interface {
		Exec(context.Context, string, ...any) (pgconn.CommandTag, error)
		Query(context.Context, string, ...any) (pgx.Rows, error)
		QueryRow(context.Context, string, ...any) pgx.Row
	}
}

func (q postgresQuerier) exec(ctx context.Context, s string, args ...any) (int64, error) {
	tag, err := q.c.Exec(ctx, s, args...)
	return tag.RowsAffected(), err
}

func (q postgresQuerier) query(ctx context.Context, s string, args ...any) (rows, error) {
	r, err := q.c.Query(ctx, s, args...)
	if err != nil {
		return nil, err
	}
	return r, nil
}

func (q postgresQuerier) row(ctx context.Context, s string, args ...any) scanner {
	return q.c.QueryRow(ctx, s, args...)
}
