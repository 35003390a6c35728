"""NFO files as they are found in the wild."""

import contextlib
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenge.contracts.library import FileInfo, FileTrack, Person, Rating
from revenge.library_scanner.nfo import NfoUnreadable, parse_nfo, read_nfo

MOVIE = """<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>
<movie>
  <title>The Matrix</title><originaltitle>The Matrix</originaltitle>
  <ratings>
    <rating name="imdb" max="10" default="true"><value>8.7</value><votes>1,900,000</votes></rating>
    <rating name="metacritic" max="100"><value>73</value></rating>
  </ratings>
  <plot>A hacker learns.</plot><tagline>Free your mind</tagline><runtime>136</runtime>
  <mpaa>Rated R</mpaa><id>tt0133093</id>
  <uniqueid type="imdb" default="true">tt0133093</uniqueid>
  <uniqueid type="tmdb">603</uniqueid>
  <genre>Action</genre><genre>Science Fiction / Drama</genre><country>US</country>
  <set><name>The Matrix Collection</name><overview>Four films</overview></set>
  <tag>cyberpunk</tag><credits>Lana Wachowski</credits><director>Lana Wachowski</director>
  <premiered>1999-03-31</premiered><studio>Warner Bros.</studio>
  <fileinfo><streamdetails><video><codec>h264</codec></video></streamdetails></fileinfo>
  <actor><name>Keanu Reeves</name><role>Neo</role><order>0</order></actor>
  <actor><name>Laurence Fishburne</name><role>Morpheus</role><order>1</order></actor>
</movie>
"""
EPISODE = """<episodedetails><title>{title}</title><season>2</season><episode>{number}</episode>
<aired>2010-01-0{number}</aired><uniqueid type="tvdb">12345{number}</uniqueid></episodedetails>"""


def test_a_film_is_read_whole() -> None:
    (film,) = parse_nfo(MOVIE.encode())

    assert (film.title, film.year, film.release_date) == ("The Matrix", 1999, "1999-03-31")
    assert (film.runtime, film.certification, film.tagline) == (136, "Rated R", "Free your mind")
    assert film.collection == "The Matrix Collection"
    assert film.ids == {"imdb": "tt0133093", "tmdb": "603"}
    assert film.genres == ("Action", "Science Fiction", "Drama")
    assert film.ratings == (
        Rating(source="imdb", value=8.7, votes=1_900_000),
        Rating(source="metacritic", value=7.3),
    )
    assert film.people == (
        Person("Keanu Reeves", "actor", "Neo", 0),
        Person("Laurence Fishburne", "actor", "Morpheus", 1),
        Person("Lana Wachowski", "director"),
        Person("Lana Wachowski", "writer"),
    )
    assert (film.season, film.episode) == (None, None)


def test_what_is_said_of_the_file_is_read() -> None:
    (film,) = parse_nfo(
        b"<movie><title>The Matrix</title><sorttitle>Matrix 1</sorttitle><fileinfo><streamdetails>"
        b"<video><codec>hevc</codec><width>3840</width><height>1600</height>"
        b"<durationinseconds>8178</durationinseconds></video>"
        b"<audio><codec>truehd</codec><language>eng</language><channels>8</channels></audio>"
        b"<subtitle><language>ger</language></subtitle></streamdetails></fileinfo></movie>"
    )

    assert film.file_info == FileInfo(
        duration=8178,
        tracks=(
            FileTrack("video", "hevc", width=3840, height=1600),
            FileTrack("audio", "truehd", "eng", channels=8),
            FileTrack("subtitle", language="ger"),
        ),
    )
    assert (film.runtime, film.sort_title) == (136, "Matrix 1")


@pytest.mark.parametrize(
    "details",
    ["", "<video/>", "<video><width>x</width><durationinseconds>-1</durationinseconds></video>"],
)
def test_a_file_of_which_nothing_is_said_is_no_error(details: str) -> None:
    raw = f"<movie><fileinfo><streamdetails>{details}</streamdetails></fileinfo><year>2000</year>"

    (film,) = parse_nfo(raw.encode())

    assert (film.year, film.runtime) == (2000, None)


