"""esep-check: what it needs is what it names, and as a wheel in an environment of its own it finds what Esep finds."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import venv
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from end_to_end import filer
from esep import __version__
from esep.cli import checker
from esep.config import PROJECT

NEEDLESS = {"typst", "altair", "vl_convert", "obstore"}
"""For letters, charts and shared stores, which are not made here."""
TAKEN_IN = {"tzdata", "defusedxml", "python-multipart"}
"""By zoneinfo, openpyxl and starlette."""
CHECK = ("check", "rules", "template")
SHARED_WITH_PAGES = {"esep.web.form_files", "esep.web.headers", "esep.web.languages"}
MOST_MB = 700
"""Half of it Great Expectations with pandas and SciPy (docs/decisions.md)."""
OF_THE_ENVIRONMENT = ("pip", "setuptools", "pkg_resources")
"""What pip itself takes; pipx and uvx leave it out."""
NOT_IN_THERE = ("airflow", "duckdb", "pyspark")


def modules_of(name: str) -> Path | None:
    """The file of a module of Esep."""
    place = PROJECT.joinpath("plugins", *name.split("."))
    return next((path for path in (place / "__init__.py", place.with_suffix(".py")) if path.exists()), None)


def imported_by(path: Path) -> set[str]:
    """Names of modules, and of what is taken from them, that a file imports or may import later."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = [node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    left_out = {id(inner) for node in typing for inner in ast.walk(node)}
    names: set[str] = set()
    for node in (node for node in ast.walk(tree) if id(node) not in left_out):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("esep."):
            names.add(node.value)  # imported by its name, or started as a process
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "_late":
            names.add(f"esep.forms.reading.{ast.literal_eval(node.args[0])}")
    return names


def reached(*starts: str) -> tuple[set[str], set[str]]:
    """Modules of Esep that can be imported from these, and the other packages that they import."""
    open_names, seen, others = list(starts), set(), set()
    while open_names:
        name = open_names.pop()
        if name in seen:
            continue
        if name != "esep" and not name.startswith("esep."):
            others.add(name.partition(".")[0])
            continue
        seen.add(name)
        if path := modules_of(name):
            open_names += imported_by(path)
    return {name for name in seen if modules_of(name)}, others - set(sys.stdlib_module_names)


def names_in(requirements: str) -> set[str]:
    text = (PROJECT / requirements).read_text(encoding="utf-8")
    return {name.lower() for name in re.findall(r"(?m)^([A-Za-z][\w.-]*)", text)}


@pytest.mark.parametrize(
    ("commands", "lists", "of_pages"),
    [
        (CHECK, ("requirements-check.in",), set()),
        ((*CHECK, "serve"), ("requirements-check.in", "requirements-page.in"), SHARED_WITH_PAGES),
    ],
)
def test_all_that_a_command_may_import_is_a_dependency_of_the_wheel(
    commands: tuple[str, ...], lists: tuple[str, ...], of_pages: set[str]
) -> None:
    modules, packages = reached("esep.cli.checker", *(f"esep.cli.{checker.MODULES[name]}" for name in commands))
    assert {"esep.examination.engine", "esep.law.form_versions"} <= modules
    apart = {name for name in modules if name.startswith(("esep.web.", "esep.orchestration", "esep.warehouse"))}
    assert apart == of_pages
    distributions = packages_distributions()
    providers = {name: {one.lower().replace("_", "-") for one in distributions[name]} for name in packages - NEEDLESS}
    named = set().union(*map(names_in, lists))
    assert {name for name, of in providers.items() if not of & named} == set()
    needed = set().union(*providers.values()) | TAKEN_IN
    assert named - needed == set(), "a dependency that nothing imports"


def test_every_command_of_the_wheel_is_looked_at() -> None:
    assert set(checker.MODULES) == {*CHECK, "serve"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as `make wheel` builds it, by pip in an environment that holds nothing else."""
    folder = tmp_path_factory.mktemp("filer")
    build = [sys.executable, "-m", "uv", "build", "--quiet", "--wheel", "--out-dir", folder / "dist", PROJECT]
    subprocess.run(build, check=True, timeout=300)
    [wheel] = (folder / "dist").glob("*.whl")
    assert wheel.name == f"esep_check-{__version__}-py3-none-any.whl"
    venv.create(folder / "venv", with_pip=True)
    subprocess.run([folder / "venv" / "bin" / "pip", "install", "--quiet", wheel], check=True, timeout=600)
    return folder / "venv"


def run(program: Path, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ESEP_", "PYTHON"))}
    command = [str(program), *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env=kept | {"ESEP_LANGUAGE": "ru"}, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.heavy
def test_the_wheel_finds_what_the_checkout_finds(installed: Path, tmp_path: Path) -> None:
    program = installed / "bin" / "esep-check"
    faulty = filer.Filing(rows=[filer.row(1), filer.row(2, wallet=None, quantity="1.2.3")], signed=False)
    for filing, code in ((filer.Filing(), 0), (faulty, 1)):
        package = filer.write(filing, tmp_path / f"package-{code}")
        here = run(program, package, "--rows", "--json", cwd=tmp_path)
        there = run(PROJECT / "bin" / "esep", "check", package, "--rows", "--json", cwd=tmp_path)
        assert (here.returncode, there.returncode) == (code, code), here.stderr + there.stderr
        assert json.loads(here.stdout) == json.loads(there.stdout)
    done = run(program, package, "--workbook", tmp_path / "remarks", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert {path.name for path in (tmp_path / "remarks").iterdir()} == {"findings.xlsx", "workbook-1.xlsx"}
    assert run(program, "template", tmp_path / "forms", cwd=tmp_path).returncode == 0
    here = run(program, "rules", "--json", cwd=tmp_path)
    assert json.loads(here.stdout) == json.loads(run(PROJECT / "bin" / "esep", "rules", "--json", cwd=tmp_path).stdout)
    [project] = (installed / "lib").glob("python*/site-packages/esep/project")
    assert {path.name for path in project.iterdir()} == {"expectations", "sql"}, "nothing is kept in the installation"


@pytest.mark.heavy
def test_the_installation_is_small_and_holds_no_scheduler(installed: Path, tmp_path: Path) -> None:
    look = f"import importlib.util as u; print([n for n in {NOT_IN_THERE} if u.find_spec(n)])"
    assert run(installed / "bin" / "python", "-c", look, cwd=tmp_path).stdout.strip() == "[]"
    [packages] = (installed / "lib").glob("python*/site-packages")
    folders = [path for path in packages.iterdir() if not path.name.startswith(OF_THE_ENVIRONMENT)]
    sizes = subprocess.run(["du", "-sm", "--total", *folders], capture_output=True, text=True, check=True).stdout
    size = int(sizes.splitlines()[-1].split()[0])
    assert 400 < size <= MOST_MB, sizes


@pytest.mark.heavy
def test_the_page_needs_its_extra(installed: Path, tmp_path: Path) -> None:
    done = run(installed / "bin" / "esep-check", "serve", "--port", "0", cwd=tmp_path)
    assert done.returncode == 2
    assert "pip install 'esep-check[page]'" in done.stderr
    [wheel] = (installed.parent / "dist").glob("*.whl")
    subprocess.run([installed / "bin" / "pip", "install", "--quiet", f"{wheel}[page]"], check=True, timeout=600)
    look = "from starlette.testclient import TestClient; from esep.filer_page.app import create_app; "
    look += "print(TestClient(create_app()).post('/?language=en', files={'files': ('a.txt', b'x')}).text)"
    assert "The package is incomplete" in run(installed / "bin" / "python", "-c", look, cwd=tmp_path).stdout
