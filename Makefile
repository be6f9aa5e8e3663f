# The two commands of the README are `make demo` and `make test`; each sets up .venv by itself.
# The first Python that is new enough; `make PYTHON=… test` takes another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
WORKERS ?= 4
ONLY ?=
# Where the environment forbids compiled files, each process and each test that loads the cogs would compile them anew.
export PYTHONDONTWRITEBYTECODE :=
# The share of branches that the suite must cover; it only goes up.
COVERAGE_FLOOR ?= 95
# Discord's own API document, held against every request of the suite where it lies beside the project.
CONTRACT := ../shared/contract
CONTRACT_FLAGS := $(if $(wildcard $(CONTRACT)/discord_contract.py),-p discord_contract)
PYTEST = PYTHONPATH=$(CONTRACT) $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(CONTRACT_FLAGS)

.PHONY: help demo run test check bench lint lock clean

help:  ## What each command does
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

.venv/installed: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo 'Twincord needs Python 3.11 or newer; say where it is: make PYTHON=…' >&2; exit 1; }
	@echo 'Setting up .venv with $(PYTHON); this takes a minute or two, once.' >&2
	@$(PYTHON) -m venv .venv
	@# --no-deps: the lock is complete, and a resolver would prefer a newer release to it for a package with extras.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: .venv/installed  ## Try the bot in a browser, without a Discord account
	@$(BIN)/python -m bot demo

run: .venv/installed  ## Start the bot on Discord (needs TWINCORD_TOKEN)
	@$(BIN)/python -m bot run

test: .venv/installed  ## The whole suite, SQLite and PostgreSQL
	$(PYTEST)

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint  ## What a change must pass: lint, types, import contracts, the suite under its coverage floor
	$(PYTEST) --cov --cov-report=term:skip-covered --cov-fail-under=$(COVERAGE_FLOOR)

bench: .venv/installed  ## Benchmarks beside their baselines (ONLY=name for one); writes build/bench.json
	@$(BIN)/python -m tests.bench $(ONLY)

lock: .venv/installed  ## Renew requirements.lock for Python 3.11 to 3.13
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command 'make lock' --all-extras --group dev pyproject.toml -o requirements.lock

clean:  ## Remove what the commands above made
	rm -rf .venv build
