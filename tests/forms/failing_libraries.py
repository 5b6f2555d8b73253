"""Libraries that fail with a message of their own, wherever what reads or checks a filer's file uses them."""

from __future__ import annotations

import importlib
import pkgutil
import types
from collections.abc import Iterator
from typing import Any

from cases.case_packages import PACKAGES
from esep import signature
from esep.forms import reading
from examination.package_builder import on_disk
from forms.form_workbooks import FIXTURES
from forms.table_files import old_workbook

MARKER = "reported by a library of /srv/esep/secret.xlsx"
LIBRARIES = (
    "zipfile",
    "zlib",
    "lxml",
    "python_calamine",
    "xlrd",
    "openpyxl",
    "pypdf",
    "asn1crypto",
    "cryptography",
    "olefile",
)
INSIDE_FUNCTIONS = (
    ("esep.forms.reading.fast_reader", "CalamineWorkbook"),
    ("msoffcrypto", "OfficeFile"),
    ("pypdf", "PdfReader"),
    ("pypdf.generic", "DictionaryObject"),
    ("lxml.etree", "XMLPullParser"),
    ("lxml.etree", "iterparse"),
    ("lxml.etree", "XMLParser"),
    ("lxml.html", "HTMLParser"),
    ("xlrd", "open_workbook"),
    ("openpyxl.utils", "get_column_letter"),
    ("zipfile", "ZipFile"),
    ("olefile", "OleFileIO"),
)
"""What modules take at the moment of use, from a library that they hold or import inside of a function; or a class
without the name of its library."""
SAMPLES = (
    *(FIXTURES / name for name in ("libreoffice.xlsx", "libreoffice.xls", "libreoffice.ods", "application.pdf")),
    *(PACKAGES / name for name in ("04-signature-p7b/Заявление.docx", "06-attached-signature-only/Заявление.docx.p7m")),
    *(PACKAGES / name for name in ("07-signature-inside-docx/Заявление.docx", "08-signature-xmldsig-xml/подпись.xml")),
    *(
        PACKAGES / name
        for name in ("16-pdf-form-fields/Заявление.pdf", "18-html-xls/1-ЦМ.xls", "19-xml2003-xls/1-ЦМ.xls")
    ),
    *(PACKAGES / name for name in ("20-csv-not-named/1-ЦМ.csv", "28-zip-unicode-path.zip", "30-eml.eml")),
)


_BIFF5 = on_disk(old_workbook([["1-ЦМ"], list(range(1, 11))]))
SAMPLES = (*SAMPLES, _BIFF5)


class Reported(Exception):  # noqa: N818 - what libraries raise has names of all kinds
    pass


class Failing:
    """A library whose every call fails; its exceptions and constants are its own."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return failing(getattr(self._real, name))


def failing(value: Any) -> Any:
    if isinstance(value, type) and issubclass(value, BaseException):
        return value
    if isinstance(value, types.ModuleType):
        return Failing(value)
    return fails if callable(value) else value


def fails(*_: object, **__: object) -> Any:
    raise Reported(MARKER)


def uses() -> Iterator[tuple[types.ModuleType, str]]:
    """Each name of a library in each module that reads a filer's file."""
    for package in (reading, signature):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            for name, value in vars(module).items():
                origin = value.__name__ if isinstance(value, types.ModuleType) else getattr(value, "__module__", None)
                if str(origin).split(".")[0].lstrip("_") in LIBRARIES and failing(value) is not value:
                    yield module, name


ALL_USES = [*uses(), *((importlib.import_module(module), name) for module, name in INSIDE_FUNCTIONS)]
"""(module, name in it) of each."""
