"""Shows, seasons and episodes change as more becomes known of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

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
    """A description that changes nothing is not told of."""
    taken = await store.SERIES.take_over(tx, told, _series_fields)
    await KEYS.learn(tx, taken.outcomes)
    await store.date_series(tx, {change.id for change in taken.changes})
    await announce_series(tx, taken.news)
    renamed = _renamed(taken.held, taken.outcomes)
    if renamed:
        await announce_episodes(tx, await store.shown_episodes(tx, renamed))


@router.on_many(metadata.season_described)
async def take_over_seasons(told: Told, tx: Tx) -> None:
    """A season has no events of its own: its show has changed."""
    taken = await store.SEASONS.take_over(tx, told, _season_fields)
    await _announce_shows(tx, {change.series_id for change in taken.news})


@router.on_many(metadata.episode_described)
async def take_over_episodes(told: Told, tx: Tx) -> None:
    taken = await store.EPISODES.take_over(tx, told, _episode_fields)
    dated = await store.date_series(tx, {change.series_id for change in taken.changes})
    await announce_episodes(tx, taken.news)
    await _announce_shows(tx, dated)


def _series_fields(each: Outcome) -> rules.SeriesFields:
    return rules.series_fields(SeriesId(each.id), each.description, each.revision)


def _season_fields(each: Outcome) -> rules.SeasonFields:
    return rules.season_fields(SeasonId(each.id), each.description, each.revision)


def _episode_fields(each: Outcome) -> rules.EpisodeFields:
    return rules.episode_fields(EpisodeId(each.id), each.description, each.revision)


async def _announce_shows(tx: Tx, series_ids: Collection[SeriesId]) -> None:
    if series_ids:
        await announce_series(tx, await store.shown_series(tx, series_ids))


def _renamed(held: Sequence[Held], outcomes: Sequence[Outcome]) -> set[SeriesId]:
    """The shows whose title or poster changed: both are shown with every episode."""
    before = {row.id: row.description for row in held}
    return {
        SeriesId(each.id)
        for each in outcomes
        if each.description.title != before[each.id].title
        or each.description.poster_path != before[each.id].poster_path
    }
