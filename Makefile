# Every target sets up what it needs: an environment in .venv, a browser, a database server.

SHELL := bash
# Processes of the tests: two more than the two cores of CI, since crawls and browsers also wait.
WORKERS := 4
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Without bytecode, each of the many processes of the tests compiles the project again.
unexport PYTHONDONTWRITEBYTECODE
CODE := wildcrawl spiders pipelines exports scripts benchmarks tests setup.py

.PHONY: demo report desk scrapyd-demo test test-all test-engines coverage lint format docs benchmarks
.PHONY: drills audit mongodb
.PHONY: clean

# Searches the bundled marketplaces on loopback and writes a report.
demo: $(READY)
	@WILDCRAWL_BROWSER="$$(scripts/browser.sh $(BIN)/playwright)" $(BIN)/scrapy demo --make

# Open the report and the desk of `make demo`.
report: $(READY)
	@test -f demo/report/index.html || { echo "There is no report yet; run 'make demo' first"; exit 1; }
	@$(BIN)/python scripts/open_page.py demo/report/index.html

desk: $(READY)
	@test -f demo/settings.sh || { echo "There is no demo yet; run 'make demo' first"; exit 1; }
	@. demo/settings.sh && scrapy desk $(DESK)

# The demo as scheduled jobs: deploys to a scrapyd on loopback, checks it and waits for the jobs.
scrapyd-demo: $(READY)
	@WILDCRAWL_BROWSER="$$(scripts/browser.sh $(BIN)/playwright)" $(BIN)/python scripts/scrapyd_demo.py

# The daily tests: on SQLite and on a MongoDB-protocol server, pages in a real browser.
test:
	@$(MAKE) --no-print-directory -j2 $(READY) mongodb
	@WILDCRAWL_BROWSER="$$(scripts/browser.sh $(BIN)/playwright)" \
		$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder \
		$(OPTIONS) $(PYTEST)

# A new checkout makes it beside the environment. Without Go the tests that need it are skipped.
mongodb:
	@scripts/mongodb.sh >/dev/null || true

# The daily tests and the slow ones: packages, scrapyd, whole demos, every crawl on both stores.
test-all: OPTIONS += -m 'not engines'
test-all: test

# Tests against real site programs, installed and crawled on loopback.
test-engines: $(READY)
	@$(BIN)/python -m pytest -m engines tests/engines $(PYTEST)

# Test coverage, without the site programs.
coverage: OPTIONS += --cov --cov-report=term:skip-covered
coverage: test-all

# Checks style, types, and the direction of imports.
lint: $(READY)
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive wildcrawl spiders pipelines exports

format: $(READY)
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

# Generates files from the code: the tables of sites and commands in README.md and docs/, and the
# JSON Schema with which editors check keywords.yaml.
docs: $(READY)
	@$(BIN)/python -m scripts.make_docs
	@$(BIN)/python scripts/keywords_schema.py

# Benchmarks: ratios of speed, each measured in one run.
benchmarks: $(READY)
	@for each in $(filter-out __init__ server,$(basename $(notdir $(wildcard benchmarks/*.py)))); do \
		echo "== $$each"; $(BIN)/python -m benchmarks.$$each || exit 1; done

# Crawls under faults (kill -9, full disk, deleted store, hostile pages), for a nightly job.
drills: $(READY)
	@scripts/mongodb.sh >/dev/null || true
	@$(BIN)/python -m scripts.drills $(DRILLS)

# Known vulnerabilities of the pinned packages; says so if its data cannot be reached.
audit: $(READY)
	@$(BIN)/python -m scripts.audit

clean:
	rm -rf $(VENV) .cache build dist *.egg-info demo

$(READY): pyproject.toml constraints.txt setup.py
	@echo "Making the environment in $(VENV) (a minute or two) ..."
	@"$$(scripts/find-python.sh)" -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile \
		-c constraints.txt -e '.[dev]'
	@# On all cores: pip compiles on one, which takes half as long as the rest of its work. Without
	@# the tests of packages; and with the project, which each process of the tests would compile.
	@$(BIN)/python -m compileall -q -j 0 -x 'site-packages/.*/tests?/' $(VENV)/lib $(CODE) \
		>/dev/null 2>&1 || true
	@touch $@
