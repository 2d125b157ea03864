package webhook_test

import (
	"fmt"
	"time"

	"github.com/sohoa/sohoa/export/webhook"
	"github.com/sohoa/sohoa/store"
)

// The message of an event, and the signature that lets the receiver trust it.
func Example() {
	at := time.Date(2026, 7, 1, 8, 30, 0, 0, time.UTC)
	event := store.AuditEntry{
		Seq: 41, At: at, Actor: "Lan", Action: store.Approved, Document: "9f86d081…", Version: 2,
		Data: []byte(`{"revision":7,"fields_left":0}`), Hash: "0123456789abcdef0123456789abcdef",
	}
	body, err := webhook.NewMessage(event)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(body))
	signature, err := webhook.Sign(event.EventID(), at, body, "whsec_MDEyMzQ1Njc4OWFiY2RlZg==")
	if err != nil {
		panic(err)
	}
	fmt.Println(signature)
	// Output:
	// {"type":"document.approved","timestamp":"2026-07-01T08:30:00Z","data":{"event":"evt_0123456789abcdef01234567","seq":41,"document":"9f86d081…","version":2,"actor":"Lan","revision":7}}
	// v1,ySfbwVmrzJNzlQEqYJHRAxFV/rSYS/UA8TPQ3TMgJKU=
}
