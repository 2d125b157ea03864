package review

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/compare"
	"github.com/sohoa/sohoa/export"
	"github.com/sohoa/sohoa/store"
)

const queueLength = 50 // documents on a page of the queue

// filters of the queue, in the order in which they are shown.
var filters = []struct{ Name, Label string }{
	{"review", "To review"}, {"ready", "Ready"}, {"reading", "Being read"}, {"failed", "Failed"}, {"approved", "Approved"}, {"all", "All"},
}

type queueView struct {
	view
	Docs     []store.Document
	Next     string // address of the next page
	Filter   string
	Search   string
	Profile  string
	Profiles []string // report types to choose from
	Counts   map[string]int
	Filters  []struct{ Name, Label string }
	Busy     bool // something is being read: the page looks again
	Notice   string
	Max      int64
}

// Name is what people call the document; for templates.
func (queueView) Name(d store.Document) string { return name(d) }

// queue lists the documents; those that need the least work come first.
func (r *request) queue() error {
	ctx := r.Context()
	st, err := r.s.store.Status(ctx)
	if err != nil {
		return err
	}
	v := queueView{view: r.view(r.texts.T("Queue")), Filter: r.FormValue("show"), Search: strings.TrimSpace(r.FormValue("search")), Profile: r.FormValue("profile"), Filters: filters, Max: r.s.set.MaxUpload >> 20}
	v.Section = "queue"
	if v.Filter == "" {
		v.Filter = "review"
		if st.Documents[store.Ready] == 0 {
			v.Filter = "all"
		}
	}
	q := store.DocumentQuery{Search: v.Search, Profile: v.Profile, After: r.FormValue("after"), Limit: queueLength}
	switch v.Filter {
	case "review":
		q.States, q.ToReview, q.Order = []store.State{store.Ready}, true, store.FewestLeft
	case "ready":
		q.States = []store.State{store.Ready}
	case "reading":
		q.States = []store.State{store.Queued, store.Reading}
	case "failed":
		q.States = []store.State{store.Unreadable}
	case "approved":
		q.States = []store.State{store.Locked}
	}
	var next string
	if v.Docs, next, err = r.s.store.Documents(ctx, q); err != nil {
		return err
	}
	if next != "" {
		v.Next = "/?" + url.Values{"show": {v.Filter}, "search": {v.Search}, "profile": {v.Profile}, "after": {next}}.Encode()
	}
	v.Counts = map[string]int{"ready": st.Documents[store.Ready], "reading": st.Documents[store.Queued] + st.Documents[store.Reading], "failed": st.Documents[store.Unreadable], "approved": st.Documents[store.Locked]}
	for _, n := range st.Documents {
		v.Counts["all"] += n
	}
	v.Busy = v.Counts["reading"] > 0
	if v.Profiles, err = r.s.store.Profiles(ctx); err != nil {
		return err
	}
	v.Notice = r.s.sessions.PopString(ctx, "notice")
	return r.render("queue", v)
}

// upload takes files in as they arrive, without holding them in memory. What
// they are is told by their first bytes, not by their names.
func (r *request) upload() error {
	ctx := r.Context()
	r.Body = http.MaxBytesReader(r.w, r.Body, r.s.set.MaxUpload+1<<20)
	parts, err := r.MultipartReader()
	if err != nil {
		return r.complaint(http.StatusBadRequest, "Choose a file.")
	}
	taken, known := 0, 0
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		file := fileName(part.FileName())
		if part.FormName() != "file" || file == "" {
			continue
		}
		head := make([]byte, 512)
		n, err := io.ReadFull(part, head)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
			return err
		}
		head = head[:n]
		media := mediaType(head)
		if media == "" {
			return r.complaint(http.StatusUnsupportedMediaType, "%s is no PDF, picture or text file.", file)
		}
		got, err := r.s.store.Submit(ctx, store.Upload{Name: file, Bytes: io.MultiReader(bytes.NewReader(head), part), MediaType: media, By: r.who.Name, Engine: r.s.set.Engine})
		if err != nil {
			return err
		}
		if taken++; !got.New {
			known++
		}
	}
	if taken == 0 {
		return r.complaint(http.StatusBadRequest, "Choose a file.")
	}
	notice := r.texts.T("%d files taken in.", taken)
	if known > 0 {
		notice += " " + r.texts.T("%d of them were here already.", known)
	}
	r.s.sessions.Put(ctx, "notice", notice)
	return r.redirect("/?show=all")
}

// fileName keeps the last part of the name that a browser sent, without what
// could mislead: folders, control characters.
func fileName(s string) string {
	s = filepath.Base(strings.ReplaceAll(strings.ToValidUTF8(s, ""), `\`, "/"))
	s = strings.TrimSpace(strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 {
			return -1
		}
		return c
	}, s))
	if s == "." || s == ".." || s == "/" || s == "" || len(s) > 255 {
		return "tep"
	}
	return s
}

// mediaType tells the kinds of files that can be read, "" for all others.
func mediaType(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")),
		bytes.HasPrefix(head, []byte("II+\x00")), bytes.HasPrefix(head, []byte("MM\x00+")):
		return "image/tiff"
	case bytes.Contains(head, []byte("%PDF-")):
		return "application/pdf"
	}
	t, _, err := mime.ParseMediaType(http.DetectContentType(head))
	if err != nil || !slices.Contains([]string{"image/png", "image/jpeg", "text/plain"}, t) || len(head) == 0 {
		return ""
	}
	return t
}

// retry reads a document again that could not be read, or whose pages could not.
func (r *request) retry() error {
	if _, err := r.s.store.Retry(r.Context(), r.PathValue("id"), r.who.Name); err != nil {
		return err
	}
	return r.redirect("/d/" + r.PathValue("id"))
}

// export sends the document as it stands.
func (r *request) export() error {
	ctx := r.Context()
	id, format := r.PathValue("id"), export.Format(r.PathValue("format"))
	if !slices.Contains(export.Formats(), format) {
		return fmt.Errorf("format %q: %w", format, store.ErrNotFound)
	}
	d, err := r.s.store.Document(ctx, id)
	if err != nil {
		return err
	}
	doc, revision, err := r.s.store.Current(ctx, id)
	if err != nil {
		return err
	}
	province, period := compare.Origin(doc)
	stored := &export.Stored{Document: doc, Version: d.Version, Revision: revision, State: string(d.State), Changed: d.Changed, Province: province, Period: period.Name}
	var buf bytes.Buffer
	if err := export.Encode(&buf, format, stored, export.Settings{BOM: true, BaseURL: r.base()}); err != nil {
		return err
	}
	if err := r.s.store.Audit(ctx, r.who.Name, "document.exported", id, d.Version, map[string]any{"format": string(format), "revision": revision}); err != nil {
		return err
	}
	file := "sohoa"
	if len(d.Names) > 0 {
		file = d.Names[0]
	}
	r.w.Header().Set("Content-Type", format.MediaType())
	r.w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file + "." + string(format)}))
	_, err = r.w.Write(buf.Bytes())
	return err
}
