"""So many requests and no more; and who it is that sends them."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from revenge.contracts import auth
from revenge.gateway import limits
from revenge.gateway.incoming import original
from revenge.gateway.limits import Limiter, network_of
from revenge.gateway.problems import RateLimitExceeded
from revenge.gateway.settings import GatewaySettings, RateLimit, Server
from revenge.gateway.testing import House
from revenge.kit import settings as kit_settings
from revenge.kit.settings import SettingsInvalid, load
from revenge.kit.testing import free_port


@pytest.fixture
def settings(nats: kit_settings.Nats) -> GatewaySettings:
    slowly = 0.1  # so that no slow machine waits long enough to be allowed more
    limit = RateLimit(
        global_requests_per_second=slowly,
        global_burst=20,
        auth_requests_per_second=slowly,
        auth_burst=3,
    )
    server = Server(
        host="127.0.0.1", port=free_port(), rate_limit=limit, trusted_proxies="127.0.0.0/8"
    )
    return GatewaySettings(nats=nats, server=server)


async def test_a_client_that_is_too_fast_must_wait_and_the_others_need_not(house: House) -> None:
    for _ in range(20):
        await house.client.get("/")

    refused = await house.client.get("/")
    other = await house.client.get("/", headers={"X-Forwarded-For": "203.0.113.7"})

    assert refused.status_code == 429
    assert refused.json()["code"] == "RATE_LIMIT_EXCEEDED"
    assert int(refused.headers["retry-after"]) >= 1
    assert len(refused.headers["x-request-id"]) == 32
    assert other.status_code == 200


async def test_who_guesses_at_passwords_must_wait_sooner_however_the_path_is_written(
    house: House,
) -> None:
    house.services.answer(auth.login, auth.WrongCredentials())
    body = {"username": "ada", "password": "guess"}
    paths = ["/api/v1/auth/login", "/api/v1/auth/login/", "/api/v1//auth/login"]

    guesses = [(await house.client.post(path, json=body)).status_code for path in paths]
    refused = await house.client.post("/api/v1/auth/login", json=body)

    assert guesses == [401, 401, 401]
    assert refused.status_code == 429
    assert (await house.client.get("/")).status_code == 200


async def test_probes_and_streams_are_not_counted(house: House) -> None:
    for _ in range(25):
        await house.client.get("/healthz")
        await house.client.get("/api/v1/playback/stream/x/1.m4s")

    assert (await house.client.get("/")).status_code == 200


async def test_the_client_of_a_trusted_proxy_is_the_one_that_a_service_hears_of(
    house: House,
) -> None:
    house.services.answer(auth.login, auth.WrongCredentials())

    await house.client.post(
        "/api/v1/auth/login",
        json={"username": "ada", "password": "x"},
        headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.7, 127.0.0.2"},
    )

    (asked,) = house.services.asked_for(auth.login)
    assert asked.message.ip_address == "203.0.113.7"


@pytest.mark.parametrize(
    ("peer", "hops", "client"),
    [
        ("203.0.113.7", ["1.1.1.1"], "203.0.113.7"),
        ("10.0.0.1", ["1.1.1.1"], "1.1.1.1"),
        ("10.0.0.1", ["6.6.6.6", "1.1.1.1", "10.0.0.2"], "1.1.1.1"),
        ("10.0.0.1", ["10.0.0.3"], "10.0.0.3"),
        ("10.0.0.1", ["invented"], "10.0.0.1"),
        ("10.0.0.1", ["1.1.1.1", "", "10.0.0.2"], "10.0.0.2"),
        ("unknown", ["1.1.1.1"], "unknown"),
    ],
)
def test_what_lies_behind_an_address_that_is_not_ours_is_not_believed(
    peer: str, hops: list[str], client: str
) -> None:
    assert original(peer, hops, (ip_network("10.0.0.0/8"),)) == client


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("2001:db8:1:2::9", "2001:0db8:0001:0002"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80:0000:0000:0000"),
        ("not:an:address", "not:an:address"),
    ],
)
def test_a_household_has_one_limit_however_many_addresses(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_flood_of_addresses_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CLIENTS", 100)
    limiter = Limiter("global", 1, 1)

    for n in range(1000):
        limiter.check(f"client {n}")

    assert len(limiter._full_at) <= 100


def test_a_burst_is_there_again_after_a_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    limiter = Limiter("global", 10, 2)
    limiter.check("a")
    limiter.check("a")
    with pytest.raises(RateLimitExceeded):
        limiter.check("a")

    now[0] += 0.2

    limiter.check("a")
    limiter.check("a")


def test_a_proxy_that_is_no_network_stops_the_start() -> None:
    environment = {"REVENGE_SERVER_TRUSTED_PROXIES": "10.0.0.0/8, proxy"}

    with pytest.raises(SettingsInvalid, match=r"REVENGE_SERVER.*'proxy'"):
        load(GatewaySettings, environment)
