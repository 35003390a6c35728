"""Films change as more becomes known of them."""

from __future__ import annotations

from collections.abc import Sequence

from revenge.catalog.movies import rules
from revenge.catalog.movies.files import announce
from revenge.catalog.movies.store import described as store
from revenge.catalog.movies.store.files import KEYS
from revenge.catalog.rules import descriptions, identity
from revenge.catalog.rules.descriptions import Outcome
from revenge.contracts import MovieId, metadata
from revenge.kit import Router, Tx

router = Router[Tx]()


@router.on_many(metadata.movie_described)
async def take_over(told: Sequence[metadata.TitleDescribed], tx: Tx) -> None:
    """The newest description of each film counts; one that changes nothing is not told of."""
    outcomes = descriptions.outcomes(await store.MOVIES.hold(tx, [each.id for each in told]), told)
    if not outcomes:
        return
    await _learn_keys(tx, outcomes)
    changes = await store.MOVIES.describe(
        tx, [rules.fields(MovieId(each.id), each.description, each.revision) for each in outcomes]
    )
    news = {each.id for each in outcomes if each.is_news}
    for change in changes:
        if change.id in news:
            await announce(tx, change)


async def _learn_keys(tx: Tx, outcomes: Sequence[Outcome]) -> None:
    """Ids that were found out lead to the film from now on."""
    keys = [(key, each.id) for each in outcomes for key in identity.id_keys(each.description.ids)]
    if keys:
        await KEYS.add(tx, keys)
