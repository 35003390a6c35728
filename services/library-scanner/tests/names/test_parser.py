"""Names as the conventions of Plex, Jellyfin, Kodi, the Arr apps and releases have them."""

import contextlib
import gc
import os
import time
from collections.abc import Generator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revenge.contracts.library import Kind, LibraryType, Parsed
from revenge.library_scanner.names import Name, parse

WORDS = st.sampled_from(
    [
        "S01E02",
        "1x03",
        "2001",
        "1999",
        "-",
        "--",
        ".",
        "_",
        "[Group]",
        "(1080p)",
        "1080p",
        "x264",
        "-",
        "05",
        "The",
        "A",
        "Film",
        "ep",
        "Season",
        "2",
        "e7",
        "E08",
        "S2",
        "of",
        "-",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        "【",
        "】",
        "第3话",
        "Ⅳ",
        "½",
        "2012.12.12",
        "12",
        "123",
        "1234",
        "12345",
        "v2",
        "OVA",
        "www.x.org",
        "/",
        "//",
        "\\",
        "Part",
        "II",
        "German",
        "WEB-DL",
        "-GRP",
        "{tmdb-1}",
        "tt1234567",
        "'é",
        "\u202e",
        "�",
        "S00E00E00E00",
        "01-02-03-04",
    ]
)


