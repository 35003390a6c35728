from collections.abc import Sequence
from uuid import uuid4

import pytest
from msgspec import structs

from revenge.catalog.handlers import let_go, take_in
from revenge.catalog.testing import changed, episode, film, found, media
from revenge.catalog.tvshows.reading import (
    get_series,
    list_episode_files,
    list_episodes,
    list_season_episodes,
    list_seasons,
    list_series,
)
from revenge.contracts import EpisodeId, LibraryId, SeriesId, metadata, tvshows
from revenge.contracts.library import Art, FilesGone, FoundFile, Kind, Nfo, Parsed
from revenge.contracts.tvshows import (
    Episode,
    GetEpisode,
    GetSeason,
    GetSeries,
    ListSeries,
    Series,
)
from revenge.kit import Tx
from revenge.kit.testing import sent

pytestmark = pytest.mark.usefixtures("admin")


async def listed(tx: Tx, library: LibraryId) -> tuple[Series, ...]:
    return (await list_series(ListSeries(library_id=library), tx)).items


async def only_series(tx: Tx, library: LibraryId) -> Series:
    (series,) = await listed(tx, library)
    return series


def slots(episodes: Sequence[Episode]) -> list[tuple[int, int]]:
    return [(each.season_number, each.episode_number) for each in episodes]


def parsed_as(parsed: Parsed) -> FoundFile:
    return structs.replace(episode(parsed.title, 1, 1), parsed=parsed)


async def test_episodes_make_a_show_with_its_seasons(tx: Tx, library: LibraryId) -> None:
    nfo = Nfo(title="Firefly", plot="A crew.", genres=("Western",))
    files = [episode("Firefly", 1, number, series_nfo=nfo) for number in (1, 2)]

    await take_in(found(library, *files, episode("Firefly", 0, 1)), tx)

    series = await only_series(tx, library)
    assert (series.title, series.overview) == ("Firefly", "A crew.")
    assert (series.total_seasons, series.total_episodes) == (1, 2)
    seasons = await list_seasons(GetSeries(series.id), tx)
    assert [(each.name, each.episode_count) for each in seasons] == [
        ("Specials", 1),
        ("Season 1", 2),
    ]
    assert slots(await list_episodes(GetSeries(series.id), tx)) == [(0, 1), (1, 1), (1, 2)]
    assert slots(await list_season_episodes(GetSeason(seasons[1].id), tx)) == [(1, 1), (1, 2)]


async def test_a_new_show_and_its_episodes_are_told_of(tx: Tx, library: LibraryId) -> None:
    await take_in(found(library, episode("Firefly", 1, 1, title="Serenity")), tx)

    series = await only_series(tx, library)
    (added,) = await sent(tx, tvshows.series_added)
    assert (added.series_id, added.library_ids) == (series.id, (library,))
    (told,) = await sent(tx, tvshows.episode_added)
    assert (told.series_title, told.season_number, told.episode_number, told.title) == (
        "Firefly",
        1,
        1,
        "Serenity",
    )


async def test_an_episode_that_comes_later_extends_its_show(tx: Tx, library: LibraryId) -> None:
    await take_in(found(library, episode("Firefly", 1, 1)), tx)
    tx.pending.clear()

    await take_in(found(library, episode("firefly", 2, 1)), tx)

    series = await only_series(tx, library)
    assert (series.total_seasons, series.total_episodes) == (2, 2)
    assert len(await sent(tx, tvshows.series_updated)) == 1
    assert len(await sent(tx, tvshows.episode_added)) == 1


async def test_what_is_to_be_described_is_said_once_by_the_file_that_says_most(
    tx: Tx, library: LibraryId
) -> None:
    art = (
        Art("poster", "/shows/Firefly/poster.jpg"),
        Art("season_poster", "/shows/Firefly/season01.jpg", season=1),
    )
    plain = episode("Firefly", 1, 1)
    rich = structs.replace(episode("Firefly", 1, 2), series_art=art)

    await take_in(found(library, plain, rich), tx)

    (job,) = await sent(tx, metadata.describe_titles)
    by_kind = {title.kind: title for title in job.titles}
    assert len(job.titles) == 4
    assert by_kind[metadata.TitleKind.SERIES].art == art[:1]
    assert by_kind[metadata.TitleKind.SEASON].art == art[1:]
    assert by_kind[metadata.TitleKind.EPISODE].duration == 2400.0


async def test_a_show_is_not_described_again_for_every_episode(tx: Tx, library: LibraryId) -> None:
    first = structs.replace(episode("Firefly", 1, 1), series_nfo=Nfo(plot="A crew."))
    await take_in(found(library, first), tx)
    tx.pending.clear()

    await take_in(found(library, episode("Firefly", 1, 2)), tx)

    (job,) = await sent(tx, metadata.describe_titles)
    assert [title.kind for title in job.titles] == [metadata.TitleKind.EPISODE]


async def test_a_file_of_two_episodes_belongs_to_both(tx: Tx, library: LibraryId) -> None:
    nfos = (Nfo(title="One", season=1, episode=1), Nfo(title="Two", season=1, episode=2))
    file = structs.replace(episode("Firefly", 1, 1, 2), nfo=nfos)

    await take_in(found(library, file), tx)

    series = await only_series(tx, library)
    episodes = await list_episodes(GetSeries(series.id), tx)
    assert [each.title for each in episodes] == ["One", "Two"]
    for each in episodes:
        (row,) = await list_episode_files(GetEpisode(each.id), tx)
        assert (row.id, row.episode_id) == (file.id, each.id)


