"""Shows, seasons and episodes change as more becomes known of them."""

from __future__ import annotations

from collections.abc import Sequence

from revenge.catalog.rules import descriptions, identity
from revenge.catalog.rules.descriptions import Held, Outcome
from revenge.catalog.tvshows import rules
from revenge.catalog.tvshows.changes import announce_episodes, announce_series
from revenge.catalog.tvshows.store import described as store
from revenge.catalog.tvshows.store.files import KEYS
from revenge.contracts import EpisodeId, SeasonId, SeriesId, metadata
from revenge.kit import Router, Tx

Told = Sequence[metadata.TitleDescribed]

router = Router[Tx]()


@router.on_many(metadata.series_described)
async def take_over_series(told: Told, tx: Tx) -> None:
    """The newest description of each show counts; one that changes nothing is not told of."""
    held = await store.SERIES.hold(tx, [each.id for each in told])
    outcomes = descriptions.outcomes(held, told)
    if not outcomes:
        return
    await _learn_keys(tx, outcomes)
    changes = await store.SERIES.describe(
        tx,
        [
            rules.series_fields(SeriesId(each.id), each.description, each.revision)
            for each in outcomes
        ],
    )
    news = {each.id for each in outcomes if each.is_news}
    await announce_series(tx, [change for change in changes if change.id in news])
    renamed = _renamed(held, outcomes)
    if renamed:
        await announce_episodes(tx, await store.shown_episodes(tx, renamed))


@router.on_many(metadata.season_described)
async def take_over_seasons(told: Told, tx: Tx) -> None:
    """A season has no events of its own: its show has changed."""
    held = await store.SEASONS.hold(tx, [each.id for each in told])
    outcomes = descriptions.outcomes(held, told)
    if not outcomes:
        return
    changes = await store.SEASONS.describe(
        tx,
        [
            rules.season_fields(SeasonId(each.id), each.description, each.revision)
            for each in outcomes
        ],
    )
    news = {each.id for each in outcomes if each.is_news}
    of_series = {change.series_id for change in changes if change.id in news}
    if of_series:
        await announce_series(tx, await store.shown_series(tx, of_series))


@router.on_many(metadata.episode_described)
async def take_over_episodes(told: Told, tx: Tx) -> None:
    held = await store.EPISODES.hold(tx, [each.id for each in told])
    outcomes = descriptions.outcomes(held, told)
    if not outcomes:
        return
    changes = await store.EPISODES.describe(
        tx,
        [
            rules.episode_fields(EpisodeId(each.id), each.description, each.revision)
            for each in outcomes
        ],
    )
    await store.date_series(tx, {change.series_id for change in changes})
    news = {each.id for each in outcomes if each.is_news}
    await announce_episodes(tx, [change for change in changes if change.id in news])


async def _learn_keys(tx: Tx, outcomes: Sequence[Outcome]) -> None:
    """Ids that were found out lead to the show from now on."""
    keys = [(key, each.id) for each in outcomes for key in identity.id_keys(each.description.ids)]
    if keys:
        await KEYS.add(tx, keys)


def _renamed(held: Sequence[Held], outcomes: Sequence[Outcome]) -> set[SeriesId]:
    """The shows whose title or poster changed: both are shown with every episode."""
    before = {row.id: row.description for row in held}
    return {
        SeriesId(each.id)
        for each in outcomes
        if each.description.title != before[each.id].title
        or each.description.poster_path != before[each.id].poster_path
    }
