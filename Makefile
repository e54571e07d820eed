# Two commands: `make demo` shows Ayilmap at work, `make test` proves it. `make help` lists all.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
SERVE ?= 1
export PYTHON

BIN := .venv/bin
ROOMS := geo sketch_import maps api
CODE := $(ROOMS) migrations tests
NEEDS_OF_TESTS := postgis chromium fonts
NEEDS_OF_BENCH := postgis gdalwarp wrk

.PHONY: help demo test check bench clean environment environment-dev

help: ## list these commands
	@echo 'make demo    set up, load the sample municipality, digitise the sample sheet, draw its map,'
	@echo '             then serve http://127.0.0.1:8000 (SERVE=0: stop before serving)'
	@echo 'make test    set up with PostGIS and Chromium, and run all tests'
	@echo 'make check   lint, types, import contract, module sizes, examples in the documentation'
	@echo 'make bench   benchmarks: tracing, placing (as a ratio to gdalwarp), both databases'
	@echo 'make clean   remove .venv, node_modules, var (but var/data only with DATA=1) and caches'

environment:
	@.ci/environment

environment-dev:
	@.ci/environment dev

demo: environment
	@$(BIN)/ayilmap demo --out var/demo
ifneq ($(SERVE),0)
	@$(BIN)/ayilmap serve --port 8000
endif

# What the machine itself must have comes first: it is asked for before anything is fetched.
test:
	@.ci/environment python
	@$(PYTHON) -m tests.support.programs --bring $(NEEDS_OF_TESTS)
	@.ci/environment dev
	@rm -f .coverage .coverage.*
	AYILMAP_NO_SKIP=1 $(BIN)/pytest --numprocesses=2 --dist=loadfile --cov --cov-report=
	@echo 'Coverage of geo/ and sketch_import/, 90 % or more:'
	$(BIN)/coverage report --include='geo/*,sketch_import/*' --fail-under=90

check: environment-dev
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy
	$(BIN)/mypy tests/support tests/house tests/conftest.py
	$(BIN)/lint-imports
	$(BIN)/pytest --quiet tests/house/test_module_size.py
	$(BIN)/pytest --quiet --doctest-modules $(ROOMS)

bench:
	@.ci/environment python
	@$(PYTHON) -m tests.support.programs --bring $(NEEDS_OF_BENCH)
	@.ci/environment dev
	@$(BIN)/python -m tests.bench

# A village's store and pictures are no waste: they go only when they are named.
clean:
	rm -rf .venv node_modules build dist *.egg-info
	[ ! -d var ] || find var -mindepth 1 -maxdepth 1 ! -name data -exec rm -rf {} +
	@[ '$(DATA)' != 1 ] || rm -rf var
	@[ ! -d var/data ] || echo 'Kept: var/data, the store and its pictures. To remove them too: make clean DATA=1'
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
