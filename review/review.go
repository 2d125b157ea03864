// Package review is the web application in which people correct what the
// machine was unsure of.
//
// Pages are made on the server from the templates below templates/ and work
// with the files below static/, all of them part of the program: nothing is
// fetched from elsewhere, and the Content-Security-Policy allows no script or
// style inside a page. A reviewer's way is
//
//	queue ─► correct ─► next field ─► … ─► approve
//
// and every step is a key. What a person does becomes a correction of the
// store, never an overwriting: history, undo and the audit log are the store's.
package review

import (
	"context"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

//go:embed templates static
var files embed.FS

// Options say how a [Server] works. What it needs of the stages comes in as
// functions, since this package knows none of them.
type Options struct {
	// Engine names what reads the uploads, see [store.Upload].
	Engine string
	// Interpret makes the typed value of a field of what a person typed: an
	// amount, a date, a status. A [Complaint] says what does not fit.
	Interpret func(kind Kind, text string) (any, error)
	// Fold strips case and marks, so that "ty" finds "tỷ".
	Fold func(string) string
	// Restore puts the marks back that somebody typed without: "ty dong" gives
	// "tỷ đồng". Nil offers nothing.
	Restore func(string) string

	// Double names the fields of records that two people type without seeing the
	// machine's reading or each other's, when they need review.
	Double []string

	// Scopes are what tokens of programs may allow.
	Scopes []string

	Secure      bool // cookies go over TLS alone
	BehindProxy bool // the address of a visitor is the last of X-Forwarded-For
	MaxUpload   int64
	// Fault is told what the visitor is not: the causes of answers with status
	// 500. Nil is silence.
	Fault func(error)
	// ClaimTime is how long a document stays with a reviewer who does nothing;
	// 0 means 10 minutes.
	ClaimTime time.Duration
}

// Complaint is an error with a sentence for the person who typed: a key of the
// table of texts.
type Complaint string

// Error implements error.
func (c Complaint) Error() string { return string(c) }

// DefaultMaxUpload is 500 MiB: a scanned book of a thousand pages.
const DefaultMaxUpload = 500 << 20

// Server is the web application. It is an [http.Handler].
type Server struct {
	store    *store.Store
	set      Options
	sessions *scs.SessionManager
	logins   *limits
	pictures *pictures
	words    *vocabulary
	compared reportCache
	pages    *template.Template
	handler  http.Handler
}

// New returns the application for a store.
func New(s *store.Store, set Options) (*Server, error) {
	if set.MaxUpload == 0 {
		set.MaxUpload = DefaultMaxUpload
	}
	if set.ClaimTime == 0 {
		set.ClaimTime = 10 * time.Minute
	}
	if set.Fault == nil {
		set.Fault = func(error) {}
	}
	if set.Interpret == nil || set.Fold == nil {
		return nil, errors.New("review: Interpret and Fold are needed")
	}
	v := &Server{store: s, set: set, logins: newLimits(), pictures: newPictures(s), words: newVocabulary(s, set.Fold)}
	var err error
	if v.pages, err = template.New("").ParseFS(files, "templates/*.html"); err != nil {
		return nil, fmt.Errorf("review: %w", err)
	}
	v.sessions = scs.New()
	v.sessions.Store = sessionStore{s}
	v.sessions.Lifetime = 12 * time.Hour
	v.sessions.Cookie.Name = "sohoa"
	v.sessions.Cookie.SameSite = http.SameSiteLaxMode
	v.sessions.Cookie.Secure = set.Secure
	v.sessions.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, err error) {
		set.Fault(fmt.Errorf("session: %w", err))
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
	mux := http.NewServeMux()
	for _, r := range routes {
		mux.Handle(r.pattern, v.handle(r))
	}
	mux.Handle("GET /static/", staticFiles())
	mux.Handle("/", v.handle(route{role: Nobody, do: func(r *request) error { return fmt.Errorf("page %s: %w", r.URL.Path, store.ErrNotFound) }}))
	v.handler = secured(http.NewCrossOriginProtection().Handler(v.sessions.LoadAndSave(mux)), set.Secure)
	return v, nil
}

// ServeHTTP implements [http.Handler].
func (v *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { v.handler.ServeHTTP(w, r) }

// secured sets the headers that every answer has.
func secured(next http.Handler, tls bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if tls {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

func staticFiles() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/") {
			http.NotFound(w, r)
			return
		}
		name := strings.TrimPrefix(r.URL.Path, "/")
		// The browser asks each time, and is mostly told that nothing changed.
		w.Header().Set("Cache-Control", "no-cache")
		if data, err := files.ReadFile(name); err == nil {
			w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(data)))
		}
		http.ServeFileFS(w, r, files, name)
	})
}

