"""The commands a newcomer types: the Makefile, bin/esep, the search for a Python."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from esep.config import PROJECT

COMMANDS = ("install", "demo", "run", "up", "test", "lint", "bench", "lock", "wheel", "clean")
NAME = re.compile(r"(?m)^([A-Za-z][\w.-]*)")
LISTS = sorted(PROJECT.glob("requirements*.in"))
TOOLS = ("sh", "make", "rm", "touch", "dirname", "grep", "awk", "readlink", "env")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the project's commands in a folder with spaces, without an environment."""
    folder = tmp_path / "a checkout"
    folder.mkdir()
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(PROJECT / name, folder)
    for name in ("scripts", "bin"):
        shutil.copytree(PROJECT / name, folder / name)
    return folder


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder for PATH with the few tools that the commands need, and no Python."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in TOOLS:
        path = shutil.which(name)
        assert path, f"{name} is needed for this test"
        (folder / name).symlink_to(path)
    return folder


def fake_python(path: Path, says: str) -> None:
    """A program that says one thing, whatever it is asked."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {says}\n")
    path.chmod(0o755)


def call(command: list[str], cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


def test_make_alone_lists_the_commands() -> None:
    done = call(["make"], PROJECT)
    assert done.returncode == 0
    for command in COMMANDS:
        assert re.search(rf"^  make {command} +\S", done.stdout, re.MULTILINE), command


@pytest.mark.parametrize(
    ("version", "reported"), [(None, "Found: none"), ("3.10", "python3 (3.10)"), ("3.14", "(3.14)")]
)
def test_without_a_fitting_python_the_message_says_what_to_do(
    checkout: Path, tools: Path, version: str | None, reported: str
) -> None:
    if version:
        fake_python(tools / "python3", version)
    done = call(["make", "install"], checkout, PATH=str(tools), PYTHON="")
    assert done.returncode != 0
    assert "Esep needs Python 3.11, 3.12 or 3.13" in done.stderr
    assert reported in done.stderr
    assert "make PYTHON=" in done.stderr


def test_the_newest_fitting_python_is_taken_unless_one_is_named(checkout: Path, tools: Path) -> None:
    for name, version in (("python3.13", "3.13"), ("python3.11", "3.11"), ("python3", "3.12"), ("python3.14", "3.14")):
        fake_python(tools / name, version)
    search = ["sh", "scripts/find_python.sh"]
    assert call(search, checkout, PATH=str(tools), PYTHON="").stdout.strip() == str(tools / "python3.13")
    named = call(search, checkout, PATH=str(tools), PYTHON="python3.11")
    assert named.stdout.strip() == str(tools / "python3.11")


def test_an_environment_that_is_up_to_date_is_left_alone(checkout: Path, tools: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / ".installed").touch()
    done = call(["make", "install"], checkout, PATH=str(tools), PYTHON="")
    assert done.returncode == 0, done.stderr


def test_a_changed_lock_asks_for_a_new_installation(checkout: Path, tools: Path) -> None:
    (checkout / ".venv").mkdir()
    stamp = checkout / ".venv" / ".installed"
    stamp.touch()
    os.utime(stamp, (1, 1))
    done = call(["make", "install"], checkout, PATH=str(tools), PYTHON="")
    assert done.returncode != 0
    assert "Esep needs Python" in done.stderr
    assert not stamp.exists(), "a half-made environment must not look like a finished one"


def test_esep_without_an_environment_says_what_to_do(checkout: Path, tmp_path: Path) -> None:
    done = call([str(checkout / "bin" / "esep"), "--help"], tmp_path)
    assert done.returncode == 2
    assert f'make -C "{checkout}" install' in done.stderr


def test_esep_works_from_any_folder_and_through_a_link(checkout: Path, tmp_path: Path) -> None:
    fake_python(checkout / ".venv" / "bin" / "python", '"$PYTHONPATH" "$@"')
    link = tmp_path / "esep"
    link.symlink_to("a checkout/bin/esep")
    done = call([str(link), "check", "a file"], Path("/"), PYTHONPATH="")
    assert done.stdout.strip() == f"{checkout}/plugins -m esep.cli check a file"


def test_the_lock_is_universal_and_names_no_machine() -> None:
    lock = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
    assert "make lock" in lock.splitlines()[1]
    assert not re.search(r"(?m)^(-|\s*--index|.*(file|https?)://)", lock), "no index, no address, no path"
    pinned = {name.lower().replace("_", "-") for name in re.findall(r"(?m)^([\w.-]+)==", lock)}
    listed = (PROJECT / "requirements.in").read_text(encoding="utf-8")
    parts = re.findall(r"(?m)^-r (.+)$", listed)
    assert parts, "esep-check has a list of its own"
    for text in (listed, *((PROJECT / part).read_text(encoding="utf-8") for part in parts)):
        assert {name.lower() for name in re.findall(NAME, text)} <= pinned


def test_every_direct_dependency_has_its_reason() -> None:
    for line in (line for one in LISTS for line in one.read_text(encoding="utf-8").splitlines()):
        if line and not line.startswith(("#", "-r ", "-c ")):
            assert re.search(r"# \w.{8,}", line), line


def test_no_dependency_is_named_twice() -> None:
    """Those of Spark are a list apart, which the lock constrains."""
    lists = [one for one in LISTS if one.name != "requirements-spark.in"]
    named = [name for one in lists for name in re.findall(NAME, one.read_text(encoding="utf-8"))]
    assert sorted(named) == sorted(set(named))


def test_everything_that_the_project_imports_is_named_as_a_dependency() -> None:
    """A package that only comes along with another one may be gone after the next `make lock`."""
    wanted = [name for one in LISTS for name in re.findall(NAME, one.read_text(encoding="utf-8"))]
    named = {name.lower().replace("_", "-") for name in wanted}
    own = {"esep"} | {path.stem for path in (PROJECT / "tests").rglob("*") if path.is_dir() or path.suffix == ".py"}
    distributions = packages_distributions()
    missing: dict[str, str] = {}
    for folder in ("plugins", "dags", "scripts", "tests"):
        for path in (PROJECT / folder).rglob("*.py"):
            for module in imported(path) - own - set(sys.stdlib_module_names):
                providers = {name.lower().replace("_", "-") for name in distributions.get(module, [module])}
                if not providers & named:
                    missing.setdefault(module, str(path.relative_to(PROJECT)))
    assert not missing


def imported(path: Path) -> set[str]:
    """Top-level names of the modules that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names
