"""Every event, handed to all in this process who must hear of it, as it happens.

What was revoked while no token that is still valid was issued yet does not matter; what was
revoked since then is heard again before the first request is answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime

from nats.js.errors import NotFoundError

from revenge.contracts import Event, library, metadata
from revenge.contracts.services import DOMAINS
from revenge.gateway.revocations import LONGEST_TOKEN, SUBJECT, Revocations
from revenge.kit import Bus
from revenge.kit.following import STREAM, Followed, follow

Hear = Callable[[Followed], None]

TOGETHER = 16  # events, about 0.2 ms

#: Between services, and by the thousand while a library is scanned: nothing here depends on them.
UNHEARD = {
    library.files_found,
    library.files_gone,
    library.files_moved,
    metadata.movie_described,
    metadata.series_described,
    metadata.season_described,
    metadata.episode_described,
}
HEARD = tuple(
    contract.subject
    for domain in DOMAINS
    for contract in domain
    if isinstance(contract, Event) and contract not in UNHEARD
)


@asynccontextmanager
async def listening(
    bus: Bus, revocations: Revocations, listeners: Sequence[Hear]
) -> AsyncGenerator[int]:
    """Until the block ends, all of them hear of every event. Yields the sequence it begins after.

    By then, everything that was revoked before is known.
    """
    last = await last_sequence(bus)
    await _replay(bus, revocations)
    async with asyncio.TaskGroup() as tasks:
        hearing = tasks.create_task(_hand_on(bus, last, (revocations.hear, *listeners)))
        try:
            yield last
        finally:
            hearing.cancel()


async def last_sequence(bus: Bus) -> int:
    return (await bus.js.stream_info(STREAM)).state.last_seq


async def _hand_on(bus: Bus, after: int, listeners: Sequence[Hear]) -> None:
    async with aclosing(follow(bus, *HEARD, after=after)) as events:
        async for event in events:
            for hear in listeners:
                hear(event)
            if event.sequence % TOGETHER == 0:
                await asyncio.sleep(0)  # however many there are, requests are answered in between


async def _replay(bus: Bus, revocations: Revocations) -> None:
    since = datetime.now(UTC) - LONGEST_TOKEN
    try:
        last = await bus.js.get_last_msg(STREAM, SUBJECT)
    except NotFoundError:
        return
    if last.time is not None and last.time < since:
        return
    async with aclosing(follow(bus, SUBJECT, since=since)) as events:
        async for event in events:
            revocations.hear(event)
            if event.sequence >= (last.seq or 0):
                return