def test_a_series_knows_its_ids_by_every_name() -> None:
    (series,) = parse_nfo(
        b"<tvshow><title>Breaking Bad</title><id>81189</id><imdbid>tt0903747</imdbid>"
        b"<tmdbid>1396</tmdbid><status>Ended</status><season>-1</season></tvshow>"
    )

    assert series.ids == {"tvdb": "81189", "imdb": "tt0903747", "tmdb": "1396"}
    assert (series.status, series.season) == ("Ended", None)


def test_a_season_has_a_number() -> None:
    (season,) = parse_nfo(b"<season><title>Two</title><seasonnumber>2</seasonnumber></season>")

    assert (season.title, season.season) == ("Two", 2)


def test_episodes_may_follow_each_other() -> None:
    raw = '<?xml version="1.0"?>\n' + EPISODE.format(title="One", number=1)
    raw += '\n<?xml version="1.0"?>\n' + EPISODE.format(title="Two", number=2)

    one, two = parse_nfo(raw.encode())

    assert (one.title, one.season, one.episode) == ("One", 2, 1)
    assert (two.title, two.season, two.episode) == ("Two", 2, 2)
    assert two.ids == {"tvdb": "123452"}


def test_episodes_may_stand_in_one_root() -> None:
    raw = EPISODE.format(title="One", number=1) + EPISODE.format(title="Two", number=2)

    found = parse_nfo(f"<kodimultiepisode>{raw}</kodimultiepisode>".encode())

    assert [nfo.episode for nfo in found] == [1, 2]


def test_a_link_after_the_xml_adds_its_id() -> None:
    link = "https://www.themoviedb.org/movie/603-the-matrix?language=en&x=1"

    (film,) = parse_nfo(f"<movie><title>The Matrix</title></movie>\n{link}\n".encode())

    assert (film.title, film.ids) == ("The Matrix", {"tmdb": "603"})


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("https://www.imdb.com/title/tt0133093/", {"imdb": "tt0133093"}),
        ("http://www.thetvdb.com/?tab=series&id=81189&lid=7", {"tvdb": "81189"}),
        ("https://thetvdb.com/dereferrer/series/81189", {"tvdb": "81189"}),
        ("https://www.themoviedb.org/tv/1396", {"tmdb": "1396"}),
        ("░▒▓ GROUP ▓▒░\n<<< imdb.....: www.imdb.com/title/tt0133093 >>>", {"imdb": "tt0133093"}),
    ],
)
def test_a_link_alone_is_enough(text: str, ids: dict[str, str]) -> None:
    (found,) = parse_nfo(text.encode())

    assert found.ids == ids


@pytest.mark.parametrize(
    "raw",
    [
        "<movie><title>Amélie</title></movie>".encode("utf-8-sig"),
        "<movie><title>Amélie</title></movie>".encode("utf-16"),
        '<?xml version="1.0" encoding="ISO-8859-1"?><movie><title>Amélie</title></movie>'.encode(
            "latin-1"
        ),
        "<movie><title>Amélie</title></movie>".encode("cp1252"),
        '<?xml version="1.0" encoding="UTF-8"?><movie><title>Amélie</title></movie>'.encode(
            "latin-1"
        ),
        "<movie><title>Amélie</title></movie>".encode("utf-16-le"),
        "<movie><title>Amélie</title></movie>".encode("utf-16-be"),
        '<?xml version="1.0" encoding="utf-16"?><movie><title>Amélie</title></movie>'.encode(),
        '<?xml version="1.0" encoding="nonsense"?><movie><title>Amélie</title></movie>'.encode(),
    ],
)
def test_every_usual_encoding_is_read(raw: bytes) -> None:
    (film,) = parse_nfo(raw)

    assert film.title == "Amélie"


def test_what_is_not_quite_xml_is_read_as_far_as_it_goes() -> None:
    (film,) = parse_nfo(b"<movie><title>Tom & Jerry</title><year>1992</year><plot>Cut off")

    assert (film.year, film.plot) == (1992, "Cut off")


