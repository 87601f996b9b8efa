# One command each. Everything lives in .venv/ and var/; nothing else on the machine is touched.

BIN := .venv/bin
RUN_READY := .venv/ready-to-run
TEST_READY := .venv/ready-to-test
TEST_JOBS ?= 4

.PHONY: help run cloud test lint types test-long bench clean
.DEFAULT_GOAL := help

help:
	@echo "make run        the whole forum on http://localhost:8000 (PORT=8001 make run for another port)"
	@echo "make cloud      the whole forum on an emulated cloud on this machine"
	@echo "make test       everything that checks it"
	@echo "make test-long  what takes longer"
	@echo "make bench      the benchmarks, printed and written to a JSON file"
	@echo "make clean      remove the environment and what was built; var/ stays"

run: $(RUN_READY)
	@exec $(BIN)/python -m infra.local

cloud: $(RUN_READY)
	@exec $(BIN)/python -m infra.aws deploy --emulated

# What pytest made of each file is kept, whatever the shell says: else every worker makes it anew.
test test-long: export PYTHONDONTWRITEBYTECODE :=

test: lint types
	@sh infra/local/chromium.sh
	@$(BIN)/python -m pytest -n $(TEST_JOBS) --dist loadfile --no-loadscope-reorder --hypothesis-profile=ci

lint: $(TEST_READY)
	@$(BIN)/ruff check .

types: $(TEST_READY)
	@$(BIN)/mypy

test-long: $(TEST_READY)
	@sh infra/local/chromium.sh
	@sh tests/long/tools/install.sh
	@$(BIN)/python -m pytest tests/long
	@$(BIN)/python -m pytest tests/journeys -m long -n 2 --dist loadfile
	@$(BIN)/python -m pytest tests/aws tests/store -m long
	@HANDRAIL_TEST_STORE=dynamodb $(BIN)/python -m pytest tests/journeys -n 2 --dist loadfile

bench: $(TEST_READY)
	@$(BIN)/python tests/benchmarks/run.py

clean:
	@rm -rf .venv .venv-emulator output .mypy_cache .ruff_cache .pytest_cache .hypothesis .bench
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# An environment for tests can also run, so asking for one does not undo the other.
$(RUN_READY): requirements.txt infra/local/prepare.sh
	@sh infra/local/prepare.sh requirements.txt $@

$(TEST_READY): requirements-dev.txt requirements.txt infra/aws/emulator-requirements.txt infra/local/prepare.sh
	@sh infra/local/prepare.sh requirements-dev.txt $@
	@$(BIN)/python -c 'from infra.aws.emulator import prepare; prepare()'
	@touch $(RUN_READY)
