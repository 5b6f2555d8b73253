"""What a refusal encloses, for a package that is only checked: findings.xlsx and copies of the workbooks, commented."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from esep.config import Settings
from esep.examination.model import Finding
from esep.letters.annotate import annotate_package
from esep.letters.facts import Head, LetterKind
from esep.letters.findings_book import cell_lookup, write_findings_book
from esep.letters.remarks import Citations, collect
from esep.texts import LANGUAGES, text


def write(package: Path, findings: Sequence[Finding], folder: Path, day: date, settings: Settings) -> list[Path]:
    """Write into `folder` what the first refusal of the package would enclose, under the same names; nothing if there
    are no findings.

    `package`: the folder with its bytes as received. Raises FileExistsError if a file of such a name is there, other
    faults of the system as OSError.
    """
    remarks = collect(findings, Citations.of(settings))
    if not remarks:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    head = Head(LetterKind.REFUSAL, folder.name, 1, day)
    heading = " / ".join(text("check.not_registered", language) for language in LANGUAGES)
    with tempfile.TemporaryDirectory(prefix=".esep-", dir=folder) as work:
        copies = annotate_package(package, remarks.findings, heading, day, Path(work), settings)
        cell_of = cell_lookup({(None, one.file, sheet): at for one in copies for sheet, at in one.columns.items()})
        book = Path(work, head.book)
        write_findings_book(book, remarks, Citations.of(settings), cell_of, day)
        made = [book, *(copy.path for copy in copies if copy.path)]
        names = [head.book, *(head.copy(number) for number in range(1, len(made)))]
        if taken := [name for name in names if (folder / name).exists()]:
            raise FileExistsError(f"{folder}: {', '.join(taken)} is there already. Give a new folder.")
        return [path.rename(folder / name) for path, name in zip(made, names, strict=True)]
