package store

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Actions of the audit log about webhooks.
const (
	WebhookMade    = "webhook.made"
	WebhookChanged = "webhook.changed"
	WebhookDropped = "webhook.dropped"
)

// Webhook is an address that is told of events.
type Webhook struct {
	ID        string
	URL       string
	Types     []string // of events, see [AuditEntry.Action]
	Note      string
	Secret    string    // "whsec_…", signs what is sent
	OldSecret string    // signs too until OldUntil, so that a receiver can change over
	OldUntil  time.Time // zero when there is none
	Since     int64     // it is told of events after this one
	Disabled  string    // why nothing is sent, "" while it is
	By        string
	Created   time.Time
}

const webhookColumns = `SELECT id, url, types, note, secret, old_secret, old_until, since, disabled, by_whom, created_at FROM webhooks `

func scanWebhook(r scanner) (h Webhook, err error) {
	var types string
	var until, created int64
	err = r.Scan(&h.ID, &h.URL, &types, &h.Note, &h.Secret, &h.OldSecret, &until, &h.Since, &h.Disabled, &h.By, &created)
	h.Types, h.OldUntil, h.Created = strings.Fields(types), timeOf(until), timeOf(created)
	return h, notFound(err)
}

// MakeWebhook adds an address. It gets an id, a secret, and all events from now
// on.
func (s *Store) MakeWebhook(ctx context.Context, h Webhook) (Webhook, error) {
	h.ID, h.Secret = "wh_"+strings.ToLower(rand.Text()[:12]), newSecret()
	h.Created, h.OldSecret, h.OldUntil, h.Disabled, h.Note = s.now().UTC().Truncate(time.Microsecond), "", time.Time{}, "", clean(h.Note)
	err := s.db.durable(ctx, func(t tx) error {
		if err := t.row(ctx, `SELECT seq FROM audit_head WHERE one = 1`+s.db.dialect().forUpdate).Scan(&h.Since); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `INSERT INTO webhooks (id, url, types, note, secret, since, by_whom, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			h.ID, clean(h.URL), strings.Join(h.Types, " "), h.Note, h.Secret, h.Since, clean(h.By), microseconds(h.Created)); err != nil {
			return err
		}
		return s.audit(ctx, t, h.By, WebhookMade, "", 0, map[string]any{"webhook": h.ID, "url": h.URL, "types": h.Types})
	})
	if err != nil {
		return h, fmt.Errorf("make webhook: %w", err)
	}
	return h, nil
}

// newSecret makes 32 random bytes in the form of Standard Webhooks.
func newSecret() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails, says crypto/rand
	return "whsec_" + base64.StdEncoding.EncodeToString(key)
}

// Webhooks lists the addresses, oldest first.
func (s *Store) Webhooks(ctx context.Context) ([]Webhook, error) {
	r, err := s.db.query(ctx, webhookColumns+`ORDER BY created_at, id`)
	all, err := collect(r, err, scanWebhook)
	if err != nil {
		return nil, fmt.Errorf("list webhooks: %w", err)
	}
	return all, nil
}

// Webhook returns one address, [ErrNotFound] when there is none.
func (s *Store) Webhook(ctx context.Context, id string) (Webhook, error) {
	h, err := scanWebhook(s.db.row(ctx, webhookColumns+`WHERE id = $1`, id))
	if err != nil {
		return h, fmt.Errorf("webhook %q: %w", id, err)
	}
	return h, nil
}

// ChangeWebhook writes URL, Types, Note and Disabled down anew.
func (s *Store) ChangeWebhook(ctx context.Context, h Webhook, by string) error {
	err := s.db.durable(ctx, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE webhooks SET url = $2, types = $3, note = $4, disabled = $5 WHERE id = $1`, h.ID, clean(h.URL), strings.Join(h.Types, " "), clean(h.Note), clean(h.Disabled))
		if err == nil && n == 0 {
			err = ErrNotFound
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, t, by, WebhookChanged, "", 0, map[string]any{"webhook": h.ID, "url": h.URL, "types": h.Types, "disabled": h.Disabled})
	})
	if err != nil {
		return fmt.Errorf("change webhook %q: %w", h.ID, err)
	}
	return nil
}

