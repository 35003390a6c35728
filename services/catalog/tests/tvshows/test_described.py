import pytest

from revenge.catalog.handlers import take_in
from revenge.catalog.testing import episode, found
from revenge.catalog.tvshows.described import (
    take_over_episodes,
    take_over_seasons,
    take_over_series,
)
from revenge.catalog.tvshows.handlers import refresh_series
from revenge.catalog.tvshows.reading import (
    get_episode,
    get_episode_documents,
    get_season,
    get_series,
    get_series_documents,
    list_episodes,
    list_series,
)
from revenge.contracts import LibraryId, metadata, tvshows
from revenge.contracts.metadata import Description, TitleDescribed
from revenge.contracts.tvshows import (
    Episode,
    GetEpisode,
    GetEpisodeDocuments,
    GetSeason,
    GetSeries,
    GetSeriesDocuments,
    ListSeries,
)
from revenge.kit import Tx
from revenge.kit.testing import sent

pytestmark = pytest.mark.usefixtures("admin")


async def two_episodes(tx: Tx, library: LibraryId) -> list[Episode]:
    await take_in(found(library, episode("Firefly", 1, 1), episode("Firefly", 1, 2)), tx)
    tx.pending.clear()
    (series,) = (await list_series(ListSeries(library_id=library), tx)).items
    return await list_episodes(GetSeries(series.id), tx)


async def test_a_described_show_is_told_of_with_its_episodes(tx: Tx, library: LibraryId) -> None:
    one, _ = await two_episodes(tx, library)

    described = Description(title="Firefly!", poster_path="/a.jpg", studios=("Fox",))
    await take_over_series([TitleDescribed(one.series_id, 1, described)], tx)

    assert (await get_series(GetSeries(one.series_id), tx)).title == "Firefly!"
    assert [event.title for event in await sent(tx, tvshows.series_updated)] == ["Firefly!"]
    assert len(await sent(tx, tvshows.episode_updated)) == 2


async def test_a_show_that_keeps_title_and_poster_leaves_its_episodes(
    tx: Tx, library: LibraryId
) -> None:
    one, _ = await two_episodes(tx, library)

    described = Description(title="Firefly", overview="A crew.")
    await take_over_series([TitleDescribed(one.series_id, 1, described)], tx)

    assert len(await sent(tx, tvshows.series_updated)) == 1
    assert await sent(tx, tvshows.episode_updated) == []


async def test_a_described_season_is_news_of_its_show(tx: Tx, library: LibraryId) -> None:
    one, _ = await two_episodes(tx, library)

    described = Description(title="Season 1", poster_path="/s1.jpg")
    await take_over_seasons([TitleDescribed(one.season_id, 1, described)], tx)

    assert (await get_season(GetSeason(one.season_id), tx)).poster_path == "/s1.jpg"
    (updated,) = await sent(tx, tvshows.series_updated)
    assert updated.series_id == one.series_id


async def test_a_described_episode_is_told_of(tx: Tx, library: LibraryId) -> None:
    one, two = await two_episodes(tx, library)

    described = Description(title="Serenity", release_date="2002-12-20", still_path="/1.jpg")
    same = Description(title=two.title, runtime=two.runtime, sources={"title": "name"})
    await take_over_episodes(
        [TitleDescribed(one.id, 1, described), TitleDescribed(two.id, 1, same)], tx
    )

    shown = await get_episode(GetEpisode(one.id), tx)
    assert (shown.title, shown.air_date) == ("Serenity", "2002-12-20")
    assert (await get_series(GetSeries(one.series_id), tx)).last_air_date == "2002-12-20"
    assert [event.title for event in await sent(tx, tvshows.episode_updated)] == ["Serenity"]


async def test_a_show_began_with_its_first_episode_unless_something_else_is_told(
    tx: Tx, library: LibraryId
) -> None:
    one, two = await two_episodes(tx, library)
    aired = [(one.id, "2002-12-20"), (two.id, "2002-09-20")]

    await take_over_episodes(
        [TitleDescribed(id, 1, Description(title="x", release_date=day)) for id, day in aired], tx
    )
    assert (await get_series(GetSeries(one.series_id), tx)).first_air_date == "2002-09-20"
    assert [event.series_id for event in await sent(tx, tvshows.series_updated)] == [one.series_id]

    told = Description(title="Firefly", release_date="2002-09-01")
    await take_over_series([TitleDescribed(one.series_id, 1, told)], tx)
    assert (await get_series(GetSeries(one.series_id), tx)).first_air_date == "2002-09-01"

    untold = Description(title="Firefly")
    await take_over_series([TitleDescribed(one.series_id, 2, untold)], tx)
    assert (await get_series(GetSeries(one.series_id), tx)).first_air_date == "2002-09-20"


async def test_a_refreshed_show_is_described_with_all_its_parts(tx: Tx, library: LibraryId) -> None:
    one, _ = await two_episodes(tx, library)

    await refresh_series(GetSeries(one.series_id), tx)

    (job,) = await sent(tx, metadata.describe_titles)
    assert sorted(title.kind for title in job.titles) == ["episode", "episode", "season", "series"]


async def test_the_index_is_given_shows_and_episodes(tx: Tx, library: LibraryId) -> None:
    one, two = await two_episodes(tx, library)

    shows = await get_series_documents(GetSeriesDocuments(ids=(one.series_id,)), tx)
    episodes = await get_episode_documents(GetEpisodeDocuments(ids=(one.id, two.id)), tx)

    assert [(show.title, show.total_episodes) for show in shows.documents] == [("Firefly", 2)]
    assert [(each.series_title, each.library_ids) for each in episodes.documents] == [
        ("Firefly", (library,)),
        ("Firefly", (library,)),
    ]
