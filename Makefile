# The targets are the commands that the README names.
SHELL := /bin/bash
BIN   := bin/sohoa
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
export OMP_THREAD_LIMIT := 1

.PHONY: all build demo test screenshots race lint setup fixtures calibration record eval bench bench-long bench-export bench-restore bench-scale licences torture soak sbom reproducible vuln fuzz clean

all: build

build: ## build bin/sohoa
	go build -trimpath -ldflags "-X main.version=$(VERSION)" -o $(BIN) ./cmd/sohoa

setup: ## install what the build and the tests need (Debian, Ubuntu)
	@./setup.sh

demo: setup build ## read the sample reports and show the result
	@./demo.sh

test: setup ## all tests, with the race detector where it pays
	go test -timeout 30m ./...

screenshots: ## what the browser tests see, into out/screenshots
	@rm -rf out/screenshots && mkdir -p out/screenshots
	go test -timeout 30m ./review ./cmd/sohoa -run 'Keyboard|Reviewers|Lost|ScanToExport' -count=1 -artifacts -outputdir $(CURDIR)/out/screenshots

lint: ## gofmt, vet, staticcheck, generated files
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'run gofmt -w on these'; exit 1; }
	go vet ./...
	go tool staticcheck ./...

race: ## the packages where goroutines meet, with the race detector
	go test -timeout 30m -race ./pipeline ./ingest/child ./ingest/ocr ./ingest/pdf ./export ./review/api ./export/webhook
	go test -timeout 30m -race ./extract -run 'Sections|Parallel'

eval: build ## accuracy on the sample reports and on torn texts, against the recorded budgets
	@rm -rf out/eval && $(BIN) run fixtures/scans -o out/eval --replay fixtures/recorded
	$(BIN) eval --gold fixtures/truth --pred out/eval --budget fixtures/budgets.yaml
	@rm -rf out/eval-texts && $(BIN) run fixtures/texts -o out/eval-texts --no-link
	@for s in dev test; do echo "== torn texts, $$s"; \
	  $(BIN) eval --gold fixtures/texts/truth --pred out/eval-texts --split $$s --budget fixtures/texts/$$s.yaml > out/eval-texts-$$s.txt || failed=1; \
	  grep '^= ' out/eval-texts-$$s.txt | grep -wE 'model|task|indicator|service|benefit'; done; [ -z "$$failed" ]

bench-scale: ## the queue alone, on SQLite and PostgreSQL: see docs/scaling.md
	SOHOA_BENCH=10000 go test ./store -run XXX -bench . -benchtime 1x -timeout 60m