// TurnSecret gives an address a new secret. The old one signs too for the given
// time.
func (s *Store) TurnSecret(ctx context.Context, id, by string, keep time.Duration) (Webhook, error) {
	err := s.db.durable(ctx, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE webhooks SET old_secret = secret, old_until = $2, secret = $3 WHERE id = $1`, id, microseconds(s.now().Add(keep)), newSecret())
		if err == nil && n == 0 {
			err = ErrNotFound
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, t, by, WebhookChanged, "", 0, map[string]any{"webhook": id, "secret": "turned"})
	})
	if err != nil {
		return Webhook{}, fmt.Errorf("turn the secret of webhook %q: %w", id, err)
	}
	return s.Webhook(ctx, id)
}

// DropWebhook takes an address away with the log of its deliveries. What is
// under way may still arrive.
func (s *Store) DropWebhook(ctx context.Context, id, by string) error {
	err := s.db.durable(ctx, func(t tx) error {
		n, err := t.exec(ctx, `DELETE FROM webhooks WHERE id = $1`, id)
		if err == nil && n == 0 {
			err = ErrNotFound
		}
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `DELETE FROM attempts WHERE delivery IN (SELECT id FROM deliveries WHERE webhook = $1)`, id); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `DELETE FROM deliveries WHERE webhook = $1`, id); err != nil {
			return err
		}
		return s.audit(ctx, t, by, WebhookDropped, "", 0, map[string]any{"webhook": id})
	})
	if err != nil {
		return fmt.Errorf("drop webhook %q: %w", id, err)
	}
	return nil
}

// DeliveryState is how far a delivery is.
type DeliveryState string

const (
	Pending   DeliveryState = "pending"   // it will be tried, or tried again
	Delivered DeliveryState = "delivered" // the receiver said that it has it
	Undone    DeliveryState = "failed"    // it was tried for the last time; see [Store.Replay]
	Dropped   DeliveryState = "dropped"   // its webhook was disabled
)

// Delivery is the telling of one address of one event.
type Delivery struct {
	ID       int64
	Webhook  string
	Seq      int64 // of the event in the audit log
	Type     string
	State    DeliveryState
	Attempts int
	Created  time.Time
	Finished time.Time // zero while it is pending
	Last     Attempt   // zero before the first
}

// Attempt is one try of a delivery.
type Attempt struct {
	Number  int
	At      time.Time
	Seconds float64
	Status  int    // of HTTP, 0 when there was no answer
	Error   string // "" when it arrived
	Answer  string // its beginning
	Hung    bool   // the receiver did not answer in time; not kept
}

// DeliveryTask is the name of the tasks that send a delivery; the payload is a
// [DeliveryWish].
const DeliveryTask = "webhook"

// DeliveryWish is the payload of a task that sends a delivery.
type DeliveryWish struct {
	Delivery int64 `json:"delivery"`
	Tries    int   `json:"tries,omitempty"` // before it was put off, besides those that the task counts
}

// PutOff queues a delivery for later without counting it as a try.
func (s *Store) PutOff(ctx context.Context, w DeliveryWish, wait time.Duration) error {
	return s.Enqueue(ctx, NewTask{Name: DeliveryTask, Payload: json.RawMessage(mustJSON(w)), At: s.now().Add(wait)})
}

// PruneDeliveries forgets deliveries that ended before a time, with their
// attempts.
func (s *Store) PruneDeliveries(ctx context.Context, before time.Time) error {
	err := s.db.update(ctx, func(t tx) error {
		const old = `SELECT id FROM deliveries WHERE finished_at > 0 AND finished_at < $1`
		if _, err := t.exec(ctx, `DELETE FROM attempts WHERE delivery IN (`+old+`)`, microseconds(before)); err != nil {
			return err
		}
		_, err := t.exec(ctx, `DELETE FROM deliveries WHERE finished_at > 0 AND finished_at < $1`, microseconds(before))
		return err
	})
	if err != nil {
		return fmt.Errorf("prune deliveries: %w", err)
	}
	return nil
}

// webhookCursor names how far the audit log has been told of.
const webhookCursor = "webhooks"

// PlanDeliveries looks at the next events and queues a delivery for each address
// that wants one, both or neither: an event is neither left out nor queued
// twice, whichever processes look. types are all those that are ever told of.
// It reports how many deliveries it queued, and whether there may be more to
// look at.
func (s *Store) PlanDeliveries(ctx context.Context, types []string) (planned int, more bool, err error) {
	const most = 500
	hooks, err := s.Webhooks(ctx)
	if err != nil || len(hooks) == 0 {
		return 0, false, err // those to come are told of what happens after them
	}
	from, err := s.Cursor(ctx, webhookCursor)
	if err != nil {
		return 0, false, err
	}
	// Nothing before the oldest address matters to any.
	after := max(from, slices.MinFunc(hooks, func(a, b Webhook) int { return int(a.Since - b.Since) }).Since)
	events, err := s.Events(ctx, types, after, most)
	if err != nil || len(events) == 0 {
		return 0, false, err
	}
	to := events[len(events)-1].Seq
	err = s.db.durable(ctx, func(t tx) error {
		planned = 0
		if _, err := t.exec(ctx, `INSERT INTO cursors (name, seq) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING`, webhookCursor); err != nil {
			return err
		}
		if n, err := t.exec(ctx, `UPDATE cursors SET seq = $3 WHERE name = $1 AND seq = $2`, webhookCursor, from, to); err != nil || n == 0 {
			return errors.Join(err, ErrConflict)
		}
		var tasks []NewTask
		for _, e := range events {
			if outdated(e) {
				continue
			}
			for _, h := range hooks {
				if h.Disabled != "" || e.Seq <= h.Since || !slices.Contains(h.Types, e.Action) {
					continue
				}
				var id int64
				if err := t.row(ctx, `INSERT INTO deliveries (webhook, seq, type, state, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
					h.ID, e.Seq, e.Action, string(Pending), microseconds(s.now())).Scan(&id); err != nil {
					return err
				}
				tasks = append(tasks, deliveryTask(id))
			}
		}
		planned = len(tasks)
		return s.enqueue(ctx, t, tasks)
	})
	if errors.Is(err, ErrConflict) {
		return 0, true, nil // another process was faster
	}
	if err != nil {
		return 0, false, fmt.Errorf("plan deliveries: %w", err)
	}
	return planned, len(events) == most, nil
}

