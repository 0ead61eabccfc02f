# `make demo` and `make test` do all set-up themselves: Python 3.11 or newer with venv is
# enough, and nothing but the package registry is reached.

# Some machines have a command python3.12 that only says where it would be.
PYTHON ?= $(shell python3.12 --version >/dev/null 2>&1 && echo python3.12 || echo python3)
VENV := .venv
BIN := $(VENV)/bin
CORES ?= 2

.PHONY: help demo test test-slurm shyft fuzz lint benchmark-peer benchmark-store benchmark-scale clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

$(VENV)/.run: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "rerunoff needs Python 3.11 or newer; name it with PYTHON=...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt profiles/slurm/requirements.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

demo: $(VENV)/.run  ## run every rule on virtual catchments, offline, under demo/
	$(BIN)/snakemake --cores $(CORES) --directory demo --configfile config/demo.yaml
	$(BIN)/snakemake --cores 1 --directory demo --configfile config/demo.yaml --report report.zip
	@echo
	@echo "Done. Look at:"
	@echo "  demo/results/scorecard.html          published numbers against these (virtual!) ones"
	@echo "  demo/results/figures/<paper>/        figures, PDF and PNG"
	@echo "  demo/results/tables/<paper>/         tables"
	@echo "  demo/results/notebooks/              one basin from file to hydrograph"
	@echo "  demo/report.zip                      all of it as one report: unpack, open report.html"

test: $(VENV)/.dev  ## run all tests but those of test-slurm
	$(BIN)/python -m pytest -n $(CORES) --dist loadfile --ignore tests/slurm

test-slurm: $(VENV)/.dev  ## tests on a Slurm that they start; as root, Debian packages as in .ci/run
	$(BIN)/python -m pytest tests/slurm

PYTHON_SHYFT ?= python3.11

$(VENV)-shyft/.done: envs/requirements-shyft.txt tests/shyft_libraries.py
	$(PYTHON_SHYFT) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "Shyft has a wheel for Python 3.11 alone; name it with PYTHON_SHYFT=...")'
	test -x $(VENV)-shyft/bin/python || $(PYTHON_SHYFT) -m venv $(VENV)-shyft
	$(VENV)-shyft/bin/python -m pip install --quiet --disable-pip-version-check -r envs/requirements-shyft.txt
	$(VENV)-shyft/bin/python tests/shyft_libraries.py $(VENV)-shyft/lib
	LD_LIBRARY_PATH=$(VENV)-shyft/lib $(VENV)-shyft/bin/python -c 'import shyft.hydrology'
	touch $@

shyft: $(VENV)-shyft/.done  ## Shyft, for its tests, in .venv-shyft: Debian 12 with Python 3.11

EXAMPLES ?= 2000

fuzz: $(VENV)/.dev  ## try many damaged files on every reader; EXAMPLES of each property
	RERUNOFF_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -n $(CORES) tests/unit/test_mutated_*.py

lint: $(VENV)/.dev  ## ruff, snakefmt, snakemake --lint, import layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile rules
	$(BIN)/snakemake --lint
	PYTHONPATH=workflow_scripts $(BIN)/lint-imports

$(VENV)-peer/.done: benchmarks/requirements-peer.txt
	test -x $(VENV)-peer/bin/python || $(PYTHON) -m venv $(VENV)-peer
	$(VENV)-peer/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements-peer.txt
	touch $@

benchmark-peer: $(VENV)/.run $(VENV)-peer/.done  ## skill and speed against NeuralHydrology; DATA=folder in CAMELS layout with NLDAS
	test -n "$(DATA)" || { echo "Name the data: make benchmark-peer DATA=/path/to/camels_us"; exit 2; }
	$(BIN)/python benchmarks/peer.py --data "$(DATA)"

benchmark-store: $(VENV)/.run  ## time and memory of preparing 671 basins of 35 years
	$(BIN)/python benchmarks/store.py

benchmark-scale: $(VENV)/.run  ## memory of each stage for 5,000 basins of 20 years
	$(BIN)/python benchmarks/scale.py

clean:  ## delete the demo; downloads, checkpoints and results stay
	rm -rf demo
