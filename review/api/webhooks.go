package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/export/webhook"
	"github.com/sohoa/sohoa/store"
)

// Webhook is an address that is told of events.
type Webhook struct {
	ID       string    `json:"id"`
	URL      string    `json:"url"`
	Types    []string  `json:"types" enum:"document.processed,document.approved,field.corrected"`
	Note     string    `json:"note"`
	Disabled string    `json:"disabled" doc:"why nothing is sent, empty while it is"`
	By       string    `json:"by" doc:"who made it"`
	Created  time.Time `json:"created"`
}

// SecretWebhook is a webhook with what signs its messages. It is shown when
// the secret is made, and never again.
type SecretWebhook struct {
	Webhook
	Secret string `json:"secret" doc:"whsec_…: verify each message with it, see standardwebhooks.com"`
}

// NewWebhook is a wish for a webhook.
type NewWebhook struct {
	URL   string   `json:"url" minLength:"1" maxLength:"2000" doc:"https://…; http:// within networks that the server allows"`
	Types []string `json:"types" minItems:"1" maxItems:"10" enum:"document.processed,document.approved,field.corrected"`
	Note  string   `json:"note,omitempty" maxLength:"500" doc:"for people"`
}

// WebhookChange changes what is named in it.
type WebhookChange struct {
	URL      string   `json:"url,omitempty" maxLength:"2000"`
	Types    []string `json:"types,omitempty" maxItems:"10" enum:"document.processed,document.approved,field.corrected"`
	Note     *string  `json:"note,omitempty" maxLength:"500"`
	Disabled *bool    `json:"disabled,omitempty" doc:"true stops the sending, false begins it again"`
}

// Delivery is the telling of a webhook of one event.
type Delivery struct {
	ID       int64     `json:"id"`
	Webhook  string    `json:"webhook"`
	Seq      int64     `json:"seq" doc:"of the event"`
	Type     string    `json:"type"`
	State    string    `json:"state" enum:"pending,delivered,failed,dropped"`
	Attempts int       `json:"attempts"`
	Created  time.Time `json:"created"`
	Finished time.Time `json:"finished,omitzero"`
	Last     *Attempt  `json:"last,omitempty" doc:"the last try"`
}

// Attempt is one try of a delivery.
type Attempt struct {
	Number  int       `json:"number"`
	At      time.Time `json:"at"`
	Seconds float64   `json:"seconds"`
	Status  int       `json:"status" doc:"of HTTP, 0 when there was no answer"`
	Error   string    `json:"error" doc:"empty when it arrived"`
	Answer  string    `json:"answer" doc:"its beginning"`
}

// DeliveryDetail is a delivery with all its tries.
type DeliveryDetail struct {
	Delivery Delivery  `json:"delivery"`
	EventID  string    `json:"event_id" doc:"webhook-id of the message"`
	Attempts []Attempt `json:"attempts" doc:"oldest first"`
}

// ReplayWish says which events are to be sent once more.
type ReplayWish struct {
	Since time.Time `json:"since" doc:"events at or after"`
}

// Replayed says how many deliveries were queued.
type Replayed struct {
	Queued int `json:"queued"`
}

// WebhookPath names a webhook.
type WebhookPath struct {
	Webhook string `path:"webhook" maxLength:"64"`
}

// DeliveryPath names a delivery of a webhook.
type DeliveryPath struct {
	WebhookPath
	Delivery int64 `path:"delivery" minimum:"1"`
}

type webhookOutput struct {
	Body Webhook
}

type secretOutput struct {
	Body SecretWebhook
}

func webhookOf(h store.Webhook) Webhook {
	return Webhook{h.ID, h.URL, append([]string{}, h.Types...), h.Note, h.Disabled, h.By, h.Created}
}

func deliveryOf(d store.Delivery) Delivery {
	out := Delivery{ID: d.ID, Webhook: d.Webhook, Seq: d.Seq, Type: d.Type, State: string(d.State), Attempts: d.Attempts, Created: d.Created, Finished: d.Finished}
	if d.Attempts > 0 {
		last := attemptOf(d.Last)
		out.Last = &last
	}
	return out
}

func attemptOf(a store.Attempt) Attempt {
	return Attempt{a.Number, a.At, a.Seconds, a.Status, a.Error, a.Answer}
}

// keepSecret is how long a secret that was replaced signs too.
const keepSecret = 24 * time.Hour

