package review

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/time/rate"

	"github.com/sohoa/sohoa/store"
)

// Role is what somebody may do; each role may do what those before it may.
type Role int

// Roles.
const (
	Nobody        Role = iota // not logged in
	Reader                    // sees documents and exports them
	Reviewer                  // uploads and corrects
	Approver                  // approves and reopens
	Administrator             // invites people and changes their accounts
)

var roleNames = []string{"", "reader", "reviewer", "approver", "administrator"}

// String returns the name under which the role is stored.
func (r Role) String() string { return roleNames[r] }

// Atleast reports whether the role may do what the named one may; for templates.
func (r Role) Atleast(name string) bool { return r >= roleOf(name) && roleOf(name) != Nobody }

func roleOf(name string) Role {
	for i, n := range roleNames {
		if n == name {
			return Role(i)
		}
	}
	return Nobody
}

// minPassword is the least number of characters of a password.
const minPassword = 10

// passwordCost follows the second recommendation of RFC 9106 with less memory,
// as OWASP's cheat sheet has it: 19 MiB, two passes.
var passwordCost = &argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hashing bounds how many passwords are hashed at once, and so the memory that
// strangers can make us use.
var hashing = make(chan struct{}, 2)

func hashPassword(ctx context.Context, password string) (string, error) {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	return argon2id.CreateHash(password, passwordCost)
}

func passwordFits(ctx context.Context, password, hash string) (bool, error) {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	return argon2id.ComparePasswordAndHash(password, hash)
}

// nobodysHash is compared with when there is no such account, so that the time
// of the answer does not tell.
var nobodysHash = sync.OnceValue(func() string {
	hash, err := argon2id.CreateHash(rand.Text(), passwordCost)
	if err != nil {
		return ""
	}
	return hash
})

// FirstLink returns the path of a one-time page that makes the first
// administrator, "" when there are accounts already.
func (v *Server) FirstLink(ctx context.Context) (string, error) {
	all, err := v.store.Accounts(ctx)
	if err != nil || len(all) > 0 {
		return "", err
	}
	token := rand.Text()
	if err := v.store.Invite(ctx, token, Administrator.String(), "sohoa", time.Now().Add(24*time.Hour)); err != nil {
		return "", err
	}
	return "/start/" + token, nil
}

// identify finds out who visits. The account is read anew each time, so that a
// change of role or a disabling counts from the next click on.
func (r *request) identify() error {
	name := r.s.sessions.GetString(r.Context(), "name")
	if name == "" {
		return nil
	}
	a, err := r.s.store.Account(r.Context(), name)
	if errors.Is(err, store.ErrNotFound) || err == nil && (a.Disabled || r.s.sessions.GetString(r.Context(), "proof") != proof(a)) {
		return nil
	}
	if err != nil {
		return err
	}
	r.who, r.role = a, roleOf(a.Role)
	return nil
}

// proof ties a session to the password that it was begun with: a new password
// ends all sessions.
func proof(a store.Account) string { return a.Password[max(0, len(a.Password)-16):] }

func (r *request) toLogin() {
	if r.wantsFragment() {
		r.w.WriteHeader(http.StatusUnauthorized)
		return
	}
	to := "/login"
	if r.Method == http.MethodGet && r.URL.Path != "/" {
		to += "?to=" + url.QueryEscape(r.URL.RequestURI())
	}
	http.Redirect(r.w, r.Request, to, http.StatusSeeOther)
}

type loginView struct {
	view
	To, Name, Error string
}

func (r *request) loginPage() error {
	return r.render("login", loginView{view: r.view(r.texts.T("Log in")), To: r.FormValue("to")})
}

func (r *request) login() error {
	ctx := r.Context()
	r.Body = http.MaxBytesReader(r.w, r.Body, 64<<10)
	name, password := strings.TrimSpace(r.PostFormValue("name")), r.PostFormValue("password")
	again := func(status int, text string) error {
		return r.renderStatus(status, "login", loginView{r.view(r.texts.T("Log in")), r.PostFormValue("to"), name, text})
	}
	if !r.s.logins.allow("from "+r.visitor()) || !r.s.logins.allow("name "+strings.ToLower(name)) {
		r.w.Header().Set("Retry-After", "30")
		return again(http.StatusTooManyRequests, r.texts.T("Too many attempts. Wait half a minute."))
	}
	a, err := r.s.store.Account(ctx, name)
	known := err == nil && !a.Disabled
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	hash := a.Password
	if !known {
		hash = nobodysHash()
	}
	fits, err := passwordFits(ctx, password, hash)
	if err != nil {
		return fmt.Errorf("check password: %w", err)
	}
	if !known || !fits {
		if err := r.s.store.Audit(ctx, name, "login.refused", "", 0, map[string]any{"from": r.visitor()}); err != nil {
			return err
		}
		return again(http.StatusUnauthorized, r.texts.T("Name or password is wrong."))
	}
	if err := r.beginSession(a); err != nil {
		return err
	}
	return r.redirect(localPath(r.PostFormValue("to")))
}