func deliveryTask(id int64) NewTask {
	return NewTask{Name: DeliveryTask, Payload: json.RawMessage(mustJSON(DeliveryWish{Delivery: id}))}
}

// outdated reports whether an event tells of a reading that nobody sees, since
// a newer one was there already.
func outdated(e AuditEntry) bool {
	var data struct {
		Current *bool `json:"current"`
	}
	return e.Action == Processed && json.Unmarshal(e.Data, &data) == nil && data.Current != nil && !*data.Current
}

const deliveryColumns = `SELECT d.id, d.webhook, d.seq, d.type, d.state, d.attempts, d.created_at, d.finished_at,
	COALESCE(a.number, 0), COALESCE(a.at, 0), COALESCE(a.seconds, 0), COALESCE(a.status, 0), COALESCE(a.error, ''), COALESCE(a.answer, '')
	FROM deliveries d LEFT JOIN attempts a ON a.delivery = d.id AND a.number = d.attempts `

func scanDelivery(r scanner) (d Delivery, err error) {
	var created, finished, at int64
	err = r.Scan(&d.ID, &d.Webhook, &d.Seq, &d.Type, &d.State, &d.Attempts, &created, &finished, &d.Last.Number, &at, &d.Last.Seconds, &d.Last.Status, &d.Last.Error, &d.Last.Answer)
	d.Created, d.Finished, d.Last.At = timeOf(created), timeOf(finished), timeOf(at)
	return d, notFound(err)
}

// Delivery returns one delivery with its event.
func (s *Store) Delivery(ctx context.Context, id int64) (d Delivery, e AuditEntry, err error) {
	d, err = scanDelivery(s.db.row(ctx, deliveryColumns+`WHERE d.id = $1`, id))
	if err == nil {
		e, err = scanAudit(s.db.row(ctx, auditColumns+`WHERE seq = $1`, d.Seq))
		err = notFound(err)
	}
	if err != nil {
		return d, e, fmt.Errorf("delivery %d: %w", id, err)
	}
	return d, e, nil
}

// Deliveries lists up to limit deliveries, newest first, before the one with
// the given id (0 begins with the newest): of one address, or of all when
// webhook is ""; in one state, or in all.
func (s *Store) Deliveries(ctx context.Context, webhook string, state DeliveryState, before int64, limit int) ([]Delivery, error) {
	where, args := []string{"1 = 1"}, []any{}
	arg := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	if webhook != "" {
		where = append(where, "d.webhook = "+arg(webhook))
	}
	if state != "" {
		where = append(where, "d.state = "+arg(string(state)))
	}
	if before > 0 {
		where = append(where, "d.id < "+arg(before))
	}
	r, err := s.db.query(ctx, deliveryColumns+`WHERE `+strings.Join(where, " AND ")+` ORDER BY d.id DESC LIMIT `+arg(limit), args...)
	all, err := collect(r, err, scanDelivery)
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	return all, nil
}

// Attempts lists the tries of a delivery, oldest first.
func (s *Store) Attempts(ctx context.Context, delivery int64) ([]Attempt, error) {
	r, err := s.db.query(ctx, `SELECT number, at, seconds, status, error, answer FROM attempts WHERE delivery = $1 ORDER BY number`, delivery)
	all, err := collect(r, err, func(s scanner) (a Attempt, err error) {
		var at int64
		err = s.Scan(&a.Number, &at, &a.Seconds, &a.Status, &a.Error, &a.Answer)
		a.At = timeOf(at)
		return a, err
	})
	if err != nil {
		return nil, fmt.Errorf("list attempts: %w", err)
	}
	return all, nil
}

