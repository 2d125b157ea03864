package store

import (
	"context"
	"database/sql/driver"

	"modernc.org/sqlite"
)

// The SQLite driver compiles each statement anew each time; a third of the
// time of a queue went into that. These types keep compiled statements with
// their connection, for our statements and River's alike.

// connector opens connections that keep their statements.
type connector struct{ dsn string }

func (c connector) Driver() driver.Driver { return &sqlite.Driver{} }

func (c connector) Connect(context.Context) (driver.Conn, error) {
	inner, err := c.Driver().Open(c.dsn)
	if err != nil {
		return nil, err
	}
	return &cachingConn{connection: inner.(connection), kept: map[string]*keptStmt{}}, nil
}

// connection is what the driver's connections offer beyond driver.Conn.
type connection interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type cachingConn struct {
	connection
	kept map[string]*keptStmt
}

type keptStmt struct {
	driver.Stmt
	busy bool // its rows are still being read
}

// keepStatements bounds the statements of a connection. We and River have
// about a hundred; queries that are composed at run time may add to them.
const keepStatements = 250

// statement returns a compiled statement, nil when it is in use or there are
// too many: then the driver is to do it once.
func (c *cachingConn) statement(ctx context.Context, query string) (*keptStmt, error) {
	if s := c.kept[query]; s != nil {
		if s.busy {
			return nil, nil
		}
		return s, nil
	}
	if len(c.kept) >= keepStatements {
		return nil, nil
	}
	inner, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s := &keptStmt{Stmt: inner}
	c.kept[query] = s
	return s, nil
}

// ExecContext implements driver.ExecerContext.
func (c *cachingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 0 { // transactions, pragmas, migrations of many statements
		return c.connection.ExecContext(ctx, query, args)
	}
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.connection.ExecContext(ctx, query, args)
	}
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

// QueryContext implements driver.QueryerContext.
func (c *cachingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.connection.QueryContext(ctx, query, args)
	}
	r, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &keptRows{Rows: r, of: s}, nil
}

// Close closes the statements and the connection.
func (c *cachingConn) Close() error {
	for _, s := range c.kept {
		_ = s.Close() // closing the connection tells what is wrong
	}
	clear(c.kept)
	return c.connection.Close()
}

// keptRows gives the statement back when it is closed.
type keptRows struct {
	driver.Rows
	of *keptStmt
}

// Close implements driver.Rows.
func (r *keptRows) Close() error {
	r.of.busy = false
	return r.Rows.Close()
}