@pytest.mark.parametrize(
    ("path", "title", "year"),
    [
        ("The Matrix (1999)/The Matrix (1999) - 2160p.mkv", "The Matrix", 1999),
        ("The Matrix (1999) {tmdb-603}/movie.mkv", "The Matrix", 1999),
        ("Blade.Runner.2049.2017.2160p.UHD.BluRay.mkv", "Blade Runner 2049", 2017),
        ("2001.A.Space.Odyssey.1968.1080p.mkv", "2001 A Space Odyssey", 1968),
        ("1917 (2019).mkv", "1917", 2019),
        ("300.mkv", "300", None),
        ("Apollo.13.1080p.BluRay.x264.mkv", "Apollo 13", None),
        ("Room 237 (2012).mkv", "Room 237", 2012),
        (
            "Harry.Potter.Deathly.Hallows.Part.1.2010.mkv",
            "Harry Potter Deathly Hallows Part 1",
            2010,
        ),
        ("The Final Cut (2004).mkv", "The Final Cut", 2004),
        ("Run Lola Run (Lola rennt) (1998).mkv", "Run Lola Run (Lola rennt)", 1998),
        ("Mr.Hollands.Opus.1995.mkv", "Mr Hollands Opus", 1995),
        ("Wonder.Woman.1984.2020.1080p.mkv", "Wonder Woman 1984", 2020),
        ("The.Good.German.2006.720p.BluRay.mkv", "The Good German", 2006),
        ("Passengers.German.DL.AC3.BluRay.x264-GRP.mkv", "Passengers", None),
        ("Alice in Wonderland DVDRip.XviD-GRP/grp-aw.avi", "Alice in Wonderland", None),
        ("Some.Film.2019.1080p.WEB-DL-GRP/2f28adb7c0e14d3f.mkv", "Some Film", 2019),
        ("Film (2000)/BDMV/STREAM/00001.m2ts", "Film", 2000),
        ("Film (2000)/VIDEO_TS/VTS_01_1.VOB", "Film", 2000),
        ("Film (2000)/CD1/film.avi", "Film", 2000),
        ("The.Man.from.U.N.C.L.E.2015.1080p.mkv", "The Man from U.N.C.L.E.", 2015),
        ("T2 Trainspotting (2017)/T2 Trainspotting (2017).mkv", "T2 Trainspotting", 2017),
        ("T-34 (2018)/movie.mkv", "T-34", 2018),
        ("Series 7 The Contenders (2001)/movie.mkv", "Series 7 The Contenders", 2001),
        ("The Collection (2012)/movie.mkv", "The Collection", 2012),
        ("Saw 3D (2010)/Saw 3D (2010).mkv", "Saw 3D", 2010),
        (
            "Star Wars Episode 4 A New Hope (1977).mkv",
            "Star Wars Episode 4 A New Hope",
            1977,
        ),
        ("2006 - 300.mkv", "300", 2006),
        ("2010 - 127 Hours.mkv", "127 Hours", 2010),
        ("1975 - Death Race 2000.mkv", "Death Race 2000", 1975),
        ("1968 - 2001 A Space Odyssey.mkv", "2001 A Space Odyssey", 1968),
        ("1974 - The Godfather Part II.mkv", "The Godfather Part II", 1974),
        ("Film.3D.2013.COMPLETE.BLURAY-GRP.mkv", "Film", 2013),
        ("Der.Film.German.2011.PAL.DVDR-GRP.mkv", "Der Film", 2011),
        ("Film.French.2011.FRENCH.DVDR-GRP.mkv", "Film French", 2011),
        ("Film.UNCUT.GERMAN.1987.1080p.BluRay-GRP.mkv", "Film", 1987),
        ("Film [Multi-Subs] [2018].mkv", "Film", 2018),
        ("Film.Name.ABC.WEBRip.AAC2.0-GRP.mkv", "Film Name", None),
        ("Titel (The Title) 2011 [DVDRip].mkv", "Titel", 2011),
        ("[Group] Film Name v2 [ABCD1234].mkv", "Film Name", None),
        ("Film.23.976fps.mkv", "Film", None),
        ("Le.Film.Fr 2 cd/filme_mp.avi", "Le Film", None),
        ("grp-the.film.2010.1080p.bluray.x264.mkv", "the film", 2010),
        ("ant-man.2015.1080p.mkv", "ant-man", 2015),
        ("Film Name (Some Group, 720p) [ABCD1234].mkv", "Film Name", None),
        ("[Group][Film Name][BDRip][1080p].mkv", "Film Name", None),
        ("www 1Example tel - Film (2023) 720p.mkv", "Film", 2023),
        ("{WWW.EXAMPLE.TV} Film (2023) 720p.mkv", "Film", 2023),
        ("Film (CamRip / 2014).mkv", "Film", 2014),
        ("(1)Film (2009).mkv", "Film", 2009),
        ("example.org - Film.mkv", "Film", None),
        ("Film - www.example.org.mkv", "Film", None),
        ("映画 ペンギン Penguin Street (BD 1280x720).mkv", "Penguin Street", None),
        ("Film.REPACK.DVDRip.XviD-ARROW/arw-repack-film.dvdrip.xvid.avi", "Film", None),
        ("Longer.and.Uncut.1999.1080p.BluRay.mkv", "Longer and Uncut", 1999),
        ("The.Wire.Film.COMPLETE.SERIES.720p.BluRay-GRP", "The Wire Film", None),
    ],
)
def test_a_film_has_its_title_and_year(path: str, title: str, year: int | None) -> None:
    name = parse(path)

    assert (name.kind, name.title, name.year) == (Kind.MOVIE, title, year)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Show (2008) {tvdb-1}/Season 01/Show (2008) - S01E01 - Pilot.mkv", ("Show", 1, (1,))),
        ("Show/Season 1/01 - Pilot.mkv", ("Show", 1, (1,))),
        ("Show/Season 2/Show 205.mkv", ("Show", 2, (5,))),
        ("Show/Staffel 3/Show - 3x04 - Titel.mkv", ("Show", 3, (4,))),
        ("Show/Temporada 2/Episodio 5.mkv", ("Show", 2, (5,))),
        ("Show/Specials/Show - S00E05.mkv", ("Show", 0, (5,))),
        ("Show/Season 01/Show - S01E05-E07.mkv", ("Show", 1, (5, 6, 7))),
        ("Show.S01E05E06.mkv", ("Show", 1, (5, 6))),
        ("Show - 1x05-1x06.mkv", ("Show", 1, (5, 6))),
        ("Show.S01E02-1080p.mkv", ("Show", 1, (2,))),
        ("The.100.S01E01.mkv", ("The 100", 1, (1,))),
        ("24.S01E02.1080p.mkv", ("24", 1, (2,))),
        (
            "Show.Name.S02E12.1080p/42e7e8a48eb7454aaebebcf49705ce41.mkv",
            ("Show Name", 2, (12,)),
        ),
        ("Dir.S01E01-X/yrucreM-462.H.p027.10E10S.esaeleR.emoS.mkv", ("Some Release", 1, (1,))),
        ("Show Season 1 Episode 2.avi", ("Show", 1, (2,))),
        ("Show 1. Sezon 2. Bölüm 720p.mkv", ("Show", 1, (2,))),
        ("Show Sezon 1 Odcinek 2.mkv", ("Show", 1, (2,))),
        ("剧名 第1季第2集.mkv", ("剧名", 1, (2,))),
        ("Show (S01_E02).mkv", ("Show", 1, (2,))),
        ("Show.525.hdtv-lol.avi", ("Show", 5, (25,))),
        ("Show - Temporada 4 [HDTV][Cap.408][Castellano].avi", ("Show", 4, (8,))),
    ],
)
def test_an_episode_has_its_series_and_numbers(
    path: str, expected: tuple[str, int, tuple[int, ...]]
) -> None:
    name = parse(path)

    assert name.kind is Kind.EPISODE
    assert (name.title, name.season, name.episodes) == expected


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("Room 104/Season 2/03.mkv", "Room 104"),
        ("Room 104/Season 2/S02E03 - Title.mkv", "Room 104"),
        ("24/Season 2/24 203.mkv", "24"),
        ("12 Monkeys/Season 2/12 Monkeys 203.mkv", "12 Monkeys"),
        ("[Group] 20-20 - S02E03 [1080p].mkv", "20-20"),
        ("Gundam 00/Season 2/Gundam 00 - 2x03.mkv", "Gundam 00"),
    ],
)
def test_a_number_in_a_series_title_is_no_episode(path: str, title: str) -> None:
    name = parse(path)

    assert (name.title, name.season, name.episodes) == (title, 2, (3,))