// Kind is the type of a field's value, as far as typing it goes.
type Kind string

// Kinds of fields.
const (
	Text     Kind = "text"
	Number   Kind = "number"
	Sum      Kind = "money"
	Date     Kind = "date"
	Period   Kind = "period"
	Status   Kind = "status"
	Cited    Kind = "citation"
	Quantity Kind = "quantity"
	Bool     Kind = "bool"
)

// isDate matches days as the contract writes them; unknown digits are "?".
var isDate = regexp.MustCompile(`^[\d?]{4}-[\d?]{2}-[\d?]{2}$`)

// isPeriod matches the first and last day of a period.
var isPeriod = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}$`)

// kindOf tells the kind of a field by its value and, where the machine could
// make no value of it, by its name.
func kindOf(name string, f *schema.Field) Kind {
	switch v := f.Value.(type) {
	case string:
		if name != "status" && isDate.MatchString(v) {
			return Date
		}
		if isPeriod.MatchString(v) {
			return Period
		}
	case schema.Money:
		return Sum
	case schema.Citation:
		return Cited
	case schema.Quantity:
		return Quantity
	case float64, int, int64:
		return Number
	case bool:
		return Bool
	}
	switch name {
	case "amounts", "amount":
		return Sum
	case "date":
		return Date
	case "status":
		return Status
	case "citations", "attached_to":
		return Cited
	}
	return Text
}

// route is a page or an action, and who may have it.
type route struct {
	pattern string
	role    Role
	do      func(*request) error
}

// routes are all there are; the test of who may do what walks them.
var routes = []route{
	{"GET /{$}", Reader, (*request).queue},
	{"POST /documents", Reviewer, (*request).upload},
	{"GET /d/{id}", Reader, (*request).correct},
	{"GET /d/{id}/field", Reader, (*request).fieldPanel},
	{"POST /d/{id}/field", Reviewer, (*request).saveField},
	{"GET /d/{id}/read", Reader, (*request).readBack},
	{"GET /d/{id}/suggest", Reader, (*request).suggest},
	{"POST /d/{id}/claim", Reviewer, (*request).claim},
	{"POST /d/{id}/release", Reviewer, (*request).release},
	{"POST /d/{id}/accept", Reviewer, (*request).acceptAbove},
	{"POST /d/{id}/undo", Reviewer, (*request).undo},
	{"POST /d/{id}/approve", Approver, (*request).approve},
	{"POST /d/{id}/reopen", Approver, (*request).reopen},
	{"POST /d/{id}/delete", Administrator, (*request).remove},
	{"POST /d/{id}/retry", Reviewer, (*request).retry},
	{"GET /d/{id}/table", Reader, (*request).table},
	{"POST /d/{id}/cell", Reviewer, (*request).saveCell},
	{"POST /d/{id}/rows", Reviewer, (*request).changeRows},
	{"POST /d/{id}/reread", Reviewer, (*request).reread},
	{"GET /d/{id}/history", Reader, (*request).history},
	{"GET /d/{id}/export/{format}", Reader, (*request).export},
	{"GET /d/{id}/v/{version}/page/{page}", Reader, (*request).pagePicture},
	{"GET /d/{id}/v/{version}/page/{page}/crop", Reader, (*request).crop},

	{"GET /d/{id}/crop", Reader, (*request).fieldCrop},
	{"GET /groups", Reader, (*request).groups},
	{"POST /groups", Reviewer, (*request).saveGroup},
	{"GET /figures", Reader, (*request).figures},
	{"GET /compare", Reader, (*request).compare},
	{"GET /compare/export/{format}", Reader, (*request).compareExport},

	{"GET /login", Nobody, (*request).loginPage},
	{"POST /login", Nobody, (*request).login},
	{"POST /logout", Nobody, (*request).logout},
	{"POST /language", Nobody, (*request).language},
	{"GET /start/{token}", Nobody, (*request).startPage},
	{"POST /start/{token}", Nobody, (*request).start},
	{"GET /accounts", Administrator, (*request).accounts},
	{"POST /accounts/invite", Administrator, (*request).invite},
	{"POST /accounts/change", Administrator, (*request).changeAccount},
	{"GET /tokens", Administrator, (*request).tokens},
	{"POST /tokens", Administrator, (*request).makeToken},
	{"POST /tokens/revoke", Administrator, (*request).revokeToken},
	{"POST /password", Reader, (*request).changePassword},
	{"GET /password", Reader, (*request).passwordPage},
}

// request is one visit.
type request struct {
	*http.Request
	w     http.ResponseWriter
	s     *Server
	who   store.Account // zero when nobody logged in
	role  Role
	texts texts
}

func (v *Server) handle(to route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		r := &request{Request: hr, w: w, s: v, texts: textsFor(hr)}
		err := r.identify()
		if err == nil && r.role < to.role {
			if r.role == Nobody {
				r.toLogin()
				return
			}
			err = errForbidden
		}
		if err == nil {
			err = to.do(r)
		}
		if err != nil && !errors.Is(err, context.Canceled) {
			r.fail(err)
		}
	})
}

var errForbidden = errors.New("your role does not allow this")

// said is an error whose text is meant for the visitor, already in their
// language.
type said struct {
	status int
	text   string
}

func (e *said) Error() string { return e.text }

// complaint is an answer that tells the visitor what is wrong.
func (r *request) complaint(status int, key string, args ...any) error {
	return &said{status, r.texts.T(key, args...)}
}

// fail answers with an error: a page, or a line where a script asked.
func (r *request) fail(err error) {
	status, text := http.StatusInternalServerError, ""
	var own *said
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &own):
		status, text = own.status, own.text
	case errors.Is(err, errForbidden):
		status, text = http.StatusForbidden, r.texts.T("Your role does not allow this.")
	case errors.Is(err, store.ErrNotFound):
		status, text = http.StatusNotFound, r.texts.T("There is no such page or document.")
	case errors.Is(err, store.ErrApproved):
		status, text = http.StatusConflict, r.texts.T("The document is approved and locked. It has to be reopened first.")
	case errors.Is(err, store.ErrClaimed):
		status, text = http.StatusConflict, r.texts.T("%s is working on this document.", claimant(err))
	case errors.Is(err, store.ErrConflict):
		status, text = http.StatusConflict, r.texts.T("It was changed in between. Load the page again.")
	case errors.Is(err, store.ErrInvalid):
		status, text = http.StatusUnprocessableEntity, r.texts.T("The change does not fit the document.")
	case errors.Is(err, store.ErrDeleted):
		status, text = http.StatusGone, r.texts.T("It was deleted on request, and does not come back this way.")
	case errors.Is(err, store.ErrBusy):
		r.w.Header().Set("Retry-After", "60")
		status, text = http.StatusServiceUnavailable, r.texts.T("Too many files are coming in at once. Try again in a minute.")
	case errors.Is(err, store.ErrFull):
		status, text = http.StatusInsufficientStorage, r.texts.T("The disk is nearly full. Tell the administrator.")
	case errors.As(err, &large):
		status, text = http.StatusRequestEntityTooLarge, r.texts.T("The file is larger than the %d MB that are allowed.", r.s.set.MaxUpload>>20)
	default:
		r.s.set.Fault(fmt.Errorf("%s %s: %w", r.Method, r.URL.Path, err))
		text = r.texts.T("Something went wrong here. Nothing of what was saved is lost; try again.")
	}
	if r.wantsFragment() {
		r.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		r.w.WriteHeader(status)
		_, _ = r.w.Write([]byte(text)) // the visitor is gone if this fails
		return
	}
	view := struct {
		view
		Text string
	}{r.view(r.texts.T("Error")), text}
	if err := r.renderStatus(status, "error", view); err != nil {
		r.s.set.Fault(err)
	}
}

// claimant is the name at the end of a store.ErrClaimed.
func claimant(err error) string {
	_, name, _ := strings.Cut(err.Error(), store.ErrClaimed.Error()+": ")
	return name
}

// wantsFragment reports whether a script asked, which puts a piece of a page
// in its place.
func (r *request) wantsFragment() bool { return r.Header.Get("X-Sohoa") == "fragment" }

// view is what every page needs.
type view struct {
	texts
	Title   string
	Who     string
	Role    Role
	Section string // of the navigation
}

func (r *request) view(title string) view {
	return view{texts: r.texts, Title: title, Who: r.who.Name, Role: r.role}
}

func (r *request) render(name string, data any) error {
	return r.renderStatus(http.StatusOK, name, data)
}

// renderStatus makes the page whole before the first byte goes out, so that a
// fault in a template does not leave half a page.
func (r *request) renderStatus(status int, name string, data any) error {
	var b strings.Builder
	if err := r.s.pages.ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	h := r.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	r.w.WriteHeader(status)
	_, err := r.w.Write([]byte(b.String()))
	return err
}

func (r *request) redirect(to string) error {
	http.Redirect(r.w, r.Request, to, http.StatusSeeOther)
	return nil
}
