#!/bin/sh
# Makes .venv as requirements.txt says; with another list and a mark, adds that list to it. Fast with uv, which is taken from the lock itself; with pip where uv cannot be had.
# May be stopped and run again at any point: the mark, .venv/.installed, is written last.
set -eu
cd "$(dirname "$0")/.."
list=${1:-requirements.txt}
mark=${2:-.venv/.installed}

fits() { # does .venv exist, start, and have a Python that the project runs on?
    [ -x .venv/bin/python ] && .venv/bin/python -c \
        'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

has_pip() { .venv/bin/python -m pip --version >/dev/null 2>&1; }
has_uv() { .venv/bin/python -m uv --version >/dev/null 2>&1; }

rm -f "$mark"
if ! fits || ! { has_pip || has_uv; }; then
    python=$(sh scripts/find_python.sh)
    echo "Making .venv with $("$python" --version)"
    rm -rf .venv
    if ! "$python" -m venv .venv >/dev/null 2>&1; then
        rm -rf .venv
        if ! command -v uv >/dev/null 2>&1 || ! uv venv --quiet --seed --python "$python" .venv; then
            echo "$python cannot make a virtual environment." >&2
            echo "On Debian or Ubuntu: apt-get install python3-venv; then make install again." >&2
            exit 1
        fi
    fi
fi

echo "Installing the packages of $list"
if has_pip; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "$(grep -o '^uv==[0-9.]*' requirements.txt)" ||
        echo "uv cannot be had here; pip does the same more slowly." >&2
fi
# Compiled here once: where Python may not write bytecode (PYTHONDONTWRITEBYTECODE), each process would compile it again.
if ! has_uv || ! .venv/bin/python -m uv pip install --quiet --compile-bytecode --python .venv/bin/python --requirement "$list"; then
    .venv/bin/python -m pip install --disable-pip-version-check --progress-bar off --quiet --requirement "$list"
fi
touch "$mark"
echo "Installed: $(.venv/bin/python --version) in .venv"