func (r *request) beginSession(a store.Account) error {
	ctx := r.Context()
	if err := r.s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	r.s.sessions.Put(ctx, "name", a.Name)
	r.s.sessions.Put(ctx, "proof", proof(a))
	return r.s.store.Audit(ctx, a.Name, "login", "", 0, map[string]any{"from": r.visitor()})
}

// localPath keeps a redirect on this site.
func localPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return "/"
	}
	return to
}

func (r *request) logout() error {
	if err := r.s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	return r.redirect("/login")
}

// language keeps the choice in a cookie, since people choose before they log in.
func (r *request) language() error {
	lang := "vi"
	if r.PostFormValue("lang") == "en" {
		lang = "en"
	}
	http.SetCookie(r.w, &http.Cookie{Name: "lang", Value: lang, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.s.set.Secure})
	return r.redirect(localPath(r.PostFormValue("to")))
}

type startView struct {
	view
	Token, Name, For, Error string
	Min                     int
}

func (r *request) startPage() error { return r.startForm(http.StatusOK, "", "") }

func (r *request) startForm(status int, name, text string) error {
	token := r.PathValue("token")
	role, err := r.s.store.Invitation(r.Context(), token)
	if errors.Is(err, store.ErrNotFound) {
		return r.complaint(http.StatusNotFound, "This link was used already or is too old. Ask for a new one.")
	}
	if err != nil {
		return err
	}
	return r.renderStatus(status, "start", startView{view: r.view(r.texts.T("New account")), Token: token, Name: name, For: r.texts.T(role), Error: text, Min: minPassword})
}

func (r *request) start() error {
	ctx := r.Context()
	r.Body = http.MaxBytesReader(r.w, r.Body, 64<<10)
	if !r.s.logins.allow("from " + r.visitor()) {
		return r.complaint(http.StatusTooManyRequests, "Too many attempts. Wait half a minute.")
	}
	token, name := r.PathValue("token"), strings.Join(strings.Fields(r.PostFormValue("name")), " ")
	if _, err := r.s.store.Invitation(ctx, token); err != nil {
		return r.startForm(http.StatusOK, name, "")
	}
	if n := utf8.RuneCountInString(name); n < 2 || n > 60 {
		return r.startForm(http.StatusUnprocessableEntity, name, r.texts.T("A name has 2 to 60 characters."))
	}
	hash, complaint, err := r.newPassword()
	if err != nil {
		return err
	}
	if complaint != "" {
		return r.startForm(http.StatusUnprocessableEntity, name, complaint)
	}
	err = r.s.store.MakeAccount(ctx, token, store.Account{Name: name, Password: hash})
	if errors.Is(err, store.ErrConflict) {
		return r.startForm(http.StatusConflict, name, r.texts.T("This name is taken."))
	}
	if err != nil {
		return err
	}
	a, err := r.s.store.Account(ctx, name)
	if err != nil {
		return err
	}
	if err := r.beginSession(a); err != nil {
		return err
	}
	return r.redirect("/")
}

// newPassword reads and hashes the password that a form gives twice.
func (r *request) newPassword() (hash, complaint string, err error) {
	password := r.PostFormValue("password")
	switch n := utf8.RuneCountInString(password); {
	case n < minPassword:
		return "", r.texts.T("A password has at least %d characters.", minPassword), nil
	case len(password) > 1024:
		return "", r.texts.T("The password is too long."), nil
	case password != r.PostFormValue("again"):
		return "", r.texts.T("The two passwords differ."), nil
	}
	hash, err = hashPassword(r.Context(), password)
	return hash, "", err
}

type passwordView struct {
	view
	Error string
	Min   int
}

func (r *request) passwordPage() error {
	return r.render("password", passwordView{r.view(r.texts.T("Password")), "", minPassword})
}

