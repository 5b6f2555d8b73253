"""What can go wrong with a backup; each text says what, where, and what to do."""

from __future__ import annotations


class BackupError(RuntimeError):
    """A backup cannot be made, or cannot be restored; nothing was left half-made."""
