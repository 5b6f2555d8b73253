"""Workbooks that Excel opens without asking although they are encrypted: with the password of its own.

Excel encrypts with `VelvetSweatshop` where somebody protects a workbook's structure or marks it read-only; the file
then looks encrypted and has no secret ([MS-OFFCRYPTO] 2.3.6, [MS-XLS] 2.2.10).
"""

from __future__ import annotations

import io
from pathlib import Path

from esep.forms.document import encrypted
from esep.forms.reading.kinds import COMPOUND

_PASSWORD = "VelvetSweatshop"  # noqa: S105 - known to all, and written into Excel
_FORMATS = ("ooxml", "xls97")
"""What is read; an old document or presentation is named as such by its reader, password or not."""


def decrypted(path: Path, target: Path) -> Path:
    """`target`, written without the encryption, where Excel opens the file at `path` without asking.

    `path` for a file that is not encrypted, or damaged: its reader says what it is. Raises FileError for one with
    another password, which no reader is to see: obfuscation ([MS-OFFCRYPTO] 2.3.7) leaves it looking damaged.
    """
    with path.open("rb") as file:
        if file.read(len(COMPOUND)) != COMPOUND:
            return path
        import msoffcrypto  # 0.1 s, and few files are compound ones

        file.seek(0)
        try:
            office = msoffcrypto.OfficeFile(file)
            if office.format not in _FORMATS or not office.is_encrypted():
                return path
        except MemoryError:
            raise
        except Exception:
            return path
        plain = io.BytesIO()
        try:
            office.load_key(password=_PASSWORD)
            office.decrypt(plain)
        except MemoryError:
            raise
        except Exception:
            raise encrypted() from None
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(plain.getbuffer())
    return target
