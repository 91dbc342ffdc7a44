# The commands of this project; each says in one line what is missing where it cannot go on.
PYTHON ?= python3
PORT ?= 8000
# How many tests run at once: each browser needs a core of its own.
TEST_WORKERS ?= 2

BIN = .venv/bin
PYTEST = $(BIN)/pytest -n $(TEST_WORKERS) --dist worksteal
UV_COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header

# What decides and what writes: their types are checked, with whatever they import from elsewhere taken at its word.
TYPED = $(filter-out tests/%,$(wildcard assessments/scoring assessments/exchange training/lib/workdays.py \
	$(foreach part,rules.py rules services.py services,*/$(part) training/*/$(part))))

AS_A_REAL_CENTRE = DJANGO_SETTINGS_MODULE=training.settings.production DATABASE_URL=sqlite://:memory: \
	PUBLIC_URL=https://training.example ALLOWED_HOSTS=training.example \
	SECRET_KEY=only-for-checking-the-settings-0123456789-abcdefghijkl

.PHONY: help install demo test check bench soak lock messages

help:
	@echo "make demo      the demo centre on http://127.0.0.1:$(PORT) (PORT=8001 for another port)"
	@echo "make test      everything that checks the project, the browser and PostgreSQL included"
	@echo "make check     the conventions alone, no tests"
	@echo "make install   prepares .venv/ only"
	@echo "make bench     times of the pages used most (BENCH_STAFF=10000 for a large centre) and of scoring; asserts nothing"
	@echo "make soak      an exam day of 200 candidates on SQLite and 1,000 on PostgreSQL; fails when an answer is lost (SOAK=--help)"
	@echo "make messages  brings the Chinese catalogue up to date with the texts in the sources"
	@echo "make lock      writes the lock files anew from pyproject.toml"

install:
	@$(PYTHON) -m scripts.install

demo: install
	@exec $(BIN)/python -m scripts.demo --port $(PORT)

test:
	@$(PYTHON) -m scripts.install --test
	@$(MAKE) --no-print-directory check
	env -u DATABASE_URL $(PYTEST)
	$(BIN)/python -m scripts.throwaway_postgres $(PYTEST) --database-only

check:
	@$(PYTHON) -m scripts.install --test
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/lint-imports --no-logo
	$(AS_A_REAL_CENTRE) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(AS_A_REAL_CENTRE) $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m scripts.catalogue check
	$(BIN)/mypy $(TYPED)
	$(BIN)/djlint --lint --quiet training assessments courses mentors cms

# Peers to measure against live in an environment of their own: their pins are no business of ours.
bench:
	@$(PYTHON) -m scripts.install --test
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv --without-pip .venv-bench
	@$(BIN)/uv pip install --quiet --python .venv-bench/bin/python --group bench \
		|| echo "girth and catsim could not be installed: the scoring engine is measured alone"
	$(BIN)/python -m tests.benchmarks

soak:
	@$(PYTHON) -m scripts.install --test
	$(BIN)/python -m tests.soak $(SOAK)

messages:
	@$(BIN)/python -m scripts.catalogue merge

lock:
	@$(PYTHON) -m scripts.install --test
	$(UV_COMPILE) pyproject.toml --output-file requirements.lock
	$(UV_COMPILE) pyproject.toml --group test --constraint requirements.lock --output-file requirements-test.lock
	$(UV_COMPILE) --group uv --output-file requirements-uv.lock
