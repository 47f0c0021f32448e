.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help setup run clock test check bench format

help:     ## Show these targets
	@grep -E '^[a-z-]+: .*##|^[a-z-]+:  *##' $(MAKEFILE_LIST) | sed 's/:.*##/	/'

setup: .venv/ready  ## Create the environment and build the front end

.venv/ready: pyproject.toml constraints.txt hatch_build.py frontend/package-lock.json frontend/build.mjs $(wildcard frontend/src/*)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更高版本"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv; } \
	  || { echo "请先安装 python3-venv：apt-get install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

run: setup   ## Set up everything, fill the demo region at the first start, serve pages and clock
	HUITOU_DEMO=1 $(BIN)/huitou demo --if-empty
	HUITOU_DEMO=1 $(BIN)/huitou serve

clock: setup ## Run the clock alone (serve with `huitou serve --no-clock` beside it)
	$(BIN)/huitou clock

test: setup  ## Run every test (HUITOU_TEST_DATABASE_URL: on that PostgreSQL server)
	$(BIN)/pytest -n auto --dist loadgroup -q

check: setup ## Everything that CI runs: format, lint, types, architecture, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist loadgroup -q

bench: setup ## Measure speed side by side (ratios, medians); writes nothing
	$(BIN)/huitou bench

format: setup ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
