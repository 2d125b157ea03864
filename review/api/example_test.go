package api_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/sohoa/sohoa/review"
	"github.com/sohoa/sohoa/review/api"
	"github.com/sohoa/sohoa/review/api/client"
	"github.com/sohoa/sohoa/store"
)

// Another program hands in a file, and sends it again because it did not hear
// the answer.
func Example() {
	dir, err := os.MkdirTemp("", "api")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	s, err := store.Open(ctx, dir+"/sohoa.db", store.Options{})
	if err != nil {
		panic(err)
	}
	defer s.Close()
	pages, err := review.New(s, review.Options{Interpret: func(_ review.Kind, text string) (any, error) { return text, nil }, Fold: strings.ToLower})
	if err != nil {
		panic(err)
	}
	server, err := api.New(s, pages, api.Options{})
	if err != nil {
		panic(err)
	}
	site := httptest.NewServer(server)
	defer site.Close()
	_, secret, err := s.MakeToken(ctx, store.Token{Name: "scanner", Scopes: []string{api.WriteDocuments}, By: "Lan"})
	if err != nil {
		panic(err)
	}

	c, err := client.NewClientWithResponses(site.URL+api.Prefix, client.WithRequestEditorFn(client.BearerToken(secret)))
	if err != nil {
		panic(err)
	}
	name, key := "bao-cao.txt", "scan-0001"
	for range 2 {
		r, err := c.UploadDocumentWithBodyWithResponse(ctx, &client.UploadDocumentParams{Name: &name, IdempotencyKey: &key}, "text/plain", strings.NewReader("BÁO CÁO"))
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s queued=%v replayed=%q\n", r.Status(), r.JSON202.Queued, r.HTTPResponse.Header.Get("Idempotency-Replayed"))
	}
	list, err := c.ListRecordsWithResponse(ctx, nil)
	if err != nil {
		panic(err)
	}
	fmt.Println(list.Status(), list.ApplicationproblemJSON403 != nil)
	// Output:
	// 202 Accepted queued=true replayed=""
	// 202 Accepted queued=true replayed="true"
	// 403 Forbidden true
}
