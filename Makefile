# Everything that is done to this repository. `make` lists it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GO ?= go
FUZZTIME ?= 10s
BENCH ?= .
BENCHTIME ?= 1s

# The tools of `make lint`, pinned; `go run` builds each once and caches it.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOFUMPT := mvdan.cc/gofumpt@v0.12.0

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: test
test: ## run all tests; needs Go alone
	$(GO) test ./...

.PHONY: race
race: ## run all tests but the longest under the race detector; needs a C compiler
	CGO_ENABLED=1 $(GO) test -race -short -timeout 30m ./...

# Go 1.26 may fail at the end of the time with nothing but "context deadline exceeded":
# https://go.dev/issue/75804. A finding writes its input.
.PHONY: fuzz
fuzz: ## run every fuzz function for FUZZTIME (10s)
	@$(GO) list -f '{{$$dir := .Dir}}{{range .TestGoFiles}}{{$$dir}}/{{.}} {{end}}{{range .XTestGoFiles}}{{$$dir}}/{{.}} {{end}}' ./... | tr ' ' '\n' | \
	{ grep . || true; } | while read -r file; do \
	  { grep -oE '^func Fuzz[A-Za-z0-9_]*' "$$file" || true; } | while read -r _ name; do \
	    echo "== $$name in $${file%/*}"; \
	    said=$$($(GO) test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "$${file%/*}" </dev/null 2>&1) || \
	    { echo "$$said"; grep -q 'context deadline exceeded' <<<"$$said" && ! grep -q 'Failing input' <<<"$$said"; }; \
	  done; \
	done

.PHONY: bench
bench: ## run the benchmarks that match BENCH, each for BENCHTIME (1s)
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchtime $(BENCHTIME) -benchmem ./...

.PHONY: lint
lint: ## check format, go vet, staticcheck and that out/ is fresh
	@unformatted=$$($(GO) run $(GOFUMPT) -l cmd generator templates functions); \
	if [ -n "$$unformatted" ]; then echo "not formatted (run make format):"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	$(GO) mod tidy -diff
	$(GO) run ./cmd/foldstack generate --check

.PHONY: format
format: ## format the Go files
	$(GO) run $(GOFUMPT) -w cmd generator templates functions

.PHONY: generate
generate: ## write out/ from functions/
	$(GO) run ./cmd/foldstack generate

.PHONY: golden
golden: generate ## rewrite the golden files
	@$(GO) list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.Dir}}{{end}}' ./... | { grep . || true; } | while read -r dir; do \
	  if grep -qsE 'flag\.Bool\("update"' "$$dir"/*_test.go; then echo "== $$dir"; $(GO) test "$$dir" -update; fi; \
	done

.PHONY: conformance
conformance: ## run cfn-lint, cfn-guard, iam-simulate, the functions' own tests and a delivery to a mock of AWS; needs python3, node and npm
	.ci/conformance/run