@pytest.mark.parametrize("title", ["1899", "Gundam 00"])
def test_a_series_title_with_a_number_is_told_from_absolute_numbers(title: str) -> None:
    name = parse(f"{title}/{title} - 03.mkv")

    assert (name.title, name.absolute) == (title, (3,))


@pytest.mark.parametrize(
    ("path", "title", "absolute"),
    [
        ("[SubsPlease] Frieren - 05 (1080p) [ABCD1234].mkv", "Frieren", (5,)),
        ("[Group] Naruto - 101v2 [720p].mkv", "Naruto", (101,)),
        ("One Piece/One Piece - 0001.mkv", "One Piece", (1,)),
        ("Case Closed (1996-2007)/Case Closed - 317.mkv", "Case Closed", (317,)),
        ("[Group][Show][12][1080p].mkv", "Show", (12,)),
        ("【字幕社】【剧名 Show】【24】.mp4", "Show", (24,)),
        ("[Group] Mob Psycho 100 - 07 [1080p].mkv", "Mob Psycho 100", (7,)),
        ("[Group] Show 01 - 12 [1080p] [Batch].mkv", "Show", tuple(range(1, 13))),
    ],
)
def test_an_anime_has_its_absolute_number(path: str, title: str, absolute: tuple[int, ...]) -> None:
    name = parse(path)

    assert (name.title, name.absolute) == (title, absolute)


@pytest.mark.parametrize(
    ("path", "title", "date"),
    [
        ("The.Daily.Show.2024.01.15.Guest.720p.mkv", "The Daily Show", "2024-01-15"),
        ("Show/Season 2024/Show - 2024-01-15 - Guest.mkv", "Show", "2024-01-15"),
        ("Show.04.28.2014.hdtv.mkv", "Show", "2014-04-28"),
        ("Show 5th Mar 2025.mkv", "Show", "2025-03-05"),
        ("Show.140722.720p.HDTV.x264-GRP.mkv", "Show", "2014-07-22"),
    ],
)
def test_a_daily_show_has_its_date(path: str, title: str, date: str) -> None:
    name = parse(path)

    assert (name.kind, name.title, name.date) == (Kind.EPISODE, title, date)


