"""Films change as more becomes known of them."""

from __future__ import annotations

from collections.abc import Sequence

from revenge.catalog.movies import rules
from revenge.catalog.movies.files import announce
from revenge.catalog.movies.store import described as store
from revenge.catalog.movies.store.files import KEYS
from revenge.catalog.rules.descriptions import Outcome
from revenge.contracts import MovieId, metadata
from revenge.kit import Router, Tx

router = Router[Tx]()


@router.on_many(metadata.movie_described)
async def take_over(told: Sequence[metadata.TitleDescribed], tx: Tx) -> None:
    """A description that changes nothing is not told of."""
    taken = await store.MOVIES.take_over(tx, told, _fields)
    await KEYS.learn(tx, taken.outcomes)
    for change in taken.news:
        await announce(tx, change)


def _fields(each: Outcome) -> rules.MovieFields:
    return rules.fields(MovieId(each.id), each.description, each.revision)
