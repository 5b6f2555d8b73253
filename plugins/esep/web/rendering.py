"""Pages as they are asked for: the warehouse for the answers, the template for the words, addresses for the links.

Every value that a template prints is escaped, and its invisible signs are made visible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import duckdb
from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from markupsafe import Markup

from esep import __version__, texts
from esep.answers import Snapshot, masking, open_warehouse, snapshot, valuation_basis
from esep.answers.viewed import viewed
from esep.documents import charts, html, narrow
from esep.exact import difference
from esep.texts import numbers
from esep.texts.decision_words import content_words, field_words
from esep.texts.words import author_words, letter_file_words
from esep.web import access
from esep.web.access import OperatorDep, Reader, ReaderDep
from esep.web.languages import PARAMETER

_FOLDER = Path(__file__).parent / "templates"


class Addresses:
    """Gives addresses below the mount with the kept query: `address("/quality/findings", rule="R-37", month=3)`."""

    def __init__(self, root: str, **kept: object) -> None:
        self._root, self._kept = root, kept

    def __call__(self, path: str, **changes: object) -> str:
        """The address of `path`; `changes` go before what is kept, and None leaves a value out."""
        values = {name: value for name, value in (self._kept | changes).items() if value is not None}
        query = urlencode({name: str(value) for name, value in values.items()})
        return f"{self._root}{quote(path)}{'?' if query else ''}{query}"


class Asked:
    """What somebody asks for: the reader, the warehouse, which is opened when it is first needed, and the answer."""

    def __init__(self, request: Request, reader: Reader, opened: ExitStack) -> None:
        self.request, self.reader, self._opened = request, reader, opened
        self.language, self.settings = reader.language, reader.settings

    @cached_property
    def warehouse(self) -> duckdb.DuckDBPyConnection:
        """As this reader may see it, closed after the answer; raises what `open_warehouse` raises."""
        connection = self._opened.enter_context(open_warehouse(self.settings))
        return connection if self.reader.is_operator else viewed(connection, self.settings)

    @cached_property
    def snapshot(self) -> Snapshot:
        return snapshot(self.warehouse)

    @property
    def root(self) -> str:
        return root(self.request)

    def text(self, key: str, **values: object) -> str:
        """A text of the catalogue in the reader's language."""
        return texts.text(key, self.language, **values)

    def addresses(self, **kept: object) -> Addresses:
        return Addresses(self.root, **kept)

    def chart(
        self,
        rows: Sequence[Mapping[str, Any]],
        year: int,
        y: str,
        colour: str | None,
        title: str,
        y_title: str,
        *,
        unit: charts.Unit,
        stack: charts.Stack = "stacked",
    ) -> Markup | str:
        """Bars by month of a year, parted by colour; nothing where there are no rows. `y_title` is a key."""
        if not rows:
            return ""
        return charts.bars(
            [{**row, "month": numbers.month_short(row["month"], self.language)} for row in rows],
            self.language,
            x="month",
            y=y,
            colour=colour,
            order=[numbers.month_short(date(year, number, 1), self.language) for number in range(1, 13)],
            title=title,
            y_title=self.text(y_title),
            unit=unit,
            stack=stack,
        )

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """The page of a template; `values` are what it shows. Sets the chosen language for the next page."""
        context = {
            "request": self.request,
            "reader": self.reader,
            "language": self.language,
            "root": self.root,
            "language_queries": {code: self._query_in(code) for code in texts.LANGUAGES},
            "version": __version__,
            "form_token": access.form_token(self.reader.name) if self.reader.is_operator else "",
            "snapshot": self.snapshot if "warehouse" in vars(self) else None,
            **values,
        }
        page = environment(self.language).get_template(template).render(context)
        answer = HTMLResponse(narrow.stacked(page), status_code=status)
        if self.request.query_params.get(PARAMETER) == self.language:
            path = self.root or "/"
            answer.set_cookie(access.COOKIE, self.language, max_age=365 * 86400, samesite="lax", path=path)
        return answer

    def _query_in(self, code: str) -> str:
        """The query of this page's address, asking for another language."""
        given = self.request.query_params.multi_items()
        kept = [(name, value) for name, value in given if name != PARAMETER]
        return urlencode([*kept, (PARAMETER, code)])


def _asked(request: Request, reader: ReaderDep) -> Iterator[Asked]:
    with ExitStack() as opened:
        yield Asked(request, reader, opened)


def _asked_by_operator(asked: Annotated[Asked, Depends(_asked)], _: OperatorDep) -> Asked:
    return asked


AskedDep = Annotated[Asked, Depends(_asked)]
"""By any reader."""
DecidedDep = Annotated[Asked, Depends(_asked_by_operator)]
"""By an operator; 403 for others."""


def root(request: Request) -> str:
    """The address under which the application is mounted, without a slash at its end."""
    return str(request.scope.get("root_path", "")).rstrip("/")


@cache
def environment(language: str) -> Environment:
    """The pages' templates in a language, with what a reader may see of taxpayers and wallets."""
    made = html.environment(language, _FOLDER)
    made.globals["languages"] = texts.NAMES
    made.globals["short_names"] = texts.SHORT_NAMES
    made.globals["difference"] = difference
    made.globals["valuation_basis"] = valuation_basis.of_year
    made.filters["taxpayer"] = _taxpayer
    made.filters["wallet"] = _wallet
    made.filters["cell"] = _cell
    made.globals["content_words"] = content_words
    made.filters["decided"] = lambda value, name: field_words(name, value, language)
    made.filters["letter_file"] = partial(letter_file_words, language=language)
    made.filters["author"] = partial(author_words, language=language)
    return made


def _taxpayer(person: Any, reader: Reader) -> tuple[str | None, str | None]:
    """Number and name as the reader may see them: `{% set id, name = row | taxpayer(reader) %}`."""
    number, name = person.taxpayer_id, person.taxpayer_name
    return (number, name) if reader.is_operator else masking.masked_taxpayer(number, name)


def _wallet(address: str | None, reader: Reader) -> str | None:
    return address if reader.is_operator else masking.masked_wallet(address)


def _cell(found: str | None, reader: Reader) -> str | None:
    """What a filer wrote into a cell; a viewer sees it only if it can be nothing of a person."""
    return found if reader.is_operator or masking.is_impersonal(found) else masking.HIDDEN