def test_the_year_after_the_first_season_is_the_series() -> None:
    assert parse("Show.S01E01.2008.BluRay.1080p.mkv").year == 2008
    assert parse("Show.S05E01.2012.BluRay.1080p.mkv").year is None


def test_a_name_that_numbers_its_episode_is_not_meaningless() -> None:
    name = parse("thetitle-s01e02-hello.mkv")

    assert (name.title, name.season, name.episodes) == ("thetitle", 1, (2,))


def test_ids_are_read_from_the_whole_path() -> None:
    path = "Show {tvdb-81189}/Season 1/Show - S01E01 [imdbid-tt0903747].mkv"

    assert parse(path).ids == {"tvdb": "81189", "imdb": "tt0903747"}


def test_the_libraries_root_says_nothing() -> None:
    assert parse("/media/Show S01E01/Film.mkv", root="/media/Show S01E01").title == "Film"


def test_the_librarys_type_decides_what_a_name_leaves_open() -> None:
    assert parse("Show - 05.mkv", kind=LibraryType.MOVIE).kind is Kind.MOVIE
    assert parse("Season 1/Film (2010).mkv", kind=LibraryType.MOVIE).kind is Kind.MOVIE
    assert parse("Show 05.mkv", kind=LibraryType.TVSHOW).episodes == (5,)
    assert parse("Show/5.mkv", kind=LibraryType.TVSHOW).episodes == (5,)


def test_a_season_in_an_animes_title_is_its_season() -> None:
    name = parse("[Group] Show S2 - 07.mkv")

    assert name.title == "Show S2"
    assert name.parsed() == Parsed(title="Show", season=2, episodes=(7,))
    named = parse("[Group] Show 2nd Season - 07.mkv")
    assert named.parsed() == Parsed(title="Show", season=2, episodes=(7,))


def test_an_absolute_number_is_the_contracts_absolute_episode() -> None:
    assert parse("[Group] Show - 07.mkv").parsed() == Parsed(
        title="Show", episodes=(7,), absolute_episode=7
    )
    both = parse("Show - S04E28 - 087 - Title.mkv").parsed()
    assert (both.season, both.episodes, both.absolute_episode) == (4, (28,), 87)


@contextlib.contextmanager
def quickly() -> Generator[None]:
    """Within 50 ms of this thread's own work: a test run's garbage takes longer to collect."""
    gc.disable()
    began = time.thread_time()
    try:
        yield
        assert time.thread_time() - began < 0.05
    finally:
        gc.enable()


def readable(name: Name) -> bool:
    return msgspec.json.decode(msgspec.json.encode(name), type=Name) == name


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=30), st.sampled_from([" ", ".", "_", "-", ""]))
def test_what_looks_like_names_is_read_quickly(words: list[str], separator: str) -> None:
    path = separator.join(words)

    with quickly():
        name = parse(path)
        name.parsed()

    assert readable(name)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=255).map(os.fsdecode), st.sampled_from(LibraryType))
def test_no_bytes_make_it_raise(path: str, kind: LibraryType) -> None:
    assert readable(parse(path, kind=kind))


@pytest.mark.parametrize(
    "piece",
    ["a", "1", "S01E01", "-1", "(", "[a]", "1x01", ".", " ", "e1", "german ", "web ", "1 - ", "[1]",
     "a.", "x1-", "第1", "2001 ", "1-", "- 1", "special edition ", "漢 a", "_[", "www.a.b-", "d/",
     "S1E1 and ", ",1", " to e1", "1of2", "sp1 ", "#1 ", "may 1 ", "(1979) ", "1979 - ", "1화",
     "Fr - ", "vf ", "(US) - ", "214 ", ".1080p.a", " - [0001]"],
)  # fmt: skip
def test_no_repetition_takes_long(piece: str) -> None:
    path = (piece * 4096)[:4096]

    with quickly():
        parse(path)
