// Package webhook tells other systems of events, in the form of Standard
// Webhooks (standardwebhooks.com): a JSON message, signed and timestamped, with
// an id that stays the same however often it is sent.
//
//	audit log ─ Run ─► deliveries and tasks of the store ─ Task ─► receiver
//
// The two arrows are durable: planning moves a cursor over the audit log and
// queues the deliveries in one transaction, and each delivery is a task of the
// store's queue, tried again with growing pauses for about half a day. So every
// event reaches a receiver that comes back in that time, at least once, and the
// rest can be replayed.
//
// The addresses come from users, the network is ours: a connection is made only
// to an address that is public or was allowed, which is asked of the address
// that the name was resolved to, when the connection is made.
package webhook

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/sohoa/sohoa/store"
)

// Types are the events that a receiver may be told of.
func Types() []string { return []string{store.Processed, store.Approved, store.Amended} }

// Message is the body that receivers get.
type Message struct {
	Type string    `json:"type"`
	Time time.Time `json:"timestamp"` // of the event
	Data Data      `json:"data"`
}

// Data says what happened to which document. The content is not in it: a
// receiver fetches it with a token of its own, as it is by then.
type Data struct {
	Event      string   `json:"event"` // id, the same as webhook-id
	Seq        int64    `json:"seq"`   // tells the order, which the deliveries do not
	Document   string   `json:"document"`
	Version    int      `json:"version"`
	Actor      string   `json:"actor"`
	Revision   int64    `json:"revision,omitempty"`    // document.approved, field.corrected
	Pages      int      `json:"pages,omitempty"`       // document.processed
	Records    int      `json:"records,omitempty"`     // document.processed
	Fields     int      `json:"fields,omitempty"`      // document.processed
	FieldsLeft int      `json:"fields_left,omitempty"` // document.processed, document.approved
	Batch      string   `json:"batch,omitempty"`       // field.corrected
	Undoes     string   `json:"undoes,omitempty"`      // field.corrected
	Paths      []string `json:"paths,omitempty"`       // field.corrected
}

// NewMessage makes the message of an event. The same event always gives the
// same bytes.
func NewMessage(e store.AuditEntry) ([]byte, error) {
	m := Message{Type: e.Action, Time: e.At}
	if err := json.Unmarshal(e.Data, &m.Data); err != nil {
		return nil, fmt.Errorf("event %d: %w", e.Seq, err)
	}
	m.Data.Event, m.Data.Seq, m.Data.Document, m.Data.Version, m.Data.Actor = e.EventID(), e.Seq, e.Document, e.Version, e.Actor
	data, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("event %d: %w", e.Seq, err)
	}
	return data, nil
}

// Sign returns the value of the webhook-signature header: a signature for each
// secret, so that a receiver may change over from one to the next.
func Sign(id string, at time.Time, body []byte, secrets ...string) (string, error) {
	var all []string
	for _, secret := range secrets {
		w, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			return "", fmt.Errorf("sign webhook: %w", err)
		}
		s, err := w.Sign(id, at, body)
		if err != nil {
			return "", fmt.Errorf("sign webhook: %w", err)
		}
		all = append(all, s)
	}
	return strings.Join(all, " "), nil
}

// CheckURL says what is wrong with an address. Where it leads is asked when a
// connection is made, see [Guard].
func CheckURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return fmt.Errorf("the address %q cannot be read", address)
	case u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("the address begins with https://, or with http:// within the own network, not with %q", u.Scheme)
	case u.Hostname() == "":
		return fmt.Errorf("the address %q names no host", address)
	case u.User != nil:
		return fmt.Errorf("the address holds a password; the signature tells who we are")
	case u.Fragment != "":
		return fmt.Errorf("the address has a part behind #")
	case len(address) > 2000:
		return fmt.Errorf("the address is longer than 2000 characters")
	}
	return nil
}

// CheckTypes says which of the events is none that is told of.
func CheckTypes(types []string) error {
	if len(types) == 0 {
		return fmt.Errorf("name at least one event: %s", strings.Join(Types(), ", "))
	}
	for _, t := range types {
		if !slices.Contains(Types(), t) {
			return fmt.Errorf("there is no event %q: there are %s", t, strings.Join(Types(), ", "))
		}
	}
	return nil
}
