"""Reading a package: every file by its content, in a child process with limits, into texts with their places."""

from esep.forms.reading.package import read_package

__all__ = ["read_package"]
