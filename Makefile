# Needs Python 3.11 or newer, its venv module and make; everything else is set up here.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PYTEST = $(BIN)/python -m pytest -n auto --dist worksteal
EXAMPLE ?= examples/ordinary.json

# Where nothing compiled is kept, each of the many processes of the tests compiles all of msrisk.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: clean demo fuzz hunt lint lists mutate page prints setup test test-all test-engines test-examples test-kills test-long test-others test-page test-records test-service test-short test-static

demo: $(VENV)/msrisk
	$(BIN)/msrisk assess $(EXAMPLE)
	@echo "To open the intake page: make page"

# The intake page, until Ctrl-C ends it.
page: $(VENV)/msrisk
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[check,web]'
	$(BIN)/msrisk serve

# All that is needed to change msrisk; each target below does it by itself, too.
setup: $(VENV)/dev

# What to run while changing msrisk: every test but the slow ones, and nothing is counted.
test: $(VENV)/dev
	$(PYTEST) -m "not slow"

# What CI asks of every change: the three targets below.
test-all: lint test-short test-long

lint: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# The same as `make test`, and that it covers every line and branch of msrisk.
test-short: $(VENV)/dev
	$(PYTEST) -m "not slow" --cov --cov-report=term-missing:skip-covered

# The tests marked slow: the laws by chance, mutants, worked patients, examples of the documents.
test-long: $(VENV)/dev
	$(PYTEST) -m slow

# What msrisk writes for other programs, checked with those of others: the first half of CI's
# second target, of which `make test-service` is the other. It takes from npm and, as root, from
# Debian what it needs; PICTURES is a folder to keep them in.
test-others: $(VENV)/dev
	$(BIN)/python -m tests.others $(PICTURES)

# Reads what three generators of made-up records write, to be installed: minutes, and a gigabyte.
test-records: $(VENV)/dev
	$(BIN)/python -m tests.others.generators $(DAY)

# Compares Spark in local mode and Ibis with `assess`, and kills `msrisk screen` and fills its disk;
# installs PySpark and Ibis, and Java where it may.
test-engines: $(VENV)/engines
	command -v java >/dev/null || apt-get install --yes --quiet --no-install-recommends default-jre-headless
	$(BIN)/python -m tests.engines

# Kills `msrisk screen` at random moments and fills its disk; some minutes, and a root who may mount.
test-kills: $(VENV)/dev
	$(BIN)/python -m tests.engines.kills $(KILLS)

$(VENV)/engines: $(VENV)/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[engines]'
	touch $@

# A service that runs, seen from outside: a client that knows only the specification of CDS Hooks,
# Schemathesis, and what goes wrong around it. The other half of CI's second target.
test-service: $(VENV)/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[service]'
	MSRISK_SERVICE=1 $(BIN)/python -m pytest -n 2 --dist loadfile tests/service

# The intake page in Chromium: by keyboard, on a phone, to a printer, with axe-core in each state; and
# reports as a screen reader is told them. It
# takes from npm and, as root, from Debian what it needs; PICTURES is a folder to keep pictures in.
test-page: $(VENV)/browser
	MSRISK_PAGE=$(or $(PICTURES),1) $(PYTEST) tests/page

# The page that runs in the browser alone, in Chromium with the network cut off; takes Pyodide
# from npm, unless PYODIDE is a folder with its files.
test-static: $(VENV)/browser
	$(BIN)/python -m tests.alone $(PYODIDE)

# Starts each example of embedding and uses it.
test-examples: $(VENV)/browser
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r examples/embedding/requirements.txt
	$(BIN)/python -m tests.embedding

$(VENV)/browser: $(VENV)/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[browser]'
	touch $@

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "msrisk needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/msrisk: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[check]'
	touch $@

$(VENV)/dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ $(VENV)/msrisk

# Laws 11 to 14 on a million entries by chance; other numbers as HUNT="--seed 2 --recognise 5000".
hunt: $(VENV)/dev
	$(BIN)/python -m tests.hunt $(HUNT)

# Reads 100,000 spoiled FHIR bundles; other numbers, or bundles of your own, as
# FUZZ="--count 5000 --seed 2 --records FOLDER".
fuzz: $(VENV)/dev
	$(BIN)/python -m tests.fuzz $(FUZZ)

# Small changes of the code that reads and decides: does a test see each? By chance, 300 of them;
# others as MUTATE="--seed 2 --count 50 --within msrisk/evaluation".
mutate: $(VENV)/mutate
	$(BIN)/python -m tests.code_mutation $(MUTATE)

$(VENV)/mutate: $(VENV)/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[mutate]'
	touch $@

# Compares what names of official lists are read as with what the lists say; LISTS is their folder.
lists: $(VENV)/dev
	$(BIN)/python -m tests.lists.measure $(LISTS)

# Prints the examples with Chromium and counts their pages; PRINTS is a folder to keep them in.
prints: $(VENV)/dev
	$(BIN)/python -m tests.prints $(PRINTS)

clean:
	rm -rf $(VENV) .others build dist .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
