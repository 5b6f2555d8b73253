# Esep. `make help` lists the commands. Needs only Python 3.11-3.13 and make; everything else goes into .venv.
# All paths are relative, so that a checkout may lie in a folder with spaces.

.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory
# Tests and demo start hundreds of processes: bytecode is kept, whatever the machine's default.
export PYTHONDONTWRITEBYTECODE :=

python := .venv/bin/python
installed := .venv/.installed
run := exec env PYTHONPATH=plugins $(python) -m

.PHONY: help
help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

.PHONY: install
install: $(installed) ## make the environment in .venv (skipped when it is up to date)

$(installed): requirements.txt scripts/install.sh
	@sh scripts/install.sh

spark_installed := .venv/.installed-spark

.PHONY: spark
spark: $(spark_installed) ## add Apache Spark to .venv, for ESEP_ENGINE=spark (0.5 GB; Java 17 is the system's)

$(spark_installed): $(installed) requirements-spark.txt scripts/install.sh
	@sh scripts/install.sh requirements-spark.txt $@

.PHONY: cluster
cluster: spark ## the demo on a Spark master and two workers on localhost (after make spark; needs Java 17)
	@PYTHONPATH=plugins $(python) -m esep.warehouse.spark.cluster $(python) -m esep.demo --home var/demo-cluster

.PHONY: demo
demo: install ## two made-up years of filings through the DAGs, compared with the expected figures
	@$(run) esep.demo

.PHONY: run
run: install ## run the DAGs over $ESEP_HOME (default: var/) until nothing is waiting
	@$(run) esep.orchestration

.PHONY: up
up: install ## Airflow with its UI on localhost, the inbox watched; stop with Ctrl-C
	@$(run) esep.orchestration.serve

.PHONY: test
test: install ## the tests but for the heavy ones
	@$(python) -m pytest -m "not heavy"

.PHONY: test-all
test-all: test spark ## these and the heavy ones (tests/conftest.py says which): servers, browser, kills, Spark, figures another way
	@$(python) -m pytest -m heavy

.PHONY: lint
lint: install ## style, format, types and SQL
	@$(python) -m ruff check
	@$(python) -m ruff format --check
	@$(python) -m mypy
	@$(python) -m sqlfluff lint --disable-progress-bar sql docs

.PHONY: format
format: install ## put Python and SQL into the project's format
	@$(python) -m ruff check --fix
	@$(python) -m ruff format
	@$(python) -m sqlfluff format --disable-progress-bar sql docs

.PHONY: docs
docs: install ## the documentation as a site, in docs/_build/html; warnings are errors
	@$(python) -m sphinx -W --keep-going -q -E -d docs/_build/doctrees docs docs/_build/html
	@echo "docs/_build/html/index.html"

.PHONY: docs-output
docs-output: install ## the results beside the queries of docs/, from the demo as it stands (after make demo)
	@$(python) docs/worked_queries.py

.PHONY: notebook
notebook: install ## the notebook docs/notebooks/annual_income.py on localhost, over $ESEP_HOME (default: var/demo)
	@exec $(python) -m marimo edit --skip-update-check --host 127.0.0.1 docs/notebooks/annual_income.py

.PHONY: bench
bench: install ## measure the ratios of speed that docs/engineer.md states
	@PYTHONPATH=plugins $(python) tests/bench/run.py

.PHONY: mutants
mutants: install ## put small faults into figures, checks, law and rules, one at a time: do the tests see them? (an hour)
	@PYTHONPATH=plugins:tests $(python) -m mutants.run $(ARGUMENTS)

.PHONY: screenshots
screenshots: install ## pictures of the pages in docs/screenshots, from the demo as it stands (after make demo)
	@PYTHONPATH=plugins:tests $(python) scripts/screenshots.py

.PHONY: lock
lock: install ## compile requirements.in into requirements.txt (keeps what still fits; UPGRADE=1 takes the newest)
	@$(python) -m uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url \
		--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) requirements.in --output-file requirements.txt
	@$(python) -m uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url \
		--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) --constraint requirements.txt \
		requirements-spark.in --output-file requirements-spark.txt

.PHONY: wheel
wheel: install ## build esep-check, the check for filers without Airflow, into dist/
	@$(python) -m uv build --quiet --wheel --out-dir dist .

.PHONY: env
env: ## write .env with fresh random secrets for docker-compose.yaml (never over an existing one)
	@sh scripts/find_python.sh scripts/make_env.py

.PHONY: clean
clean: ## remove .venv, caches and the demonstration; never your data
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis var/demo var/demo-cluster docs/_build
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