def test_the_ratings_of_older_files_are_read() -> None:
    (film,) = parse_nfo(b"<movie><rating>7,5</rating><votes>1.234</votes></movie>")

    assert film.ratings == (Rating(source="default", value=7.5, votes=1234),)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Up &#55356;&#57224;", "Up \U0001f388"),
        ("Up &#xD83C;&#xdf88;", "Up \U0001f388"),
        ("Up &#xD83C;", "Up \ufffd"),
        ("Up &#0;&#1;&#x110000;&#99999999;&#233;&#60;", "Up \u00e9<"),
        ("Tom & Jerry", "Tom & Jerry"),
        ("Tom &amp; Jerry&AMP;&co", "Tom & Jerry&&co"),
        ("Am&eacute;lie&nbsp;&LT;3", "Am\u00e9lie\u00a0<3"),
        ("<![CDATA[Tom & J&amp;rry]]> & Spike", "Tom & J&amp;rry & Spike"),
    ],
)
def test_characters_may_be_written_in_many_ways(written: str, meant: str) -> None:
    (film,) = parse_nfo(f"<movie><title>{written}</title></movie>".encode())

    assert film.title == meant


@pytest.mark.parametrize(
    "again", ["<!DOCTYPE ", "<!DOCTYPE a [", "<?xml ", "]", "&#", "&#0", "<![CDATA[", "<movie "]
)
def test_nothing_that_is_repeated_takes_long(again: str) -> None:
    began = time.process_time()

    with contextlib.suppress(NfoUnreadable):
        parse_nfo(b"<!DOCTYPE a [" + again.encode() * (1_000_000 // len(again)))
    with contextlib.suppress(NfoUnreadable):
        parse_nfo(b"<movie><title>Heat" + again.encode() * (1_000_000 // len(again)))

    assert time.process_time() - began < 10  # not hours


def test_a_bomb_does_not_go_off() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]><movie><title>a&l9;</title></movie>'
    began = time.process_time()

    (film,) = parse_nfo(bomb.encode())

    assert film.title == "a"
    assert time.process_time() - began < 0.5


def test_no_other_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    doctype = f'<!DOCTYPE movie [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'

    (film,) = parse_nfo(f"{doctype}<movie><title>a&x;b</title><year>2000</year></movie>".encode())

    assert "secret" not in str(film)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "names none"),
        (b"just words", "names none"),
        (b"<artist><name>X</name></artist>", "names none"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        (b"<movie>" + b"x" * 2_000_000, "larger than 1 MiB"),
    ],
)
def test_what_says_nothing_is_refused_with_its_reason(
    tmp_path: Path, raw: bytes, reason: str
) -> None:
    path = tmp_path / "movie.nfo"
    path.write_bytes(raw)

    with pytest.raises(NfoUnreadable, match=reason):
        read_nfo(str(path))


def test_a_file_of_100_megabytes_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "movie.nfo").open("wb") as file:
        file.write(b"<movie><title>x</title>")
        file.truncate(100 * 1024 * 1024)
    began = time.process_time()

    with pytest.raises(NfoUnreadable, match="larger"):
        read_nfo(str(tmp_path / "movie.nfo"))

    assert time.process_time() - began < 0.1


@pytest.mark.parametrize(
    "charset", ["utf-16", "utf-16-le", "utf-32", "cp1251", "shift_jis", "rot13", "idna"]
)
def test_a_wrong_charset_loses_no_more_than_letters(charset: str) -> None:
    raw = f'<?xml version="1.0" encoding="{charset}"?><movie><title>Heat</title></movie>'.encode()

    (film,) = parse_nfo(raw)

    assert film.title == "Heat"


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.nfo")

    for name in ("pipe.nfo", "gone.nfo", "."):
        with pytest.raises(NfoUnreadable):
            read_nfo(str(tmp_path / name))


def test_a_tower_of_elements_does_not_fall() -> None:
    tower = b"<movie>" * 20_000 + b"<title>x</title>"

    assert len(parse_nfo(tower)) == 1


@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(alphabet="<>/movietlysadn&;! \n\"'=[]-", max_size=200).map(
            lambda text: f"<movie>{text}".encode()
        ),
    )
)
def test_nothing_but_the_one_error_is_raised(raw: bytes) -> None:
    try:
        found = parse_nfo(raw)
    except NfoUnreadable:
        return
    assert found