func (v *Server) webhooks() {
	register(v, ManageWebhooks, huma.Operation{OperationID: "list-webhooks", Method: http.MethodGet, Path: "/webhooks", Tags: []string{"webhooks"}, Summary: "List webhooks"},
		func(ctx context.Context, _ *struct{}) (*paged[Webhook], error) {
			hooks, err := v.store.Webhooks(ctx)
			if err != nil {
				return nil, err
			}
			out := make([]Webhook, len(hooks))
			for i, h := range hooks {
				out[i] = webhookOf(h)
			}
			return page(out, ""), nil
		})
	register(v, ManageWebhooks, huma.Operation{OperationID: "create-webhook", Method: http.MethodPost, Path: "/webhooks", Tags: []string{"webhooks"}, Summary: "Be told of events", DefaultStatus: http.StatusCreated,
		Description: "Messages have the form of Standard Webhooks: headers webhook-id, webhook-timestamp and webhook-signature. Answer with a status between 200 and 299 within 15 seconds; what fails is sent again with growing pauses for about half a day, under the same webhook-id. The secret is shown once."},
		func(ctx context.Context, in *struct{ Body NewWebhook }) (*secretOutput, error) {
			if err := checkWebhook(in.Body.URL, in.Body.Types); err != nil {
				return nil, err
			}
			h, err := v.store.MakeWebhook(ctx, store.Webhook{URL: in.Body.URL, Types: in.Body.Types, Note: in.Body.Note, By: caller(ctx).Actor()})
			return &secretOutput{SecretWebhook{webhookOf(h), h.Secret}}, err
		})
	register(v, ManageWebhooks, huma.Operation{OperationID: "get-webhook", Method: http.MethodGet, Path: "/webhooks/{webhook}", Tags: []string{"webhooks"}, Summary: "A webhook", Errors: []int{http.StatusNotFound}},
		func(ctx context.Context, in *WebhookPath) (*webhookOutput, error) {
			h, err := v.store.Webhook(ctx, in.Webhook)
			return &webhookOutput{webhookOf(h)}, err
		})
	register(v, ManageWebhooks, huma.Operation{OperationID: "change-webhook", Method: http.MethodPatch, Path: "/webhooks/{webhook}", Tags: []string{"webhooks"}, Summary: "Change a webhook, stop it or begin again", Errors: []int{http.StatusNotFound}},
		func(ctx context.Context, in *struct {
			WebhookPath
			Body WebhookChange
		}) (*webhookOutput, error) {
			return v.changeWebhook(ctx, in.Webhook, in.Body)
		})
	register(v, ManageWebhooks, huma.Operation{OperationID: "delete-webhook", Method: http.MethodDelete, Path: "/webhooks/{webhook}", Tags: []string{"webhooks"}, Summary: "Take a webhook away, and its log", Errors: []int{http.StatusNotFound}},
		func(ctx context.Context, in *WebhookPath) (*struct{}, error) {
			return nil, v.store.DropWebhook(ctx, in.Webhook, caller(ctx).Actor())
		})
	register(v, ManageWebhooks, huma.Operation{OperationID: "turn-webhook-secret", Method: http.MethodPost, Path: "/webhooks/{webhook}/secret", Tags: []string{"webhooks"}, Summary: "Get a new secret",
		Description: "The old one signs too for a day, so that a receiver can change over without losing a message.", Errors: []int{http.StatusNotFound}},
		func(ctx context.Context, in *WebhookPath) (*secretOutput, error) {
			h, err := v.store.TurnSecret(ctx, in.Webhook, caller(ctx).Actor(), keepSecret)
			return &secretOutput{SecretWebhook{webhookOf(h), h.Secret}}, err
		})
	register(v, ManageWebhooks, huma.Operation{OperationID: "list-deliveries", Method: http.MethodGet, Path: "/webhooks/{webhook}/deliveries", Tags: []string{"webhooks"}, Summary: "What became of the messages", Description: "Newest first.", Errors: []int{http.StatusNotFound}},
		func(ctx context.Context, in *struct {
			WebhookPath
			Listing
			State string `query:"state" enum:"pending,delivered,failed,dropped"`
		}) (*paged[Delivery], error) {
			return v.listDeliveries(ctx, in.Webhook, store.DeliveryState(in.State), in.Listing)
		})
	register(v, ManageWebhooks, huma.Operation{OperationID: "get-delivery", Method: http.MethodGet, Path: "/webhooks/{webhook}/deliveries/{delivery}", Tags: []string{"webhooks"}, Summary: "A message and all tries", Errors: []int{http.StatusNotFound}},
		v.getDelivery)
	register(v, ManageWebhooks, huma.Operation{OperationID: "replay-delivery", Method: http.MethodPost, Path: "/webhooks/{webhook}/deliveries/{delivery}/replay", Tags: []string{"webhooks"}, Summary: "Send a message once more", DefaultStatus: http.StatusAccepted,
		Description: "Under the same webhook-id. 409 while it is pending anyhow.", Errors: []int{http.StatusNotFound, http.StatusConflict}},
		v.replayDelivery)
	register(v, ManageWebhooks, huma.Operation{OperationID: "replay-webhook", Method: http.MethodPost, Path: "/webhooks/{webhook}/replay", Tags: []string{"webhooks"}, Summary: "Send all events since a time", DefaultStatus: http.StatusAccepted,
		Description: "Also those from before the webhook was made, or while it was stopped.", Errors: []int{http.StatusNotFound}},
		func(ctx context.Context, in *struct {
			WebhookPath
			Body ReplayWish
		}) (*struct{ Body Replayed }, error) {
			n, err := v.store.ReplaySince(ctx, in.Webhook, in.Body.Since)
			return &struct{ Body Replayed }{Replayed{n}}, err
		})
}

