package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/sohoa/sohoa/export/webhook"
	"github.com/sohoa/sohoa/store"
)

// webhookCmd holds the commands about telling other systems.
type webhookCmd struct {
	Add        webhookAddCmd        `cmd:"" help:"tell an address of events; its secret is shown once"`
	List       webhookListCmd       `cmd:"" help:"list the addresses that are told of events"`
	Remove     webhookRemoveCmd     `cmd:"" help:"tell an address no more, and forget its log"`
	Deliveries webhookDeliveriesCmd `cmd:"" help:"what became of the messages, newest first"`
	Replay     webhookReplayCmd     `cmd:"" help:"send messages once more, under the same id"`
}

type webhookAddCmd struct {
	URL string `arg:"" help:"address: https://…, or http://… in an allowed network"`
	storing
	Event []string `placeholder:"EVENT" help:"event: document.processed, document.approved or field.corrected; may be given many times (default: all)"`
	Note  string   `placeholder:"TEXT" help:"what it is for, for people"`
}

func (webhookAddCmd) Help() string {
	return example(
		"  sohoa webhook add https://dashboard.example.vn/sohoa --event document.approved",
		"  sohoa webhook list",
		"  sohoa webhook deliveries wh_3fa9c2 --state failed",
		"  sohoa webhook replay wh_3fa9c2 --since 2026-07-01",
	)
}

func (w *webhookAddCmd) Run(ctx context.Context, c *console) error {
	if len(w.Event) == 0 {
		w.Event = webhook.Types()
	}
	if err := errors.Join(webhook.CheckURL(w.URL), webhook.CheckTypes(w.Event)); err != nil {
		return usage(c.Sprintf("run `sohoa %s --help` for the usage", "webhook add"), err)
	}
	s, err := w.open(ctx, c, nil)
	if err != nil {
		return err
	}
	defer s.Close()
	h, err := s.MakeWebhook(ctx, store.Webhook{URL: w.URL, Types: w.Event, Note: w.Note, By: whoami()})
	if err != nil {
		return err
	}
	fmt.Fprintln(c.err, c.Sprintf("Verify the messages with this secret; it is not shown again:"))
	fmt.Fprintf(c.out, "%s  %s\n", h.ID, h.Secret)
	return nil
}

type webhookListCmd struct{ storing }

func (w *webhookListCmd) Run(ctx context.Context, c *console) error {
	s, err := w.existing(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	all, err := s.Webhooks(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, h := range all {
		state := c.Sprintf("is told")
		if h.Disabled != "" {
			state = c.Sprintf("is not told: %s", h.Disabled)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", h.ID, h.URL, strings.Join(h.Types, " "), state, h.Note)
	}
	return table.Flush()
}

type webhookRemoveCmd struct {
	ID string `arg:"" help:"id of the address, as in the list"`
	storing
}

func (w *webhookRemoveCmd) Run(ctx context.Context, c *console) error {
	s, err := w.existing(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	return unknownWebhook(c, w.ID, s.DropWebhook(ctx, w.ID, whoami()))
}

// unknownWebhook says what to do when there is no address with the id.
func unknownWebhook(c *console, id string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return usage(c.Sprintf("run `sohoa webhook list` to see them"), errors.New(c.Sprintf("no address has the id %q", id)))
	}
	return err
}

type webhookDeliveriesCmd struct {
	ID string `arg:"" optional:"" help:"id of the address, as in the list"`
	storing
	State string `placeholder:"STATE" help:"only those that are pending, delivered, failed or dropped"`
	Last  int    `default:"50" placeholder:"N" help:"so many of them"`
}

func (w *webhookDeliveriesCmd) Run(ctx context.Context, c *console) error {
	states := []store.DeliveryState{"", store.Pending, store.Delivered, store.Undone, store.Dropped}
	if !slices.Contains(states, store.DeliveryState(w.State)) {
		return usage(c.Sprintf("only those that are pending, delivered, failed or dropped"), errors.New(c.Sprintf("there is no state %q", w.State)))
	}
	s, err := w.existing(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	if w.ID != "" {
		if _, err := s.Webhook(ctx, w.ID); err != nil {
			return unknownWebhook(c, w.ID, err)
		}
	}
	all, err := s.Deliveries(ctx, w.ID, store.DeliveryState(w.State), 0, w.Last)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, d := range all {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%d\t%s\n", d.ID, d.Created.Local().Format(time.DateTime), d.Webhook, d.Type, d.State, d.Attempts, d.Last.Error)
	}
	return table.Flush()
}

type webhookReplayCmd struct {
	ID string `arg:"" help:"id of the address, as in the list"`
	storing
	Delivery []int64   `placeholder:"N" help:"only these deliveries, by their numbers"`
	Since    time.Time `format:"2006-01-02" placeholder:"DAY" help:"all events since this day, like 2026-07-01"`
}

func (w *webhookReplayCmd) Run(ctx context.Context, c *console) error {
	if len(w.Delivery) == 0 && w.Since.IsZero() {
		return usage(c.Sprintf("give --since DAY, or --delivery N"), errors.New(c.Sprintf("it is not said what to send")))
	}
	s, err := w.existing(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	if _, err := s.Webhook(ctx, w.ID); err != nil {
		return unknownWebhook(c, w.ID, err)
	}
	queued := 0
	for _, id := range w.Delivery {
		d, _, err := s.Delivery(ctx, id)
		if err == nil && d.Webhook != w.ID {
			err = store.ErrNotFound
		}
		if err == nil {
			err = s.Replay(ctx, id)
		}
		switch {
		case errors.Is(err, store.ErrConflict): // it will be sent anyhow
		case errors.Is(err, store.ErrNotFound):
			return usage(c.Sprintf("run `sohoa webhook deliveries` to see them"), errors.New(c.Sprintf("the address has no delivery %d", id)))
		case err != nil:
			return err
		default:
			queued++
		}
	}
	if !w.Since.IsZero() {
		n, err := s.ReplaySince(ctx, w.ID, w.Since)
		if err != nil {
			return err
		}
		queued += n
	}
	fmt.Fprintln(c.out, c.Sprintf("%d messages are queued.", queued))
	return nil
}

// telling holds the flags of the commands that tell other systems of events.
type telling struct {
	Webhooks     bool     `default:"true" negatable:"" help:"tell other systems of events from here"`
	WebhookAllow []string `placeholder:"CIDR" help:"private network that webhooks may reach, also without TLS, like 10.20.0.0/16; may be given many times"`
}

// sender returns what sends the messages, nil when this process tells nobody.
func (t *telling) sender(c *console) (*webhook.Sender, error) {
	if !t.Webhooks {
		return nil, nil
	}
	var guard webhook.Guard
	for _, network := range t.WebhookAllow {
		p, err := netip.ParsePrefix(network)
		if err != nil {
			return nil, usage(c.Sprintf("write networks like 10.20.0.0/16"), errors.New(c.Sprintf("%q is no network", network)))
		}
		guard.Allow = append(guard.Allow, p.Masked())
	}
	return webhook.NewSender(webhook.Sender{Guard: guard, Agent: "sohoa/" + version}), nil
}

// tell adds telling other systems to what a worker does, if there is a sender.
// The function that it returns ends the looking for events.
func tell(ctx context.Context, s *store.Store, sender *webhook.Sender, work *store.Work, log *slog.Logger) (stop func()) {
	if sender == nil {
		return func() {}
	}
	d := &webhook.Deliverer{Store: s, Sender: sender, Fault: func(err error) { log.Error("events cannot be looked at", "reason", err) }}
	work.Tasks = d.Tasks()
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { d.Run(ctx) })
	return func() { cancel(); wg.Wait() }
}
