package review

import (
	"net/http"
)

// remove deletes a document for good: for people who ask that their data be
// deleted, and for files that came by mistake. The page asks for a reason,
// which goes into the audit log, and for the beginning of the document's id,
// which nobody types by mistake.
func (r *request) remove() error {
	id, reason := r.PathValue("id"), clean(r.PostFormValue("reason"))
	if reason == "" {
		return r.complaint(http.StatusUnprocessableEntity, "Say why it is deleted.")
	}
	if typed := r.PostFormValue("confirm"); len(id) < confirmed || typed != id[:confirmed] {
		return r.complaint(http.StatusUnprocessableEntity, "Type the first %d characters of its number.", confirmed)
	}
	if _, err := r.s.store.Delete(r.Context(), id, r.who.Name, reason); err != nil {
		return err
	}
	r.s.sessions.Put(r.Context(), "notice", r.texts.T("The document was deleted."))
	return r.redirect("/")
}

// confirmed is how many characters of a document's id are typed to delete it.
const confirmed = 6

// Administers reports whether the visitor may do what cannot be undone.
func (v view) Administers() bool { return v.Role >= Administrator }
