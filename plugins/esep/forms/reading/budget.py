"""What a package may cost as a whole, however many files it is spread over."""

from __future__ import annotations

import time
from dataclasses import dataclass

from esep.config import Settings
from esep.forms.document import FileState
from esep.forms.reading import limits
from esep.forms.reading.fault import FileError


@dataclass(slots=True)
class Budget:
    """What is left of it. A file beyond is not read, and says so: FileError with a code of its own."""

    seconds_until: float
    """time.monotonic() at its end."""
    files: int = limits.PACKAGE_FILES
    bytes: int = limits.PACKAGE_BYTES

    @classmethod
    def of(cls, settings: Settings) -> Budget:
        return cls(time.monotonic() + settings.package_seconds)

    @property
    def seconds(self) -> float:
        return max(0.0, self.seconds_until - time.monotonic())

    def take(self, size: int) -> None:
        """Count one more file of `size` bytes; raises FileError where it no longer fits."""
        self.files -= 1
        self.bytes -= size
        if self.files < 0:
            raise FileError(FileState.TOO_LARGE, "package_files", limit=limits.PACKAGE_FILES)
        if self.bytes < 0:
            raise FileError(FileState.TOO_LARGE, "package_bytes", limit=limits.PACKAGE_BYTES)
        if not self.seconds:
            raise out_of_time()


def out_of_time() -> FileError:
    """The fault of a file that is not read because those before it took all the time."""
    return FileError(FileState.TOO_LARGE, "package_time")
