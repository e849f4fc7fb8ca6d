PYTHON ?= python3
EXTRAS ?= dev
BIN := .venv/bin
FAULTS_ROUNDS ?= full
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# Many short processes start: each may use what another has compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test pytest lint fix index eval vectors schema faults

run: .venv/.runtime          ## open the page: http://127.0.0.1:8000
	$(BIN)/alliantie serve --open

index: .venv/.runtime        ## build or refresh the index
	$(BIN)/alliantie index

test: .venv/.tools           ## lint, types, import rules, tests, fast evals
	$(MAKE) --jobs 2 lint pytest

pytest: .venv/.tools
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

schema: .venv/.tools         ## send the API over 20,000 cases made from its schema
	SCHEMA_CASES=700 $(BIN)/python -m pytest -s tests/surfaces/api/test_schema.py

faults: .venv/.tools         ## kill, damage, fill and attack it, as often as docs/beheer.md says
	FAULTS_ROUNDS=$(FAULTS_ROUNDS) OMP_NUM_THREADS=1 $(BIN)/python -m pytest --log-cli-level INFO tests/faults

vectors: .venv/.runtime      ## embed the cards anew, after a card has changed
	$(BIN)/alliantie vectors

.venv/.python:
	$(PYTHON) -m venv .venv
	touch $@

.venv/.runtime: .venv/.python pyproject.toml constraints.txt
	$(INSTALL) --editable .
	$(BIN)/python -m compileall -q assistant
	touch $@

.venv/.tools: .venv/.python pyproject.toml constraints.txt
	$(INSTALL) --editable '.[$(EXTRAS)]'
	touch $@ .venv/.runtime
