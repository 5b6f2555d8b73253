"""Dockerfile and .dockerignore, looked at without an engine: what is copied is there, and what is needed is copied."""

from __future__ import annotations

import re
import shlex
import subprocess

import pytest

from deployment.test_compose import AIRFLOW, SERVICES
from esep.config import PROJECT


def instructions() -> list[tuple[str, list[str]]]:
    """Each instruction of the Dockerfile with its words; comments left out, continued lines joined."""
    lines = [
        line
        for line in (PROJECT / "Dockerfile").read_text(encoding="utf-8").splitlines()
        if not line.lstrip().startswith("#")
    ]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    return [(line.split()[0], shlex.split(line)[1:]) for line in joined.splitlines() if line.strip()]


def copied() -> dict[str, str]:
    """Source in the project → place below /opt/esep."""
    found: dict[str, str] = {}
    for name, words in instructions():
        if name in ("COPY", "ADD"):
            *sources, target = [word for word in words if not word.startswith("--")]
            for source in sources:
                is_folder = target.endswith("/")
                found[source] = (target + source.rpartition("/")[2]).removeprefix("./") if is_folder else target
    return found


def let_through() -> list[str]:
    """What .dockerignore lets into the build, given that it begins by leaving out everything."""
    lines = [
        line
        for line in (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert lines[0] == "*", "everything that is not named stays out, .env and data above all"
    assert all(line.startswith(("!", "**/")) for line in lines[1:])
    return [line.removeprefix("!") for line in lines if line.startswith("!")]


def in_the_image(path: str) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in copied().values())


@pytest.fixture(scope="module")
def tracked() -> set[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this checkout is no repository of git")
    return set(listed.stdout.splitlines())


def test_what_is_copied_is_in_the_repository_and_in_the_build(tracked: set[str]) -> None:
    """Not only on this machine: a file that is not committed is missing on the server."""
    for source in copied():
        assert any(path == source or path.startswith(f"{source}/") for path in tracked), source
        assert source.partition("/")[0] in let_through(), f"{source}: .dockerignore leaves it out"


def test_nothing_is_let_into_the_build_that_is_not_copied() -> None:
    tops = {source.partition("/")[0] for source in copied()}
    assert set(let_through()) == tops
    assert not {".env", "var", "tests", ".git", ".venv"} & tops


def test_copied_files_keep_their_place() -> None:
    assert all(source == place for source, place in copied().items())


def test_the_folders_that_the_code_reads_are_copied() -> None:
    """`PROJECT / "sql"` in the code is /opt/esep/sql in the container; var/ is the default home, there /data."""
    code = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "plugins").rglob("*.py"))
    folders = set(re.findall(r'PROJECT / "([^"]+)"', code))
    assert {"dags", "plugins", "sql", "expectations"} <= folders
    assert {folder for folder in folders if not in_the_image(folder)} == {"var"}


def test_every_list_of_packages_that_is_installed_is_copied_before() -> None:
    order = [" ".join([name, *words]) for name, words in instructions()]
    install = next(place for place, line in enumerate(order) if "install.sh" in line and line.startswith("RUN"))
    lists = set(re.findall(r"requirements[\w-]*\.txt", order[install])) | {"requirements.txt"}
    assert lists == {"requirements.txt", "requirements-spark.txt"}
    before = " ".join(line for line in order[:install] if line.startswith("COPY"))
    assert all(name in before for name in {*lists, "scripts/install.sh", "scripts/find_python.sh"})
    code = next(place for place, line in enumerate(order) if line.endswith("plugins plugins"))
    assert install < code, "the environment changes seldom"


def test_what_the_services_run_is_in_the_image() -> None:
    words = [
        word
        for name in AIRFLOW
        for word in [*SERVICES[name]["command"], *SERVICES[name]["healthcheck"]["test"]]
        if word.startswith("/opt/esep/")
    ]
    assert words
    for path in (word.removeprefix("/opt/esep/") for word in words):
        assert (PROJECT / path).is_file()
        assert in_the_image(path), path


def test_it_does_not_run_as_root() -> None:
    users = [words[0] for name, words in instructions() if name == "USER"]
    assert users == ["esep"]


def test_spark_is_built_in_only_where_it_is_asked_for() -> None:
    """The same argument in the image and in the file for Compose, off by default."""
    assert ("ARG", ["WITH_SPARK=0"]) in instructions()
    assert SERVICES["scheduler"]["build"]["args"] == {"WITH_SPARK": "${ESEP_WITH_SPARK:-0}"}
    assert SERVICES["check"]["build"] == SERVICES["scheduler"]["build"], "one image, whichever service builds it"
    runs = [" ".join(words) for name, words in instructions() if name == "RUN"]
    for line in runs:
        for what in ("default-jre-headless", "requirements-spark.txt"):
            if what in line:
                assert line.index("if [ $WITH_SPARK = 1 ]; then") < line.index(what) < line.rindex("fi")
    assert sum("default-jre-headless" in line for line in runs) == 1
    assert sum("requirements-spark.txt" in line for line in runs) == 1
