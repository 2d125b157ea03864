package review

import (
	"net/http"
	"strconv"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// reread has a page that was read badly, or the whole document, read again as
// a new version; what people corrected is carried over.
func (r *request) reread() error {
	ctx := r.Context()
	r.Body = http.MaxBytesReader(r.w, r.Body, 1<<20)
	id := r.PathValue("id")
	if err := r.mayChange(ctx, id); err != nil {
		return err
	}
	again := r.readAgain
	if r.PostFormValue("what") == "page" {
		again = r.readPageAgain
	}
	if err := again(id); err != nil {
		return err
	}
	if err := r.s.store.Release(ctx, id, r.who.Name); err != nil {
		return err
	}
	r.s.sessions.Put(ctx, "notice", r.texts.T("It is read again. Until that is done the present version stays; what people corrected is carried over."))
	return r.redirect("/?show=all")
}

// readAgain submits the document once more.
func (r *request) readAgain(id string) error {
	ctx := r.Context()
	d, err := r.s.store.Document(ctx, id)
	if err != nil {
		return err
	}
	source, err := r.s.store.Source(ctx, id)
	if err != nil {
		return err
	}
	defer source.Close()
	name := d.ID
	if len(d.Names) > 0 {
		name = d.Names[0]
	}
	_, err = r.s.store.Submit(ctx, store.Upload{Name: name, Bytes: source, MediaType: d.MediaType, By: r.who.Name, Engine: r.s.set.Engine, Again: true})
	return err
}

// readPageAgain has one page read in the manner that the reviewer chose. They
// say how to turn the picture that they see; the manner says how to turn that
// of the file.
func (r *request) readPageAgain(id string) error {
	ctx := r.Context()
	doc, _, err := r.s.store.Current(ctx, id)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PostFormValue("page"))
	if err != nil || n < 1 || n > len(doc.Pages) {
		return r.complaint(http.StatusBadRequest, "There is no such page.")
	}
	m := schema.Manner{Running: r.PostFormValue("running") != "", Picture: r.PostFormValue("picture") != "", Fine: r.PostFormValue("fine") != ""}
	switch turn := r.PostFormValue("turn"); turn {
	case "":
	case "90", "180", "270":
		degrees, _ := strconv.Atoi(turn) // one of three
		if m.Turn = (doc.Pages[n-1].Rotation + degrees) % 360; m.Turn == 0 {
			m.Turn = schema.AsItLies
		}
	default:
		return r.complaint(http.StatusBadRequest, "There is no such action.")
	}
	_, err = r.s.store.ReadPage(ctx, id, n, m.String(), r.who.Name)
	return err
}
