"""docker-compose.yaml, looked at without an engine: health, restarts, secrets, ports, and whether its parts fit."""

from __future__ import annotations

import ast
import importlib.util
import re
import stat
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.fernet import Fernet

from deployment import compose_file
from esep.config import PROJECT, Settings
from esep.orchestration import environment

SERVICES: dict[str, dict[str, Any]] = compose_file.raw()["services"]
AIRFLOW = [name for name, service in SERVICES.items() if service["image"] == "esep:local" and name != "check"]
SECRETS = {
    "POSTGRES_PASSWORD",
    "REDIS_PASSWORD",
    "ESEP_FERNET_KEY",
    "ESEP_API_SECRET_KEY",
    "ESEP_JWT_SECRET",
    "ESEP_ADMIN_PASSWORD",
}


@pytest.fixture(scope="module")
def make_env() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_env", PROJECT / "scripts" / "make_env.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_all_parts_are_there() -> None:
    assert set(SERVICES) == {
        "postgres",
        "init",
        "api-server",
        "scheduler",
        "dag-processor",
        "triggerer",
        "housekeeping",
        "redis",
        "worker",
        "check",
    }
    assert SERVICES["check"]["profiles"] == ["check"]
    assert {name for name, service in SERVICES.items() if service.get("profiles") == ["celery"]} == {"redis", "worker"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_a_health_check_and_restarts(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert service["healthcheck"]["interval"]
    # Setting up runs to its end; everything else comes back by itself.
    assert service["restart"] == ("no" if name == "init" else "unless-stopped")


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_gains_privileges_or_listens_beyond_this_machine(name: str) -> None:
    service = SERVICES[name]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    if name in AIRFLOW and name != "init":
        assert service["cap_drop"] == ["ALL"]
        assert not service["user"].startswith("0")


def test_only_the_ui_and_the_page_for_pools_have_a_port() -> None:
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["api-server", "check"]


def test_the_page_for_pools_has_nothing_of_the_office() -> None:
    service = SERVICES["check"]
    assert not {"volumes", "depends_on", "env_file"} & set(service)
    assert service["networks"] == ["check"]
    assert all("networks" not in other for name, other in SERVICES.items() if name != "check")
    assert {service["read_only"], service["cap_drop"][0], service["mem_limit"]} == {True, "ALL", "2g"}
    memory = int(service["environment"]["ESEP_READER_MEMORY_MB"])
    assert memory * 2 <= 2048, "a reader's process must fit beside the page's own"
    filled = str(compose_file.interpolated(service, dict.fromkeys(SECRETS, "a-secret")))
    assert "a-secret" not in filled
    assert not re.search("PASSWORD|SECRET|DATABASE", " ".join(service["environment"]))


def test_no_secret_has_a_default() -> None:
    assert compose_file.required() >= SECRETS
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            if any(word in key for word in ("PASSWORD", "SECRET", "FERNET", "REDISCLI_AUTH")):
                assert value.startswith("${"), f"{name}: {key} is written out"
                assert ":?" in value or value.endswith(":-}"), f"{name}: {key} has a default"
    # Passwords inside addresses.
    for line in compose_file.text().splitlines():
        if "://" in line and "@" in line:
            assert "PASSWORD:?" in line, line


def test_without_settings_nothing_starts() -> None:
    with pytest.raises(compose_file.MissingVariableError):
        compose_file.interpolated(SERVICES, {})


def test_the_example_names_every_setting_and_holds_no_value() -> None:
    names = {}
    for line in (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            names[name] = value
    assert set(names.values()) == {""}
    assert compose_file.required() <= set(names)
    assert compose_file.named() <= set(names)
    unused = set(names) - compose_file.named() - {"COMPOSE_PROFILES"}
    assert unused == set(), "Compose itself reads the one; nothing reads these"


def test_generated_settings_are_enough_and_never_twice_the_same(make_env: ModuleType) -> None:
    first, second = make_env.values(), make_env.values()
    assert compose_file.required() <= set(first)
    assert all(first[name] != second[name] for name in SECRETS)
    assert all(len(first[name]) >= 24 for name in SECRETS)
    Fernet(first["ESEP_FERNET_KEY"].encode())
    services = compose_file.interpolated(SERVICES, first)
    assert services["scheduler"]["environment"]["AIRFLOW__CORE__EXECUTOR"] == environment.EXECUTOR


def test_the_settings_file_is_the_owners_alone_and_is_never_written_over(
    make_env: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env.example").write_text((PROJECT / ".env.example").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(make_env, "PROJECT", tmp_path)
    assert make_env.main() == 0
    written = (tmp_path / ".env").read_text(encoding="utf-8")
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    assert make_env.main() == 0
    assert (tmp_path / ".env").read_text(encoding="utf-8") == written
    values = dict(line.split("=", 1) for line in written.splitlines() if line and not line.startswith("#"))
    assert all(values[name] for name in compose_file.required())


def test_all_parts_of_airflow_share_one_environment() -> None:
    environments = [SERVICES[name]["environment"] for name in AIRFLOW]
    shared = environments[0].items() & environments[1].items()
    assert all(set(shared) <= set(environment.items()) for environment in environments)
    assert all("/data" in str(SERVICES[name]["volumes"]) for name in AIRFLOW)


def test_everything_waits_for_the_set_up() -> None:
    for name in AIRFLOW:
        waits = SERVICES[name]["depends_on"]
        if name == "init":
            assert waits == {"postgres": {"condition": "service_healthy"}}
        else:
            assert waits["init"] == {"condition": "service_completed_successfully"}
    assert SERVICES["worker"]["depends_on"]["redis"] == {"condition": "service_healthy"}


NOT_FOR_CONTAINERS = {
    "ESEP_DATABASE": "make up: on a server the address is made of POSTGRES_PASSWORD",
    "ESEP_HOME": "the folder of the host; in the containers it is /data",
}


def test_every_variable_that_is_read_reaches_the_containers_and_is_described() -> None:
    """Read from the code itself, so that a new one cannot be forgotten."""
    read = {
        node.value
        for path in (PROJECT / "plugins").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch("ESEP_[A-Z_]+", node.value)
    }
    assert {"ESEP_READER_MEMORY_MB", "ESEP_APPROVAL", "ESEP_LANGUAGE", "ESEP_RETRY_SECONDS"} <= read
    environment = SERVICES["scheduler"]["environment"]
    example = (PROJECT / ".env.example").read_text(encoding="utf-8")
    docs = "".join((PROJECT / "docs" / page).read_text(encoding="utf-8") for page in ("engineer.md", "operating.md"))
    for name in read - set(NOT_FOR_CONTAINERS):
        assert environment.get(name, "").startswith(f"${{{name}:-"), f"{name} does not reach the containers"
        assert f"\n{name}=\n" in example, f"{name} is not in .env.example"
    for name in read - set(SECRETS) - {"ESEP_UID", "ESEP_ADMIN_USER", "ESEP_ADMIN_EMAIL"}:
        assert f"`{name}`" in docs, f"{name} is in neither engineer.md nor operating.md"
    assert set(NOT_FOR_CONTAINERS) <= read


def test_what_is_left_empty_is_the_codes_default() -> None:
    services = compose_file.interpolated(SERVICES, dict.fromkeys(compose_file.required(), "x"))
    given = {name: value for name, value in services["scheduler"]["environment"].items() if name.startswith("ESEP_")}
    assert Settings.from_environment(given) == Settings(home=Path("/data"))


def mebibytes(limit: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([mg])", limit).groups()  # type: ignore[union-attr] # else it is no limit
    return int(number) * {"m": 1, "g": 1024}[unit]


def test_every_service_has_a_limit_of_memory_that_fits_its_work() -> None:
    filled = compose_file.interpolated(SERVICES, dict.fromkeys(compose_file.required(), "x"))
    limits = {name: mebibytes(service["mem_limit"]) for name, service in filled.items()}
    defaults = Settings(home=Path("/data"))
    reader, duckdb = (size // 1024**2 for size in (defaults.reader_memory_bytes, defaults.duckdb_memory_bytes))
    for name in ("scheduler", "worker"):
        assert limits[name] >= duckdb + 410 + 2 * reader + 1024, f"{name}: figures, two readers, the warm scheduler"
    assert limits["api-server"] >= reader + 2048, "it reads packages that are shown before they are put in"
    assert all(limit >= 1024 for name, limit in limits.items() if name != "redis")
    larger = compose_file.interpolated(
        SERVICES, dict.fromkeys(compose_file.required(), "x") | {"ESEP_TASKS_MEMORY": "24g"}
    )
    assert {name for name, one in larger.items() if one["mem_limit"] == "24g"} == {"scheduler", "worker"}


KNOWN_KEYS = {
    *("build", "cap_drop", "command", "depends_on", "environment", "healthcheck", "image", "init", "mem_limit"),
    *("networks", "pids_limit", "ports", "profiles", "read_only", "restart", "security_opt", "stop_grace_period"),
    *("tmpfs", "user", "volumes"),
}


def test_the_file_has_only_keys_of_the_compose_specification() -> None:
    """No engine is here to ask: a misspelt key would otherwise be seen on the server."""
    top = compose_file.raw()
    assert {key for key in top if not key.startswith("x-")} == {"name", "services", "networks", "volumes"}
    for name, service in SERVICES.items():
        assert set(service) <= KNOWN_KEYS, name
        volumes = [volume.rsplit(":", 1)[0] for volume in service.get("volumes", [])]
        assert {volume for volume in volumes if volume.isidentifier()} <= set(top["volumes"]), name
        assert set(service.get("depends_on", {})) <= set(SERVICES), name
        assert set(service.get("networks", [])) <= set(top["networks"]), name