async def test_a_file_that_loses_an_episode_leaves_the_other(tx: Tx, library: LibraryId) -> None:
    file = episode("Firefly", 1, 1, 2)
    await take_in(found(library, file), tx)

    only_first = structs.replace(file.parsed, episodes=(1,))
    await take_in(found(library, changed(file, parsed=only_first)), tx)

    series = await only_series(tx, library)
    assert slots(await list_episodes(GetSeries(series.id), tx)) == [(1, 1)]
    (deleted,) = await sent(tx, tvshows.episode_deleted)
    assert (deleted.season_number, deleted.episode_number) == (1, 2)


async def test_absolute_numbers_count_from_the_first_season(tx: Tx, library: LibraryId) -> None:
    await take_in(found(library, parsed_as(Parsed("One Piece", absolute_episode=1071))), tx)

    series = await only_series(tx, library)
    assert slots(await list_episodes(GetSeries(series.id), tx)) == [(1, 1071)]


async def test_an_episode_of_a_daily_show_is_found_by_its_day(tx: Tx, library: LibraryId) -> None:
    await take_in(found(library, parsed_as(Parsed("News", air_date="2024-03-14"))), tx)
    await take_in(found(library, parsed_as(Parsed("News", air_date="2024-03-14"))), tx)

    series = await only_series(tx, library)
    (aired,) = await list_episodes(GetSeries(series.id), tx)
    assert (aired.season_number, aired.episode_number) == (2024, 314)
    assert aired.air_date == "2024-03-14"
    assert len(await list_episode_files(GetEpisode(aired.id), tx)) == 2


async def test_a_file_without_a_name_for_its_episode_uses_its_nfo(
    tx: Tx, library: LibraryId
) -> None:
    file = structs.replace(
        parsed_as(Parsed("Firefly")), nfo=(Nfo(title="Safe", season=1, episode=7),)
    )

    await take_in(found(library, file), tx)

    series = await only_series(tx, library)
    (safe,) = await list_episodes(GetSeries(series.id), tx)
    assert (safe.title, safe.episode_number) == ("Safe", 7)


async def test_a_file_that_names_no_episode_makes_no_show(tx: Tx, library: LibraryId) -> None:
    await take_in(found(library, parsed_as(Parsed("Firefly"))), tx)

    assert await listed(tx, library) == ()


async def test_shows_of_one_name_and_different_ids_are_two(tx: Tx, library: LibraryId) -> None:
    one = parsed_as(Parsed("Ghosts", season=1, episodes=(1,), ids={"tvdb": "1"}))
    other = parsed_as(Parsed("Ghosts", season=1, episodes=(1,), ids={"tvdb": "2"}))

    await take_in(found(library, one, other), tx)

    assert {series.tvdb_id for series in await listed(tx, library)} == {1, 2}


async def test_a_show_without_files_is_hidden_and_comes_back_the_same(
    tx: Tx, library: LibraryId
) -> None:
    file = episode("Firefly", 1, 1)
    await take_in(found(library, file), tx)
    series = await only_series(tx, library)
    (before,) = await list_episodes(GetSeries(series.id), tx)

    await let_go(FilesGone(library, {file.id: file.revision}), tx)
    with pytest.raises(tvshows.SeriesNotFound):
        await get_series(GetSeries(series.id), tx)
    await take_in(found(library, episode("Firefly", 1, 1)), tx)

    (after,) = await list_episodes(GetSeries(series.id), tx)
    assert after.id == before.id
    assert len(await sent(tx, tvshows.series_deleted)) == 1
    assert len(await sent(tx, tvshows.episode_deleted)) == 1
    assert len(await sent(tx, tvshows.series_added)) == 2


async def test_a_season_that_loses_its_last_file_is_hidden(tx: Tx, library: LibraryId) -> None:
    file = episode("Firefly", 2, 1)
    await take_in(found(library, episode("Firefly", 1, 1), file), tx)

    await let_go(FilesGone(library, {file.id: file.revision}), tx)

    series = await only_series(tx, library)
    assert (series.total_seasons, series.total_episodes) == (1, 1)
    (season,) = await list_seasons(GetSeries(series.id), tx)
    assert season.season_number == 1


async def test_an_episode_that_turns_out_to_be_a_film_leaves_its_show(
    tx: Tx, library: LibraryId
) -> None:
    file = episode("Serenity", 1, 1)
    await take_in(found(library, file), tx)

    parsed = film("Serenity", 2005).parsed
    await take_in(found(library, changed(file, kind=Kind.MOVIE, parsed=parsed)), tx)

    assert await listed(tx, library) == ()


async def test_a_second_delivery_is_not_news(tx: Tx, library: LibraryId) -> None:
    file = episode("Firefly", 1, 1)
    await take_in(found(library, file), tx)
    tx.pending.clear()

    await take_in(found(library, file), tx)

    assert tx.pending == []


async def test_the_files_of_an_episode_say_what_they_are(tx: Tx, library: LibraryId) -> None:
    file = structs.replace(episode("Firefly", 1, 1), media=media(2160, 2700.4))
    await take_in(found(library, file), tx)

    series = await only_series(tx, library)
    (one,) = await list_episodes(GetSeries(series.id), tx)
    (row,) = await list_episode_files(GetEpisode(one.id), tx)
    assert (row.resolution, row.video_codec, row.audio_codec) == ("4K", "h264", "ac3")
    assert (row.duration_seconds, row.bitrate_kbps) == (2700, 8000)
    assert row.audio_languages == ("deu", "eng")
    assert row.media == file.media


async def test_what_never_was_is_not_found(tx: Tx) -> None:
    with pytest.raises(tvshows.EpisodeNotFound):
        await list_episode_files(GetEpisode(EpisodeId(uuid4())), tx)
    with pytest.raises(tvshows.SeriesNotFound):
        await list_seasons(GetSeries(SeriesId(uuid4())), tx)
