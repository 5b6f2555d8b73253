"""`bin/esep texts`: every text of a language for a native speaker to correct, and the corrections put back."""

from __future__ import annotations

from pathlib import Path

import click

from esep.cli.common import Answer, answering, settings_from_environment


@click.command()
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="Write the list to this file.")
@click.option(
    "--apply",
    "corrected",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Put the corrected texts of this list back where they stand.",
)
@answering
def texts(to: Path | None, corrected: Path | None, language: str) -> Answer:
    """Print every text that people read in a language as CSV: a line a text, its key, the text, the English one.

    It holds the texts of pages, letters, reports and commands, of the rules, and of the law's tables. Correct the
    second column, keep names in braces as they are, and put the file back by --apply: only the lines that were changed
    are written, and none if one of them cannot be used. A change of a rule's text is a change of the ruleset (see
    `reexamine`); one of a law's table has the warehouse built anew.

    \b
    Exit code: 0 printed, written or applied, 2 not possible: what is wrong is listed, and nothing was changed.
    Examples:  bin/esep texts --language kk --to texts-kk.csv
               bin/esep texts --language kk --apply texts-kk.csv
    """
    from esep.texts import proofreading

    settings = settings_from_environment()
    if to and corrected:
        raise click.UsageError("give --to or --apply, not both")
    if corrected:
        keys = proofreading.apply(settings, language, corrected)
        return Answer({"changed": keys}, lambda: [*keys, f"Texts changed: {len(keys)}."])
    listed = proofreading.texts_of(settings, language)
    content = proofreading.as_csv(listed, language)
    if to:
        to.write_text(content, encoding="utf-8-sig", newline="")  # a spreadsheet knows UTF-8 by the mark
        return Answer({"file": to, "texts": len(listed)}, lambda: [f"{to}: {len(listed)} texts."])
    return Answer(
        [{"key": one.key, language: one.old, "en": one.english} for one in listed], lambda: [content.rstrip("\n")]
    )
