# The targets are the commands that the README names.
SHELL := /bin/bash
BIN   := bin/sohoa
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
export OMP_THREAD_LIMIT := 1

.PHONY: all build demo test lint setup fixtures record eval bench bench-restore bench-scale licences generate fuzz clean

all: build

build: ## build bin/sohoa
	go build -trimpath -ldflags "-X main.version=$(VERSION)" -o $(BIN) ./cmd/sohoa

setup: ## install what the build and the tests need (Debian, Ubuntu)
	@./setup.sh

demo: setup build ## read the sample reports and show the result
	@./demo.sh

test: setup ## all tests, with the race detector where it pays
	go test ./...

lint: ## gofmt, vet, staticcheck, generated files
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'run gofmt -w on these'; exit 1; }
	go vet ./...
	go tool staticcheck ./...

eval: build ## accuracy on the sample reports, against the recorded budgets
	@rm -rf out/eval && $(BIN) run fixtures/scans -o out/eval --replay fixtures/recorded
	$(BIN) eval --gold fixtures/truth --pred out/eval --budget fixtures/budgets.yaml

bench-scale: ## the queue alone, on SQLite and PostgreSQL: see docs/scaling.md
	SOHOA_BENCH=10000 go test ./store -run XXX -bench . -benchtime 1x -timeout 60m

record: build ## read the sample scans with Tesseract again and keep what it said
	rm -rf fixtures/recorded && $(BIN) run fixtures/scans -o out/record --replay fixtures/recorded --record

fixtures: ## draw, print and wear the sample reports again
	go run ./fixtures/generate -o fixtures

licences: ## list the licences of all linked modules; fails on GPL and AGPL
	go run ./docs/licences > docs/licences.md

clean:
	rm -rf bin out
