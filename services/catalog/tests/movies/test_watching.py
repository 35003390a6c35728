from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from msgspec import structs

from revenge.catalog.handlers import forget_user, keep_position, take_in
from revenge.catalog.movies.reading import list_in_progress, list_movies, list_watched
from revenge.catalog.movies.watching import (
    clear_progress,
    get_progress,
    get_stats,
    mark_watched,
    set_progress,
)
from revenge.catalog.testing import film, found
from revenge.contracts import Caller, FileId, LibraryId, MovieId, PlaybackId, catalog, movies
from revenge.contracts.auth import UserEvent
from revenge.contracts.catalog import MediaType
from revenge.contracts.movies import (
    ContinueMovies,
    GetMovie,
    GetMovieStats,
    ListMovies,
    ListWatchedMovies,
    MovieOrder,
    SetMovieProgress,
)
from revenge.contracts.playback import PlaybackEvent
from revenge.kit import Tx, acting_as
from revenge.kit.testing import a_user, sent

pytestmark = pytest.mark.usefixtures("admin")


async def films(tx: Tx, library: LibraryId, *titles: str) -> list[MovieId]:
    await take_in(found(library, *(film(title, 2000) for title in titles)), tx)
    tx.pending.clear()
    request = ListMovies(library_id=library, order_by=MovieOrder.TITLE)
    return [movie.id for movie in (await list_movies(request, tx)).items]


def played(
    who: Caller, movie: MovieId, position: int, duration: int = 6000, *, ago: int = 0
) -> PlaybackEvent:
    return PlaybackEvent(
        PlaybackId(uuid4()),
        who.user_id,
        who.username,
        MediaType.MOVIE,
        movie,
        FileId(uuid4()),
        "a film",
        position,
        duration,
        datetime.now(UTC) - timedelta(seconds=ago),
    )


async def test_progress_is_kept_and_told_of(tx: Tx, library: LibraryId, admin: Caller) -> None:
    (movie,) = await films(tx, library, "Heat")

    progress = await set_progress(SetMovieProgress(movie, 1500, 6000), tx)

    assert await get_progress(GetMovie(movie), tx) == progress
    assert (progress.progress_percent, progress.is_completed) == (25, False)
    assert await sent(tx, catalog.watch_changed) == [
        catalog.WatchChanged(admin.user_id, MediaType.MOVIE, movie, 1500, 6000, False)
    ]


@pytest.mark.parametrize(("seconds", "is_completed"), [(5400, False), (5401, True)])
async def test_more_than_nine_tenths_are_the_whole_film(
    tx: Tx, library: LibraryId, seconds: int, is_completed: bool
) -> None:
    (movie,) = await films(tx, library, "Heat")

    progress = await set_progress(SetMovieProgress(movie, seconds, 6000), tx)

    assert progress.is_completed is is_completed


async def test_nobody_is_further_than_the_end(tx: Tx, library: LibraryId) -> None:
    (movie,) = await films(tx, library, "Heat")

    progress = await set_progress(SetMovieProgress(movie, 9000, 6000), tx)

    assert (progress.progress_seconds, progress.progress_percent) == (6000, 100)


async def test_a_viewing_counts_each_time_it_comes_to_its_end(tx: Tx, library: LibraryId) -> None:
    (movie,) = await films(tx, library, "Heat")

    for seconds in (5500, 5900, 100, 6000):
        progress = await set_progress(SetMovieProgress(movie, seconds, 6000), tx)

    assert progress.watch_count == 2


async def test_marking_takes_the_length_of_the_media(tx: Tx, library: LibraryId) -> None:
    (movie,) = await films(tx, library, "Heat")

    await mark_watched(GetMovie(movie), tx)
    await mark_watched(GetMovie(movie), tx)

    progress = await get_progress(GetMovie(movie), tx)
    assert (progress.progress_seconds, progress.duration_seconds) == (6000, 6000)
    assert (progress.is_completed, progress.watch_count) == (True, 1)


async def test_without_any_length_a_film_has_two_hours(tx: Tx, library: LibraryId) -> None:
    file = film("Heat", 1995)
    unknown = structs.replace(file, media=structs.replace(file.media, duration=0.0))
    await take_in(found(library, unknown), tx)
    (movie,) = (await list_movies(ListMovies(library_id=library), tx)).items

    await mark_watched(GetMovie(movie.id), tx)

    assert (await get_progress(GetMovie(movie.id), tx)).duration_seconds == 7200


async def test_what_is_begun_and_not_ended_is_continued_latest_first(
    tx: Tx, library: LibraryId
) -> None:
    a, b, c, d = await films(tx, library, "A1", "B1", "C1", "D1")
    await watched_at(tx, a, 3000, minutes_ago=30)
    await watched_at(tx, b, 3000, minutes_ago=10)
    await watched_at(tx, c, 300, minutes_ago=5)  # 5 %
    await watched_at(tx, d, 5900, minutes_ago=1)

    begun = await list_in_progress(ContinueMovies(), tx)

    assert [movie.id for movie in begun] == [b, a]
    assert begun[0].progress_percent == 50


