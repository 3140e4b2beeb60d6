# Every way to build, try and check Tapak. The longer parts are scripts in tools/, each with a comment on top.
# `make run` needs Rust, a C compiler and Node; `make test` installs what else the tests need, or names it.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL: # the targets of `test` run in the order in which they stand
.PHONY: help run build test try-readme test-fast test-shared lint format bless bench benchmark soak-backup fuzz clean setup-tests \
	page require binary format-check web clippy docs scripts all-tests

TARGET := $(or $(CARGO_TARGET_DIR),target)
# Playwright uses the Chromium of the system and fetches none.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
NPM := npm --prefix web
NODE_MODULES := web/node_modules/.package-lock.json

help: ## lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Build and run ----------------------------------------------------------------------------------------------------

run: build ## builds what changed, then serves http://127.0.0.1:8080 with the sample data (kept in data/)
	@exec $(TARGET)/release/tapak serve --sample-data sample-data

build: require page binary ## the page and the release binary, target/release/tapak

require:
	@tools/require

# npm writes this file last, so it is also the mark of a finished install.
$(NODE_MODULES): web/package.json web/package-lock.json
	$(NPM) ci --no-audit --no-fund
	@touch $@

page: $(NODE_MODULES)
	@tools/build-page

# After the page: the binary carries it.
binary:
	@cargo build --release --locked

# Tests ------------------------------------------------------------------------------------------------------------

test: ## everything: formatting, lints, tests on both engines, browser tests (installs what they need)
	@tools/step "What is needed" tools/require --install
	@tools/step "Servers and browser for the tests" $(MAKE) --no-print-directory setup-tests
	@$(MAKE) --no-print-directory lint
	@tools/test-servers run $(MAKE) --no-print-directory all-tests
	@printf '\nmake test: everything passed.\n'

all-tests:
	@tools/step "Rust tests on SQLite and PostgreSQL" tools/cargo-test
	@tools/step "The binary for the browser tests" cargo build --locked
	@tools/step "The commands of the README" tools/try-readme $(TARGET)/debug/tapak
	@tools/step "The API against its own description" tools/try-contract
	@tools/step "Browser tests on SQLite and PostgreSQL" tools/e2e-all

try-readme: ## the commands of the README and of docs/, run as they stand by a user who is not root
	@cargo build --locked --quiet
	@tools/try-readme $(TARGET)/debug/tapak

test-fast: $(NODE_MODULES) ## the quick part: Rust tests on SQLite and the page's unit tests
	@mkdir -p web/build
	@tools/step "Rust tests on SQLite" env -u TAPAK_TEST_POSTGRES tools/cargo-test
	@tools/step "Unit tests of the page" $(NPM) run test

test-shared: ## as test, but fails where TAPAK_TEST_DATA does not name the shared data folder
	@[ -d "$(TAPAK_TEST_DATA)" ] || { echo "tapak: set TAPAK_TEST_DATA to the shared data folder (absolute)" >&2; exit 1; }
	@$(MAKE) --no-print-directory test

setup-tests: ## installs PostgreSQL, Chromium, the mail sink and schemathesis for the tests, or names what is missing
	@tools/setup-tests

# Checks -----------------------------------------------------------------------------------------------------------

lint: format-check web clippy docs scripts ## formatting and lints, Rust and page; warnings are errors

format-check:
	@tools/step "Formatting (Rust)" cargo fmt --all --check
	@tools/step "Formatting (fuzz targets)" cargo fmt --manifest-path fuzz/Cargo.toml --check

web:
	@tools/step "Packages of the page" $(MAKE) --no-print-directory $(NODE_MODULES)
	@tools/step "Lints of the page" $(NPM) run lint
	@tools/step "Formatting (page)" $(NPM) run format:check
	@tools/step "Types of the page" $(NPM) run check
	@tools/step "Unit tests of the page" $(NPM) run test
	@tools/step "Build of the page" tools/build-page

clippy:
	@tools/step "Clippy" cargo clippy --locked --workspace --all-targets -- -D warnings

docs:
	@RUSTDOCFLAGS="-D warnings" tools/step "Rust documentation" cargo doc --locked --no-deps

# Only where shellcheck is installed: nothing else of the project needs it.
scripts:
	@if command -v shellcheck >/dev/null; then tools/step "Shell scripts" shellcheck -x $$(grep -lE '^#!.*sh$$' tools/* .ci/run); fi

# Upkeep -----------------------------------------------------------------------------------------------------------

format: $(NODE_MODULES) ## formats Rust and page
	cargo fmt --all
	$(NPM) run format

bless: $(NODE_MODULES) ## writes anew: openapi.json, the page's API types, docs/permissions.md, the snapshots; look at the diff
	@mkdir -p web/build
	cargo run --locked --quiet -- openapi > $(TARGET)/openapi.json
	mv $(TARGET)/openapi.json web/src/lib/api/openapi.json
	$(NPM) run api-types
	cargo run --locked --quiet -- permissions > $(TARGET)/permissions.md
	mv $(TARGET)/permissions.md docs/permissions.md
	INSTA_UPDATE=always INSTA_FORCE_PASS=1 cargo test --locked --test service wording::

bench: page setup-tests ## speed and memory of the parts that matter, printed beside what is aimed at
	@tools/step "The spine: import, Atlas, findings, reads" cargo bench --locked --bench measure
	@tools/step "Scans of files" cargo bench --locked --bench measure -- scan
	@cargo bench --locked --bench measure -- write 100000 $(abspath $(TARGET))/generated.csv
	@tools/step "What others need for the candidates alone" tools/bench-peers $(TARGET)/generated.csv
	@cargo build --release --locked
	@TAPAK_E2E_BIN=$(TARGET)/release/tapak tools/step "The first visit in a browser" \
		tools/test-servers run tools/e2e sqlite --config playwright.bench.config.ts

soak-backup: ## 50 backups under load, each restored, on both engines; 1,000 flipped bits refused (some minutes)
	@mkdir -p web/build
	@TAPAK_TEST_BACKUP_CYCLES=50 TAPAK_TEST_BACKUP_FLIPS=500 tools/step "Backups under load, and single bits" \
		tools/test-servers run cargo test --locked --test service backup::cycles -- --nocapture --test-threads=1

fuzz: ## each parser and the comparison of geometries on made-up input, FUZZ_SECONDS (20) each; installs cargo-fuzz
	@tools/fuzz

benchmark: ## the open benchmark of doubled works, made anew, and how often the judge is right on it (docs/benchmark.md)
	@cargo build --release --locked --workspace --quiet
	@for density in sparse village town abroad; do \
		$(TARGET)/release/tapak-benchmark generate --density $$density --out $(TARGET)/benchmark/$$density && \
		tools/score-benchmark $(TARGET)/release $(TARGET)/benchmark/$$density || exit 1; \
	done

clean: ## removes everything that was built or installed here (data/ stays)
	cargo clean
	rm -rf fuzz/target fuzz/corpus
	rm -rf web/build web/.svelte-kit web/node_modules web/test-results web/playwright-report .tools
