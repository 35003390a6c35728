"""Caches of two levels: a bounded one in this process, then Valkey, which all processes share.

A cache is decoration. Without Valkey, or while it does not answer, each process keeps its own;
with both levels off, every question is asked anew. The second level is asked at most once for a
key at a time, and not at all for a second after it failed.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Generic, TypeVar
from uuid import uuid4

import msgspec
import theine
from aiocache.base import BaseCache
from aiocache.serializers import BaseSerializer
from loguru import logger
from prometheus_client import Counter
from valkey.asyncio import BlockingConnectionPool, Valkey
from valkey.exceptions import ValkeyError

from revenge.kit import settings

T = TypeVar("T")
Out = TypeVar("Out")

HITS = Counter("revenge_cache_hits_total", "Values found", ["cache", "layer"])
MISSES = Counter("revenge_cache_misses_total", "Values that had to be made", ["cache"])

CHANNEL = "revenge:cache:dropped"
EVERY_KEY = "*"
FAILURE = 1.0  # seconds for which a failing Valkey is left alone
LEASE = 5.0  # seconds that other processes wait for the one that loads a value
RELEASE = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
"""


class Shared:
    """The second level: a Valkey, and word from other processes of what is no longer true."""

    def __init__(self, client: Valkey) -> None:
        self.client = client
        self.node = uuid4().hex
        self._caches: dict[str, TwoLevelCache[Any]] = {}
        self._down_until = 0.0

    @classmethod
    @asynccontextmanager
    async def connect(cls, at: settings.Cache) -> AsyncGenerator[Shared | None]:
        """None where no URL is set. A Valkey that is not there yet is no error."""
        if not at.url:
            yield None
            return
        pool = BlockingConnectionPool.from_url(
            at.url, max_connections=16, timeout=1, socket_timeout=1, socket_connect_timeout=0.5
        )
        async with Valkey.from_pool(pool) as client, asyncio.TaskGroup() as tasks:
            shared = cls(client)
            listening = tasks.create_task(shared._listen(at.url))
            yield shared
            listening.cancel()

    def join(self, cache: TwoLevelCache[Any]) -> None:
        """From now on, this cache hears what other processes drop."""
        self._caches[cache.name] = cache

    async def ask(self, question: Callable[[Valkey], Awaitable[Out]], otherwise: Out) -> Out:
        """The answer, or `otherwise` while Valkey does not give one."""
        if time.monotonic() < self._down_until:
            return otherwise
        try:
            return await question(self.client)
        except (ValkeyError, OSError, TimeoutError) as error:
            self._down_until = time.monotonic() + FAILURE
            logger.warning("the shared cache does not answer: {!r}", error)
            return otherwise

    async def announce(self, cache: str, key: str) -> None:
        message = f"{self.node} {cache} {key}"
        await self.ask(lambda client: client.publish(CHANNEL, message), 0)

    async def _listen(self, url: str) -> None:
        # not the pool's time-outs: a channel may be silent for hours
        client = Valkey.from_url(
            url, socket_timeout=None, socket_keepalive=True, health_check_interval=15
        )
        async with client:
            while True:
                try:
                    await self._follow(client)
                except (ValkeyError, OSError, TimeoutError):
                    await asyncio.sleep(FAILURE)

    async def _follow(self, client: Valkey) -> None:
        async with client.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(CHANNEL)
            for cache in self._caches.values():  # what was dropped meanwhile is not known
                cache.forget(EVERY_KEY)
            async for message in channel.listen():
                self._hear(message["data"].decode())

    def _hear(self, message: str) -> None:
        node, name, key = message.split(" ", 2)
        cache = self._caches.get(name)
        if cache is not None and node != self.node:
            cache.forget(key)


class Packed(BaseSerializer):  # type: ignore[misc] # aiocache has no types
    """MessagePack of one type. What cannot be read (another version wrote it) is not there."""

    DEFAULT_ENCODING = None

    def __init__(self, of: Any) -> None:
        super().__init__()
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(of)

    def dumps(self, value: Any) -> Any:
        return self._encoder.encode(value)

    def loads(self, value: Any) -> Any:
        try:
            return None if value is None else self._decoder.decode(value)
        except msgspec.DecodeError:
            return None


