# Everything there is to run. Each target sets up .venv by itself: the first time, and again when pyproject.toml or
# constraints.txt change. Nothing else on the machine is touched.

# Which Python makes .venv: make test PYTHON=python3.13
PYTHON ?= python3
# More words for pytest: make test ARGS='-k retry'
ARGS ?=

BIN := .venv/bin
READY := .venv/.ready
BROWSER := .venv/.browser
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# The flawed client must fail the checks that the file names, and pass all others; the reference client must pass all.
# So the demo fails when the flaw goes unseen, as well as when an honest client is accused.
DEMO = $(BIN)/drm-harness validate \
	--client reference \
	--client python:tests/flawed_clients/success_on_captive_portal.py:Client \
	tag:smoke --network simulated \
	--expected-failures tests/flawed_clients/demo.expected.yaml
BENCH = $(BIN)/python -m tests.benchmarks
DOCS = for page in operations_doc statuses_doc faults_doc mutants_doc protocol_schema clients_doc messages; do $(BIN)/python -m tests.generate.$$page --check || exit 1; done
# Four processes, also on two processors: many tests wait, on real sockets, in real time.
PYTEST = $(BIN)/python -m pytest -n 4 --dist worksteal
FAST_TESTS := tests/architecture tests/fake_servers tests/harness

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: demo test check lint bench browser players clean help

demo: $(READY)  ## judge an honest and a flawed client: half a minute, no network
	$(DEMO)

test: $(READY)  ## the whole test suite
	$(PYTEST) $(ARGS)

check: lint  ## what a change must pass before review: lint, then the fast tests
	$(PYTEST) $(FAST_TESTS) $(ARGS)

lint: $(READY)  ## format, style, types, layers, forbidden calls, generated docs up to date
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tests.architecture.call_lint
	$(DOCS)

bench: $(READY)  ## figures that anyone can repeat
	$(BENCH)

browser: $(BROWSER)  ## set up players in a browser: Playwright, their npm packages, the test film

players: $(BROWSER)  ## every player against every acquisition scenario, to docs/players.md: half an hour, needs Chromium
	$(BIN)/python -m tests.browsers.matrix $(ARGS)

clean:  ## remove .venv, caches and build output
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile

# The build backend comes first and from the pins too: with pip's own isolation it would come unpinned.
$(READY): pyproject.toml constraints.txt | $(BIN)/pip
	@echo "set-up 2/3: the build backend"
	@$(PIP) hatchling editables
	@echo "set-up 3/3: drm-harness and its libraries, as constraints.txt pins them (about a minute)"
	@$(PIP) --no-build-isolation --editable '.[test]'
	@touch $@

$(BROWSER): $(READY) $(wildcard harness/scenario/profiles/players/*.yaml)
	@$(PIP) --no-build-isolation --editable '.[browser,test]'
	@$(BIN)/python -m harness.adapters.browser
	@touch $@

# pip is the last thing that venv writes, so a half-made .venv is made again.
$(BIN)/pip:
	@command -v $(PYTHON) >/dev/null || { \
		echo "There is no '$(PYTHON)' here. On Debian or Ubuntu: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "drm-harness needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) --version 2>&1)."; \
		echo "Name a newer one: make $(MAKECMDGOALS) PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make a virtual environment: its venv module is missing or incomplete."; \
		echo "On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "set-up 1/3: .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear .venv
