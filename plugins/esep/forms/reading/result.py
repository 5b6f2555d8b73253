"""What the child hands to its parent: JSON for the texts, one Arrow file for each form's rows."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from esep.detail import Detail
from esep.forms.document import ApplicationRead, FileRead, FileRole, FileState, FormRead, MessageRead, Text
from esep.signature import InsideSignature

RESULTS = "results.jsonl"
"""File of a job's folder that has a line for each of its results, as far as the job came."""

Plain = dict[str, Any]
"""Values that JSON can hold; a list where the class has a tuple, the name of a file in the job's folder for a path."""


def file_as_dict(file: FileRead, out: Path) -> Plain:
    """Plain values of a FileRead; the rows of its forms are written into the folder `out`."""
    values = dataclasses.asdict(dataclasses.replace(file, forms=()))
    return values | {"forms": [_form_as_dict(form, out / f"rows-{n}.arrow") for n, form in enumerate(file.forms)]}


def _form_as_dict(form: FormRead, path: Path) -> Plain:
    """The batches are written as they are, without joining them."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, form.rows.schema) as writer:
        for batch in form.rows.to_batches():
            writer.write_batch(batch)
    values = {field.name: getattr(form, field.name) for field in dataclasses.fields(form)}
    texts = {key: {name: dataclasses.asdict(text) for name, text in values[key].items()} for key in _TEXTS_OF_FORM}
    return values | texts | {"rows": path.name}


_TEXTS_OF_FORM = ("header", "footer")


def as_json(values: Plain) -> str:
    """One line of JSON."""
    return json.dumps(values, ensure_ascii=False, default=lambda path: path.name)


def results_of(out: Path) -> list[Plain]:
    """The results of a job, as far as it came."""
    try:
        lines = (out / RESULTS).read_text(encoding="utf-8").split("\n")[:-1]
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in lines]


def file_from_dict(values: Plain, folder: Path) -> FileRead:
    """The FileRead again; the rows are mapped from their Arrow files in `folder`."""
    return FileRead(
        **{
            **_with_tuples(values),
            "state": FileState(values["state"]),
            "role": FileRole(values["role"]),
            "detail": Detail(**values["detail"]) if values["detail"] else None,
            "forms": tuple(_form_from_dict(form, folder) for form in values["forms"]),
            "applications": tuple(ApplicationRead(**one | _texts(one, "fields")) for one in values["applications"]),
            "messages": tuple(MessageRead(**one) for one in values["messages"]),
            "inside": tuple(_inside(one, folder) for one in values["inside"]),
        }
    )


def _inside(values: dict[str, str | None], folder: Path) -> InsideSignature:
    cms, covered = values["cms"], values["covered"]
    return InsideSignature(
        values["certificate"],
        values["signed_at"],
        folder / cms if cms else None,
        folder / covered if covered else None,
    )


def _form_from_dict(values: Plain, folder: Path) -> FormRead:
    with pa.memory_map(str(folder / values["rows"])) as source:
        rows = pa.ipc.open_file(source).read_all()
    return FormRead(**_with_tuples(values) | _texts(values, *_TEXTS_OF_FORM) | {"rows": rows})


def _with_tuples(values: Plain) -> Plain:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}


def _texts(values: Plain, *keys: str) -> Plain:
    return {key: {name: Text(**text) for name, text in values[key].items()} for key in keys}
