#!/bin/sh
# Runs its arguments with the first Python 3.11-3.13 found; without arguments prints that Python's path.
set -eu

found=""
for name in ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3 python; do
    path=$(command -v "$name" 2>/dev/null) || continue
    version=$("$path" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    case $version in
        3.11 | 3.12 | 3.13)
            if [ $# -eq 0 ]; then
                echo "$path"
                exit 0
            fi
            exec "$path" "$@"
            ;;
    esac
    found="$found $name ($version)"
done
echo "Esep needs Python 3.11, 3.12 or 3.13. Found:${found:- none}." >&2
echo "Install one of them, or name it: make PYTHON=/path/to/python3.12 …" >&2
exit 1
