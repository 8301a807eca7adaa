# Two commands matter: `make audit` and `make test`. See README.md.
PYTHON ?= python3
BIN := .venv/bin
AS_AT := 2026-03-31

.PHONY: audit test check fix golden docs bench clean

# The stamps hold the set-up: a second run installs nothing unless a lock has changed.
.venv/run.stamp: locks/run.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/dev.stamp: .venv/run.stamp locks/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/dev.txt
	touch $@

.venv/bench.stamp: .venv/dev.stamp locks/bench.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/bench.txt
	touch $@

audit: .venv/run.stamp
	$(BIN)/lacaudit audit sample_data --as-at $(AS_AT) --pack statutory --pack salford --pack dfe-2013 --pack lga --out out --exit-zero

test: .venv/dev.stamp
	$(BIN)/python -m pytest

check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/yamllint --strict rules layouts vocabulary
	$(BIN)/python -m lacaudit.docs --check

fix: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: .venv/dev.stamp
	LACAUDIT_GOLDEN=write $(BIN)/python -m pytest tests/golden -q

docs: .venv/dev.stamp
	$(BIN)/python -m lacaudit.docs

bench: .venv/bench.stamp
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf .venv out dist build
