package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

type pictureOutput struct {
	Type  string `header:"Content-Type"`
	Cache string `header:"Cache-Control"`
	Body  []byte
}

// PagePath is what the operations about one page take.
type PagePath struct {
	DocumentPath
	Page    int `path:"page" minimum:"1" maximum:"100000" doc:"from 1"`
	Version int `query:"version" minimum:"1" doc:"the reading; without it the newest"`
}

func (v *Server) pictures() {
	jpeg := map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"image/jpeg": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}}
	register(v, ReadDocuments, huma.Operation{OperationID: "get-page-picture", Method: http.MethodGet, Path: "/documents/{id}/pages/{page}/picture", Tags: []string{"pictures"},
		Summary: "The upright picture of a page", Errors: []int{http.StatusNotFound}, Responses: jpeg},
		func(ctx context.Context, in *struct {
			PagePath
			Width string `query:"width" enum:"900,1400,2400" default:"1400" doc:"most pixels across; few widths, so that few pictures are made"`
		}) (*pictureOutput, error) {
			version, err := v.version(ctx, in.PagePath)
			if err != nil {
				return nil, err
			}
			width, err := strconv.Atoi(in.Width)
			if err != nil {
				return nil, err
			}
			data, err := v.review.PagePicture(ctx, in.ID, version, in.Page, width)
			return in.picture(data, err)
		})
	crop := map[string]*huma.Response{"200": jpeg["200"]}
	register(v, ReadDocuments, huma.Operation{OperationID: "get-page-crop", Method: http.MethodGet, Path: "/documents/{id}/pages/{page}/crop", Tags: []string{"pictures"},
		Summary: "A piece of a page", Description: "The box of a field with a little around it.", Errors: []int{http.StatusNotFound}, Responses: crop},
		func(ctx context.Context, in *struct {
			PagePath
			Box []int `query:"box" required:"true" minItems:"4" maxItems:"4" doc:"x0,y0,x1,y1 as fields have it"`
		}) (*pictureOutput, error) {
			version, err := v.version(ctx, in.PagePath)
			if err != nil {
				return nil, err
			}
			page, err := v.store.Page(ctx, in.ID, version, in.Page)
			if err != nil {
				return nil, err
			}
			box := schema.Box{X0: in.Box[0], Y0: in.Box[1], X1: in.Box[2], Y1: in.Box[3]}
			if box.Intersect(schema.Box{X1: page.Width, Y1: page.Height}).Empty() {
				return nil, fmt.Errorf("%w: the box is not on the page of %d × %d pixels", store.ErrInvalid, page.Width, page.Height)
			}
			data, err := v.review.Crop(ctx, in.ID, version, in.Page, page.Width, box)
			return in.picture(data, err)
		})
}

// version returns the reading that is asked for, otherwise the newest one.
func (v *Server) version(ctx context.Context, in PagePath) (int, error) {
	if in.Version > 0 {
		return in.Version, nil
	}
	d, err := v.store.Document(ctx, in.ID)
	if err == nil && d.Version == 0 {
		err = store.ErrNotFound
	}
	return d.Version, err
}

// picture is the answer. What names the reading never changes.
func (p PagePath) picture(data []byte, err error) (*pictureOutput, error) {
	if err != nil {
		return nil, err
	}
	cache := "no-store"
	if p.Version > 0 {
		cache = "private, max-age=31536000, immutable"
	}
	return &pictureOutput{Type: "image/jpeg", Cache: cache, Body: data}, nil
}
