"""The many forms in which people and programs number episodes and order films."""

import pytest

from revenge.contracts.library import Kind
from revenge.library_scanner.names import parse


@pytest.mark.parametrize(
    "path",
    [
        "Name/Season 2/Episode 3.mkv",
        "Name/Season Two/03 - Title.mkv",
        "Name/Series 2/Name - Series 2 Episode 3.mkv",
        "Name Series 2 Episode 3.mkv",
        "Name/Staffel 2/Folge 3 - Titel.mkv",
        "Name/Saison 2/Épisode 3.mkv",
        "Name/Temporada 2/Capítulo 03.mkv",
        "Name/Stagione 2/Name - Stagione 2 Episodio 3.mkv",
        "Name Seizoen 2 Aflevering 3.mkv",
        "Name/Säsong 2/Avsnitt 3.mkv",
        "Name/Sæson 2/Afsnit 3.mkv",
        "Name/Kausi 2/Jakso 3.mkv",
        "Name/Sezon 2/Odcinek 3.mkv",
        "Name/Série 2/Epizoda 3.mkv",
        "Name/Řada 2/03.mkv",
        "Name/2. évad/03. rész.mkv",
        "Name/Сезон 2/Серия 3.mkv",
        "Name/2 сезон/3 серия.mkv",
        "Name/2. Sezon/3. Bölüm.mkv",
        "Name/第2季/第3集.mkv",
        "Name/시즌 2/3화.mkv",
        "Name/02/S02E03.mkv",
        "Name - Season 2/03 - Title.mkv",
        "Name.S02.German.DL.1080p-GRP/Episode 03.mkv",
        "Name/Name Season 2/Name 3.mkv",
        "Name/Season 2/[03] Title.mkv",
        "Name S02 03.mkv",
        "Name Season 02 03.mkv",
        "Name.s02.03.1080p.WEB.mkv",
        "Name 02E03.mkv",
        "Name 2nd Season 03.mkv",
        "Name. Сезон №2. Серия №3.mkv",
        "Name T02E03.mkv",
        "Name T02XE03.mkv",
        "Name 2\u00d703.mkv",
        "Name 2 x 03 HDTV.mkv",
        "Name-s02-x03.mkv",
        "Name Ep 2x03 Title.mkv",
        "Name.Season.2.3of6.Title.mkv",
        "Name 2 сезон 3 серия.mkv",
        "Name 2-й сезон 03-я серия.mkv",
        "Name 第二季 第三集.mkv",
        "Name第二季/03.mkv",
        "Name/Season 2/Name [203] Title.mkv",
        "Name/2-03 Title.mkv",
        "Name/S02E03 - Title/file.mkv",
    ],
)
def test_season_and_episode_are_told_in_many_languages(path: str) -> None:
    name = parse(path)

    assert name.kind is Kind.EPISODE
    assert (name.title, name.season, name.episodes) == ("Name", 2, (3,))


def test_a_season_may_be_glued_to_the_title() -> None:
    name = parse("grp-names02e03-1080p.mkv")

    assert (name.title, name.season, name.episodes) == ("grp-name", 2, (3,))


