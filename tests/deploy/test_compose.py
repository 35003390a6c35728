"""The containers are those of the table of services, as far as can be told without an engine."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from revenge.contracts.services import SERVICES, Service
from revenge.embedded.suite.external import make_secrets, nats_configuration, variable_of
from revenge.kit.provision import role_of

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
BY_NAME = [pytest.param(service, id=service.name) for service in SERVICES]


@pytest.mark.parametrize("service", BY_NAME)
def test_every_service_runs_in_a_container_of_its_own(service: Service) -> None:
    container = COMPOSE["services"][service.name]

    assert container["command"] == ["python", "-m", service.package]
    assert container["environment"]["REVENGE_NATS_USER"] == service.name


@pytest.mark.parametrize("service", BY_NAME)
def test_a_container_gets_its_own_password_and_no_other(service: Service) -> None:
    environment = COMPOSE["services"][service.name]["environment"]
    used = set(re.findall(r"REVENGE_PASSWORD_[A-Z_]+", str(list(environment.values()))))

    assert used == {variable_of(service)}


@pytest.mark.parametrize("service", [s for s in SERVICES if s.schemas], ids=lambda s: s.name)
def test_a_container_comes_to_the_database_in_its_own_role(service: Service) -> None:
    url = COMPOSE["services"][service.name]["environment"]["REVENGE_DATABASE_URL"]

    assert url.startswith(f"postgresql://{role_of(service)}:")


def test_every_variable_is_made_by_the_command_that_makes_secrets() -> None:
    text = (ROOT / "compose.yaml").read_text()
    needed = set(re.findall(r"\$\{([A-Z_]+)", text)) - {"MEDIA", "REVENGE_SERVER_PORT"}

    assert needed <= {name for name, _ in make_secrets()}


def test_the_configuration_of_nats_is_that_of_the_table() -> None:
    kept = (ROOT / "deploy" / "compose" / "nats.conf").read_text()

    assert kept == nats_configuration(), "run `make proto` and review the difference"


def test_services_run_without_rights_that_they_do_not_need() -> None:
    for name in (*(service.name for service in SERVICES), "migrate"):
        container = COMPOSE["services"][name]
        assert container["cap_drop"] == ["ALL"]
        assert container["read_only"] is True
        assert container["security_opt"] == ["no-new-privileges:true"]


def test_the_image_does_not_run_as_root() -> None:
    last_stage = (ROOT / "Dockerfile").read_text().rpartition("FROM ")[2]

    assert re.search(r"^USER revenge$", last_stage, re.MULTILINE)


def writable_volumes() -> set[str]:
    """Where services keep something, in containers that are read-only otherwise."""
    containers = (COMPOSE["services"][service.name] for service in SERVICES)
    mounts = (
        mount.split(":") for container in containers for mount in container.get("volumes", [])
    )
    return {target for source, target, *_ in mounts if source in COMPOSE["volumes"]}


def test_a_service_may_write_where_it_keeps_something() -> None:
    """A new volume takes its owner from the folder of the image; without one it is root's."""
    image = (ROOT / "Dockerfile").read_text()
    made = set(re.findall(r"install -d -o revenge -g revenge (\S+)", image))

    assert writable_volumes() == made


@pytest.mark.parametrize("ignored", [".gitignore", ".dockerignore"])
def test_the_secrets_of_an_installation_go_nowhere(ignored: str) -> None:
    assert ".env" in (ROOT / ignored).read_text().splitlines()
