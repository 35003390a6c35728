"""What is told of shows and episodes when their files, or what is known of them, changed."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from revenge.contracts import EpisodeId, Event, LibraryId, SeasonId, SeriesId
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


class SeriesChange(Struct, frozen=True):
    """A show before and after."""

    id: SeriesId
    title: str
    year: int | None
    poster_path: str | None
    libraries_before: tuple[LibraryId, ...]
    library_ids: tuple[LibraryId, ...]

    @property
    def appeared(self) -> bool:
        return bool(self.library_ids) and not self.libraries_before

    @property
    def event(self) -> Event[SeriesEvent] | None:
        """None for one that was and is hidden: it is nobody's news."""
        if self.appeared:
            return series_added
        if self.library_ids:
            return series_updated
        return series_deleted if self.libraries_before else None

    def payload(self) -> SeriesEvent:
        """For all who could see the show, or can now."""
        seeing = tuple(dict.fromkeys((*self.libraries_before, *self.library_ids)))
        return SeriesEvent(self.id, self.title, seeing, self.year, self.poster_path)


class EpisodeChange(Struct, frozen=True):
    """An episode before and after."""

    id: EpisodeId
    series_id: SeriesId
    season_id: SeasonId
    series_title: str
    season_number: int
    episode_number: int
    title: str
    libraries_before: tuple[LibraryId, ...]
    library_ids: tuple[LibraryId, ...]

    @property
    def appeared(self) -> bool:
        return bool(self.library_ids) and not self.libraries_before

    @property
    def event(self) -> Event[EpisodeEvent] | None:
        if self.appeared:
            return episode_added
        if self.library_ids:
            return episode_updated
        return episode_deleted if self.libraries_before else None

    def payload(self) -> EpisodeEvent:
        return EpisodeEvent(
            episode_id=self.id,
            series_id=self.series_id,
            series_title=self.series_title,
            season_number=self.season_number,
            episode_number=self.episode_number,
            title=self.title,
            library_ids=tuple(dict.fromkeys((*self.libraries_before, *self.library_ids))),
        )


async def announce_series(tx: Tx, changes: Iterable[SeriesChange]) -> None:
    for change in changes:
        if change.event is not None:
            await tx.emit(change.event, change.payload())


async def announce_episodes(tx: Tx, changes: Iterable[EpisodeChange]) -> None:
    for change in changes:
        if change.event is not None:
            await tx.emit(change.event, change.payload())
