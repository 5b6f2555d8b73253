"""The process that reads files of packages: `python -m esep.forms.reading.reading_process`, started by `helper`."""

from __future__ import annotations

import sys

from esep.forms.reading import jobs
from esep.forms.reading.cells import column_texts
from esep.forms.reading.zygote import serve


class _WithoutPandas:
    """An import hook. pyarrow takes pandas in with the first value it converts, where it can: 0.5 s and 60 MB."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("pandas is not used in the reading process", name=name)


def main() -> None:
    import pypdf.filters  # noqa: F401  imported here once, so that children need not

    sys.meta_path.insert(0, _WithoutPandas)
    column_texts([""])  # pyarrow's and numpy's own lazy imports
    column_texts([0.5])
    serve(jobs.run)


if __name__ == "__main__":
    main()
