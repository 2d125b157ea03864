package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/schema"
)

// openEngine starts Tesseract with a child a worker, or a replay of recorded
// readings. With record set, what the recording lacks is read and added.
func openEngine(ctx context.Context, lang string, workers int, replay string, record bool, pageTime time.Duration) (ocr.Engine, error) {
	cfg := ocr.Config{Workers: workers, Languages: strings.Split(lang, "+"), PageTimeout: pageTime}
	if replay != "" && !record {
		return ocr.OpenRecorded(replay, nil)
	}
	pool, err := ocr.NewPool(ctx, cfg)
	if err != nil || replay == "" {
		return pool, err
	}
	return ocr.OpenRecorded(replay, pool)
}

// readDocument reads a result of an earlier run.
func readDocument(path string) (*schema.Document, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var doc schema.Document
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if doc.Schema != schema.Version {
		return nil, fmt.Errorf("read %s: its schema is %q, want %q", path, doc.Schema, schema.Version)
	}
	doc.TypeValues()
	return &doc, nil
}
