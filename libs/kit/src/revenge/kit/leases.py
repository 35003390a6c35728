"""Leases: at most one holder of a name at a time, over all replicas, for a while.

A lease is a key of the bucket `leases` that ends by itself unless it is renewed, so that a holder
that dies is followed by another. A key that has ended or was given up leaves a marker behind,
which the next holder replaces.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

from loguru import logger
from nats.errors import Error as NatsError
from nats.js.api import Header, RawStreamMsg
from nats.js.errors import BadRequestError, NotFoundError
from nats.js.errors import Error as JetStreamError

from revenge.kit.bus import Bus

BUCKET = "leases"
WRONG_SEQUENCE = (10071, 10164)  # somebody else wrote the key


class LeaseLost(Exception):
    """Somebody else holds this lease now, or the bus was away for longer than it lasts."""


@asynccontextmanager
async def hold(bus: Bus, name: str, lasts: int = 10) -> AsyncGenerator[None]:
    """Wait for the lease `name` and hold it until the block ends.

    `lasts` is in whole seconds. Cancels the block, and raises `LeaseLost`, when it cannot be
    renewed in time.
    """
    lease = _Lease(bus, name, lasts)
    while not await lease.acquire():  # noqa: ASYNC110 - the lease is on another machine
        await asyncio.sleep(lasts / 3)
    holder = asyncio.current_task()
    renewing = asyncio.create_task(lease.renew(holder))
    try:
        yield
    except asyncio.CancelledError as error:
        if lease.lost:
            raise LeaseLost(name) from error
        raise
    finally:
        renewing.cancel()
        await lease.release()


class _Lease:
    def __init__(self, bus: Bus, name: str, lasts: int) -> None:
        self._bus = bus
        self._subject = f"$KV.{BUCKET}.{name}"
        self._lasts = lasts
        self._holder = uuid4().bytes
        self._revision = 0
        self.lost = False

    async def acquire(self) -> bool:
        """True if the lease is free, and now ours."""
        if await self._write(after=0):
            return True
        last = await self._last()
        return last is not None and _is_free(last) and await self._write(after=last.seq or 0)

    async def renew(self, holder: asyncio.Task[object] | None) -> None:
        """Keep the lease; cancel `holder` when that fails for as long as it lasts."""
        failures = 0
        while True:
            await asyncio.sleep(self._lasts / 3)
            failures = 0 if await self._write(after=self._revision) else failures + 1
            if failures >= 2:  # noqa: PLR2004 - a third failure would come after its end
                self.lost = True
                logger.warning("the lease {} is lost", self._subject)
                if holder is not None:
                    holder.cancel()
                return

    async def release(self) -> None:
        with suppress(NatsError, JetStreamError, TimeoutError):
            await self._bus.js.publish(
                self._subject,
                b"",
                headers={
                    "KV-Operation": "DEL",
                    Header.EXPECTED_LAST_SUBJECT_SEQUENCE: str(self._revision),
                },
            )

    async def _write(self, after: int) -> bool:
        try:
            stored = await self._bus.js.publish(
                self._subject,
                self._holder,
                headers={Header.EXPECTED_LAST_SUBJECT_SEQUENCE: str(after)},
                msg_ttl=self._lasts,
            )
        except BadRequestError as error:
            if error.err_code not in WRONG_SEQUENCE:
                raise
            return False
        except (NatsError, TimeoutError):
            return False
        self._revision = stored.seq
        return True

    async def _last(self) -> RawStreamMsg | None:
        try:
            return await self._bus.js.get_msg(f"KV_{BUCKET}", subject=self._subject, direct=True)
        except NotFoundError:
            return None


def _is_free(last: RawStreamMsg) -> bool:
    headers = last.headers or {}
    return "Nats-Marker-Reason" in headers or headers.get("KV-Operation") in ("DEL", "PURGE")