bench: build ## time and accuracy beside bare Tesseract and OCRmyPDF, on the sample scans or FILES=…
	go run ./bench -sohoa $(BIN) $(or $(FILES),fixtures/scans/*.grey200.pdf fixtures/scans/*.sideways.pdf)

bench-long: ## 200 pages of text through repair and records; time and memory of putting up to 532 pages together
	go test ./extract ./pipeline -run XXX -bench 'Pages200|Assemble' -benchtime 1x -timeout 20m

bench-export: ## memory of the exports at 1,000 to 300,000 records
	go test ./export -run XXX -bench Export -benchtime 1x -timeout 15m

bench-restore: ## what the repair gets right, on text that training never saw; SHARED=… names the folder of the corpora
	SOHOA_SHARED=$(SHARED) go test ./normalize -run TestFigures -v -count=1 -timeout 60m -args -figures

record: build ## read the sample scans with Tesseract again and keep what it said
	rm -rf fixtures/recorded out/record
	$(BIN) run fixtures/scans -o out/record --replay fixtures/recorded --record

FITTED := out/calibration
VARY = go run ./fixtures/generate -reports fixtures/reports,fixtures/calibration -shared "$(SHARED)" -versions $(or $(VERSIONS),24) -o $(FITTED) -truth $(FITTED)/truth
# Texts of other arrangements are of more reports: each version has columns, heads and forms of its own.
ARRANGE = go run ./fixtures/generate -reports fixtures/reports,fixtures/calibration,fixtures/models,fixtures/torn -shared "$(SHARED)" -arranged -variants torn,cleantext,spaced -first 51 -versions 10 -o $(FITTED)/arranged -truth $(FITTED)/truth
# What SOURCES names, all when it is empty. Scans are read for the first two, texts for the last two.
comma := ,
SCANNED := ocr text_layer
TYPED := text clean_text
FITTING := $(or $(subst $(comma), ,$(SOURCES)),$(SCANNED) $(TYPED))
SCANS := $(if $(filter $(SCANNED),$(FITTING)),scans)
TEXTS := $(if $(filter $(TYPED),$(FITTING)),texts)
ARRANGED := $(TEXTS:texts=arranged)
REALS := $(SCANS:scans=real) $(TEXTS:texts=seeds)
FIT = --fresh $(if $(SOURCES),--sources "$(SOURCES)")
calibration: build ## fit the confidences that the program comes with; SHARED=… names the folder of corpora, real scans and seeds, SOURCES=… those to fit of ocr,text_layer,text,clean_text
	@[ -d "$(SHARED)/corpora" ] || { echo 'calibration: corpora are needed to vary the sample reports; name their folder with SHARED=…'; exit 1; }
	@[ -z "$(filter-out $(SCANNED) $(TYPED),$(FITTING))" ] || { echo 'calibration: SOURCES may name ocr, text_layer, text and clean_text, not $(filter-out $(SCANNED) $(TYPED),$(FITTING))'; exit 1; }
	[ -z "$(SCANS)" ] || [ -n "$$(ls $(FITTED)/scans 2>/dev/null)" ] || $(VARY)
	@# Texts cost little: they are made anew when what makes them has changed. Scans ask for make clean.
	[ -z "$(TEXTS)" ] || { [ -d $(FITTED)/arranged/texts ] && [ -z "$$(find fixtures/generate fixtures/reports fixtures/calibration fixtures/models fixtures/torn -newer $(FITTED)/arranged/texts -print -quit)" ]; } || \
	  { rm -rf $(addprefix $(FITTED)/,texts of-texts arranged of-arranged); $(VARY) -variants torn,piped,cleantext && $(ARRANGE); }
	[ -z "$(SCANS)" ] || $(BIN) run $(FITTED)/scans -o $(FITTED)/of-scans --no-link --replay $(FITTED)/recorded --record
	[ -z "$(TEXTS)" ] || { $(BIN) run $(FITTED)/texts -o $(FITTED)/of-texts --no-link && $(BIN) run $(FITTED)/arranged/texts -o $(FITTED)/of-arranged --no-link; }
	@set -e; truth="--gold $(FITTED)/truth"; pred="$(addprefix --pred $(FITTED)/of-,$(SCANS) $(TEXTS) $(ARRANGED))"; \
	if [ -d "$(SHARED)/gold/real" ]; then \
	  [ -z "$(SCANS)" ] || $(BIN) run "$(SHARED)"/scans/*.pdf -o $(FITTED)/of-real --replay $(FITTED)/recorded --record; \
	  [ -z "$(TEXTS)" ] || $(BIN) run "$(SHARED)/seeds" -o $(FITTED)/of-seeds; \
	  $(BIN) eval --calibrate $(FITTED)/without.json $(FIT) $$truth $$pred; \
	  for x in $(REALS); do echo "== $$x, by a model fitted without them"; \
	    $(BIN) eval --calibration $(FITTED)/without.json --gold "$(SHARED)/gold" --pred $(FITTED)/of-$$x 2>/dev/null | sed -n '/^confidence/,$$p' | grep -v '^no '; done; \
	  truth="$$truth --gold $(SHARED)/gold"; pred="$$pred $(addprefix --pred $(FITTED)/of-,$(REALS))"; fi; \
	$(BIN) eval --calibrate extract/confidence/model.json --left-out $(FIT) --on "versions of the sample reports marked dev, real $(subst scans texts,scans and texts,$(strip $(SCANS) $(TEXTS)))" $$truth $$pred; \
	for x in $(SCANS) $(TEXTS) $(ARRANGED); do echo "== $$x of the reports marked test"; \
	  $(BIN) eval --calibration extract/confidence/model.json --gold $(FITTED)/truth --pred $(FITTED)/of-$$x --split test 2>/dev/null | sed -n '/^confidence/,$$p' | grep -v '^no '; done

fixtures: ## draw, print and wear the sample reports again: everything into fixtures/build, the committed part in place
	go run ./fixtures/generate
	go run ./fixtures/generate -committed -reports fixtures/reports,fixtures/offices -o fixtures/scans -truth fixtures/truth
	go run ./fixtures/generate -committed -reports fixtures/models,fixtures/forms -o fixtures/texts -truth fixtures/texts/truth

licences: ## list the licences of all linked modules; fails on GPL and AGPL
	go run ./docs/licences > docs/licences.md

torture: build ## run over malformed files, DIR=… or 500 that are made for it, and print what came of it; ARGS=--no-ocr for a quick look
	@dir="$(DIR)"; if [ -z "$$dir" ]; then dir=out/malformed; go run ./fixtures/malform -o $$dir; fi; \
	$(BIN) torture $(ARGS) "$$dir"

SOAK ?= 1m
soak: build ## mixed work for SOAK=24h: memory, handles and temporary files must not grow, results stay the same
	@go run ./fixtures/malform -o out/malformed >/dev/null
	$(BIN) soak --for $(SOAK) fixtures/scans/son-hai-report.digital.pdf fixtures/scans/son-hai-report.bilevel.pdf fixtures/scans/tra-giang-models.ocrtext.txt \
	  out/malformed/tree-circle.pdf out/malformed/picture-more.png out/malformed/mask-in-itself.pdf out/malformed/flips-*-an-trach-procedures.digital.pdf

sbom: build ## the bill of materials of bin/sohoa (CycloneDX)
	go run ./docs/sbom $(BIN) > bin/sbom.cdx.json

reproducible: ## two builds of HEAD in two folders, each with an empty cache, give the same bytes
	@set -e; tmp=$$(mktemp -d); trap 'chmod -R u+w $$tmp; rm -rf $$tmp' EXIT; for d in a another-folder; do \
	  mkdir $$tmp/$$d; git archive HEAD | tar x -C $$tmp/$$d; \
	  (cd $$tmp/$$d && GOCACHE=$$tmp/cache-$$d go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=test" -o $$tmp/$$d.bin ./cmd/sohoa); \
	done; cmp $$tmp/a.bin $$tmp/another-folder.bin; sha256sum < $$tmp/a.bin

vuln: ## known weaknesses in what is linked; says so where the list of them cannot be reached
	@go mod verify
	@if curl -fsS -m 10 -o /dev/null https://vuln.go.dev/index/db.json; then go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...; \
	else echo 'govulncheck: skipped, https://vuln.go.dev cannot be reached'; fi

FUZZTIME ?= 20s
fuzz: ## every fuzz target for FUZZTIME
	@for p in $$(go list ./...); do for f in $$(go test -list '^Fuzz' $$p 2>/dev/null | grep ^Fuzz); do \
	  echo "$$p $$f"; go test $$p -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) || exit 1; done; done

clean:
	rm -rf bin out