async def test_the_history_keeps_a_film_that_is_watched_again(tx: Tx, library: LibraryId) -> None:
    (movie,) = await films(tx, library, "Heat")
    await mark_watched(GetMovie(movie), tx)
    await set_progress(SetMovieProgress(movie, 600, 6000), tx)

    (watched,) = await list_watched(ListWatchedMovies(), tx)
    stats = await get_stats(GetMovieStats(), tx)

    assert (watched.id, watched.watch_count) == (movie, 1)
    assert (stats.watched_count, stats.in_progress_count, stats.total_watches) == (1, 1, 1)


async def test_everybody_has_a_place_of_their_own(tx: Tx, library: LibraryId) -> None:
    (movie,) = await films(tx, library, "Heat")
    await set_progress(SetMovieProgress(movie, 1500, 6000), tx)

    with acting_as(a_user([library])), pytest.raises(movies.ProgressNotFound):
        await get_progress(GetMovie(movie), tx)


async def test_a_film_that_is_not_to_be_seen_cannot_be_watched(tx: Tx, library: LibraryId) -> None:
    (movie,) = await films(tx, library, "Heat")

    with acting_as(a_user([uuid4()])):
        for attempt in (
            get_progress(GetMovie(movie), tx),
            set_progress(SetMovieProgress(movie, 1, 2), tx),
            mark_watched(GetMovie(movie), tx),
            clear_progress(GetMovie(movie), tx),
        ):
            with pytest.raises(movies.MovieNotFound):
                await attempt


async def test_a_place_can_be_forgotten(tx: Tx, library: LibraryId) -> None:
    (movie,) = await films(tx, library, "Heat")
    await set_progress(SetMovieProgress(movie, 1500, 6000), tx)
    tx.pending.clear()

    await clear_progress(GetMovie(movie), tx)
    await clear_progress(GetMovie(movie), tx)

    with pytest.raises(movies.ProgressNotFound):
        await get_progress(GetMovie(movie), tx)
    assert len(await sent(tx, catalog.watch_changed)) == 1


async def test_a_player_moves_the_place(tx: Tx, library: LibraryId, admin: Caller) -> None:
    (movie,) = await films(tx, library, "Heat")

    await keep_position(played(admin, movie, 1500), tx)
    await keep_position(played(admin, movie, 5900), tx)

    progress = await get_progress(GetMovie(movie), tx)
    assert (progress.progress_seconds, progress.watch_count) == (5900, 1)


async def test_a_player_that_knows_no_length_takes_that_of_the_media(
    tx: Tx, library: LibraryId, admin: Caller
) -> None:
    (movie,) = await films(tx, library, "Heat")

    await keep_position(played(admin, movie, 1500, duration=0), tx)

    assert (await get_progress(GetMovie(movie), tx)).duration_seconds == 6000


async def test_a_player_that_never_got_going_leaves_the_place(
    tx: Tx, library: LibraryId, admin: Caller
) -> None:
    (movie,) = await films(tx, library, "Heat")
    await set_progress(SetMovieProgress(movie, 1500, 6000), tx)

    await keep_position(played(admin, movie, 0), tx)

    assert (await get_progress(GetMovie(movie), tx)).progress_seconds == 1500


async def test_a_player_of_something_unknown_is_passed_over(tx: Tx, admin: Caller) -> None:
    await keep_position(played(admin, MovieId(uuid4()), 10), tx)

    assert tx.pending == []


async def test_with_the_user_goes_what_they_watched(
    tx: Tx, library: LibraryId, admin: Caller
) -> None:
    (movie,) = await films(tx, library, "Heat")
    await set_progress(SetMovieProgress(movie, 1500, 6000), tx)

    await forget_user(UserEvent(admin.user_id, admin.username), tx)

    with pytest.raises(movies.ProgressNotFound):
        await get_progress(GetMovie(movie), tx)


async def watched_at(tx: Tx, movie: MovieId, seconds: int, *, minutes_ago: int) -> None:
    """All of a test is one moment to the database."""
    await set_progress(SetMovieProgress(movie, seconds, 6000), tx)
    await tx.run(
        """
        update movies.watch
        set last_watched_at = now() - %(ago)s * interval '1 minute'
        where movie_id = %(movie)s
        """,
        ago=minutes_ago,
        movie=movie,
    )


async def test_a_place_told_late_undoes_no_later_one(
    tx: Tx, library: LibraryId, admin: Caller
) -> None:
    (movie,) = await films(tx, library, "Heat")

    await keep_position(played(admin, movie, 3000, ago=10), tx)
    await keep_position(played(admin, movie, 2990, ago=20), tx)

    assert (await get_progress(GetMovie(movie), tx)).progress_seconds == 3000
    assert [told.progress_seconds for told in await sent(tx, catalog.watch_changed)] == [3000]


async def test_what_the_user_says_holds_against_an_earlier_place(
    tx: Tx, library: LibraryId, admin: Caller
) -> None:
    (movie,) = await films(tx, library, "Heat")

    await keep_position(played(admin, movie, 3000, ago=-5), tx)
    await set_progress(SetMovieProgress(movie, 60, 6000), tx)

    assert (await get_progress(GetMovie(movie), tx)).progress_seconds == 60
