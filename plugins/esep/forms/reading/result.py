"""What the child hands to its parent: JSON for the texts, one Arrow file for each form's rows."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pyarrow as pa

from esep.detail import Detail
from esep.forms.document import ApplicationRead, FileRead, FileRole, FileState, FormRead, Text
from esep.forms.reading.fault import FileError
from esep.forms.reading.zip_files import Member
from esep.signature import InsideSignature

RESULT = "result.json"
"""Name of the JSON file in a job's folder."""
RESULTS = "results.jsonl"
"""Results of a job over several files: one line each, in their order, as far as the job came."""


def file_as_dict(file: FileRead, rows: list[str]) -> dict[str, Any]:
    """Plain values of a FileRead; `rows` names the Arrow file of each of its forms."""
    values = {field.name: getattr(file, field.name) for field in dataclasses.fields(file)}
    values["detail"] = dataclasses.asdict(file.detail) if file.detail else None
    values["forms"] = [_form_as_dict(form, name) for form, name in zip(file.forms, rows, strict=True)]
    values["applications"] = [dataclasses.asdict(application) for application in file.applications]
    values["inside"] = [
        {key: value.name if isinstance(value, Path) else value for key, value in dataclasses.asdict(one).items()}
        for one in file.inside
    ]
    return values


def member_as_dict(member: Member) -> dict[str, Any]:
    """Plain values of a member of an archive: unpacked into `file`, or its fault."""
    fault = member.fault and {"state": member.fault.state, **dataclasses.asdict(member.fault.detail)}
    return {"name": member.name, "file": member.file, "size": member.size, "fault": fault}


def fault_from_dict(values: dict[str, Any]) -> FileError:
    """The fault of a member again."""
    return FileError(FileState(values["state"]), values["code"], **values["values"])


def _form_as_dict(form: FormRead, rows: str) -> dict[str, Any]:
    values = {field.name: getattr(form, field.name) for field in dataclasses.fields(form)}
    values["header"] = {key: dataclasses.asdict(text) for key, text in form.header.items()}
    values["footer"] = {key: dataclasses.asdict(text) for key, text in form.footer.items()}
    values["rows"] = rows
    return values


def file_from_dict(values: dict[str, Any], folder: Path) -> FileRead:
    """The FileRead again; the rows are mapped from their Arrow files in `folder`."""
    return FileRead(
        **{
            **values,
            "state": FileState(values["state"]),
            "role": FileRole(values["role"]),
            "detail": Detail(**values["detail"]) if values["detail"] else None,
            "forms": tuple(_form_from_dict(form, folder) for form in values["forms"]),
            "applications": tuple(
                ApplicationRead(**{**application, "fields": _texts(application["fields"])})
                for application in values["applications"]
            ),
            "hidden_sheets": tuple(values["hidden_sheets"]),
            "inside": tuple(_inside(one, folder) for one in values["inside"]),
            "repeated_sheets": tuple(values["repeated_sheets"]),
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


def _form_from_dict(values: dict[str, Any], folder: Path) -> FormRead:
    with pa.memory_map(str(folder / values["rows"])) as source:
        rows = pa.ipc.open_file(source).read_all()
    return FormRead(
        **{
            **values,
            "number_row_repeats": tuple(values["number_row_repeats"]),
            "total_rows": tuple(values["total_rows"]),
            "header": _texts(values["header"]),
            "footer": _texts(values["footer"]),
            "rows": rows,
        }
    )


def _texts(values: dict[str, Any]) -> dict[str, Text]:
    return {key: Text(**text) for key, text in values.items()}


def write_rows(path: Path, batches: list[pa.RecordBatch], schema: pa.Schema) -> None:
    """Write batches as an Arrow file, as they are, without joining them."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
