"""Valkey: a cache with a password that forgets before it grows."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from valkey import asyncio as client
from valkey.exceptions import AuthenticationError

from revenge.embedded.ports import free_ports
from revenge.embedded.servers import Server, Valkey
from revenge.embedded.supervisor import Status

Start = Callable[[Server], Awaitable[Status]]


@pytest.fixture
def valkey(tmp_path: Path) -> Valkey:
    return Valkey(tmp_path / "a folder" / "valkey", *free_ports(1), password="pa_ss-1")


async def test_it_is_bounded_and_keeps_nothing(valkey: Valkey, start: Start) -> None:
    await start(valkey)

    async with client.Valkey.from_url(valkey.url, decode_responses=True) as connection:
        settings = await connection.config_get(
            "maxmemory", "maxmemory-policy", "save", "appendonly"
        )

    assert settings == {
        "maxmemory": str(64 * 1024 * 1024),
        "maxmemory-policy": "allkeys-lfu",
        "save": "",
        "appendonly": "no",
    }


async def test_it_lets_no_one_in_without_the_password(valkey: Valkey, start: Start) -> None:
    await start(valkey)

    async with client.Valkey.from_url(valkey.address) as connection:
        with pytest.raises(AuthenticationError):
            await connection.ping()


async def test_it_is_the_version_that_it_says(valkey: Valkey, start: Start) -> None:
    await start(valkey)

    async with client.Valkey.from_url(valkey.url) as connection:
        told = await connection.info("server")

    assert told["valkey_version"] == valkey.version


async def test_its_password_is_its_owners_alone(valkey: Valkey) -> None:
    valkey.prepare()

    assert (valkey.folder / "valkey.conf").stat().st_mode & 0o777 == 0o600


async def test_it_is_no_readier_than_it_says(valkey: Valkey) -> None:
    assert not await valkey.is_ready()
