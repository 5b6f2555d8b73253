"""Documents as HTML, and Jinja's environment of a language, which the pages of `web` share. Every value that a template
prints is escaped, and its invisible signs are made visible."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from esep import texts
from esep.documents.model import Document
from esep.documents.paper import resolved
from esep.documents.plain import NOTHING, shown
from esep.texts import numbers

_LOOKS = Path(__file__).parent / "looks"
LONGEST_TEXT = 2000
_NO_BREAK = str.maketrans("\u00a0\u202f", "  ")
FORMATS = (
    "quantity", "tenge", "signed_tenge", "signed_quantity", "count", "percent",
    "day", "day_and_weekday", "day_in_words", "moment", "month", "month_short",
)  # fmt: skip
"""Functions of texts.numbers that templates use as filters, in the template's language."""


def html(document: Document, language: str) -> bytes:
    """The document as one file that any browser opens: no script, nothing from outside."""
    return _template(language).render(document=resolved(document, language)).encode()


@cache
def _template(language: str) -> Template:
    return environment(language, _LOOKS).get_template("report.html")


def environment(language: str, folder: Path) -> Environment:
    """The templates of a folder, and blocks of documents: `t(key, …)` gives texts, filters give numbers and days."""
    made = Environment(
        loader=FileSystemLoader([folder, _LOOKS]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=harmless,
    )
    made.globals["t"] = partial(_text, language)
    for name in FORMATS:
        made.filters[name] = partial(_in_language, getattr(numbers, name), language)
    made.filters["breakable"] = _breakable
    made.filters["typed"] = _typed
    made.globals["svg"] = Markup
    return made


def harmless(value: object) -> object:
    """Text of strangers on one line with its invisible signs written out; None as a dash. Escaping comes after.

    Spaces that hold a number together stay what they are, so that no line ends between its thousands.
    """
    if value is None:
        return NOTHING
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    is_plain = value.translate(_NO_BREAK).isprintable() and len(value) <= LONGEST_TEXT
    return value if is_plain else shown(value, LONGEST_TEXT)


def _text(language: str, key: str, **values: object) -> str:
    """A text of the catalogue; what is filled in is made harmless like any other value."""
    return texts.text(key, language, **{name: harmless(value) for name, value in values.items()})


def _in_language(write: Any, language: str, value: Any, *rest: Any) -> str:
    return str(write(value, language, *rest))


def _typed(value: str) -> Markup:
    """What a person wrote into a field of several lines, shown there again line by line."""
    return Markup("\n").join(str(harmless(line)) for line in value.splitlines())


def _breakable(value: object) -> Markup:
    """Long words (wallets, hashes) with chances to wrap; copied text stays whole."""
    words = str(harmless(value)).split(" ")
    cut = (
        Markup("<wbr>").join(word[start : start + 8] for start in range(0, len(word), 8)) if len(word) > 20 else word
        for word in words
    )
    return Markup(" ").join(cut)
