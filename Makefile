# The two commands of the README are `make certify` and `make test`; the rest serves them.
# VENV chooses the virtual environment, OUT where certificates and reports go, DATA where images lie,
# METHODS what `make certify` judges.

VENV ?= .venv
OUT ?= out
DATA ?= $(or $(MTL_DATA),$(HOME)/.cache/mtl-reference)
PYTHON ?= python3
BIN := $(VENV)/bin
JOBS ?= 2
METHODS ?= cagrad,gradops,imtl_g,mean,mgda,pcgrad,sum
export MTL_DATA := $(DATA)
export OMP_NUM_THREADS := 1
# For pip's own build environments too, so that nothing unpinned gets in.
export PIP_CONSTRAINT := $(abspath constraints.txt)

.PHONY: help setup certify certify-all test lint properties ci-system bench docs soak clean

help:
	@echo 'make certify    certify the bundled torch backend and TorchJD, and write a report to $(OUT)/'
	@echo '                (METHODS=a,b chooses the methods; make certify-all takes all, and more libraries)'
	@echo 'make test       lint, type check, the whole test suite, and pytest properties'
	@echo 'make lint       ruff and mypy only'
	@echo 'make bench      benchmarks of the exact references and of the torch aggregators'
	@echo 'make docs       the documentation as a site, in $(OUT)/site'
	@echo 'make soak       a million mangled lines, and a hundred kills of the harness (half an hour)'
	@echo 'make ci-system  system packages and real images that some tests want (asks for root)'
	@echo 'make clean      removes $(VENV) and $(OUT)'

setup: $(BIN)/.installed

$(BIN)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -m venv $(VENV)
	@echo 'installing into $(VENV) (about two minutes) ...'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'torch==2.13.0' 2>$(BIN)/install.log \
	  || { cat $(BIN)/install.log; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' 2>>$(BIN)/install.log \
	  || { cat $(BIN)/install.log; exit 1; }
	@touch $@

# A verdict on a third party is a result (exit 1 of the command), not an error of this target.
certify: setup
	@$(BIN)/mtl-conformance certify torch torchjd --profile quick --methods $(METHODS) \
	  --jobs $(JOBS) --out $(OUT) || test $$? -eq 1

certify-all: setup
	@$(BIN)/mtl-conformance certify torch torchjd libmtl conflictfree --profile quick \
	  --jobs $(JOBS) --out $(OUT) || test $$? -eq 1

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/pytest tests -q -n $(JOBS)
	$(BIN)/pytest properties -q -n $(JOBS)

properties: setup
	$(BIN)/pytest properties -q

bench: setup
	$(BIN)/pytest tests/benchmarks -q -o python_files='bench_*.py' --benchmark-columns=median,iqr,rounds
	$(BIN)/mtl-conformance bench aggregators --out $(OUT)/bench --page docs/benchmarks.md

docs: setup
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet --site-dir $(abspath $(OUT))/site

ci-system: setup
	.ci/system
	$(BIN)/mtl-conformance data multi-fashion-mnist --data $(DATA)

# Longer than CI has time for: a million mangled lines to every reader, those that coverage steers,
# and a hundred kills of the harness.
soak: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[soak]'
	$(BIN)/python tests/fuzz/soak.py --lines 1000000 --guided 20000
	MTL_KILL_POINTS=100 $(BIN)/pytest -q tests/conformance/test_kill_and_resume.py

clean:
	rm -rf $(VENV) $(OUT)
