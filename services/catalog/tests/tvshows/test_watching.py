from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from revenge.catalog.handlers import keep_position, take_in
from revenge.catalog.testing import episode, found
from revenge.catalog.tvshows.reading import get_next_episode, list_episodes, list_series
from revenge.catalog.tvshows.watching import (
    clear_progress,
    get_progress,
    get_stats,
    get_watch_stats,
    list_in_progress,
    mark_many_watched,
    mark_watched,
    set_progress,
)
from revenge.contracts import Caller, EpisodeId, FileId, LibraryId, PlaybackId, SeriesId, tvshows
from revenge.contracts.catalog import MediaType
from revenge.contracts.movies import ProgressNotFound
from revenge.contracts.playback import PlaybackEvent
from revenge.contracts.tvshows import (
    ContinueSeries,
    GetEpisode,
    GetSeries,
    GetTvStats,
    ListSeries,
    MarkEpisodesWatched,
    MarkEpisodeWatched,
    SeriesOrder,
    SetEpisodeProgress,
)
from revenge.kit import Tx, acting_as
from revenge.kit.testing import a_user

pytestmark = pytest.mark.usefixtures("admin")

Slots = Mapping[tuple[int, int], EpisodeId]


async def a_show(
    tx: Tx, library: LibraryId, *slots: tuple[int, int], title: str = "Firefly"
) -> tuple[SeriesId, Slots]:
    files = [episode(title, season, number) for season, number in slots]
    await take_in(found(library, *files), tx)
    request = ListSeries(library_id=library, order_by=SeriesOrder.TITLE)
    (series,) = [each for each in (await list_series(request, tx)).items if each.title == title]
    episodes = await list_episodes(GetSeries(series.id), tx)
    return series.id, {(each.season_number, each.episode_number): each.id for each in episodes}


def played(
    who: Caller, id: EpisodeId, position: int, file_id: FileId | None = None
) -> PlaybackEvent:
    return PlaybackEvent(
        PlaybackId(uuid4()),
        who.user_id,
        who.username,
        MediaType.EPISODE,
        id,
        file_id or FileId(uuid4()),
        "an episode",
        position,
        2400,
        datetime.now(UTC),
    )


async def watch(tx: Tx, id: EpisodeId, seconds: int = 2400, *, minutes_ago: int = 0) -> None:
    """All of a test is one moment to the database."""
    await set_progress(SetEpisodeProgress(id, seconds, 2400), tx)
    await tx.run(
        """
        update tvshows.watch
        set last_watched_at = now() - %(ago)s * interval '1 minute'
        where episode_id = %(id)s
        """,
        ago=minutes_ago,
        id=id,
    )


async def next_slot(tx: Tx, series: SeriesId) -> tuple[int, int]:
    found = await get_next_episode(GetSeries(series), tx)
    return found.season_number, found.episode_number


async def test_a_show_begins_with_its_first_episode(tx: Tx, library: LibraryId) -> None:
    series, _ = await a_show(tx, library, (0, 1), (1, 2), (1, 1))

    assert await next_slot(tx, series) == (1, 1)


async def test_after_an_episode_comes_the_one_behind_it(tx: Tx, library: LibraryId) -> None:
    series, at = await a_show(tx, library, (1, 1), (1, 2), (1, 3), (2, 1))
    await watch(tx, at[1, 2])

    assert await next_slot(tx, series) == (1, 3)


async def test_after_a_season_comes_the_next(tx: Tx, library: LibraryId) -> None:
    series, at = await a_show(tx, library, (1, 1), (1, 2), (2, 1))
    await watch(tx, at[1, 2])

    assert await next_slot(tx, series) == (2, 1)


async def test_what_was_watched_already_is_not_next(tx: Tx, library: LibraryId) -> None:
    series, at = await a_show(tx, library, (1, 1), (1, 2), (1, 3))
    await watch(tx, at[1, 2], minutes_ago=10)
    await watch(tx, at[1, 1])

    assert await next_slot(tx, series) == (1, 3)


async def test_an_episode_that_is_not_ended_is_next(tx: Tx, library: LibraryId) -> None:
    series, at = await a_show(tx, library, (1, 1), (1, 2))
    await watch(tx, at[1, 1], minutes_ago=10)
    await watch(tx, at[1, 2], 1000)

    assert await next_slot(tx, series) == (1, 2)


async def test_when_the_end_is_reached_what_was_left_out_is_next(
    tx: Tx, library: LibraryId
) -> None:
    series, at = await a_show(tx, library, (1, 1), (1, 2), (1, 3))
    await watch(tx, at[1, 3])

    assert await next_slot(tx, series) == (1, 1)


async def test_specials_are_next_only_while_they_are_watched(tx: Tx, library: LibraryId) -> None:
    series, at = await a_show(tx, library, (0, 1), (0, 2), (1, 1))
    await watch(tx, at[0, 1])
    assert await next_slot(tx, series) == (0, 2)

    await watch(tx, at[0, 2])
    assert await next_slot(tx, series) == (1, 1)


