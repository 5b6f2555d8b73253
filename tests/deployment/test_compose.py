"""docker-compose.yaml, looked at without an engine: health, restarts, secrets, ports, and whether its parts fit."""

from __future__ import annotations

import importlib.util
import re
import stat
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.fernet import Fernet

from deployment import compose_file
from esep.config import PROJECT
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
                assert ":?" in value, f"{name}: {key} has a default"
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
    assert compose_file.named() - {"ESEP_INBOX_SETTLE_SECONDS"} <= set(names)


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


def test_the_image_holds_what_the_services_run() -> None:
    dockerfile = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    ignored = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for folder in ("bin", "dags", "plugins", "expectations", "sql"):
        assert f" {folder} {folder}\n" in dockerfile
        assert f"!{folder}" in ignored
    assert ignored[1] == "*", "everything that is not named stays out, .env and data above all"
    for name in AIRFLOW:
        for word in [*SERVICES[name]["command"], *SERVICES[name]["healthcheck"]["test"]]:
            if word.startswith("/opt/esep/"):
                path = word.removeprefix("/opt/esep/")
                assert (PROJECT / path).is_file()
                assert path in dockerfile
    assert "USER esep" in dockerfile
