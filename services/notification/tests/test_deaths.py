from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from revenge.contracts import Event, Job, notification
from revenge.kit import Database
from revenge.kit.delivery import AlreadyHandled
from revenge.notification import deaths
from revenge.notification.streams import Stored

Committed = Callable[[Event[Any] | Job[Any]], Awaitable[list[Any]]]


def dead(subject: str) -> Stored:
    sequence = uuid4().int % 10**15  # of no other test
    return Stored(sequence, subject, b"{}", {"Revenge-Reason": "it broke"}, datetime.now(UTC))


async def test_a_death_is_announced_with_its_reason(db: Database, committed: Committed) -> None:
    died = dead("dead.job.low.auth.clean_up")

    await deaths.announce(died, db)

    announced = await committed(notification.job_died)
    expected = notification.JobDied(f"dead-{died.sequence}", "job.low.auth.clean_up", "it broke")
    assert expected in announced


async def test_a_death_is_announced_once(db: Database, committed: Committed) -> None:
    died = dead("dead.event.movies.added")
    await deaths.announce(died, db)

    with pytest.raises(AlreadyHandled):
        await deaths.announce(died, db)

    ids = [message.id for message in await committed(notification.job_died)]
    assert ids.count(f"dead-{died.sequence}") == 1


async def test_the_death_of_an_announcement_is_not_announced(
    db: Database, committed: Committed
) -> None:
    died = dead(f"dead.{notification.job_died.subject}")

    await deaths.announce(died, db)

    ids = [message.id for message in await committed(notification.job_died)]
    assert f"dead-{died.sequence}" not in ids
