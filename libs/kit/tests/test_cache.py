from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Protocol
from uuid import uuid4

import msgspec
import pytest
from valkey.asyncio import Valkey

from revenge.kit import settings
from revenge.kit.cache import Shared, TwoLevelCache
from revenge.kit.testing import eventually


class Server(Protocol):
    @property
    def url(self) -> str: ...


class Item(msgspec.Struct, frozen=True):
    id: int
    name: str


class Source:
    """Where values come from; it counts how often it is asked."""

    def __init__(self, name: str = "first", takes: float = 0.0) -> None:
        self.asked = 0
        self.name = name
        self.takes = takes

    async def load(self) -> Item:
        self.asked += 1
        name = self.name
        await asyncio.sleep(self.takes)
        return Item(self.asked, name)


@pytest.fixture
def name() -> str:
    return f"items-{uuid4().hex}"


@pytest.fixture
async def one(valkey_server: Server) -> AsyncGenerator[Shared | None]:
    async with Shared.connect(settings.Cache(url=valkey_server.url)) as shared:
        yield shared


@pytest.fixture
async def other(valkey_server: Server) -> AsyncGenerator[Shared | None]:
    async with Shared.connect(settings.Cache(url=valkey_server.url)) as shared:
        yield shared


async def test_a_value_is_loaded_once_and_then_kept(name: str) -> None:
    cache, source = TwoLevelCache(name, Item), Source()

    first = await cache.get_or_load("1", source.load, ttl=60)
    second = await cache.get_or_load("1", source.load, ttl=60)

    assert first == second == Item(1, "first")
    assert source.asked == 1


async def test_many_who_ask_at_once_cause_one_load(name: str) -> None:
    cache, source = TwoLevelCache(name, Item), Source(takes=0.05)

    found = await asyncio.gather(*(cache.get_or_load("1", source.load, ttl=60) for _ in range(200)))

    assert set(found) == {Item(1, "first")}
    assert source.asked == 1


async def test_a_value_is_gone_when_its_time_is_over(name: str) -> None:
    cache, source = TwoLevelCache(name, Item), Source()
    await cache.get_or_load("1", source.load, ttl=0.05)

    await asyncio.sleep(0.1)

    assert await cache.get_or_load("1", source.load, ttl=0.05) == Item(2, "first")


async def test_what_fails_to_load_is_told_to_all_who_wait_and_not_kept(name: str) -> None:
    cache, source = TwoLevelCache(name, Item), Source()

    async def fail() -> Item:
        await asyncio.sleep(0.02)
        raise LookupError("not there")

    waiting = [cache.get_or_load("1", fail, ttl=60) for _ in range(3)]
    failures = await asyncio.gather(*waiting, return_exceptions=True)

    assert [type(failure) for failure in failures] == [LookupError] * 3
    assert await cache.get_or_load("1", source.load, ttl=60) == Item(1, "first")


async def test_one_who_leaves_does_not_take_the_load_of_the_others_along(name: str) -> None:
    cache, source = TwoLevelCache(name, Item), Source(takes=0.05)
    leaves = asyncio.create_task(cache.get_or_load("1", source.load, ttl=60))
    stays = asyncio.create_task(cache.get_or_load("1", source.load, ttl=60))
    await asyncio.sleep(0.01)

    leaves.cancel()

    assert await stays == Item(1, "first")


async def test_what_is_dropped_while_it_is_loaded_is_not_kept(name: str) -> None:
    cache, source = TwoLevelCache(name, Item), Source("old", takes=0.05)
    loading = asyncio.create_task(cache.get_or_load("1", source.load, ttl=60))
    await asyncio.sleep(0.01)
    source.name = "new"

    await cache.delete("1")

    assert (await loading).name == "old"
    assert (await cache.get_or_load("1", source.load, ttl=60)).name == "new"


async def test_two_processes_load_a_value_once_between_them(
    name: str, one: Shared | None, other: Shared | None
) -> None:
    source = Source(takes=0.1)
    caches = [TwoLevelCache(name, Item, one), TwoLevelCache(name, Item, other)]

    found = await asyncio.gather(
        *(cache.get_or_load("1", source.load, ttl=60) for cache in caches for _ in range(50))
    )

    assert set(found) == {Item(1, "first")}
    assert source.asked == 1


async def test_what_one_process_drops_the_other_forgets(
    name: str, one: Shared | None, other: Shared | None
) -> None:
    here, there = TwoLevelCache(name, Item, one), TwoLevelCache(name, Item, other)
    await here.get_or_load("1", Source("old").load, ttl=60)
    await there.get_or_load("1", Source("never").load, ttl=60)

    async def forgotten() -> bool:
        await here.delete("1")  # again and again: the other may not listen yet
        return (await there.get("1")) is None

    assert await eventually(forgotten)
    assert (await there.get_or_load("1", Source("new").load, ttl=60)).name == "new"


async def test_a_cache_can_be_emptied_in_every_process(
    name: str, one: Shared | None, other: Shared | None
) -> None:
    here, there = TwoLevelCache(name, Item, one), TwoLevelCache(name, Item, other)
    await here.set("1", Item(1, "a"), ttl=60)
    await there.get("1")

    async def forgotten() -> bool:
        await here.clear()  # again and again: the other may not listen yet
        return (await there.get("1")) is None

    assert await eventually(forgotten)
    assert await here.get("1") is None


async def test_what_another_version_wrote_is_loaded_anew(
    name: str, one: Shared | None, valkey_server: Server
) -> None:
    cache = TwoLevelCache(name, Item, one)
    async with Valkey.from_url(valkey_server.url) as client:
        await client.set(f"revenge:{name}:1", msgspec.msgpack.encode({"title": "x"}))

    found = await cache.get_or_load("1", Source().load, ttl=60)

    assert found == Item(1, "first")


async def test_without_the_shared_level_a_process_keeps_its_own(name: str) -> None:
    async with Shared.connect(settings.Cache(url="")) as shared:
        cache = TwoLevelCache(name, Item, shared)

        await cache.set("1", Item(1, "a"), ttl=60)

        assert shared is None
        assert await cache.get("1") == Item(1, "a")


async def test_a_valkey_that_is_down_is_left_alone_for_a_second(name: str) -> None:
    asked = 0

    async def hang_up(_: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        out.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as broken:
        port = broken.sockets[0].getsockname()[1]
        async with Shared.connect(settings.Cache(url=f"valkey://127.0.0.1:{port}")) as shared:
            cache, source = TwoLevelCache(name, Item, shared), Source()
            for key in range(100):
                await cache.get_or_load(f"x{key}", source.load, ttl=60)

    assert source.asked == 100
    assert asked < 20


async def test_the_answers_are_right_with_the_cache_off(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIOCACHE_DISABLE", "1")
    cache, source = TwoLevelCache(name, Item), Source()
    await cache.get_or_load("1", source.load, ttl=60)
    source.name = "second"

    assert (await cache.get_or_load("1", source.load, ttl=60)).name == "second"
