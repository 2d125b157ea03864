package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/export/webhook"
	"github.com/sohoa/sohoa/store"
)

func testWebhooks(t *testing.T, v *site) {
	token := v.token(ManageWebhooks)
	send := func(method, path, body string) answer {
		return v.call(token, method, "/webhooks"+path, strings.NewReader(body), "Content-Type", "application/json")
	}
	made := into[SecretWebhook](send(http.MethodPost, "", `{"url":"https://example.com/hook","types":["document.approved"],"note":"bảng điều khiển"}`).is(http.StatusCreated))
	if !strings.HasPrefix(made.Secret, "whsec_") || made.By != "api:test" {
		t.Errorf("%+v", made)
	}
	for _, bad := range []string{
		`{}`, `{"url":"","types":["document.approved"]}`, `{"url":"ftp://example.com","types":["document.approved"]}`, `{"url":"https://a:b@example.com","types":["document.approved"]}`,
		`{"url":"https://example.com","types":[]}`, `{"url":"https://example.com","types":["login"]}`, `{"url":"https://example.com","types":"document.approved"}`,
	} {
		send(http.MethodPost, "", bad).is(http.StatusUnprocessableEntity)
	}
	here := "/" + made.ID
	for _, a := range []answer{send(http.MethodGet, here, ""), send(http.MethodGet, "", ""), send(http.MethodPatch, here, `{"note":"x"}`)} {
		if a.is(http.StatusOK); strings.Contains(string(a.Body), made.Secret) {
			t.Error("the secret is shown again")
		}
	}
	if h := into[Webhook](send(http.MethodPatch, here, `{"disabled":true,"types":["document.approved","document.processed"],"url":"https://example.org/"}`).is(http.StatusOK)); h.Disabled != "stopped by api:test" || len(h.Types) != 2 || h.URL != "https://example.org/" {
		t.Errorf("%+v", h)
	}
	if h := into[Webhook](send(http.MethodPatch, here, `{"disabled":false}`).is(http.StatusOK)); h.Disabled != "" {
		t.Errorf("%+v", h)
	}
	send(http.MethodPatch, here, `{"url":"gopher://x"}`).is(http.StatusUnprocessableEntity)
	if turned := into[SecretWebhook](send(http.MethodPost, here+"/secret", "").is(http.StatusOK)); turned.Secret == made.Secret {
		t.Error("the secret is the old one")
	}

	for i := range 3 {
		if err := v.store.Audit(t.Context(), "Lan", store.Approved, fmt.Sprint(i), 1, map[string]any{"revision": i}); err != nil {
			t.Fatal(err)
		}
	}
	if n, _, err := v.store.PlanDeliveries(t.Context(), webhook.Types()); err != nil || n != 3 {
		t.Fatalf("%d planned, %v", n, err)
	}
	log := all[Delivery](v, token, "/webhooks"+here+"/deliveries?state=pending")
	if len(log) != 3 || log[0].ID < log[2].ID || log[0].Last != nil {
		t.Fatalf("%+v", log)
	}
	one := fmt.Sprintf("%s/deliveries/%d", here, log[0].ID)
	send(http.MethodPost, one+"/replay", "").is(http.StatusConflict)
	if err := v.store.NoteAttempt(t.Context(), log[0].ID, store.Attempt{Status: 500, Error: "the receiver answered 500", Answer: "x"}, store.Undone); err != nil {
		t.Fatal(err)
	}
	if d := into[DeliveryDetail](send(http.MethodGet, one, "").is(http.StatusOK)); d.Delivery.State != "failed" || d.Delivery.Last.Status != 500 || len(d.Attempts) != 1 || !strings.HasPrefix(d.EventID, "evt_") {
		t.Errorf("%+v", d)
	}
	if r := into[Replayed](send(http.MethodPost, one+"/replay", "").is(http.StatusAccepted)); r.Queued != 1 {
		t.Errorf("%+v", r)
	}
	if r := into[Replayed](send(http.MethodPost, here+"/replay", `{"since":"2020-01-01T00:00:00Z"}`).is(http.StatusAccepted)); r.Queued != 0 { // all are pending
		t.Errorf("%+v", r)
	}
	// Of another webhook.
	other := into[SecretWebhook](send(http.MethodPost, "", `{"url":"https://example.com/","types":["document.approved"]}`).is(http.StatusCreated))
	send(http.MethodGet, fmt.Sprintf("/%s/deliveries/%d", other.ID, log[0].ID), "").is(http.StatusNotFound)
	send(http.MethodDelete, here, "").is(http.StatusNoContent)
	for _, c := range [][2]string{{"DELETE", here}, {"GET", here}, {"GET", here + "/deliveries"}, {"GET", one}, {"POST", one + "/replay"}, {"POST", here + "/secret"}} {
		send(c[0], c[1], "").is(http.StatusNotFound)
	}
	send(http.MethodPost, here+"/replay", `{"since":"2020-01-01T00:00:00Z"}`).is(http.StatusNotFound)
	send(http.MethodPatch, here, `{"note":"x"}`).is(http.StatusNotFound)
}
