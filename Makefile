# Everything below sets itself up: a fresh clone needs only Python 3.11+, pip and make.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: run test browser screenshots check lock format soak clean

run: $(READY)
	@mkdir -p .run && rm -f .run/pantau.db .run/pantau.db-wal .run/pantau.db-shm
	@$(BIN)/pantau replay --db .run/pantau.db
	@echo
	@$(BIN)/pantau inbox --db .run/pantau.db
	@if [ -t 0 ] && [ -t 1 ]; then $(BIN)/pantau review --db .run/pantau.db; fi

# As nice as a crawl is by itself (scheduler/priority.py): else the tests starve the crawls they wait for.
test: $(READY)
	nice -n 10 $(BIN)/python -P -m pytest -q -n 4 --dist loadfile --no-loadscope-reorder -m "not soak"

# Only what needs Debian's Chromium (apt-get update && apt-get install -y chromium); make test runs it too.
browser: $(READY)
	$(BIN)/python -P -m pytest -q -m browser

# The pictures in docs/screenshots, of made-up outlets only.
screenshots: $(READY)
	$(BIN)/python -P -m tests.screenshots

# Needs Debian's faketime, too (apt-get install -y faketime); its tests say so where it is missing.
soak: $(READY)
	$(BIN)/python -P -m pytest -q -m soak -s
	nice -n 10 $(BIN)/python -P -m pytest -q -n 4 --dist loadfile --no-loadscope-reorder -m "not soak" --hypothesis-profile=searching

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The lock holds names, versions and hashes, never an address. uv lives in a folder of its own: only this target needs it.
lock:
	@test -x .lock-venv/bin/uv || ($(PYTHON) -m venv .lock-venv && .lock-venv/bin/pip install -q uv)
	.lock-venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--strip-extras --no-annotate --no-header --no-emit-index-url --extra dev pyproject.toml -o requirements.lock

# Two steps: pip refuses hashes as constraints for a local project.
$(READY): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Setting up .venv (about a minute the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

clean:
	rm -rf .venv .run .lock-venv
