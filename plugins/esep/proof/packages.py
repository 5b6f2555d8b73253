"""A package is proved before it is examined: a verdict on damaged bytes would look like any other."""

from __future__ import annotations

from esep.file_names import from_text, to_text
from esep.office import archive
from esep.office.archive import ArchiveError, Entry
from esep.proof.hashing import sha256_of
from esep.proof.looks import below
from esep.proof.model import RESTORE_PACKAGE


def require(entry: Entry) -> None:
    """Raise ArchiveError naming a file of the package that is not as it came, is missing, or did not come."""
    folder = f"{archive.PACKAGE}/"
    there = {seen.path.removeprefix(folder): seen for seen in below(entry.folder, archive.PACKAGE)}
    for file in entry.receipt.files:
        path = from_text(file.path)
        seen = there.pop(path, None)
        if seen is None:
            raise ArchiveError(_told(entry, file.path, "it is missing"))
        if not seen.is_file or seen.size != file.size or sha256_of(entry.package / path) != file.sha256:
            raise ArchiveError(_told(entry, file.path, "its bytes are not those that came"))
    for path in there:
        raise ArchiveError(
            f"{entry.number}: package/{to_text(path)}: the receipt does not name it, so it did not come with the "
            "package. Move it away, then run again."
        )


def _told(entry: Entry, path: str, what: str) -> str:
    return f"{entry.number}: package/{path}: {what}. {RESTORE_PACKAGE}."
