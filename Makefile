# Two targets do all set-up: `make rapporter` and `make test`. Both keep their environment in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

PROEVE := $(CURDIR)/build/notatboeker
UTSEENDE := $(CURDIR)/build/utseende

.PHONY: rapporter test notatboeker lagre lab sider docs nettleser lint bench tusen landet kaos klynge simuler fuzz skjerming sprak laas utseende bilder

rapporter: $(VENV)/.klar
	@if [ -z "$$(find data/raw -type f ! -name README.md ! -path '*/.*' | head -1)" ]; then $(BIN)/kompetanse demo; fi
	$(BIN)/kompetanse rens
	$(BIN)/kompetanse rapporter

# The linters and the municipality that the notebooks run on take one core each.
test: $(VENV)/.klar
	$(MAKE) --jobs 2 --output-sync lint $(PROEVE)/.klar
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder
	$(MAKE) notatboeker

# The notebooks, run top to bottom on the fictional municipality; where outputs are kept, they are compared.
notatboeker: $(VENV)/.klar $(PROEVE)/.klar
	KOMPETANSE_DATA=$(PROEVE)/data $(BIN)/python -m pytest --nbval -p tests.notatboeker.sammenlign --numprocesses 2 --dist loadfile -W ignore notebooks

# After a change in a notebook for researchers or networks: run them, keep their text outputs.
lagre: $(VENV)/.klar $(PROEVE)/.klar
	KOMPETANSE_DATA=$(PROEVE)/data $(BIN)/python -m tests.notatboeker.lagre $(NB)
	$(BIN)/python -m tests.notatboeker.deltaker

# The whole fictional municipality, made anew when the library has changed, and protected for the profiles of the notebooks.
$(PROEVE)/.klar: $(VENV)/.klar $(shell find kompetanse_lib -name '*.py' -o -name '*.yml' -o -name '*.csv')
	rm -rf $(PROEVE)
	$(BIN)/kompetanse --data $(PROEVE)/data demo
	$(BIN)/kompetanse --data $(PROEVE)/data rens
	KOMPETANSE_DATA=$(PROEVE)/data $(BIN)/python -c "from kompetanse_lib.lager import Lager; from kompetanse_lib.rapport.kjoering import \
		load_grunnlag; load_grunnlag(Lager.find(), ('skoleeier', 'rektor', 'offentlig'))"
	@touch $@

lint: $(VENV)/.klar
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# JupyterLab in Norwegian on the start page, with data ready: yours, or else the fictional municipality's. LAB holds its options.
lab: $(VENV)/.klar
	$(BIN)/python -c "import kompetanse_lib as kl; kl.prepare_data()"
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/notebooks/start.ipynb $(LAB)

# The sessions as pages without code, for a projector.
sider: $(VENV)/.klar
	$(BIN)/python -c "import kompetanse_lib as kl; kl.prepare_data()"
	$(BIN)/voila $(VOILA) notebooks/nettverk/deltaker

# The documentation with the notebooks in it, run on the fictional municipality, to build/docs. A warning is a fault.
docs: $(VENV)/.klar $(PROEVE)/.klar
	KOMPETANSE_DATA=$(PROEVE)/data $(BIN)/sphinx-build --fail-on-warning --keep-going --quiet -b html docs/sphinx build/docs

# JupyterLab and Voilà in a real browser: notebooks run, widgets moved, exercises answered; writes the pictures in docs/bilder.
nettleser: $(VENV)/.klar $(PROEVE)/.klar
	KOMPETANSE_DATA=$(PROEVE)/data $(BIN)/pytest -m treg --numprocesses 0 tests/nettleser/test_lab.py

# A hundred kills at random while reports are made, here and on a Dask cluster; a full disk and a closed one. Says how many of each kind.
# About a quarter of an hour; the disks need root.
kaos: $(VENV)/.klar
	$(BIN)/pytest -s -m treg --numprocesses 0 tests/kaos tests/rapport/test_avbrudd.py

# A real Dask cluster with a bucket beside it; workers and the scheduler are killed. As root each process is on a network of its own.
# About ten minutes.
klynge: $(VENV)/.klar
	$(BIN)/pytest -m treg --numprocesses 0 tests/klynge

# After a change in pyproject.toml: pin every package anew, with hashes.
laas:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --quiet --output-file requirements.lock

# The whole corpus of damaged files; `make test` runs a sixth of it. About two minutes.
fuzz: $(VENV)/.klar
	$(BIN)/pytest -n 2 -m treg tests/fiendtlig

# Two hundred random municipalities attacked, and an independent program as referee. About an hour.
skjerming: $(VENV)/.klar
	$(BIN)/pytest -n 2 -m treg tests/skjerming tests/rapport/test_mutert_utgivelse.py

# The demo's whole release in every format, opened by a browser off the network, by LibreOffice and by two PDF checkers; every
# kind of page at every width, in bokmål and nynorsk, in light and dark. Pictures of it all in build/utseende/bilder. Half an hour.
utseende: $(VENV)/.klar $(UTSEENDE)/.klar
	KOMPETANSE_UTSEENDE=$(UTSEENDE)/reports KOMPETANSE_UTSEENDE_NN=$(UTSEENDE)/nynorsk $(BIN)/pytest -m treg tests/utseende

# The README's pictures, from the same release.
bilder: $(VENV)/.klar $(UTSEENDE)/.klar
	$(BIN)/python -m tests.utseende.bilder $(UTSEENDE)/reports docs/bilder

$(UTSEENDE)/.klar: $(shell git ls-files kompetanse_lib notebooks/rapport)
	rm -rf $(UTSEENDE)
	$(BIN)/kompetanse --data $(UTSEENDE)/data demo
	$(BIN)/kompetanse --data $(UTSEENDE)/data rens
	$(BIN)/kompetanse --data $(UTSEENDE)/data --rapporter $(UTSEENDE)/reports rapporter --format html,pdf,ipynb,xlsx,pptx
	$(BIN)/kompetanse --data $(UTSEENDE)/data --rapporter $(UTSEENDE)/nynorsk rapporter --format html --maalform nn
	@touch $@

# How often reports are wrong, and how often they find what is there; writes the tables of docs/metode.md. About a quarter of an hour.
simuler: $(VENV)/.klar
	$(BIN)/python -m tests.simulering.simuler

# Rows per second and peak memory of reading and cleaning, and of disclosure control for a country; then the making of reports as
# ratios, into the table in docs/ytelse.md. About fifteen minutes on a quiet machine; needs 1 GB of disk for a while.
bench: $(VENV)/.klar
	$(BIN)/python tests/benk/maal_rens.py
	$(BIN)/python tests/benk/maal_skjerming.py
	$(BIN)/python -m tests.benk.maal_rapporter

# A thousand reports with four workers, and a country of 2 800 schools: into the same table.
tusen landet: $(VENV)/.klar
	$(BIN)/python -m tests.benk.maal_rapporter $@

# After a change in the command line's Norwegian words.
sprak:
	$(BIN)/pybabel compile --directory kompetanse_lib/tekst/locale --domain messages

$(VENV)/.klar: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@install -D -m 644 kompetanse_lib/nettverk/lab/overrides.json $(VENV)/share/jupyter/lab/settings/overrides.json
	@touch $@
