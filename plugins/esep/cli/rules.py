"""`bin/esep rules`: the rules of the examination and the columns of the form, for programs and for people."""

from __future__ import annotations

import json

import click

from esep.cli.common import Answer, answering, settings_from_environment
from esep.documents.model import Kind, titled


@click.command()
@click.option("--form", "of_form", is_flag=True, help="The columns of form 1-ЦМ by version of the form instead.")
@click.option("--format", "kind", type=click.Choice(("json", "csv")), help="For programs: JSON (as --json) or CSV.")
@click.option("--schema", is_flag=True, help="The JSON Schema of what --format gives.")
@answering
def rules(of_form: bool, kind: str | None, schema: bool, language: str) -> Answer:
    """List the rules by which packages are examined: id, lane, paragraph, column, severity, texts in three languages.

    \b
    Exit code: 0 printed, 2 the rules cannot be read.
    Examples:  bin/esep rules --language ru
               bin/esep rules --format csv > rules.csv
               bin/esep rules --form --format json
    """
    from esep import open_data

    data = open_data.FORM if of_form else open_data.RULES
    settings = settings_from_environment()
    if schema:
        return Answer(data.schema, lambda: [json.dumps(data.schema, ensure_ascii=False, indent=2)])
    document = data.document(settings)
    if kind == "csv":
        return Answer(document, lambda: [data.csv(settings).rstrip("\n")])
    if kind == "json":
        return Answer(document, lambda: [json.dumps(document, ensure_ascii=False, indent=2)])
    columns = _COLUMNS_OF_FORM if of_form else _COLUMNS
    names = [name.format(language=language) for name, *_ in columns]
    rows = [[record[name] for name in names] for record in document[data.key]]
    title = "rules.form" if of_form else "rules.title"
    headings = [(key, of) for _, key, of in columns]
    return Answer(document, lambda: [titled(title, headings, rows, language, look="lines", limit=2_000)])


_COLUMNS = (
    ("rule_id", "rules.rule", Kind.CODE),
    ("text_{language}", "rules.says", Kind.SAID),
    ("paragraph", "rules.paragraph", Kind.SAID),
)
"""Field, key of its heading, kind."""
_COLUMNS_OF_FORM = (
    ("form_version", "rules.form_version", Kind.SAID),
    ("column_no", "rules.column", Kind.CODE),
    ("heading_{language}", "rules.says", Kind.SAID),
    ("valid_from", "rules.since", Kind.CODE),
)
