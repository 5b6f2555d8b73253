"""Charts as SVG, made on the server. Pictures only: every figure of a chart also stands in a table beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from markupsafe import Markup

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
