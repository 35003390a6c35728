"""Where a title ends, and which of several titles names a video."""

import pytest

from revenge.contracts.library import Kind, LibraryType
from revenge.library_scanner.names import parse


@pytest.mark.parametrize(
    ("path", "title", "country"),
    [
        ("Kitchen.Stories.UK.S02E03.720p.HDTV.x264-GRP.mkv", "Kitchen Stories", "UK"),
        ("Kitchen.Stories.US.2x03.mkv", "Kitchen Stories", "US"),
        ("Kitchen.Stories.US.S02.720p.x264-GRP", "Kitchen Stories US", None),
        ("Kitchen.Stories.US.2014.05.06.HDTV.x264-GRP.mkv", "Kitchen Stories US", None),
        ("BETWEEN.US.S02E03.720p.HDTV.x264-GRP.mkv", "BETWEEN US", None),
        ("Kitchen Stories/Kitchen.Stories.US.S02E03.mkv", "Kitchen Stories", None),
        ("Kitchen Stories (UK)/Kitchen.Stories.UK.S02E03.mkv", "Kitchen Stories (UK)", None),
    ],
)
def test_a_country_in_capitals_is_not_the_title_of_an_episodes_series(
    path: str, title: str, country: str | None
) -> None:
    name = parse(path)
    assert (name.title, name.country) == (title, country)


def test_a_country_tells_series_of_one_title_apart() -> None:
    names = [parse(f"Kitchen.Stories.{country}.S02E03.mkv") for country in ("UK", "US")]
    assert [name.parsed().title for name in names] == ["Kitchen Stories UK", "Kitchen Stories US"]


def test_what_follows_a_country_in_brackets_is_the_episodes_title() -> None:
    assert parse("Kitchen-Stories (US) - The Guest S02E03 hdtv.mkv").title == "Kitchen-Stories"


def test_a_season_may_be_called_by_its_year() -> None:
    name = parse("Kitchen.Stories.S2014E18.720p.HDTV.x264-GRP.mkv")
    assert (name.season, name.episodes, name.year) == (2014, (18,), 2014)
    assert name.parsed().year is None  # the series may be older


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("[Group] Kitchen Stories - KS - 07v2 [1080p].mkv", "Kitchen Stories"),
        ("[Group]_Kitchen_Stories_-_KS_-_07_[1080p].mkv", "Kitchen Stories"),
        ("[Group] Kitchen Stories - UFO - 07 [1080p].mkv", "Kitchen Stories - UFO"),
        ("[Group] Kitchen Stories - The Guest - 07 [1080p].mkv", "Kitchen Stories - The Guest"),
    ],
)
def test_the_initials_of_a_title_are_no_second_one(path: str, title: str) -> None:
    assert parse(path).title == title


def test_a_series_title_may_stand_after_the_episodes() -> None:
    name = parse("Kitchen.Stories.S02E06.The.Guest.1080p/The Guest - Kitchen Stories S2 (Ep 6).mkv")
    assert (name.title, name.season, name.episodes) == ("Kitchen Stories", 2, (6,))


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("Titre - Title - Some Actor Multi 1080p BluRay x264 GRP.mkv", "Titre"),
        ("Title - The Second 1080p BluRay x264 GRP.mkv", "Title - The Second"),
        ("Title - Some Aside - The Second (2010) 1080p.mkv", "Title - Some Aside - The Second"),
        ("Title - Some Aside - The Second.mkv", "Title - Some Aside - The Second"),
        ("Title (Some Actor) - FR.mkv", "Title"),
        ("Fr - Title (2010).mkv", "Title"),
        ("It - Title (2010).mkv", "It - Title"),
        ("Title - [0004].mkv", "Title"),
        ("Title.vol127.1080p.x264-GRP.mkv", "Title"),
        ("Title.Vol.2.1080p.x264-GRP.mkv", "Title Vol 2"),
        ("Title/video_ts-title.mkv", "title"),
    ],
)
def test_a_films_title_is_the_first_of_those_that_a_release_tells(path: str, title: str) -> None:
    name = parse(path)
    assert (name.kind, name.title) == (Kind.MOVIE, title)


def test_a_group_stands_before_the_title_in_mixed_case() -> None:
    name = parse("GrP-Kitchen.Stories.S02E03.720p.HDTV.x264.mkv")
    assert (name.title, name.season, name.episodes) == ("Kitchen Stories", 2, (3,))
    assert parse("TV-Stories.S02E03.720p.HDTV.x264.mkv").title == "TV-Stories"


@pytest.mark.parametrize(
    ("path", "title", "year"),
    [
        ("2009.some.film.multi.dvd9.pal.mkv", "some film", 2009),
        ("2009.Some.Film.1080p.BluRay.x264-GRP.mkv", "2009 Some Film", None),
        ("2009.some.film.1968.1080p.bluray.x264-grp.mkv", "2009 some film", 1968),
        ("2009 some film.mkv", "2009 some film", None),
    ],
)
def test_a_year_in_front_is_a_lower_case_releases(path: str, title: str, year: int | None) -> None:
    name = parse(path, kind=LibraryType.MOVIE)
    assert (name.title, name.year) == (title, year)


def test_the_capacity_of_a_disc_is_no_part_of_a_film() -> None:
    assert parse("Some.Film.2009.PAL.DVD9.mkv").part is None
    assert parse("Some Film (2009) DVD 2.mkv").part == 2


@pytest.mark.parametrize(
    ("path", "title", "year"),
    [
        ("Kitchen Season 3.mkv", "Kitchen Season 3", None),
        ("Kitchen Season 3 (2010)/Kitchen Season 3.mkv", "Kitchen Season 3", 2010),
        ("Kitchen.Season.3.2010.1080p.BluRay.x264-GRP.mkv", "Kitchen Season 3", 2010),
    ],
)
def test_a_single_file_is_a_film_if_it_only_says_a_season(
    path: str, title: str, year: int | None
) -> None:
    name = parse(path)
    assert (name.kind, name.title, name.year) == (Kind.MOVIE, title, year)


@pytest.mark.parametrize(
    "path",
    [
        "Kitchen Season 3",
        "Kitchen.Season.3.1080p.WEB-DL.x264-GRP",
        "Kitchen/Kitchen Season 3-4.avi",
    ],
)
def test_a_folder_or_a_file_of_several_seasons_is_a_series(path: str) -> None:
    name = parse(path)
    assert (name.kind, name.title, name.season) == (Kind.EPISODE, "Kitchen", 3)


def test_a_single_file_in_a_library_of_series_is_a_season() -> None:
    name = parse("Kitchen/Kitchen Season 3.mkv", kind=LibraryType.TVSHOW)
    assert (name.kind, name.title, name.season) == (Kind.EPISODE, "Kitchen", 3)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("Some.Film.3D.2010.1080p.BluRay.x264-GRP.mkv", "Some Film 3D"),
        ("Some.Film.3D.2010.1080p.BluRay.Half-SBS.x264-GRP.mkv", "Some Film"),
        ("Some.Film.3D.2010.1080p.BluRay.REMUX.AVC-GRP.mkv", "Some Film"),
    ],
)
def test_a_film_is_called_3d_if_its_file_cannot_hold_it(path: str, title: str) -> None:
    assert parse(path).title == title
