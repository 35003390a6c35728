"""Announcements come when what they tell of is to be seen by everybody."""

from __future__ import annotations

import pytest

from revenge.contracts import movies
from revenge.gateway import replies
from revenge.gateway.live.afterwards import Afterwards
from revenge.gateway.replies import Replies
from revenge.gateway.routes import TABLE
from revenge.kit.following import Followed
from revenge.kit.testing import eventually

UPDATED, DELETED = movies.movie_updated.subject, movies.movie_deleted.subject


class Heard:
    def __init__(self) -> None:
        self.sequences: list[int] = []
        self.replies = Replies()
        for line in TABLE:
            self.replies.freshness(line)
        self._announced = Afterwards(
            self.replies, lambda event: self.sequences.append(event.sequence)
        )

    def hear(self, sequence: int, subject: str = UPDATED) -> None:
        event = Followed(sequence, subject, b"{}")
        self.replies.hear(event)
        self._announced.hear(event)

    async def all_three(self) -> bool:
        return len(self.sequences) == 3


@pytest.fixture(autouse=True)
def _one_soon_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replies, "QUIET", 3600.0)


async def test_a_change_in_quiet_times_is_announced_at_once() -> None:
    heard = Heard()

    heard.hear(1)

    assert heard.sequences == [1]


async def test_while_much_changes_an_announcement_waits_for_the_older_replies_to_pass() -> None:
    heard = Heard()

    heard.hear(1)
    heard.hear(2)
    heard.hear(3)

    assert heard.sequences == [1]
    assert await eventually(heard.all_three)
    assert heard.sequences == [1, 2, 3]


async def test_what_counts_at_once_does_not_overtake_what_waits() -> None:
    heard = Heard()

    heard.hear(1)
    heard.hear(2)
    heard.hear(3, DELETED)

    assert heard.sequences == [1]
    assert await eventually(heard.all_three)
    assert heard.sequences == [1, 2, 3]