// NoteAttempt writes a try down, and the state that the delivery is in after
// it. What arrived stays delivered, whatever a try that came later says.
func (s *Store) NoteAttempt(ctx context.Context, delivery int64, a Attempt, after DeliveryState) error {
	err := s.db.update(ctx, func(t tx) error {
		finished := int64(0)
		if after != Pending {
			finished = microseconds(s.now())
		}
		err := t.row(ctx, `UPDATE deliveries SET attempts = attempts + 1, state = CASE WHEN state = 'delivered' THEN state ELSE $2 END,
			finished_at = CASE WHEN state = 'delivered' THEN finished_at ELSE $3 END WHERE id = $1 RETURNING attempts`, delivery, string(after), finished).Scan(&a.Number)
		if err != nil {
			return notFound(err)
		}
		_, err = t.exec(ctx, `INSERT INTO attempts (delivery, number, at, seconds, status, error, answer) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			delivery, a.Number, microseconds(a.At), a.Seconds, a.Status, clean(a.Error), clean(a.Answer))
		return err
	})
	if err != nil {
		return fmt.Errorf("note attempt of delivery %d: %w", delivery, err)
	}
	return nil
}

// DropDelivery ends a delivery that is not to be made any more.
func (s *Store) DropDelivery(ctx context.Context, delivery int64) error {
	_, err := s.db.exec(ctx, `UPDATE deliveries SET state = $2, finished_at = $3 WHERE id = $1 AND state = $4`, delivery, string(Dropped), microseconds(s.now()), string(Pending))
	if err != nil {
		return fmt.Errorf("drop delivery %d: %w", delivery, err)
	}
	return nil
}

// Replay queues a delivery again that is not pending: under the same id, so that
// a receiver that has it already can tell. [ErrConflict] when it is pending.
func (s *Store) Replay(ctx context.Context, delivery int64) error {
	err := s.db.durable(ctx, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE deliveries SET state = $2, finished_at = 0 WHERE id = $1 AND state <> $2`, delivery, string(Pending))
		if err != nil {
			return err
		}
		if n == 0 {
			var there int64
			if err := t.row(ctx, `SELECT id FROM deliveries WHERE id = $1`, delivery).Scan(&there); err != nil {
				return notFound(err)
			}
			return ErrConflict
		}
		return s.enqueue(ctx, t, []NewTask{deliveryTask(delivery)})
	})
	if err != nil {
		return fmt.Errorf("replay delivery %d: %w", delivery, err)
	}
	return nil
}

// ReplaySince queues all events from a time on for an address, once more or for
// the first time: those before it was made or while it was disabled, too.
// Deliveries that are pending stay as they are. It returns how many it queued.
func (s *Store) ReplaySince(ctx context.Context, webhook string, since time.Time) (queued int, err error) {
	err = s.db.durable(ctx, func(t tx) error {
		h, err := scanWebhook(t.row(ctx, webhookColumns+`WHERE id = $1`, webhook))
		if err != nil {
			return err
		}
		// Later ones will be planned.
		var planned int64
		if err := t.row(ctx, `SELECT COALESCE(MAX(seq), 0) FROM cursors WHERE name = $1`, webhookCursor).Scan(&planned); err != nil {
			return err
		}
		args, in := []any{microseconds(since), max(planned, h.Since)}, []string{}
		for _, kind := range h.Types {
			args = append(args, kind)
			in = append(in, fmt.Sprintf("$%d", len(args)))
		}
		if len(in) == 0 {
			return nil
		}
		r, err := t.query(ctx, auditColumns+`WHERE at >= $1 AND action IN (`+strings.Join(in, ", ")+`) AND seq <= $2 ORDER BY seq`, args...)
		events, err := collect(r, err, scanAudit)
		if err != nil {
			return err
		}
		var tasks []NewTask
		for _, e := range events {
			if outdated(e) {
				continue
			}
			var id int64
			err := t.row(ctx, `INSERT INTO deliveries (webhook, seq, type, state, created_at) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (webhook, seq) DO UPDATE SET state = excluded.state, finished_at = 0 WHERE deliveries.state <> excluded.state RETURNING id`,
				webhook, e.Seq, e.Action, string(Pending), microseconds(s.now())).Scan(&id)
			if errors.Is(notFound(err), ErrNotFound) {
				continue // it is pending
			}
			if err != nil {
				return err
			}
			tasks = append(tasks, deliveryTask(id))
		}
		queued = len(tasks)
		return s.enqueue(ctx, t, tasks)
	})
	if err != nil {
		return 0, fmt.Errorf("replay for webhook %q: %w", webhook, err)
	}
	return queued, nil
}

// TaskTries is how often a task is tried in all; see [TaskFunc].
const TaskTries = taskTries
