# Set-up and daily work. Needs Python 3.11 or newer, make and git; everything else is installed into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO ?= demo-archive

.PHONY: install demo test lint check bench lock reference wheel clean

install: $(STAMP)  ## install Pressmark and what it was tested with into .venv

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Pressmark needs Python 3.11 or newer; this is " + sys.version)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

demo: $(STAMP)  ## crawl a small newspaper on this machine
	$(BIN)/pressmark demo -C $(DEMO)

test: $(STAMP)  ## run the tests
	$(BIN)/python -m pytest

lint: $(STAMP)  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .

check: lint test  ## what CI runs
	$(BIN)/python -m crawler.report.reference --check

bench: $(STAMP)  ## measure; needs ../shared/corpora (see tests/bench/README.md)
	$(BIN)/python tests/bench/bench_extraction.py ../shared/corpora --peers

reference: $(STAMP)  ## write the generated pages of docs/ and config/schema/
	$(BIN)/python -m crawler.report.reference

lock: $(STAMP)  ## take newer versions of the dependencies
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --no-emit-index-url --no-annotate --quiet --output-file requirements.lock

wheel: $(STAMP)  ## build the wheel into dist/
	$(BIN)/python -m build --wheel

clean:  ## remove what was built and installed
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache
