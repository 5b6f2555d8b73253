"""Tables as programs other than today's Excel write them, made byte by byte."""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Callable, Iterable, Sequence
from html import escape

Rows = Iterable[Sequence[object]]


def shown(value: object) -> str:
    return "" if value is None else str(value)


def page(rows: Rows, *, head: str = "<meta charset=utf-8>", encoding: str = "utf-8") -> bytes:
    """The table alone, as web sites export it."""
    lines = ("<tr>" + "".join(f"<td>{escape(shown(value))}</td>" for value in row) + "</tr>" for row in rows)
    text = f"<html><head>{head}</head><body><table>{''.join(lines)}</table></body></html>"
    return text.encode(encoding)


def page_of_1c(rows: Rows) -> bytes:
    """A page as 1C saves it: cells in paragraphs of a font, no-break spaces where they are empty, cp1251."""
    lines = (
        "<TR>\r\n"
        + "".join(
            f'<TD CLASS="R1C{n}"><SPAN STYLE="white-space:nowrap">{escape(shown(value)) or "&nbsp;"}</SPAN></TD>\r\n'
            for n, value in enumerate(row)
        )
        for row in rows  # 1C leaves out the ends of rows
    )
    text = (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.0 Transitional//EN">\r\n<HTML><HEAD>'
        '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; CHARSET=windows-1251">'
        f"<STYLE>TD {{ }}</STYLE></HEAD><BODY>\r\n<TABLE>{''.join(lines)}</TABLE></BODY></HTML>"
    )
    return text.encode("kz1048")


def page_of_excel(rows: Rows) -> bytes:
    """As Excel's "Web page": names of namespaces, conditional comments, x:num and x:str."""
    lines = "".join(
        "<tr height=20>"
        + "".join(
            f'<td x:num="{value!r}">{shown(value)}</td>'
            if isinstance(value, float)
            else f"<td class=xl24 x:str>{escape(shown(value))}</td>"
            for value in row
        )
        + "</tr>\r\n"
        for row in rows
    )
    text = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel" '
        'xmlns="http://www.w3.org/TR/REC-html40"><head><meta http-equiv=Content-Type '
        'content="text/html; charset=unicode"><meta name=ProgId content=Excel.Sheet>'
        "<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:Name>Лист</x:Name></x:ExcelWorkbook></xml><![endif]-->"
        f"<style><!--td {{mso-number-format:General;}}--></style></head><body><table x:str>{lines}"
        "<![if supportMisalignedColumns]><tr height=0 style='display:none'><td></td></tr><![endif]>"
        "</table></body></html>"
    )
    return b"\xff\xfe" + text.encode("utf-16-le")


def web_archive(sheets: dict[str, Rows]) -> bytes:
    """As Excel's "Single file web page": an index of the sheets, a frame, and a part for each sheet."""
    index = "".join(
        f'<x:ExcelWorksheet><x:Name>{escape(name)}</x:Name><x:WorksheetSource HRef="a.files/sheet{n:03}.htm"/>'
        "</x:ExcelWorksheet>"
        for n, name in enumerate(sheets, start=1)
    )
    parts = {"a.htm": f"<html><head><xml>{index}</xml></head><frameset></frameset></html>".encode()}
    parts |= {f"a.files/sheet{n:03}.htm": page(rows) for n, rows in enumerate(sheets.values(), start=1)}
    parts["a.files/tabstrip.htm"] = page([["Лист1"]])
    message = (
        'MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary="----=_x"\r\n\r\n'
    )
    for name, content in parts.items():
        message += (
            f"------=_x\r\nContent-Location: file:///C:/0A1B/{name}\r\nContent-Transfer-Encoding: base64\r\n"
            f'Content-Type: text/html; charset="utf-8"\r\n\r\n{_base64(content)}\r\n'
        )
    return (message + "------=_x--\r\n").encode("ascii")


def _base64(content: bytes) -> str:
    import base64

    return base64.encodebytes(content).decode("ascii")


def xml_spreadsheet(
    sheets: dict[str, Rows], *, prefix: str = "", declaration: bool = True, encoding: str = "utf-8"
) -> bytes:
    """XML Spreadsheet 2003; floats are numbers, everything else is text."""
    p = prefix and f"{prefix}:"
    namespace = "urn:schemas-microsoft-com:office:spreadsheet"
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n' + (
        '<?mso-application progid="Excel.Sheet"?>\n' if declaration else ""
    )
    text += f'<{p}Workbook xmlns{prefix and ":" + prefix}="{namespace}" xmlns:ss="{namespace}">'
    for name, rows in sheets.items():
        text += f'<{p}Worksheet ss:Name="{escape(name)}"><{p}Table>'
        for row in rows:
            text += f"<{p}Row>" + "".join(_xml_cell(p, value) for value in row) + f"</{p}Row>"
        text += f"</{p}Table></{p}Worksheet>"
    return (text + f"</{p}Workbook>").encode(encoding)


def _xml_cell(p: str, value: object) -> str:
    if value is None:
        return f"<{p}Cell/>"
    kind = "Number" if isinstance(value, float) else "String"
    return f'<{p}Cell><{p}Data ss:Type="{kind}">{escape(shown(value))}</{p}Data></{p}Cell>'


def separated(
    rows: Rows, separator: str = ";", encoding: str = "utf-8", *, first: str = "", quoting: int = csv.QUOTE_MINIMAL
) -> bytes:
    """Separated values with CRLF; `first` is written above them."""
    buffer = io.StringIO(newline="")
    buffer.write(first)
    csv.writer(buffer, delimiter=separator, quoting=quoting).writerows([shown(value) for value in row] for row in rows)
    return buffer.getvalue().encode(encoding)


def old_workbook(rows: Rows, *, biff: int = 5, encoding: str = "cp1251", codepage: int | None = None) -> bytes:
    """A bare workbook of one sheet as old programs write it; texts of one byte a letter."""

    def record(number: int, content: bytes = b"") -> bytes:
        return struct.pack("<HH", number, len(content)) + content

    def text(value: str) -> bytes:
        return struct.pack("<H", len(value)) + value.encode(encoding)

    start = {3: (0x0209, struct.pack("<HHH", 0x0300, 0x10, 0)), 4: (0x0409, struct.pack("<HHH", 0x0400, 0x10, 0))}
    page_record = record(0x0042, struct.pack("<H", codepage)) if codepage else b""
    cells = b""
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            place = struct.pack("<HHH", number, column, 0)
            if isinstance(value, float):
                cells += record(0x0203, place + struct.pack("<d", value))
            elif value is not None:
                cells += record(0x0204, place + text(str(value)))
    if biff in start:
        return record(*start[biff]) + page_record + cells + record(0x000A)
    name = "1-ЦМ".encode(encoding)
    globals_start = record(0x0809, struct.pack("<HHHH", 0x0500, 0x0005, 0, 0)) + page_record
    bound_size = 4 + 6 + 1 + len(name)
    offset = len(globals_start) + bound_size + 4
    bound = record(0x0085, struct.pack("<IBBB", offset, 0, 0, len(name)) + name)
    sheet = record(0x0809, struct.pack("<HHHH", 0x0500, 0x0010, 0, 0)) + cells + record(0x000A)
    return globals_start + bound + record(0x000A) + sheet


WRITERS: dict[str, Callable[[Rows], bytes]] = {
    "html": page,
    "html of 1C": page_of_1c,
    "html of Excel": page_of_excel,
    "html, cp1251 unsaid": lambda rows: page(rows, head="", encoding="kz1048"),
    "html, cp1251 said to be utf-8": lambda rows: page(rows, encoding="kz1048"),
    "html, utf-8 said to be cp1251": lambda rows: page(rows, head="<meta charset=windows-1251>"),
    "html, utf-16": lambda rows: page(rows, encoding="utf-16"),
    "mht": lambda rows: web_archive({"Түсініктеме": [["Түсініктеме"]], "1-ЦМ": rows}),
    "xml": lambda rows: xml_spreadsheet({"1-ЦМ": rows}),
    "xml, prefix": lambda rows: xml_spreadsheet({"1-ЦМ": rows}, prefix="ss2"),
    "xml, no declaration of Excel": lambda rows: xml_spreadsheet({"1-ЦМ": rows}, declaration=False),
    "xml, utf-16": lambda rows: xml_spreadsheet({"1-ЦМ": rows}, encoding="utf-16"),
    "xml, windows-1251": lambda rows: xml_spreadsheet({"1-ЦМ": rows}, encoding="kz1048").replace(b"kz1048", b"KZ-1048"),
    **{
        f"csv {separator!r} {encoding}": lambda rows, s=separator, e=encoding: separated(rows, s, e)
        for separator in ";,\t|"
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "kz1048")
    },
    "csv, utf-16 without a mark": lambda rows: separated(rows, "\t", "utf-16-le"),
    "csv, utf-16 big end first": lambda rows: b"\xfe\xff" + separated(rows, "\t", "utf-16-be"),
    "csv, all in quotes": lambda rows: separated(rows, ";", quoting=csv.QUOTE_ALL),
    "csv, sep=": lambda rows: separated(rows, ",", first="sep=,\r\n"),
    "csv, cells as formulas": lambda rows: separated([[f'="{shown(value)}"' for value in row] for row in rows], ";"),
    "csv, lines of Unix": lambda rows: separated(rows).replace(b"\r\n", b"\n"),
    "csv, lines of an old Macintosh": lambda rows: separated(rows).replace(b"\r\n", b"\r"),
    "csv, end mark of DOS": lambda rows: separated(rows) + b"\x1a",
    "biff5": lambda rows: old_workbook(rows, encoding="kz1048"),
    "biff5, code page 1252": lambda rows: old_workbook(rows, encoding="kz1048", codepage=1252),
    "biff5, code page 1251": lambda rows: old_workbook(rows, encoding="kz1048", codepage=1251),
    "biff3": lambda rows: old_workbook(rows, biff=3, encoding="kz1048"),
    "biff4": lambda rows: old_workbook(rows, biff=4, encoding="kz1048"),
}  # fmt: skip
"""A program's name → what it makes of rows of texts."""
