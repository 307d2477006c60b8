"""How Sphinx builds the documentation (`make docs`): the library's public names, and the notebooks, run while building."""

import shutil
from importlib import metadata
from pathlib import Path

HER = Path(__file__).parent
ROT = HER.parents[1]

project = "Tett på"
author = "Tett på"
release = metadata.version("kompetanse-lib")
language = "nb"
html_title = "Tett på for forskere"

extensions = ["myst_nb", "numpydoc", "sphinx.ext.autodoc", "sphinx.ext.autosummary"]
exclude_patterns = ["_build", "notatboeker/**/.ipynb_checkpoints"]

# The notebooks stand where people open them; the documentation gets a copy of its own each time.
for _folder in ("utforsk", "nettverk"):
    shutil.rmtree(HER / "notatboeker" / _folder, ignore_errors=True)
    shutil.copytree(
        ROT / "notebooks" / _folder,
        HER / "notatboeker" / _folder,
        ignore=shutil.ignore_patterns("deltaker", ".*"),
    )

nb_execution_mode = "force"
nb_execution_timeout = 120
nb_execution_raise_on_error = True
nb_execution_show_tb = True
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3

autosummary_generate = True
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

html_theme = "pydata_sphinx_theme"
html_theme_options = {
    "show_prev_next": True,
    "secondary_sidebar_items": ["page-toc"],
    "navbar_align": "left",
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_show_sphinx = False
html_show_sourcelink = False
