package client_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/sohoa/sohoa/review/api/client"
)

// A client pages through the events of a server.
func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Header.Get("Authorization"), r.URL)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"items":[{"id":"evt_1","seq":7,"type":"document.approved","at":"2026-07-01T08:30:00Z","actor":"Lan","document":"9f86","version":1,"data":{}}],"next":"7"}`)
	}))
	defer server.Close()
	c, err := client.NewClientWithResponses(server.URL, client.WithRequestEditorFn(client.BearerToken("sohoa_x_y")))
	if err != nil {
		panic(err)
	}
	cursor := "3"
	r, err := c.ListEventsWithResponse(context.Background(), &client.ListEventsParams{Cursor: &cursor})
	if err != nil {
		panic(err)
	}
	for _, e := range r.JSON200.Items {
		fmt.Println(e.Type, e.Document, "next", r.JSON200.Next)
	}
	// Output:
	// Bearer sohoa_x_y /events?cursor=3
	// document.approved 9f86 next 7
}