@pytest.mark.parametrize(
    ("path", "episodes"),
    [
        ("Name.S02E03E04.mkv", (3, 4)),
        ("Name.S02E03-E05.mkv", (3, 4, 5)),
        ("Name.S02E03-05.mkv", (3, 4, 5)),
        ("Name.S02E03-S02E05.mkv", (3, 4, 5)),
        ("Name.S02.E03.E04.mkv", (3, 4)),
        ("Name S02E03,04.mkv", (3, 4)),
        ("Name S02E03, E04.mkv", (3, 4)),
        ("Name S02E03 & E04.mkv", (3, 4)),
        ("Name S02E03+04.mkv", (3, 4)),
        ("Name S02E03 to E05.mkv", (3, 4, 5)),
        ("Name S02E03xE04.mkv", (3, 4)),
        ("Name Season 2 Episode 3 and 4.mkv", (3, 4)),
        ("Name Season 2 Episodes 3-5.mkv", (3, 4, 5)),
        ("Name 2x03-05.mkv", (3, 4, 5)),
        ("Name 2x03x04.mkv", (3, 4)),
        ("Name 2x03+04.mkv", (3, 4)),
        ("Name 2x03,2x04.mkv", (3, 4)),
        ("Name.S02E01-E26.1080p.mkv", tuple(range(1, 27))),
        ("Name - 2x03_04 - Title.mkv", (3, 4)),
        ("Name.S02E03.04.1080p.HDTV.mkv", (3, 4)),
        ("Name.203.204.HDTV.mkv", (3, 4)),
        ("Name Se.2 afl.3 en 4.mkv", (3, 4)),
        ("Name Season 2 EP(03-05) [720p].mkv", (3, 4, 5)),
    ],
)
def test_several_episodes_are_in_one_file(path: str, episodes: tuple[int, ...]) -> None:
    name = parse(path)

    assert (name.title, name.season, name.episodes) == ("Name", 2, episodes)


@pytest.mark.parametrize(
    "path",
    [
        "Name S02E03 to Hell and Back.mkv",
        "Name.S02E03.and.Justice.for.All.mkv",
        "Name - S02E03, 1080p.mkv",
        "Name 2x03,720p.mkv",
        "Name S02E03-1080p.mkv",
        "Name S02E03 10bit x265.mkv",
        "Name/Season 2/Name - S02E03 - 3 of 4 things.mkv",
        "Name.S02E03.04.Steps.to.Happiness.mkv",
        "Name.S02E03a.The.First.Half.mkv",
    ],
)
def test_what_follows_an_episode_is_not_always_another(path: str) -> None:
    assert parse(path).episodes == (3,)


@pytest.mark.parametrize(
    ("path", "episode"),
    [
        ("Name.1of6.Title.mkv", 1),
        ("Name (2 of 6) Title.mkv", 2),
        ("Name.Ep.3of6.720p.mkv", 3),
        ("Name [1 de 4].mkv", 1),
        ("Name.Episodul.5.din.12.HDTV.mkv", 5),
        ("Name.2of6.The.Early.Days.1990.DVDRip.mkv", 2),
    ],
)
def test_one_of_several_is_an_episode(path: str, episode: int) -> None:
    name = parse(path)

    assert (name.title, name.season, name.episodes) == ("Name", 1, (episode,))


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("Name #07.mkv", 7),
        ("Name - 07 VOSTFR 1080p.mkv", 7),
        ("[Group] Name - 07v2 (1080p) [ABCD1234].mkv", 7),
        ("[Group] Name.07.1080p.mkv", 7),
        ("[Group] 07 - Name [1080p].mkv", 7),
        ("[Group] 07 Name (1080p).mkv", 7),
        ("[Group] Name 34 - The End of It [ABCD1234].mkv", 34),
        ("Name - 14 OAD [1080p].mkv", 14),
        ("Name_[05]_[Group_TV]_[WEBRip_1080p].mkv", 5),
        ("Name - 09 (2021) [Group] [1080p].mkv", 9),
        ("Name - 05 The Title.mkv", 5),
        ("Name.07v2.PDTV.mkv", 7),
        ("Name 60. Blm (31.01.2023) 720p.mkv", 60),
        ("Name/Name 12.mkv", 12),
        ("[Group] Name - 02 [720].mkv", 2),
        ("[Group] Name #01v2 - The Start [720p].mkv", 1),
        ("[Group] Name - 09a [DVD].mkv", 9),
        ("[Group] Name - 01+02 [720p].mkv", 2),
        ("[Group] Name 14 The End Part 2 [720p].mkv", 14),
        ("Name (05 серия) 1080p.mkv", 5),
        ("Name/02 - Title.mkv", 2),
        ("Name/02-Title.mkv", 2),
        ("03 - Name.mkv", 3),
    ],
)
def test_an_absolute_number_is_known_by_its_place(path: str, number: int) -> None:
    name = parse(path)

    assert name.title == "Name"
    assert number in (*name.absolute, *name.episodes)


