"""The gateway's own pages, its document, and its probes."""

from __future__ import annotations

import re

import msgspec
import pytest
import yaml
from openapi_spec_validator import validate

from revenge.gateway.openapi import describe
from revenge.gateway.routes import TABLE
from revenge.gateway.testing import House

DOCUMENT = msgspec.json.decode(describe(TABLE))


def test_the_document_is_valid_openapi() -> None:
    validate(DOCUMENT)


def test_the_document_says_what_an_operation_takes() -> None:
    operation = DOCUMENT["paths"]["/api/v1/movies"]["get"]

    by_name = {parameter["name"]: parameter for parameter in operation["parameters"]}
    assert by_name["limit"]["schema"]["maximum"] == 100
    assert by_name["limit"]["schema"]["default"] == 20
    assert by_name["order_by"]["schema"]["default"] == "added"
    assert operation["x-permission"] == "movies:list"
    assert operation["security"]


def test_a_body_has_only_what_comes_from_the_body() -> None:
    schemas = DOCUMENT["components"]["schemas"]

    assert "library_id" not in schemas["UpdateLibraryBody"]["properties"]
    assert schemas["UpdateLibraryBody"]["properties"]["name"]["maxLength"] == 255
    assert not {"ip_address", "user_agent"} & schemas["LoginBody"]["properties"].keys()


def test_moments_say_that_they_are_moments() -> None:
    schemas = DOCUMENT["components"]["schemas"]

    assert schemas["Movie"]["properties"]["created_at"]["format"] == "date-time"
    last_login = schemas["User"]["properties"]["last_login_at"]["anyOf"]
    assert {"type": "string", "format": "date-time"} in last_login


def test_every_answer_that_is_no_success_is_a_problem() -> None:
    kinds = {
        kind
        for path in DOCUMENT["paths"].values()
        for operation in path.values()
        for status, answer in operation["responses"].items()
        if status.startswith(("4", "5")) and "health" not in operation["tags"]
        for kind in answer["content"]
    }

    assert kinds == {"application/problem+json"}


async def test_the_document_is_served_as_json_and_as_yaml(house: House) -> None:
    as_json = await house.client.get("/api/openapi.json")
    as_yaml = await house.client.get("/api/openapi.yaml")
    again = await house.client.get(
        "/api/openapi.json", headers={"If-None-Match": as_json.headers["etag"]}
    )

    assert as_json.json() == yaml.safe_load(as_yaml.text) == DOCUMENT
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/", "/api/docs"])
async def test_a_page_fetches_nothing_from_elsewhere(house: House, path: str) -> None:
    page = await house.client.get(path)

    fetched = re.findall(r"""(?:src|href)=["']([^"']+)""", page.text)
    assert page.headers["content-type"].startswith("text/html")
    assert fetched
    for address in fetched:
        assert address.startswith("/")
        assert (await house.client.get(address)).status_code in (200, 503, 500)
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_the_script_of_the_documentation_asks_only_this_server(house: House) -> None:
    script = await house.client.get("/api/docs/docs.js")

    assert script.headers["content-type"].startswith("text/javascript")
    assert "://" not in script.text


@pytest.mark.parametrize(
    "path", ["/health/live", "/health/ready", "/health/startup", "/healthz", "/readyz", "/startupz"]
)
async def test_a_probe_says_how_the_gateway_is(house: House, path: str) -> None:
    reply = await house.client.get(path)

    assert reply.status_code == 200
    assert reply.headers["cache-control"] == "no-cache"
    assert reply.json()["status"] == "healthy"
    assert reply.json()["name"] == "gateway"


async def test_a_page_is_only_read(house: House) -> None:
    reply = await house.client.post("/")

    assert reply.status_code == 405
