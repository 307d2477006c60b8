# Two targets do all set-up: `make rapporter` and `make test`. Both keep their environment in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

PROEVE := $(CURDIR)/build/notatboeker
UTSEENDE := $(CURDIR)/build/utseende

.PHONY: rapporter test notatboeker lab lint bench simuler fuzz skjerming sprak laas utseende bilder

rapporter: $(VENV)/.klar
	@if [ -z "$$(find data/raw -type f ! -name README.md ! -path '*/.*' | head -1)" ]; then $(BIN)/kompetanse demo; fi
	$(BIN)/kompetanse rens
	$(BIN)/kompetanse rapporter

test: $(VENV)/.klar lint
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder
	$(MAKE) notatboeker

# The notebooks, run top to bottom on a small fictional municipality.
notatboeker: $(VENV)/.klar
	rm -rf $(PROEVE)
	$(BIN)/kompetanse --data $(PROEVE)/data demo --skoler 4 --skoleaar 2020-2025
	$(BIN)/kompetanse --data $(PROEVE)/data rens
	$(BIN)/kompetanse --data $(PROEVE)/data --rapporter $(PROEVE)/reports rapporter --skole 310000019 --format html
	KOMPETANSE_DATA=$(PROEVE)/data $(BIN)/pytest --nbval-lax --numprocesses 0 -W ignore notebooks

lint: $(VENV)/.klar
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lab: $(VENV)/.klar
	$(BIN)/jupyter lab notebooks/start.ipynb

# After a change in pyproject.toml: pin every package anew, with hashes.
laas:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --quiet --output-file requirements.lock

# The whole corpus of damaged files; `make test` runs a third of it. About two minutes.
fuzz: $(VENV)/.klar
	$(BIN)/pytest -n 2 -m treg tests/fiendtlig

# Two hundred random municipalities attacked, and an independent program as referee. About an hour.
skjerming: $(VENV)/.klar
	$(BIN)/pytest -n 2 -m treg tests/skjerming

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

# How often reports are wrong, and how often they find what is there. About five minutes.
simuler: $(VENV)/.klar
	$(BIN)/python -m tests.simulering.simuler

# Rows per second and peak memory of reading and cleaning, and of disclosure control for a country. About five minutes; needs
# 1 GB of disk for a while.
bench: $(VENV)/.klar
	$(BIN)/python tests/benk/maal_rens.py
	$(BIN)/python tests/benk/maal_skjerming.py

# After a change in the command line's Norwegian words.
sprak:
	$(BIN)/pybabel compile --directory kompetanse_lib/tekst/locale --domain messages

$(VENV)/.klar: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
