"""What is shipped to run the assistant on a server holds what it promises."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
import yaml

from assistant.settings import Settings
from tests.surfaces.operating.conftest import ROOT

DEPLOY = ROOT / "deploy"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def test_every_container_is_locked_down(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["mem_limit"], name
        assert service["healthcheck"]["test"] if name != "app" else True, name
        assert "privileged" not in service, name


def test_images_are_pinned(compose: dict[str, Any], dockerfile: str) -> None:
    images = [service["image"] for name, service in compose["services"].items() if name != "app"]
    images += re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    assert len(images) == 5
    assert all(re.search(r":\d+\.\d+(\.\d+)?(-[\w.-]+)?$", image) for image in images)


def test_only_nginx_can_be_reached_from_outside(compose: dict[str, Any]) -> None:
    services, networks = compose["services"], compose["networks"]
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    inner = {name for name, network in networks.items() if network.get("internal")}
    for name, service in services.items():
        assert (set(service["networks"]) <= inner) is (name != "nginx")
    assert set(services["chroma"]["networks"]).isdisjoint(services["nginx"]["networks"])
    assert services["chroma"]["profiles"] == ["chroma"]
    assert services["chroma"]["command"][0] == "run"


def test_the_app_believes_nginx_and_nobody_else(compose: dict[str, Any]) -> None:
    services = compose["services"]
    address = services["nginx"]["networks"]["site"]["ipv4_address"]
    assert services["app"]["environment"]["ASSISTANT_PROXIES"] == address


def test_secrets_come_from_files_or_the_environment(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|DATABASE_URL", name):
                assert "${POSTGRES_PASSWORD:?" in value
    assert all(secret["file"].startswith("./tls/") for secret in compose["secrets"].values())


def test_every_setting_exists(compose: dict[str, Any], dockerfile: str) -> None:
    named = {name for name in compose["services"]["app"]["environment"] if name.startswith("ASSISTANT_")}
    named |= set(re.findall(r"ASSISTANT_\w+", dockerfile))
    assert named
    assert {name.removeprefix("ASSISTANT_").lower() for name in named} <= set(Settings.model_fields)


def test_it_gets_longer_to_stop_than_it_gives_to_requests(compose: dict[str, Any]) -> None:
    app = compose["services"]["app"]
    assert int(app["stop_grace_period"].removesuffix("s")) > int(
        app["environment"]["ASSISTANT_GRACE_SECONDS"]
    )


def test_the_image_runs_as_nobody_and_installs_what_was_tested(dockerfile: str) -> None:
    assert re.search(r"^USER 10001:10001$", dockerfile, re.MULTILINE)
    assert "pip install --constraint constraints.txt" in dockerfile
    assert "HEALTHCHECK" in dockerfile
    extras = re.findall(r"'\.\[([\w,]+)\]'", dockerfile)[0].split(",")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(extras) <= set(project["optional-dependencies"])
    assert all(
        (ROOT / source).exists() for source in re.findall(r"^COPY (\w+) \w+$", dockerfile, re.MULTILINE)
    )


def test_nothing_private_is_sent_to_the_builder() -> None:
    rules = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    told = [rule for rule in rules if rule and not rule.startswith("#")]
    assert told[0] == "*"
    assert "corpus/originals" in told[told.index("!corpus") :]
    assert not any(rule.startswith(("!.", "!deploy")) for rule in told)
