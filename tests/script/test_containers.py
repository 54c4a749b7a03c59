"""The compose file and the Dockerfile keep what they promise."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from script.support.state import ROOT

SECRETS = ("SECRET_KEY", "CODE_PEPPER", "POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "REDIS_PASSWORD")
SERVICES = ("web", "worker", "beat", "migrate", "database", "broker")


@pytest.fixture(scope="module")
def text() -> str:
    return (ROOT / "docker-compose.yml").read_text()


@pytest.fixture(scope="module")
def services(text: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text)["services"]
    return found


@pytest.mark.parametrize("name", SECRETS)
def test_a_missing_secret_stops_the_start(text: str, name: str) -> None:
    uses = re.findall(r"\$\{" + name + r"([^A-Z_][^}]*)\}", text)
    assert uses
    assert all(use.startswith(":?") for use in uses)


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_closed(services: dict[str, Any], name: str) -> None:
    service = services[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not str(service["user"]).startswith(("0", "root"))
    assert "privileged" not in service


@pytest.mark.parametrize("name", ["web", "worker", "beat", "database", "broker"])
def test_each_lasting_service_says_whether_it_is_well(services: dict[str, Any], name: str) -> None:
    in_image = "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()
    assert "healthcheck" in services[name] or (name == "web" and in_image)


def test_only_the_web_server_is_reached_from_outside_and_from_this_machine_only(services: dict[str, Any]) -> None:
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert list(ports) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in ports["web"])


def test_the_network_that_needs_no_tls_has_no_way_out(text: str, services: dict[str, Any]) -> None:
    assert yaml.safe_load(text)["networks"]["data"] == {"internal": True}
    assert services["database"]["networks"] == services["broker"]["networks"] == ["data"]


def test_only_the_migration_has_the_owners_login(services: dict[str, Any]) -> None:
    holders = [name for name, service in services.items() if "DATABASE_OWNER_URL" in service.get("environment", {})]
    assert holders == ["migrate"]


def test_the_image_runs_without_root_and_checks_hashes() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert re.findall(r"^USER (.+)$", text, re.MULTILINE)[-1] == "10001:10001"
    assert "--require-hashes" in text
