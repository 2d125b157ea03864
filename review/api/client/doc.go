// Package client is a Go client of the interface, generated from its
// description. Clients in other languages are made of /api/v1/openapi.json in
// the same way.
//
// The description here is the one that the server gives, in the form of OpenAPI
// 3.0, which the generator reads. A test of package api fails when it is not
// the server's any more; `go test ./review/api -run TestClientIsNew -update`
// and `go generate ./review/api/client` make both anew.
package client

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.5.0 -config generate.yaml openapi.json
