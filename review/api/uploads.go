package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/sohoa/sohoa/review"
	"github.com/sohoa/sohoa/store"
)

// Receipt says what became of an upload.
type Receipt struct {
	Document string `json:"document" doc:"its id: SHA-256 of the bytes"`
	Version  int    `json:"version" doc:"the reading that will come of it, or that is there already"`
	New      bool   `json:"new" doc:"nobody had handed in these bytes before"`
	Queued   bool   `json:"queued" doc:"it will be read; false when there was nothing to do"`
}

type uploadInput struct {
	Key     string `header:"Idempotency-Key" minLength:"1" maxLength:"200" doc:"of the client's choice; a request that is sent again with the key gets the answer of the first, for a day"`
	Name    string `query:"name" maxLength:"255" doc:"of the file; a form may name it instead"`
	Profile string `query:"profile" maxLength:"100" doc:"report type to read it as; empty leaves it to the program"`
	Again   bool   `query:"again" doc:"read it again even though it was read before"`
	Bulk    bool   `query:"bulk" doc:"let documents without this mark go first"`

	r *http.Request
	w http.ResponseWriter
}

// Resolve implements [huma.Resolver]. It takes hold of the body, which is read
// as it arrives and never held in memory.
func (in *uploadInput) Resolve(ctx huma.Context) []error {
	in.r, in.w = humago.Unwrap(ctx)
	return nil
}

type uploadOutput struct {
	Status   int
	Location string `header:"Location"`
	Replayed string `header:"Idempotency-Replayed" doc:"true when the answer is that of an earlier request"`
	Body     Receipt
}

func (v *Server) uploads() {
	file := &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	form := &huma.MediaType{Schema: &huma.Schema{Type: "object", Required: []string{"file"}, Properties: map[string]*huma.Schema{"file": {Type: "string", Format: "binary"}}}}
	known := &huma.Response{Description: "It is known already, and there is nothing to do", Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Ref: componentPrefix + "Receipt"}}}}
	register(v, WriteDocuments, huma.Operation{
		OperationID: "upload-document", Method: http.MethodPost, Path: "/documents", Tags: []string{"documents"}, DefaultStatus: http.StatusAccepted,
		Summary: "Hand in a file", Description: "PDF, PNG, JPEG, TIFF or plain text, as the body or as the part `file` of a form. What it is is told by its first bytes. The same bytes are one document, however often and under however many names they come.",
		Errors:    []int{http.StatusConflict, http.StatusGone, http.StatusServiceUnavailable, http.StatusInsufficientStorage},
		Responses: map[string]*huma.Response{"200": known},
	}, v.upload)
	// huma would read a body that it knows of when it registers.
	v.api.OpenAPI().Paths["/documents"].Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": file, "multipart/form-data": form}}
}

func (v *Server) upload(ctx context.Context, in *uploadInput) (_ *uploadOutput, err error) {
	file, name, err := v.body(in)
	if err != nil {
		return nil, err
	}
	if in.Key == "" {
		receipt, err := v.submit(ctx, in, name, file)
		return received(receipt), err
	}
	who := caller(ctx).ID
	done, err := v.store.HoldKey(ctx, who, in.Key)
	if errors.Is(err, store.ErrConflict) {
		return nil, huma.ErrorWithHeaders(newProblem(http.StatusConflict, problemKey, "a request with this key is under way"), http.Header{"Retry-After": {"1"}})
	}
	if err != nil {
		return nil, err
	}
	if done != nil {
		return replay(in, name, file, done)
	}
	// The client may be gone; the key must not stay taken.
	settled := context.WithoutCancel(ctx)
	receipt, err := v.submit(ctx, in, name, file)
	if err != nil {
		return nil, errors.Join(err, v.store.DropKey(settled, who, in.Key))
	}
	data, err := json.Marshal(receipt)
	if err == nil {
		err = v.store.SettleKey(settled, who, in.Key, store.Answer{Fingerprint: in.fingerprint(receipt.Document, name), Body: string(data)})
	}
	return received(receipt), err
}

// replay answers a request again whose key is settled, if it is the same one.
func replay(in *uploadInput, name string, file io.Reader, done *store.Answer) (*uploadOutput, error) {
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return nil, err
	}
	if in.fingerprint(hex.EncodeToString(hash.Sum(nil)), name) != done.Fingerprint {
		return nil, newProblem(http.StatusUnprocessableEntity, problemKey, "the key stands for another request")
	}
	var receipt Receipt
	if err := json.Unmarshal([]byte(done.Body), &receipt); err != nil {
		return nil, err
	}
	out := received(receipt)
	out.Replayed = "true"
	return out, nil
}

func received(r Receipt) *uploadOutput {
	out := &uploadOutput{Status: http.StatusOK, Location: Prefix + "/documents/" + r.Document, Body: r}
	if r.Queued {
		out.Status = http.StatusAccepted
	}
	return out
}

// fingerprint tells requests with the same key apart.
func (in *uploadInput) fingerprint(document, name string) string {
	data, err := json.Marshal([]any{document, name, in.Profile, in.Again, in.Bulk})
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// body returns the file of a request and its name.
func (v *Server) body(in *uploadInput) (io.Reader, string, error) {
	kind, _, err := mime.ParseMediaType(in.r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		if in.Name == "" {
			return nil, "", newProblem(http.StatusBadRequest, "", "name the file: ?name=report.pdf")
		}
		return http.MaxBytesReader(in.w, in.r.Body, v.set.MaxUpload), review.FileName(in.Name), nil
	}
	// Room for the frame of the form.
	in.r.Body = http.MaxBytesReader(in.w, in.r.Body, v.set.MaxUpload+1<<20)
	bad := newProblem(http.StatusBadRequest, "", "the form has no part file")
	parts, err := in.r.MultipartReader()
	if err != nil {
		return nil, "", bad
	}
	for {
		part, err := parts.NextPart()
		var large *http.MaxBytesError
		switch {
		case errors.As(err, &large):
			return nil, "", err
		case err != nil:
			return nil, "", bad
		case part.FormName() != "file":
			continue
		}
		name := part.FileName()
		if in.Name != "" {
			name = in.Name
		}
		return http.MaxBytesReader(in.w, part, v.set.MaxUpload), review.FileName(name), nil
	}
}

// submit takes the file in, if it is one that can be read.
func (v *Server) submit(ctx context.Context, in *uploadInput, name string, file io.Reader) (Receipt, error) {
	head := make([]byte, 512)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return Receipt{}, broken(err)
	}
	head = head[:n]
	media := review.MediaType(head)
	if media == "" {
		return Receipt{}, newProblem(http.StatusUnsupportedMediaType, "", "it is no PDF, picture or text file")
	}
	rest := &incoming{file: io.MultiReader(bytes.NewReader(head), file)}
	got, err := v.store.Submit(ctx, store.Upload{
		Name: name, Bytes: rest, MediaType: media, By: caller(ctx).Actor(), Engine: v.set.Engine,
		Profile: strings.TrimSpace(in.Profile), Again: in.Again, Bulk: in.Bulk,
	})
	if rest.err != nil { // the line broke, not the store
		err = broken(rest.err)
	}
	return Receipt{got.Document, got.Version, got.New, got.Queued}, err
}

// incoming remembers why a body could not be read.
type incoming struct {
	file io.Reader
	err  error
}

// Read implements [io.Reader].
func (r *incoming) Read(p []byte) (int, error) {
	n, err := r.file.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// broken is the problem of a body that ended early, unless it was too large.
func broken(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return newProblem(http.StatusBadRequest, "", "the file did not arrive whole")
}
