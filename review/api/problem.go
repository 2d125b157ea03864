package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/review"
	"github.com/sohoa/sohoa/store"
)

// Problem is the body of answers that tell of an error, as RFC 9457 has it.
type Problem = huma.ErrorModel

// Types of problems that a program may want to tell apart; others are
// "about:blank", and their status says all.
const (
	problemApproved = "urn:sohoa:problem:approved" // the document is locked
	problemClaimed  = "urn:sohoa:problem:claimed"  // a person works on it
	problemDeleted  = "urn:sohoa:problem:deleted"  // it was deleted on request
	problemChanged  = "urn:sohoa:problem:changed"  // it was changed in between
	problemKey      = "urn:sohoa:problem:idempotency-key"
	problemValue    = "urn:sohoa:problem:value" // the text is no such value
)

func newProblem(status int, kind, detail string, errs ...error) *Problem {
	if kind == "" {
		kind = "about:blank"
	}
	p := &Problem{Type: kind, Title: http.StatusText(status), Status: status, Detail: detail}
	for _, err := range errs {
		p.Add(err)
	}
	return p
}

// problem tells the client what it can do something about, and of all else no
// more than that it happened.
func (v *Server) problem(ctx context.Context, operation string, err error) *Problem {
	var own *Problem
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &large):
		return newProblem(http.StatusRequestEntityTooLarge, "", fmt.Sprintf("the file is larger than the %d MB that are allowed", v.set.MaxUpload>>20))
	case errors.Is(err, store.ErrDeleted):
		return newProblem(http.StatusGone, problemDeleted, "the document was deleted on request; again=true takes it in all the same")
	case errors.Is(err, store.ErrFull):
		return newProblem(http.StatusInsufficientStorage, "", "there is not enough space on the disk")
	case errors.Is(err, store.ErrNotFound):
		return newProblem(http.StatusNotFound, "", "there is no such thing")
	case errors.Is(err, store.ErrApproved):
		return newProblem(http.StatusConflict, problemApproved, "the document is approved; a person has to reopen it first")
	case errors.Is(err, store.ErrClaimed):
		return newProblem(http.StatusConflict, problemClaimed, "a person works on the document")
	case errors.Is(err, store.ErrConflict):
		return newProblem(http.StatusConflict, problemChanged, "it was changed in between; read it again")
	case errors.Is(err, store.ErrInvalid):
		_, what, _ := strings.Cut(err.Error(), store.ErrInvalid.Error()+": ")
		return newProblem(http.StatusUnprocessableEntity, "", strings.TrimSpace("it does not fit: "+what))
	case errors.Is(err, context.Canceled):
		return newProblem(http.StatusServiceUnavailable, "", "the request was given up")
	}
	v.set.Fault(fmt.Errorf("%s: %w", operation, err))
	return newProblem(http.StatusInternalServerError, "", "something went wrong here; nothing of what was saved is lost")
}

// complaint is the problem of a text that is no value of its field.
func complaint(where string, value any, err error) *Problem {
	text := err.Error()
	var c review.Complaint
	if !errors.As(err, &c) {
		text = "it does not fit the field"
	}
	p := newProblem(http.StatusUnprocessableEntity, problemValue, text)
	p.Add(&huma.ErrorDetail{Message: text, Location: where, Value: value})
	return p
}
