"""Workbooks that Excel opens without asking although they are encrypted: with the password of its own.

Excel encrypts with `VelvetSweatshop` where somebody protects a workbook's structure or marks it read-only; the file
then looks encrypted and has no secret ([MS-OFFCRYPTO] 2.3.6, [MS-XLS] 2.2.10).
"""

from __future__ import annotations

from pathlib import Path

_PASSWORD = "VelvetSweatshop"  # noqa: S105 - known to all, and written into Excel
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def decrypted(path: Path, target: Path) -> Path:
    """`target`, written without the encryption, where Excel opens the file at `path` without asking; else `path`."""
    with path.open("rb") as file:
        if file.read(len(_COMPOUND)) != _COMPOUND:
            return path
        import msoffcrypto  # 0.1 s, and few files are compound ones

        file.seek(0)
        try:
            office = msoffcrypto.OfficeFile(file)
            if not office.is_encrypted():
                return path
            office.load_key(password=_PASSWORD)
            target.parent.mkdir(exist_ok=True)
            with target.open("wb") as plain:
                office.decrypt(plain)
        except MemoryError:
            raise
        except Exception:  # another password, or a damaged file: its reader says what it is
            target.unlink(missing_ok=True)
            return path
    return target
