"""Shows follow their files: episodes, seasons and shows appear and hide with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from revenge.catalog import store as catalog
from revenge.catalog.describing import describe
from revenge.catalog.rules import identity
from revenge.catalog.rules.files import series_richness
from revenge.catalog.rules.identity import Claim, Match
from revenge.catalog.tvshows import rules
from revenge.catalog.tvshows.changes import EpisodeChange, announce_episodes, announce_series
from revenge.catalog.tvshows.rules import NewEpisode, NewSeason, Slot, Speaker
from revenge.catalog.tvshows.store import described, speakers
from revenge.catalog.tvshows.store import files as store
from revenge.catalog.tvshows.store.files import Place
from revenge.contracts import EpisodeId, FileId, SeriesId
from revenge.contracts.library import FoundFile
from revenge.kit import Tx


async def take_in(tx: Tx, news: Sequence[FoundFile]) -> None:
    """Files that are new or changed, of any kind: some may have been episodes and are none now."""
    touched = await _unlink(tx, [file.id for file in news])
    claims = rules.claims(news)
    if claims:
        touched |= await _assign(tx, claims, {file.id: file for file in news})
    changes = await _place(tx, touched)
    await _describe(tx, changes, {file.id for file in news})


async def let_go(tx: Tx, file_ids: Sequence[FileId]) -> None:
    """Files that are gone: what another file says of the episode counts now."""
    changes = await _place(tx, await _unlink(tx, file_ids))
    left = [change.id for change in changes if change.library_ids]
    if left:
        said = await speakers.of_episodes(tx, left)
        await describe(tx, [rules.episode_facts(speaker) for speaker in said])


async def _unlink(tx: Tx, file_ids: Sequence[FileId]) -> set[EpisodeId]:
    return {EpisodeId(id) for id in await store.FILES.unlink(tx, file_ids)}


async def _assign(
    tx: Tx, claims: Sequence[Claim], files: Mapping[UUID, FoundFile]
) -> set[EpisodeId]:
    """Link the files to their episodes, and make those that are not there yet."""
    known = await store.KEYS.known(tx, [key for claim in claims for key in claim.keys])
    matches = identity.resolve(known, claims, await catalog.new_ids(tx, len(claims)))
    await _add_series(tx, matches, files)
    held = [
        (SeriesId(match.id), slot, files[file_id])
        for match in matches
        for file_id in match.file_ids
        for slot in rules.slots(files[file_id].parsed, files[file_id].nfo)
    ]
    await store.add_seasons(tx, _seasons(held))
    await store.add_episodes(tx, _episodes(held))
    return await store.link(
        tx, [Place(file.id, series_id, slot.season, slot.episode) for series_id, slot, file in held]
    )


async def _add_series(tx: Tx, matches: Sequence[Match], files: Mapping[UUID, FoundFile]) -> None:
    new = [match for match in matches if match.is_new]
    if new:
        await described.SERIES.add(tx, [_show(match, files) for match in new])
    keys = [(key, match.id) for match in matches for key in match.new_keys]
    if keys:
        await store.KEYS.add(tx, keys)


def _show(match: Match, files: Mapping[UUID, FoundFile]) -> rules.SeriesFields:
    """As the file shows it that says most."""
    richest = max((files[file_id] for file_id in match.file_ids), key=series_richness)
    return rules.series(SeriesId(match.id), richest)


def _seasons(held: Iterable[tuple[SeriesId, Slot, FoundFile]]) -> list[NewSeason]:
    seasons = {
        (series_id, slot.season): NewSeason(
            series_id, slot.season, rules.season(slot.season, file.season_nfo)
        )
        for series_id, slot, file in held
    }
    return list(seasons.values())


def _episodes(held: Iterable[tuple[SeriesId, Slot, FoundFile]]) -> list[NewEpisode]:
    episodes = {
        (series_id, slot): NewEpisode(
            series_id, slot.season, slot.episode, rules.episode(slot, file)
        )
        for series_id, slot, file in held
    }
    return list(episodes.values())


async def _place(tx: Tx, episode_ids: Collection[EpisodeId]) -> list[EpisodeChange]:
    """Bring episodes, seasons and shows where their files are, and tell of it."""
    if not episode_ids:
        return []
    changes = await described.EPISODES.place(tx, episode_ids)
    await described.SEASONS.place(tx, {change.season_id for change in changes})
    series = await described.SERIES.place(tx, {change.series_id for change in changes})
    await announce_series(tx, series)
    await announce_episodes(tx, changes)
    return changes


async def _describe(tx: Tx, changes: Sequence[EpisodeChange], told: Collection[FileId]) -> None:
    """What these files say; of what another file speaks for, there is no news."""
    seen = [change for change in changes if change.library_ids]
    if not seen:
        return
    series = await speakers.of_series(tx, {change.series_id for change in seen})
    seasons = await speakers.of_seasons(tx, {change.season_id for change in seen})
    episodes = await speakers.of_episodes(tx, {change.id for change in seen})

    def news(said: Iterable[Speaker]) -> list[Speaker]:
        return [speaker for speaker in said if speaker.file_id in told]

    await describe(
        tx,
        [
            *map(rules.series_facts, news(series)),
            *map(rules.season_facts, news(seasons)),
            *map(rules.episode_facts, news(episodes)),
        ],
    )
