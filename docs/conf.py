"""The documentation as a site: `make docs`. Nothing is loaded from another network."""

import sys
from pathlib import Path

_DOCS = Path(__file__).parent
sys.path[:0] = [str(_DOCS / "_extensions"), str(_DOCS.parent / "plugins")]

project = "Esep"
author = "Esep"
html_title = "Esep"
language = "en"

extensions = ["myst_parser", "data_dictionary"]
exclude_patterns = ["_build", "_extensions"]
nitpicky = True
highlight_language = "text"

myst_heading_anchors = 3
myst_links_external_new_tab = True

html_theme = "furo"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_static_path = ["_static"]
html_css_files = ["wide_tables.css"]
