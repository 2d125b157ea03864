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
	Fault  func(error)   // told when it cannot be looked at; nil is silence
}

// Tasks are the functions that a worker of the store needs, see [store.Work].
func (d *Deliverer) Tasks() map[string]store.TaskFunc {
	return map[string]store.TaskFunc{store.DeliveryTask: d.deliver}
}

// Run looks for new events and queues their deliveries until ctx ends. Any
// number of processes may run it at the same time.
func (d *Deliverer) Run(ctx context.Context) {
	every := d.Every
	if every == 0 {
		every = time.Second
	}
	for ctx.Err() == nil {
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
func (d *Deliverer) deliver(ctx context.Context, payload json.RawMessage, tries int) error {
	var id int64
	if err := json.Unmarshal(payload, &id); err != nil {
		return store.Permanent(fmt.Errorf("delivery %s: %w", payload, err))
	}
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
	a := d.Sender.Send(ctx, hook.URL, event.EventID(), body, secrets...)
	if ctx.Err() != nil {
		return ctx.Err() // we stop; it is sent again
	}
	state := store.Delivered
	switch {
	case a.Error == "":
	case a.Status == http.StatusGone, tries+1 >= store.TaskTries:
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
