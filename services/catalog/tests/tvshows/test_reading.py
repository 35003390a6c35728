from uuid import uuid4

import pytest

from revenge.catalog.handlers import take_in
from revenge.catalog.testing import episode, found
from revenge.catalog.tvshows.reading import (
    find_series,
    get_episode,
    get_season,
    get_series,
    list_cast,
    list_crew,
    list_episode_files,
    list_episodes,
    list_genres,
    list_recent,
    list_recent_episodes,
    list_season_episodes,
    list_seasons,
    list_series,
)
from revenge.contracts import LibraryId, tvshows
from revenge.contracts.library import Nfo, Person
from revenge.contracts.tvshows import (
    FindSeries,
    GetEpisode,
    GetSeason,
    GetSeries,
    ListRecentEpisodes,
    ListRecentSeries,
    ListSeries,
    ListSeriesCredits,
    SeriesOrder,
)
from revenge.kit import Tx, acting_as
from revenge.kit.testing import a_user

pytestmark = pytest.mark.usefixtures("admin")


@pytest.mark.parametrize("order", list(SeriesOrder))
async def test_shows_are_listed_in_every_order(
    tx: Tx, library: LibraryId, order: SeriesOrder
) -> None:
    await take_in(found(library, episode("The Wire", 1, 1), episode("Alf", 1, 1)), tx)

    page = await list_series(ListSeries(order_by=order, library_id=library), tx)

    assert {each.title for each in page.items} == {"The Wire", "Alf"}
    assert (page.total, page.page) == (2, 1)


async def test_only_what_is_in_a_visible_library_is_seen(tx: Tx, library: LibraryId) -> None:
    hidden = LibraryId(uuid4())
    await take_in(found(library, episode("Alf", 1, 1)), tx)
    await take_in(found(hidden, episode("Hidden", 1, 1)), tx)
    (series,) = (await list_series(ListSeries(library_id=hidden), tx)).items
    (one,) = await list_episodes(GetSeries(series.id), tx)

    with acting_as(a_user([library])):
        assert [each.title for each in (await list_series(ListSeries(), tx)).items] == ["Alf"]
        recent = await list_recent_episodes(ListRecentEpisodes(), tx)
        assert [each.series_title for each in recent] == ["Alf"]
        assert await find_series(FindSeries("hidden"), tx) == []
        for attempt, fault in (
            (get_series(GetSeries(series.id), tx), tvshows.SeriesNotFound),
            (list_seasons(GetSeries(series.id), tx), tvshows.SeriesNotFound),
            (list_episodes(GetSeries(series.id), tx), tvshows.SeriesNotFound),
            (list_genres(GetSeries(series.id), tx), tvshows.SeriesNotFound),
            (get_season(GetSeason(one.season_id), tx), tvshows.SeasonNotFound),
            (list_season_episodes(GetSeason(one.season_id), tx), tvshows.SeasonNotFound),
            (get_episode(GetEpisode(one.id), tx), tvshows.EpisodeNotFound),
            (list_episode_files(GetEpisode(one.id), tx), tvshows.EpisodeNotFound),
        ):
            with pytest.raises(fault):
                await attempt


async def test_of_a_show_in_two_libraries_only_the_visible_episodes_are_seen(
    tx: Tx, library: LibraryId
) -> None:
    await take_in(found(library, episode("Alf", 1, 1)), tx)
    await take_in(found(LibraryId(uuid4()), episode("Alf", 2, 1)), tx)
    (series,) = (await list_series(ListSeries(library_id=library), tx)).items

    with acting_as(a_user([library])):
        seasons = await list_seasons(GetSeries(series.id), tx)
        episodes = await list_episodes(GetSeries(series.id), tx)

    assert [each.season_number for each in seasons] == [1]
    assert [each.season_number for each in episodes] == [1]


async def test_shows_are_found_by_their_words(tx: Tx, library: LibraryId) -> None:
    await take_in(found(library, episode("Better Call Saul", 1, 1)), tx)

    with acting_as(a_user([library])):
        found_series = await find_series(FindSeries("saul call"), tx)

    assert [each.title for each in found_series] == ["Better Call Saul"]


async def test_the_genres_of_a_show_have_slugs(tx: Tx, library: LibraryId) -> None:
    nfo = Nfo(genres=("Action & Adventure",))
    await take_in(found(library, episode("Alf", 1, 1, series_nfo=nfo)), tx)
    (series,) = (await list_series(ListSeries(library_id=library), tx)).items

    (genre,) = await list_genres(GetSeries(series.id), tx)

    assert (genre.slug, genre.name) == ("action-adventure", "Action & Adventure")


async def test_the_people_of_a_show_are_its_cast_and_its_crew(tx: Tx, library: LibraryId) -> None:
    nfo = Nfo(people=(Person("Max Wright", "actor", "Willie"), Person("Tom Patchett", "writer")))
    await take_in(found(library, episode("Alf", 1, 1, series_nfo=nfo)), tx)
    (series,) = (await list_series(ListSeries(library_id=library), tx)).items

    cast = await list_cast(ListSeriesCredits(series.id), tx)
    crew = await list_crew(ListSeriesCredits(series.id), tx)

    assert [(credit.name, credit.character) for credit in cast.items] == [("Max Wright", "Willie")]
    assert [(credit.name, credit.job) for credit in crew.items] == [("Tom Patchett", "Writer")]
    with acting_as(a_user()), pytest.raises(tvshows.SeriesNotFound):
        await list_crew(ListSeriesCredits(series.id), tx)


async def test_recent_shows_are_a_page(tx: Tx, library: LibraryId) -> None:
    await take_in(found(library, episode("Alf", 1, 1)), tx)

    with acting_as(a_user([library])):
        page = await list_recent(ListRecentSeries(), tx)

    assert [each.title for each in page.items] == ["Alf"]
