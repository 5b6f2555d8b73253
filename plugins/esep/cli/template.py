"""`bin/esep template`: the blank forms."""

from __future__ import annotations

from pathlib import Path

import click

from esep.cli.common import Answer, UnusableError, answering, today


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@answering
def template(folder: Path) -> Answer:
    """Write the blank forms (Annex 1 and 1-ЦМ, Kazakh and Russian) into FOLDER.

    With them goes a voluntary message that nothing was distributed in a month; the order does not demand it.

    \b
    Exit code: 0 written, 2 the folder cannot be written.
    Example:   bin/esep template forms/
    """
    from esep.forms.templates import write_blank

    try:
        written = [str(path) for path in write_blank(folder, today())]
    except OSError as error:
        raise UnusableError(f"{folder}: {error.strerror or error}") from None
    return Answer({"files": written}, lambda: written)
