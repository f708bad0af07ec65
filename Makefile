# Everything a person runs. `make demo` and `make test` do all set-up themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := uv==0.13.9
WEB := $(shell find screen/web -type f -not -path '*/node_modules/*' 2>/dev/null)
SCREEN := screen/static/index.html

# Kafka's jars and the web screen come at the same time.
MAKEFLAGS += -j2

.PHONY: setup demo test faults soak night fuzz check bench clean

setup: $(VENV)/.installed $(VENV)/.kafka $(SCREEN)

# uv installs in seconds what pip takes a minute for; where it cannot (a mirror only pip knows), pip does it.
$(VENV)/.installed: deploy/lock/dev.txt pyproject.toml deploy/build_hook.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "livescreen needs Python 3.11 or newer; set PYTHON=python3.x")'
	@echo "livescreen: installing Python packages into $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@($(BIN)/pip install --quiet "$(UV)" && VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r deploy/lock/dev.txt) \
	  || $(BIN)/pip install --quiet --require-hashes -r deploy/lock/dev.txt
	@LIVESCREEN_SKIP_WEB=1 $(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Apache Kafka's jars, into the user's cache; nothing to do where LIVESCREEN_KAFKA names another one.
$(VENV)/.kafka: $(VENV)/.installed deploy/embedded/jars.txt
	@$(BIN)/python -m deploy.embedded
	@touch $@

$(SCREEN): $(VENV)/.installed $(WEB) deploy/build_web.py
	@$(BIN)/python deploy/build_web.py

demo: setup
	@$(BIN)/livescreen demo

test: setup
	$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder

# Workers killed under load, again and again; prints what came of it.
faults: setup
	$(BIN)/python -m tests.faults $(if $(KILLS),--kills $(KILLS))

# The whole system under load for an hour, or as long as MINUTES says; the report is in tests/output/soak.
soak: setup
	$(BIN)/python -m tests.soak $(if $(MINUTES),--minutes $(MINUTES)) $(if $(RATE),--rate $(RATE)) $(if $(ROOMS),--rooms $(ROOMS))

# What the demo costs after a night of its own events (HOURS of them, sent as fast as it goes), beside what it costs at first.
night: setup
	$(BIN)/python -m tests.soak.night $(if $(HOURS),--hours $(HOURS))

# A million mutated records, with a new seed each time (FUZZ_SEED=n repeats one).
fuzz: setup
	FUZZ_RECORDS=$(or $(RECORDS),1000000) FUZZ_SEED=$(or $(FUZZ_SEED),$(shell date +%s)) HYPOTHESIS_PROFILE=long $(BIN)/pytest tests/properties/test_decoding.py

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python deploy/build_web.py --check

bench: setup
	$(BIN)/python -m tests.bench $(if $(JSON),--json $(JSON))

clean:
	rm -rf $(VENV) screen/static .livescreen