@pytest.mark.parametrize(
    ("path", "numbers"),
    [
        ("[Group] Name!! (01-12) [1080p].mkv", range(1, 13)),
        ("Name_[01-05]_[Group_TV].mkv", range(1, 6)),
        ("Name (2010) - 01-02-03 - Title.mkv", range(1, 4)),
        ("Name (2011) Episode 9-10 [1080p].mkv", range(9, 11)),
        ("Name.-.06-09.(2007).[Group][WEBRip]", range(6, 10)),
    ],
)
def test_absolute_numbers_may_be_a_range(path: str, numbers: range) -> None:
    name = parse(path)

    assert (name.title.removesuffix("!!"), name.episodes) == ("Name", tuple(numbers))


@pytest.mark.parametrize(
    ("path", "absolute"),
    [
        ("[Group] Name - 05 - S01E05 - Title.mkv", (5,)),
        ("[Group] Name - 05 (S01E05) [1080p].mkv", (5,)),
        ("[Group] Name - 05.5 (S01E05) [1080p].mkv", ()),
        ("Name - 005-006 - S01E05-06.mkv", (5, 6)),
    ],
)
def test_an_absolute_number_may_stand_before_the_other(
    path: str, absolute: tuple[int, ...]
) -> None:
    name = parse(path)

    assert (name.title, name.season, name.episodes[0]) == ("Name", 1, 5)
    assert name.absolute == absolute


@pytest.mark.parametrize(
    ("path", "season"),
    [
        ("Name Saison VII FRENCH.BDRip.mkv", 7),
        ("Name - 04ª Temporada 720p", 4),
        ("Name 3 Temporada 720p", 3),
        ("Name.1xAll.Complete", 1),
        ("Name.S01Extras.-.Outtakes.DVDRip.mkv", 1),
        ("Name.S04DVD7.PAL.DVDR", 4),
        ("Name.S01S02.COMPLETE.x264", 1),
        ("Name S 01 720p", 1),
        ("Name - Series 2 (1970) DivX", 2),
        ("Name.Season.3of5.Complete.HDTV", 3),
        ("Name 2期.mkv", 2),
        ("Name 第十一季.mkv", 11),
        ("Name 3º Temporada Dublado", 3),
    ],
)
def test_a_season_alone_is_told_in_many_forms(path: str, season: int) -> None:
    name = parse(path)

    assert (name.title, name.season, name.episodes) == ("Name", season, ())


def test_a_pack_of_fans_tells_both_titles() -> None:
    name = parse("[Group] Name (Namae) (Season 1) [1080p] (Batch)")

    assert (name.title, name.season) == ("Name (Namae)", 1)


def test_a_title_ends_in_a_number_before_the_season_is_said() -> None:
    name = parse("Name 18 Temporada 2.mkv")

    assert (name.title, name.season) == ("Name 18", 2)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("Name/Season 1/The Picture_1920x1080.mkv", "The Picture"),
        ("Name/Season 1/Name - The Picture.mkv", "The Picture"),
        ("Name/Specials/The Making.mkv", "The Making"),
    ],
)
def test_a_file_without_a_number_in_a_season_is_called_like_its_episode(
    path: str, title: str
) -> None:
    name = parse(path)

    assert (name.title, name.episode_title) == ("Name", title)


def test_a_special_is_outside_the_seasons() -> None:
    name = parse("Name/Specials/Name SP3.mkv")

    assert (name.title, name.season, name.episodes) == ("Name", 0, (3,))