async def test_a_show_that_is_watched_has_no_next_episode(tx: Tx, library: LibraryId) -> None:
    series, at = await a_show(tx, library, (0, 1), (1, 1))
    await watch(tx, at[1, 1])

    with pytest.raises(tvshows.NoNextEpisode):
        await get_next_episode(GetSeries(series), tx)


async def test_what_one_user_watched_is_next_for_another(tx: Tx, library: LibraryId) -> None:
    series, at = await a_show(tx, library, (1, 1), (1, 2))
    await watch(tx, at[1, 1])

    with acting_as(a_user([library])):
        assert await next_slot(tx, series) == (1, 1)


async def test_a_show_that_is_not_to_be_seen_has_no_next_episode(
    tx: Tx, library: LibraryId
) -> None:
    series, _ = await a_show(tx, library, (1, 1))

    with acting_as(a_user([uuid4()])), pytest.raises(tvshows.SeriesNotFound):
        await get_next_episode(GetSeries(series), tx)


async def test_shows_are_continued_once_each_and_latest_first(tx: Tx, library: LibraryId) -> None:
    old, a = await a_show(tx, library, (1, 1), (1, 2), title="Zorro")
    new, b = await a_show(tx, library, (1, 1), (1, 2), title="Alf")
    done, c = await a_show(tx, library, (1, 1), title="Done")
    await watch(tx, a[1, 1], 1200, minutes_ago=40)
    await watch(tx, a[1, 2], 600, minutes_ago=30)
    await watch(tx, b[1, 2], 1200, minutes_ago=20)
    await watch(tx, b[1, 1], 120, minutes_ago=5)  # 5 %
    await watch(tx, c[1, 1], minutes_ago=1)

    begun = await list_in_progress(ContinueSeries(), tx)

    assert [each.series_id for each in begun] == [new, old]
    assert done not in {each.series_id for each in begun}
    assert (begun[1].episode_id, begun[1].progress_percent) == (a[1, 2], 25)


async def test_many_episodes_are_marked_at_once(tx: Tx, library: LibraryId) -> None:
    series, at = await a_show(tx, library, (0, 1), (1, 1), (1, 2))

    request = MarkEpisodesWatched((at[1, 1], at[1, 2], EpisodeId(uuid4()), at[1, 1]))
    marked = await mark_many_watched(request, tx)

    assert marked.marked_count == 2
    stats = await get_watch_stats(GetSeries(series), tx)
    assert (stats.total_episodes, stats.watched_episodes) == (2, 2)
    assert (stats.total_runtime_minutes, stats.watched_runtime_minutes) == (80, 80)
    assert stats.completion_percent == 100.0


async def test_shows_are_counted_for_the_one_who_watches(tx: Tx, library: LibraryId) -> None:
    _, a = await a_show(tx, library, (0, 1), (1, 1), title="Alf")
    _, b = await a_show(tx, library, (1, 1), (1, 2), title="Zorro")
    await a_show(tx, library, (1, 1), title="Unseen")
    await watch(tx, a[1, 1])
    await watch(tx, b[1, 1], 1200)

    stats = await get_stats(GetTvStats(), tx)

    assert (stats.total_series, stats.completed_series, stats.current_series) == (2, 1, 1)
    assert (stats.total_episodes_watched, stats.total_watch_time_minutes) == (1, 60)


async def test_marking_takes_the_length_of_the_media(tx: Tx, library: LibraryId) -> None:
    _, at = await a_show(tx, library, (1, 1))

    await mark_watched(MarkEpisodeWatched(at[1, 1], duration_seconds=99), tx)

    progress = await get_progress(GetEpisode(at[1, 1]), tx)
    assert (progress.duration_seconds, progress.watch_count) == (2400, 1)
    assert progress.watched_at is not None


async def test_a_player_moves_the_place(tx: Tx, library: LibraryId, admin: Caller) -> None:
    series, at = await a_show(tx, library, (1, 1), (1, 2))

    await keep_position(played(admin, at[1, 1], 2300), tx)

    assert (await get_progress(GetEpisode(at[1, 1]), tx)).is_completed
    assert await next_slot(tx, series) == (1, 2)


async def test_the_end_of_a_file_is_the_end_of_all_its_episodes(
    tx: Tx, library: LibraryId, admin: Caller
) -> None:
    double = episode("Firefly", 1, 1, 2)
    await take_in(found(library, double, episode("Firefly", 1, 3)), tx)
    (series,) = (await list_series(ListSeries(library_id=library), tx)).items
    first, second, _ = await list_episodes(GetSeries(series.id), tx)

    await keep_position(played(admin, first.id, 1200, double.id), tx)
    assert await next_slot(tx, series.id) == (1, 1)
    with pytest.raises(ProgressNotFound):
        await get_progress(GetEpisode(second.id), tx)

    await keep_position(played(admin, first.id, 2300, double.id), tx)
    assert await next_slot(tx, series.id) == (1, 3)


async def test_a_place_can_be_forgotten(tx: Tx, library: LibraryId) -> None:
    _, at = await a_show(tx, library, (1, 1))
    await watch(tx, at[1, 1])

    await clear_progress(GetEpisode(at[1, 1]), tx)

    with pytest.raises(ProgressNotFound):
        await get_progress(GetEpisode(at[1, 1]), tx)
