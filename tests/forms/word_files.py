"""Word documents made part by part, as Word and other programs write them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
MACRO_TEMPLATE = "application/vnd.ms-word.template.macroEnabledTemplate.main+xml"


def part(root: str, inside: str, *, namespace: str = TRANSITIONAL, encoding: str = "utf-8") -> bytes:
    """An XML part with the namespaces that Word declares."""
    text = (
        f'<?xml version="1.0" encoding="{encoding}" standalone="yes"?>'
        f'<w:{root} xmlns:w="{namespace}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml" '
        f'xmlns:r="{_OFFICE}">{inside}</w:{root}>'
    )
    return text.encode(encoding)


def relations(targets: Iterable[tuple[str, str]]) -> bytes:
    items = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{_RELATIONS}">{items}</Relationships>'.encode()


def write_word(
    path: Path,
    body: str,
    *,
    namespace: str = TRANSITIONAL,
    encoding: str = "utf-8",
    main: str = "word/document.xml",
    target: str | None = None,
    content_type: str = _MAIN,
    parts: Mapping[str, bytes] = {},
    kinds: Sequence[tuple[str, str]] = (),
) -> Path:
    """A document with this body. `main` names its part in the zip, `target` in the relation; `parts` are further ones
    in its folder, `kinds` the relations to them.
    """
    folder, _, name = main.rpartition("/")
    prefix = f"{folder}/" if folder else ""
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{main}" ContentType="{content_type}"/></Types>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", relations([("officeDocument", target or main)]))
        archive.writestr(
            main, part("document", f"<w:body>{body}<w:sectPr/></w:body>", namespace=namespace, encoding=encoding)
        )
        archive.writestr(f"{prefix}_rels/{name}.rels", relations(kinds))
        for further, content in parts.items():
            archive.writestr(prefix + further, content)
    return path


def run(text: str, properties: str = "") -> str:
    wrapped = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{wrapped}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*inside: str, properties: str = "") -> str:
    wrapped = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{wrapped}{''.join(inside)}</w:p>"


def words(text: str) -> str:
    """A paragraph of one run, or of several at line breaks."""
    return paragraph("<w:r><w:br/></w:r>".join(run(line) for line in text.split("\n")))


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{words(text)}</w:tc>"


def row(texts: Iterable[object], properties: str = "") -> str:
    wrapped = f"<w:trPr>{properties}</w:trPr>" if properties else ""
    return f"<w:tr>{wrapped}{''.join(cell('' if text is None else str(text)) for text in texts)}</w:tr>"


def table(rows: Iterable[Iterable[object]]) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(row(texts) for texts in rows)}</w:tbl>"


def control(inside: str, *, prompt: bool = False) -> str:
    """A content control around runs, paragraphs, cells, rows or tables."""
    properties = "<w:showingPlcHdr/>" if prompt else ""
    return f"<w:sdt><w:sdtPr><w:id w:val='1'/>{properties}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def complex_field(instruction: str, *result: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        mark.format("begin")
        + f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        + mark.format("separate")
        + "".join(result)
        + mark.format("end")
    )
