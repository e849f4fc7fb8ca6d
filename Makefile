PYTHON ?= python3
EXTRAS ?= dev
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: run test lint fix index eval vectors

run: .venv/.runtime          ## open the page: http://127.0.0.1:8000
	$(BIN)/alliantie serve --open

index: .venv/.runtime        ## build or refresh the index
	$(BIN)/alliantie index

test: .venv/.tools lint      ## lint, types, import rules, tests, fast evals
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

lint: .venv/.tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: .venv/.tools            ## what ruff can mend by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

eval: .venv/.tools           ## ask all reference questions and write docs/evals.md
	$(BIN)/alliantie eval --ablations --to docs

vectors: .venv/.runtime      ## embed the cards anew, after a card has changed
	$(BIN)/alliantie vectors

.venv/.python:
	$(PYTHON) -m venv .venv
	touch $@

.venv/.runtime: .venv/.python pyproject.toml constraints.txt
	$(INSTALL) --editable .
	touch $@

.venv/.tools: .venv/.python pyproject.toml constraints.txt
	$(INSTALL) --editable '.[$(EXTRAS)]'
	touch $@ .venv/.runtime