func (v *Server) changeWebhook(ctx context.Context, id string, wish WebhookChange) (*webhookOutput, error) {
	h, err := v.store.Webhook(ctx, id)
	if err != nil {
		return nil, err
	}
	if wish.URL != "" {
		h.URL = wish.URL
	}
	if len(wish.Types) > 0 {
		h.Types = wish.Types
	}
	if wish.Note != nil {
		h.Note = *wish.Note
	}
	if wish.Disabled != nil {
		h.Disabled = ""
		if *wish.Disabled {
			h.Disabled = "stopped by " + caller(ctx).Actor()
		}
	}
	if err := checkWebhook(h.URL, h.Types); err != nil {
		return nil, err
	}
	return &webhookOutput{webhookOf(h)}, v.store.ChangeWebhook(ctx, h, caller(ctx).Actor())
}

func (v *Server) listDeliveries(ctx context.Context, webhook string, state store.DeliveryState, of Listing) (*paged[Delivery], error) {
	if _, err := v.store.Webhook(ctx, webhook); err != nil {
		return nil, err
	}
	before, err := number(of.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := v.store.Deliveries(ctx, webhook, state, before, of.Limit+1)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(all) > of.Limit {
		all = all[:of.Limit]
		next = strconv.FormatInt(all[len(all)-1].ID, 10)
	}
	out := make([]Delivery, len(all))
	for i, d := range all {
		out[i] = deliveryOf(d)
	}
	return page(out, next), nil
}

func (v *Server) getDelivery(ctx context.Context, in *DeliveryPath) (*struct{ Body DeliveryDetail }, error) {
	d, e, err := v.delivery(ctx, in)
	if err != nil {
		return nil, err
	}
	tries, err := v.store.Attempts(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	out := DeliveryDetail{deliveryOf(d), e.EventID(), []Attempt{}}
	for _, a := range tries {
		out.Attempts = append(out.Attempts, attemptOf(a))
	}
	return &struct{ Body DeliveryDetail }{out}, nil
}

func (v *Server) replayDelivery(ctx context.Context, in *DeliveryPath) (*struct{ Body Replayed }, error) {
	d, _, err := v.delivery(ctx, in)
	if err != nil {
		return nil, err
	}
	err = v.store.Replay(ctx, d.ID)
	if errors.Is(err, store.ErrConflict) {
		return nil, newProblem(http.StatusConflict, problemChanged, "the delivery is pending; it will be sent anyhow")
	}
	return &struct{ Body Replayed }{Replayed{1}}, err
}

// delivery finds a delivery of a webhook; those of others are not there.
func (v *Server) delivery(ctx context.Context, in *DeliveryPath) (store.Delivery, store.AuditEntry, error) {
	d, e, err := v.store.Delivery(ctx, in.Delivery)
	if err == nil && d.Webhook != in.Webhook {
		err = store.ErrNotFound
	}
	return d, e, err
}

func checkWebhook(address string, types []string) error {
	if err := webhook.CheckURL(address); err != nil {
		return newProblem(http.StatusUnprocessableEntity, problemValue, err.Error(), &huma.ErrorDetail{Message: err.Error(), Location: "body.url", Value: address})
	}
	if err := webhook.CheckTypes(types); err != nil {
		return newProblem(http.StatusUnprocessableEntity, problemValue, err.Error(), &huma.ErrorDetail{Message: err.Error(), Location: "body.types", Value: types})
	}
	return nil
}