@pytest.mark.parametrize("day", ["May 6 2020", "May 6th, 2020", "6 May 2020", "2020-05-06"])
def test_a_day_is_written_in_many_orders(day: str) -> None:
    name = parse(f"Name {day}.mkv")

    assert (name.title, name.date) == ("Name", "2020-05-06")


@pytest.mark.parametrize(
    ("path", "title", "year"),
    [
        ("(1979) Alien.mkv", "Alien", 1979),
        ("[1979] Alien [1080p].mkv", "Alien", 1979),
        ("Alien Collection/1979 - Alien/Alien.mkv", "Alien", 1979),
        ("2012 - Doomsday (2008).mkv", "2012 - Doomsday", 2008),
        ("[REC] (2007).mkv", "[REC]", 2007),
        ("[REC] 2 (2009)/[REC] 2 (2009).mkv", "[REC] 2", 2009),
        ("Star Wars - Episode 4 (1977).mkv", "Star Wars - Episode 4", 1977),
        ("May (2002).mkv", "May", 2002),
        ("9 of 10 People 2010 1080p.mkv", "9 of 10 People", 2010),
        ("Open Season 2 (2008).mkv", "Open Season 2", 2008),
        ("Number #1 (2010).mkv", "Number #1", 2010),
        ("(1968)A Space Film.mkv", "A Space Film", 1968),
        ("8-Bit.Christmas.2021.1080p.WEBRip.S97.E-AC3.mkv", "8-Bit Christmas", 2021),
        ("Name (2016) - UpScaled - 720p - AC3 - 5.1 - Grp.mkv", "Name", 2016),
        ("[Group] Name [BDRip 1920x804 FLAC] (2010).mkv", "Name", 2010),
        ("[电影].Name.2006.FRENCH.DVDRip.mkv", "Name", 2006),
        ("Name.2010.CD1of2.DVDRip.mkv", "Name", 2010),
        (
            "Space Wars Episode 4 Un Espoir 1977 FRENCH BDRip.mkv",
            "Space Wars Episode 4 Un Espoir",
            1977,
        ),
    ],
)
def test_a_film_is_no_episode_for_its_numbers(path: str, title: str, year: int) -> None:
    name = parse(path)

    assert (name.kind, name.title, name.year) == (Kind.MOVIE, title, year)


@pytest.mark.parametrize("folder", ["1080p", "BluRay", "4K HDR", "WEB-DL 1080p", "CD1"])
def test_a_folder_that_only_says_the_quality_is_no_title(folder: str) -> None:
    name = parse(f"Alien (1979)/{folder}/Alien.mkv")

    assert (name.title, name.year) == ("Alien", 1979)


@pytest.mark.parametrize("name", ["Name.S02D03.DVD9", "Name.S02.D3.NTSC.DVDR"])
def test_a_disc_of_a_season_is_one_of_the_season(name: str) -> None:
    found = parse(name)

    assert (found.kind, found.title, found.season) == (Kind.EPISODE, "Name", 2)


@pytest.mark.parametrize(
    "path",
    [
        "[Group] Film Name 1.11 - You Are Here (1080p).mkv",
        "[Group] Film Name 3 - The Guardians [1080p].mkv",
        "[Group] 5 Film Names (1080p).mkv",
        "Film Name 237--A Subtitle.mkv",
        "[Group] Film Name Movie 9 VOSTFR.mkv",
        "[Group] Film Name No.6 (DVD).mkv",
    ],
)
def test_a_number_in_a_films_title_is_no_episode(path: str) -> None:
    assert parse(path).kind is Kind.MOVIE


def test_a_season_set_apart_is_in_an_animes_title() -> None:
    assert parse("[Group] Name - S2 - 05 [1080p].mkv").title == "Name S2"


@pytest.mark.parametrize(
    "file", ["The.Office.S02E03", "The Office (US) - S02E03", "The.Office.US.S02E03"]
)
def test_a_series_folder_tells_the_country(file: str) -> None:
    assert parse(f"The Office (US)/Season 2/{file}.mkv").title == "The Office (US)"
