package webhook

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func TestPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8": true, "113.160.0.1": true, "2001:4860:4860::8888": true, "2405:4800::1": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "127.8.8.8": false, "10.1.2.3": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.64.0.1": false, "0.0.0.0": false, "0.1.2.3": false, "224.0.0.1": false, "240.0.0.1": false, "255.255.255.255": false, "192.0.0.1": false, "192.0.2.1": false,
		"198.18.0.1": false, "198.51.100.1": false, "203.0.113.1": false, "192.88.99.1": false,
		"::1": false, "::": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd12::1": false, "ff02::1": false, "fec0::1": false, "2001:db8::1": false,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::127.0.0.1": false, "64:ff9b::7f00:1": false, "64:ff9b:1::1": false, "2002:7f00:1::": false, "2001::1": false, "100::1": false, "3fff::1": false, "5f00::1": false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: public is %v", address, got)
		}
	}
	if public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

func TestGuard(t *testing.T) {
	inner := Guard{Allow: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}
	for _, c := range []struct {
		guard   Guard
		plain   bool
		address string
		want    bool
	}{
		{Guard{}, false, "8.8.8.8:443", true},
		{Guard{}, true, "8.8.8.8:80", false}, // signed, but for all to read
		{Guard{}, false, "127.0.0.1:443", false},
		{Guard{}, false, "[::1]:443", false},
		{inner, true, "10.9.8.7:80", true},
		{inner, true, "[::ffff:10.9.8.7]:80", true},
		{inner, false, "[fd00::5]:443", true},
		{inner, false, "192.168.0.1:443", false},
		{inner, false, "example.com:443", false},
		{inner, false, "10.0.0.1", false},
	} {
		err := c.guard.control(c.plain)(t.Context(), "tcp4", c.address, nil)
		if (err == nil) != c.want {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if inner.control(true)(t.Context(), "udp4", "10.0.0.1:80", nil) == nil {
		t.Error("UDP is let through")
	}
}

func TestCheckURL(t *testing.T) {
	for address, want := range map[string]bool{
		"https://example.com/hook?a=b": true, "http://10.0.0.1:8080/": true, "https://[2001:db8::1]/": true,
		"": false, "example.com": false, "ftp://example.com": false, "file:///etc/passwd": false, "https:///x": false, "https://a:b@example.com": false,
		"https://example.com/#x": false, "https://example.com/" + strings.Repeat("x", 2000): false, "https://exa mple.com": false, "javascript:alert(1)": false,
	} {
		if err := CheckURL(address); (err == nil) != want {
			t.Errorf("%.60s: %v", address, err)
		}
	}
}

// local lets a sender reach receivers of the test.
var local = Guard{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}

const secretForTest = "whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cyBvZiB3ZWJob29rcw=="

func TestSend(t *testing.T) {
	const body = `{"type":"document.approved"}`
	var got http.Header
	hang := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("POST /ok", func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		hook, err2 := standardwebhooks.NewWebhook(secretForTest)
		if errors.Join(err, err2, hook.Verify(data, r.Header)) != nil || string(data) != body {
			w.WriteHeader(http.StatusUnauthorized)
		}
		got = r.Header
	})
	var followed atomic.Int32
	mux.HandleFunc("POST /moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/target", http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("/target", func(http.ResponseWriter, *http.Request) { followed.Add(1) })
	mux.HandleFunc("POST /fails", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, "không được\xff")
	})
	mux.HandleFunc("POST /talks", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil { // until it is no longer listened to
			if _, err := w.Write(bytes.Repeat([]byte("x"), 1<<16)); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("POST /hangs", func(http.ResponseWriter, *http.Request) { <-hang })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(hang) })
	s := NewSender(Sender{Guard: local, Timeout: time.Minute, Agent: "sohoa/test"})
	hasty := NewSender(Sender{Guard: local, Timeout: 100 * time.Millisecond})
	send := func(s *Sender, address string) (status int, fault string, answer string) {
		a := s.Send(t.Context(), address, "evt_1", []byte(body), "whsec_b2xkIHNlY3JldCBvZiB0aGUgdGVzdHMgb2YgaG9va3M=", secretForTest)
		return a.Status, a.Error, a.Answer
	}
	if status, fault, _ := send(s, server.URL+"/ok"); status != http.StatusOK || fault != "" {
		t.Errorf("%d %q", status, fault)
	}
	if got.Get("webhook-id") != "evt_1" || got.Get("User-Agent") != "sohoa/test" || got.Get("Content-Type") != "application/json" {
		t.Errorf("header %v", got)
	}
	if status, fault, _ := send(s, server.URL+"/moved"); status != http.StatusTemporaryRedirect || fault == "" || followed.Load() != 0 {
		t.Errorf("a redirect: %d %q, followed %d times", status, fault, followed.Load())
	}
	if status, fault, answer := send(s, server.URL+"/fails"); status != 500 || fault == "" || answer != "không được" {
		t.Errorf("%d %q %q", status, fault, answer)
	}
	if status, fault, answer := send(s, server.URL+"/talks"); status != http.StatusOK || fault != "" || len(answer) != keptAnswer {
		t.Errorf("one that talks without end: %d %q %d", status, fault, len(answer))
	}
	if status, fault, _ := send(hasty, server.URL+"/hangs"); status != 0 || !strings.Contains(fault, "in time") {
		t.Errorf("one that hangs: %d %q", status, fault)
	}
	// A name that leads to a private address is refused when the connection is made.
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	careful := NewSender(Sender{})
	for _, address := range []string{server.URL + "/ok", "http://localhost:" + port + "/ok", "https://localhost:" + port + "/ok", "http://0x7f000001:" + port + "/ok", "gopher://localhost/"} {
		if status, fault, _ := send(careful, address); status != 0 || fault == "" {
			t.Errorf("%s: %d %q", address, status, fault)
		}
	}
	if _, fault, _ := send(s, "http://127.0.0.1:1/hook?token=abc"); fault == "" || strings.Contains(fault, "abc") {
		t.Errorf("nobody there: %q; the address may hold a secret", fault)
	}
}

func TestSendTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of the certificate that is refused below
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	if a := NewSender(Sender{Guard: local, TLS: &tls.Config{RootCAs: roots}}).Send(t.Context(), server.URL, "evt_1", []byte("{}"), secretForTest); a.Error != "" {
		t.Errorf("%+v", a)
	}
	if a := NewSender(Sender{Guard: local}).Send(t.Context(), server.URL, "evt_1", []byte("{}"), secretForTest); a.Error == "" {
		t.Errorf("a certificate that nobody vouches for: %+v", a)
	}
}