class TwoLevelCache(BaseCache, Generic[T]):  # type: ignore[misc] # aiocache has no types
    """Values of one type. `longest` bounds, in seconds, what this process keeps by itself."""

    NAME = "two-level"

    def __init__(
        self,
        name: str,
        of: type[T],
        shared: Shared | None = None,
        *,
        size: int = 10_000,
        longest: float = 30.0,
    ) -> None:
        # a time-out of 0 keeps aiocache from making a task of every call
        super().__init__(serializer=Packed(of), namespace=f"revenge:{name}:", timeout=0)
        self.name = name
        self._prefix = f"revenge:{name}:"
        self._own: theine.Cache[str, bytes] = theine.Cache(size)
        self._shared = shared
        self._longest = longest
        self._loading: dict[str, asyncio.Task[T]] = {}
        if shared is not None:
            shared.join(self)

    async def get_or_load(self, key: str, load: Callable[[], Awaitable[T]], *, ttl: float) -> T:
        """The kept value, or a new one: loaded once, however many ask for it at the same time.

        `ttl` in seconds. What `load` raises, all who wait for it get.
        """
        found: T | None = await self.get(key)
        if found is not None:
            return found
        loading = self._loading.get(key)
        if loading is None:
            loading = self._loading[key] = asyncio.create_task(self._load(key, load, ttl))
            loading.add_done_callback(lambda task: self._loaded(key, task))
        return await asyncio.shield(loading)

    def forget(self, key: str) -> None:
        """Drop a key from this process alone, and what is being loaded for it."""
        if key == EVERY_KEY:
            self._own.clear()
            self._loading.clear()
            return
        self._own.delete(key)
        self._loading.pop(key.removeprefix(self._prefix), None)

    async def _load(self, key: str, load: Callable[[], Awaitable[T]], ttl: float) -> T:
        lock, token = f"{self._prefix}lock:{key}", uuid4().hex
        mine = await self._ask(
            lambda client: client.set(lock, token, nx=True, px=int(LEASE * 1000)), otherwise=True
        )
        if not mine and (theirs := await self._await_other(key)) is not None:
            return theirs
        try:
            value = await load()
            # dropped while it was loaded: it may be old already
            if self._loading.get(key) is asyncio.current_task():
                await self.set(key, value, ttl=ttl)
            return value
        finally:
            if mine:
                await self._ask(lambda client: _release(client, lock, token), otherwise=None)

    async def _await_other(self, key: str) -> T | None:
        """The value that another process is loading; None if it takes too long."""
        end = time.monotonic() + LEASE
        while time.monotonic() < end:
            await asyncio.sleep(random.uniform(0.02, 0.06))
            found: T | None = await self.get(key)
            if found is not None:
                return found
        return None

    def _loaded(self, key: str, task: asyncio.Task[T]) -> None:
        if self._loading.get(key) is task:
            del self._loading[key]
        if not task.cancelled():
            task.exception()  # those who wait have it; there may be none left

    async def _ask(self, question: Callable[[Valkey], Awaitable[Any]], otherwise: Any) -> Any:
        if self._shared is None:
            return otherwise
        return await self._shared.ask(question, otherwise)

    async def _announce(self, key: str) -> None:
        if self._shared is not None:
            await self._shared.announce(self.name, key)

    def _keep(self, key: str, value: bytes, ttl: float | None) -> None:
        seconds = min(ttl or self._longest, self._longest)
        self._own.set(key, value, timedelta(seconds=max(seconds, 0.001)))

    # --- what aiocache asks of a cache ---

    async def _get(
        self,
        key: str,
        encoding: str | None = None,  # noqa: ARG002 - aiocache passes it
        _conn: Any = None,
    ) -> bytes | None:
        value, found = self._own.get(key)
        if found:
            HITS.labels(self.name, "l1").inc()
            return value
        packed: bytes | None = await self._ask(lambda client: client.get(key), otherwise=None)
        if packed is None:
            MISSES.labels(self.name).inc()
            return None
        HITS.labels(self.name, "l2").inc()
        remaining: int = await self._ask(lambda client: client.pttl(key), otherwise=-1)
        self._keep(key, packed, remaining / 1000 if remaining > 0 else None)
        return packed

    async def _set(
        self,
        key: str,
        value: bytes,
        ttl: float | None = None,
        _cas_token: Any = None,
        _conn: Any = None,
    ) -> bool:
        self._keep(key, value, ttl)
        # a little less for each, so that what was stored together is not lost together
        px = max(1, int(ttl * 1000 * random.uniform(0.9, 1))) if ttl else None
        await self._ask(lambda client: client.set(key, value, px=px), otherwise=True)
        await self._announce(key)
        return True

    async def _add(
        self, key: str, value: bytes, ttl: float | None = None, _conn: Any = None
    ) -> bool:
        if await self._get(key) is not None:
            raise ValueError(f"{key} is there already")
        return await self._set(key, value, ttl)

    async def _exists(self, key: str, _conn: Any = None) -> bool:
        return await self._get(key) is not None

    async def _delete(self, key: str, _conn: Any = None) -> int:
        self.forget(key)
        gone: int = await self._ask(lambda client: client.delete(key), otherwise=1)
        await self._announce(key)
        return gone

    async def _clear(self, namespace: str | None = None, _conn: Any = None) -> bool:
        async def unlink(client: Valkey) -> None:
            async for key in client.scan_iter(f"{namespace or self._prefix}*", count=500):
                await client.unlink(key)

        self.forget(EVERY_KEY)
        await self._ask(unlink, otherwise=None)
        await self._announce(EVERY_KEY)
        return True

    async def _close(self, *_: Any, _conn: Any = None) -> None:
        self._own.close()


async def _release(client: Valkey, lock: str, token: str) -> None:
    """Give a lock back, unless it has expired and is another's by now."""
    run_script: Any = client.eval
    await run_script(RELEASE, 1, lock, token)
