"""Documents as HTML, and Jinja's environment of a language, which the pages of `web` share. Every value that a template
prints is escaped, and its invisible signs are made visible. Charts are SVG made on the server, pictures only: every
figure of a chart is also in a table beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache, partial
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
    made.globals["svg"] = Markup
    return made


def harmless(value: object) -> object:
    """Text of strangers on one line with its invisible signs written out; None as a dash. Escaping comes after."""
    if value is None:
        return NOTHING
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return shown(value, LONGEST_TEXT) if not value.isprintable() or len(value) > LONGEST_TEXT else value


def _text(language: str, key: str, **values: object) -> str:
    """A text of the catalogue; what is filled in is made harmless like any other value."""
    return texts.text(key, language, **{name: harmless(value) for name, value in values.items()})


def _in_language(write: Any, language: str, value: Any, *rest: Any) -> str:
    return str(write(value, language, *rest))


def _breakable(value: object) -> Markup:
    """Long words (wallets, hashes) with chances to wrap; copied text stays whole."""
    words = str(harmless(value)).split(" ")
    cut = (
        Markup("<wbr>").join(word[start : start + 8] for start in range(0, len(word), 8)) if len(word) > 20 else word
        for word in words
    )
    return Markup(" ").join(cut)


COLOURS = (
    "#1f6f78", "#c8742c", "#5b7db1", "#8a5a83", "#7a8b3a", "#b4493f",
    "#3f7d56", "#946c2f", "#5d6d7e", "#a0527a", "#2e3f8f", "#b59a2a",
)  # fmt: skip
"""Told apart by people who see colours otherwise too, and dark enough on white paper."""


def stacked_bars(
    rows: Sequence[Mapping[str, Any]],
    *,
    x: str,
    y: str,
    colour: str | None,
    order: Sequence[str],
    title: str,
    y_title: str,
) -> Markup:
    """Bars over the categories `order` of column `x`, heights of column `y` stacked by column `colour`.

    `title` is what a screen reader says of the picture.
    """
    kept = [{name: _plain(value) for name, value in row.items()} for row in rows]
    return _drawn(json.dumps([kept, x, y, colour, list(order), title, y_title], ensure_ascii=False))


@lru_cache(maxsize=256)
def _drawn(described: str) -> Markup:
    import altair as alt  # a second and a half to import: only when a chart is drawn
    import vl_convert

    rows, x, y, colour, order, title, y_title = json.loads(described)
    encoding: dict[str, Any] = {
        "x": alt.X(f"{x}:N", sort=order, scale=alt.Scale(domain=order), title=None, axis=alt.Axis(labelAngle=0)),
        "y": alt.Y(f"{y}:Q", title=y_title, axis=alt.Axis(format="~s")),
    }
    if colour:
        names = sorted({str(row[colour]) for row in rows})
        scale = alt.Scale(domain=names, range=[COLOURS[number % len(COLOURS)] for number in range(len(names))])
        encoding["color"] = alt.Color(f"{colour}:N", scale=scale, title=None)
    chart = (
        alt.Chart(alt.Data(values=rows), description=title)  # type: ignore[no-untyped-call]
        .mark_bar(color=COLOURS[0])
        .encode(**encoding)
        .properties(width=640, height=200, padding={"left": 5, "top": 5, "right": 40, "bottom": 5})
        .configure(font="system-ui, sans-serif", background="transparent")
        .configure_view(stroke=None)
    )
    svg = vl_convert.vegalite_to_svg(chart.to_dict())
    label = str(Markup.escape(title))
    return Markup(svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1))  # noqa: S704 - drawn from escaped data


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float) or value is None else float(value)
