"""What is told of shows and episodes when their files, or what is known of them, changed."""

from __future__ import annotations

from collections.abc import Iterable

from revenge.catalog.rules.changes import Change
from revenge.contracts import EpisodeId, Event, SeasonId, SeriesId
from revenge.contracts.tvshows import (
    EpisodeEvent,
    SeriesEvent,
    episode_added,
    episode_deleted,
    episode_updated,
    series_added,
    series_deleted,
    series_updated,
)
from revenge.kit import Tx


class SeriesChange(Change, frozen=True, kw_only=True):
    id: SeriesId
    title: str
    year: int | None
    poster_path: str | None

    @property
    def event(self) -> Event[SeriesEvent] | None:
        return self.news(series_added, series_updated, series_deleted)

    def payload(self) -> SeriesEvent:
        return SeriesEvent(self.id, self.title, self.in_sight_of, self.year, self.poster_path)


class EpisodeChange(Change, frozen=True, kw_only=True):
    id: EpisodeId
    series_id: SeriesId
    season_id: SeasonId
    series_title: str
    season_number: int
    episode_number: int
    title: str

    @property
    def event(self) -> Event[EpisodeEvent] | None:
        return self.news(episode_added, episode_updated, episode_deleted)

    def payload(self) -> EpisodeEvent:
        return EpisodeEvent(
            episode_id=self.id,
            series_id=self.series_id,
            series_title=self.series_title,
            season_number=self.season_number,
            episode_number=self.episode_number,
            title=self.title,
            library_ids=self.in_sight_of,
        )


async def announce_series(tx: Tx, changes: Iterable[SeriesChange]) -> None:
    for change in changes:
        if change.event is not None:
            await tx.emit(change.event, change.payload())


async def announce_episodes(tx: Tx, changes: Iterable[EpisodeChange]) -> None:
    for change in changes:
        if change.event is not None:
            await tx.emit(change.event, change.payload())
