package webhook

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/sohoa/sohoa/store"
)

const (
	// defaultTimeout is for a whole exchange; Standard Webhooks asks receivers to
	// answer within 15 to 30 seconds.
	defaultTimeout = 15 * time.Second
	mostAnswer     = 64 << 10 // bytes that are read of an answer
	keptAnswer     = 500      // bytes that the log keeps of it
)

// Sender sends messages. It follows no redirect, uses no proxy, and gives up on
// time.
type Sender struct {
	Guard   Guard
	Timeout time.Duration // 0 means 15 seconds
	TLS     *tls.Config   // nil means the certificates that the machine trusts
	Agent   string        // for the User-Agent header

	plain, secret *http.Client
}

// NewSender returns a sender with these settings.
func NewSender(s Sender) *Sender {
	s.Timeout = cmp.Or(s.Timeout, defaultTimeout)
	s.Agent = cmp.Or(s.Agent, "sohoa")
	s.plain, s.secret = s.client(true), s.client(false)
	return &s
}

func (s *Sender) client(plain bool) *http.Client {
	d := net.Dialer{Timeout: s.Timeout, ControlContext: s.Guard.control(plain)}
	return &http.Client{
		Timeout:       s.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			// No proxy: it would resolve the name itself, and the guard would see
			// the proxy's address.
			Proxy:                  nil,
			DialContext:            d.DialContext,
			TLSClientConfig:        s.TLS,
			ForceAttemptHTTP2:      true,
			DisableCompression:     true,
			MaxResponseHeaderBytes: mostAnswer,
			MaxIdleConnsPerHost:    2,
			IdleConnTimeout:        30 * time.Second,
		},
	}
}

// Send sends a message once and says what came of it. Only an answer with a
// status between 200 and 299 means that the receiver has it.
func (s *Sender) Send(ctx context.Context, address, id string, body []byte, secrets ...string) store.Attempt {
	began := time.Now()
	a := store.Attempt{At: began}
	err := s.exchange(ctx, address, id, began, body, secrets, &a)
	a.Seconds = time.Since(began).Seconds()
	if err != nil {
		a.Error = err.Error()
		a.Hung = errors.Is(err, errLate)
	}
	return a
}

var errLate = errors.New("the receiver did not answer in time")

func (s *Sender) exchange(ctx context.Context, address, id string, at time.Time, body []byte, secrets []string, a *store.Attempt) error {
	if err := CheckURL(address); err != nil {
		return err
	}
	signature, err := Sign(id, at, body, secrets...)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", s.Agent)
	r.Header.Set(standardwebhooks.HeaderWebhookID, id)
	r.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	r.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	client := s.secret
	if r.URL.Scheme == "http" {
		client = s.plain
	}
	answer, err := client.Do(r)
	if err != nil {
		var refused *refusedError
		if errors.As(err, &refused) {
			return refused // without the address, which may hold a secret of the receiver
		}
		return reason(err)
	}
	defer answer.Body.Close()
	a.Status = answer.StatusCode
	// What they say is for the log; that they took it is in the status.
	said, _ := io.ReadAll(io.LimitReader(answer.Body, mostAnswer))
	a.Answer = strings.ToValidUTF8(string(said[:min(len(said), keptAnswer)]), "")
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return errors.New("the receiver answered " + answer.Status)
	}
	return nil
}

// reason takes the address out of an error of the client: the log of deliveries
// has it beside.
func reason(err error) error {
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return errLate
	}
	if inner := errors.Unwrap(err); inner != nil {
		return inner
	}
	return err
}
