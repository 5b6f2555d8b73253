"""Charts as SVG made on the server, pictures only: every figure of a chart is also in a table beside it.

Axes are in the reader's language: months by `texts.numbers`, numbers with its marks, and large ones in thousands,
millions or billions, which the axis names in words.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

from markupsafe import Markup

from esep import texts
from esep.texts import numbers

Unit = Literal["tenge", "units", "count", "share"]
Stack = Literal["stacked", "normalized", "grouped"]
"""Above each other; the same as shares of their sum; beside each other."""

COLOURS = (
    "#1f6f78", "#c8742c", "#5b7db1", "#8a5a83", "#7a8b3a", "#b4493f",
    "#3f7d56", "#946c2f", "#5d6d7e", "#a0527a", "#2e3f8f", "#b59a2a",
)  # fmt: skip
"""Told apart by people who see colours otherwise too, and dark enough on white paper."""
_LONG_NAME = 12
_SCALES = (("billion", 1e9), ("million", 1e6), ("thousand", 1e3), ("one", 1.0))
_NUMBER, _COUNT, _SHARE = ",.12~f", ",.0f", ",.0%"
"""How d3 writes what is on an axis: all its decimals, none, per cent."""


def bars(
    rows: Sequence[Mapping[str, Any]],
    language: str,
    *,
    x: str,
    y: str,
    colour: str | None,
    order: Sequence[str],
    title: str,
    y_title: str,
    unit: Unit,
    stack: Stack = "stacked",
) -> Markup:
    """Bars over the categories `order` of column `x`, heights of column `y`, parted by column `colour`.

    `title` is what a screen reader says of the picture; `y_title` what is counted, without its unit. A share is from
    0 to 1.
    """
    kept = [{name: _plain(value) for name, value in row.items()} for row in rows]
    scale, factor = _scale(kept, x, y, unit, stack)
    for row in kept:
        row[y] = None if row[y] is None else row[y] / factor
    said = y_title
    if unit in ("tenge", "units"):
        key = f"chart.tenge_{scale}" if unit == "tenge" else f"chart.units_{scale}"
        said = f"{y_title}, {texts.text(key, language)}"
    described = [kept, x, y, colour, list(order), title, said, _written(unit, stack), stack]
    return _drawn(json.dumps(described, ensure_ascii=False), language)


def _scale(rows: Sequence[Mapping[str, Any]], x: str, y: str, unit: Unit, stack: Stack) -> tuple[str, float]:
    """In what the axis counts, by the tallest bar."""
    if unit in ("count", "share") or stack == "normalized":
        return _SCALES[-1]
    heights: dict[str, float] = defaultdict(float)
    for row in rows:
        heights[row[x]] += row[y] or 0.0
    tallest = max(heights.values(), default=0.0)
    return next((scale for scale in _SCALES if tallest >= scale[1]), _SCALES[-1])


def _written(unit: Unit, stack: Stack) -> str:
    if unit == "share" or stack == "normalized":
        return _SHARE
    return _COUNT if unit == "count" else _NUMBER


def _locale(language: str) -> dict[str, Any]:
    """How d3 writes numbers: as `texts.numbers` does."""
    thousands, decimal, percent = numbers.marks(language)
    return {
        "decimal": decimal,
        "thousands": thousands,
        "grouping": [3],
        "currency": ["", ""],
        "percent": percent,
        "minus": "−",
    }


@lru_cache(maxsize=256)
def _drawn(described: str, language: str) -> Markup:
    import altair as alt  # a second and a half to import: only when a chart is drawn
    import vl_convert

    rows, x, y, colour, order, title, y_title, written, stack = json.loads(described)
    settings: dict[str, Any] = {"format": written, "minExtent": 40}  # room for the widest number in any font
    if written == _COUNT:
        settings["tickMinStep"] = 1
    height = alt.Scale(domain=[0, 1]) if written == _SHARE else alt.Scale()
    stacking: Any = {"normalized": "normalize", "grouped": False}.get(stack, "zero")
    encoding: dict[str, Any] = {
        "x": alt.X(f"{x}:N", sort=order, scale=alt.Scale(domain=order), title=None, axis=alt.Axis(labelAngle=0)),
        "y": alt.Y(f"{y}:Q", title=y_title, axis=alt.Axis(**settings), stack=stacking, scale=height),
    }
    if colour:
        names = list(dict.fromkeys(str(row[colour]) for row in rows))
        scale = alt.Scale(domain=names, range=[COLOURS[number % len(COLOURS)] for number in range(len(names))])
        long = max(map(len, names)) > _LONG_NAME  # an image has no fonts to measure by: each on a line of its own
        legend = alt.Legend(orient="bottom", columns=1, labelLimit=600) if long else alt.Legend()
        encoding["color"] = alt.Color(f"{colour}:N", scale=scale, title=None, legend=legend)
        if stack == "grouped":
            encoding["xOffset"] = alt.XOffset(f"{colour}:N", sort=names)
    chart = (
        alt.Chart(alt.Data(values=rows), description=title)  # type: ignore[no-untyped-call]
        .mark_bar(color=COLOURS[0])
        .encode(**encoding)
        .properties(width=640, height=200, padding={"left": 5, "top": 5, "right": 40, "bottom": 5})
        .configure(font="system-ui, sans-serif", background="transparent")
        .configure_view(stroke=None)
    )
    svg = vl_convert.vegalite_to_svg(chart.to_dict(), format_locale=_locale(language))
    label = str(Markup.escape(title))
    return Markup(svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1))  # noqa: S704 - drawn from escaped data


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float) or value is None else float(value)
