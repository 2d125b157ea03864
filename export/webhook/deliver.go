package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/sohoa/sohoa/store"
)

// Deliverer joins the store and a [Sender].
type Deliverer struct {
	Store  *store.Store
	Sender *Sender
	Every  time.Duration // how often the audit log is looked at; 0 means a second
	Rest   time.Duration // how long one that hung is left alone the first time; 0 means 30 seconds
	Fault  func(error)   // told when it cannot be looked at; nil is silence
}

// keepLog is how long the log of deliveries reaches back.
const keepLog = 90 * 24 * time.Hour

// Tasks are the functions that a worker of the store needs, see [store.Work].
func (d *Deliverer) Tasks() map[string]store.TaskFunc {
	r := newRests(d.Rest)
	return map[string]store.TaskFunc{store.DeliveryTask: func(ctx context.Context, payload json.RawMessage, tries int) error {
		var w store.DeliveryWish
		if err := json.Unmarshal(payload, &w); err != nil {
			return store.Permanent(fmt.Errorf("delivery %s: %w", payload, err))
		}
		w.Tries += tries
		return d.deliver(ctx, r, w)
	}}
}

// Run looks for new events and queues their deliveries until ctx ends. Any
// number of processes may run it at the same time.
func (d *Deliverer) Run(ctx context.Context) {
	every := d.Every
	if every == 0 {
		every = time.Second
	}
	var pruned time.Time
	for ctx.Err() == nil {
		if time.Since(pruned) > time.Hour {
			pruned = time.Now()
			if err := d.Store.PruneDeliveries(ctx, pruned.Add(-keepLog)); err != nil && ctx.Err() == nil && d.Fault != nil {
				d.Fault(err)
			}
		}
		_, more, err := d.Store.PlanDeliveries(ctx, Types())
		if err != nil && ctx.Err() == nil && d.Fault != nil {
			d.Fault(err)
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(every):
		}
	}
}

// deliver sends one delivery and writes down what came of it.
func (d *Deliverer) deliver(ctx context.Context, r *rests, w store.DeliveryWish) error {
	id := w.Delivery
	todo, event, err := d.Store.Delivery(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && todo.State != store.Pending {
		return nil // its webhook is gone, or it has arrived
	}
	if err != nil {
		return err
	}
	hook, err := d.Store.Webhook(ctx, todo.Webhook)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if hook.Disabled != "" {
		return d.Store.DropDelivery(ctx, id)
	}
	body, err := NewMessage(event)
	if err != nil {
		return store.Permanent(err)
	}
	secrets := []string{hook.Secret}
	if hook.OldSecret != "" && time.Now().Before(hook.OldUntil) {
		secrets = append(secrets, hook.OldSecret)
	}
	if wait, ok := r.begin(hook.ID, time.Now()); !ok {
		return d.Store.PutOff(ctx, w, wait)
	}
	a := d.Sender.Send(ctx, hook.URL, event.EventID(), body, secrets...)
	r.end(hook.ID, a, time.Now())
	if ctx.Err() != nil {
		return ctx.Err() // we stop; it is sent again
	}
	state := store.Delivered
	switch {
	case a.Error == "":
	case a.Status == http.StatusGone, w.Tries+1 >= store.TaskTries:
		state = store.Undone
	default:
		state = store.Pending
	}
	if err := d.Store.NoteAttempt(ctx, id, a, state); err != nil {
		return err // at least once: it is sent again, under the same id
	}
	if a.Status == http.StatusGone {
		hook.Disabled = "the receiver answered 410 Gone"
		if err := d.Store.ChangeWebhook(ctx, hook, "sohoa"); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	switch state {
	case store.Delivered:
		return nil
	case store.Undone:
		return store.Permanent(fmt.Errorf("webhook %s: %s", hook.ID, a.Error))
	default:
		return fmt.Errorf("webhook %s: %s", hook.ID, a.Error)
	}
}