func (r *request) changePassword() error {
	ctx := r.Context()
	r.Body = http.MaxBytesReader(r.w, r.Body, 64<<10)
	again := func(text string) error {
		return r.renderStatus(http.StatusUnprocessableEntity, "password", passwordView{r.view(r.texts.T("Password")), text, minPassword})
	}
	if !r.s.logins.allow("name " + strings.ToLower(r.who.Name)) {
		return again(r.texts.T("Too many attempts. Wait half a minute."))
	}
	fits, err := passwordFits(ctx, r.PostFormValue("old"), r.who.Password)
	if err != nil {
		return err
	}
	if !fits {
		return again(r.texts.T("Name or password is wrong."))
	}
	hash, complaint, err := r.newPassword()
	if err != nil {
		return err
	}
	if complaint != "" {
		return again(complaint)
	}
	a := r.who
	a.Password = hash
	if err := r.s.store.ChangeAccount(ctx, a, r.who.Name); err != nil {
		return err
	}
	if err := r.beginSession(a); err != nil {
		return err
	}
	return r.redirect("/")
}

type accountsView struct {
	view
	Accounts []store.Account
	Roles    []string
	Link     string
}

func (r *request) accounts() error { return r.showAccounts("") }

func (r *request) showAccounts(link string) error {
	all, err := r.s.store.Accounts(r.Context())
	if err != nil {
		return err
	}
	v := accountsView{r.view(r.texts.T("Accounts")), all, roleNames[Reader:], link}
	v.Section = "accounts"
	return r.render("accounts", v)
}

// invite shows the link once; only its hash is kept.
func (r *request) invite() error {
	role := roleOf(r.PostFormValue("role"))
	if role == Nobody {
		return r.complaint(http.StatusUnprocessableEntity, "There is no such role.")
	}
	token := rand.Text()
	if err := r.s.store.Invite(r.Context(), token, role.String(), r.who.Name, time.Now().Add(7*24*time.Hour)); err != nil {
		return err
	}
	return r.showAccounts(r.base() + "/start/" + token)
}

func (r *request) changeAccount() error {
	ctx := r.Context()
	a, err := r.s.store.Account(ctx, r.PostFormValue("name"))
	if err != nil {
		return err
	}
	role := roleOf(r.PostFormValue("role"))
	if role == Nobody {
		return r.complaint(http.StatusUnprocessableEntity, "There is no such role.")
	}
	if a.Name == r.who.Name {
		return r.complaint(http.StatusUnprocessableEntity, "Nobody changes their own role: the last administrator could lock everybody out.")
	}
	a.Role, a.Disabled = role.String(), r.PostFormValue("disabled") == "yes"
	if err := r.s.store.ChangeAccount(ctx, a, r.who.Name); err != nil {
		return err
	}
	return r.redirect("/accounts")
}

// visitor is the address that the request comes from.
func (r *request) visitor() string {
	if r.s.set.BehindProxy {
		// Only what the last proxy wrote is to be believed: it stands at the end.
		all := r.Header.Values("X-Forwarded-For")
		if len(all) > 0 {
			parts := strings.Split(all[len(all)-1], ",")
			if a, err := netip.ParseAddr(strings.TrimSpace(parts[len(parts)-1])); err == nil {
				return a.String()
			}
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// limits slows down whoever tries passwords, by address and by name.
type limits struct {
	mu  sync.Mutex
	all map[string]*rate.Limiter
}

func newLimits() *limits { return &limits{all: map[string]*rate.Limiter{}} }

// Ten attempts at once, then one in ten seconds.
const (
	loginBurst = 10
	loginEvery = 10 * time.Second
	keptLimits = 10_000
)

func (l *limits) allow(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	lim := l.all[key]
	if lim == nil {
		if len(l.all) >= keptLimits {
			for k, old := range l.all { // those at rest need not be remembered
				if old.Tokens() >= loginBurst {
					delete(l.all, k)
				}
			}
			if len(l.all) >= keptLimits {
				return false
			}
		}
		lim = rate.NewLimiter(rate.Every(loginEvery), loginBurst)
		l.all[key] = lim
	}
	return lim.Allow()
}

// sessionStore keeps sessions in the store, so that they live through a
// restart and are shared by several servers.
type sessionStore struct{ s *store.Store }

// The methods with a context are the ones that scs calls.

func (s sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.s.EndSession(ctx, token)
}

func (s sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	return s.s.Session(ctx, token)
}

func (s sessionStore) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	return s.s.KeepSession(ctx, token, b, expiry)
}

func (s sessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
func (s sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}
func (s sessionStore) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}
