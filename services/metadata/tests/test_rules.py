"""Which source is believed for which field."""

from __future__ import annotations

from uuid import uuid4

from revenge.contracts.library import Art, Nfo, Parsed, Person, Rating
from revenge.contracts.metadata import Description, LocalFacts, TitleKind
from revenge.metadata import rules
from revenge.metadata.rules import Fact, Fields


def described(facts: LocalFacts) -> Description:
    return rules.merge(rules.local_facts(facts, Fields()))


def film(**known: object) -> LocalFacts:
    return LocalFacts(kind=TitleKind.MOVIE, id=uuid4(), **known)  # type: ignore[arg-type]


def test_an_nfo_is_believed_before_a_name_field_by_field() -> None:
    facts = film(parsed=Parsed(title="Matrix", year=1999), nfo=Nfo(title="The Matrix"))

    found = described(facts)

    assert (found.title, found.year) == ("The Matrix", 1999)
    assert found.sources == {"title": "nfo", "year": "name"}


def test_what_a_source_does_not_say_it_does_not_hide() -> None:
    facts = film(parsed=Parsed(title="Matrix"), nfo=Nfo(title="", genres=(), ids={}))

    assert described(facts).title == "Matrix"


def test_ids_of_all_sources_are_put_together() -> None:
    facts = film(
        parsed=Parsed(title="x", ids={"tmdb": "603", "imdb": "tt1"}), nfo=Nfo(ids={"imdb": "tt2"})
    )

    found = described(facts)

    assert found.ids == {"imdb": "tt2", "tmdb": "603"}
    assert found.sources["ids"] == "nfo"


def test_the_running_time_is_the_nfos_or_else_the_medias() -> None:
    assert described(film(duration=8160.0)).runtime == 136
    assert described(film(duration=8160.0, nfo=Nfo(runtime=135))).runtime == 135
    assert described(film(duration=8160.0, nfo=Nfo(runtime=0))).runtime == 136


def test_a_trusted_rating_is_the_titles_own() -> None:
    ratings = (Rating("metacritic", 7.3), Rating("IMDb", 8.7, 2_000_000))

    found = described(film(nfo=Nfo(ratings=ratings)))

    assert (found.vote_average, found.vote_count) == (8.7, 2_000_000)
    assert found.ratings == ratings


def test_any_rating_is_better_than_none() -> None:
    assert described(film(nfo=Nfo(ratings=(Rating("my own", 9.0),)))).vote_average == 9.0


def test_what_is_no_date_is_left_out() -> None:
    assert described(film(nfo=Nfo(release_date="31.3.1999"))).release_date is None
    assert described(film(nfo=Nfo(release_date="1999-03-31"))).release_date == "1999-03-31"


def test_an_episode_is_called_as_its_file_says_and_not_as_its_show() -> None:
    parsed = Parsed(title="The Show", episode_title="Pilot", air_date="2020-01-02")
    facts = LocalFacts(kind=TitleKind.EPISODE, id=uuid4(), parsed=parsed)

    found = described(facts)

    assert (found.title, found.release_date, found.ids) == ("Pilot", "2020-01-02", {})


def test_a_season_is_called_by_its_number() -> None:
    assert season(2) == "Season 2"
    assert season(0) == "Specials"


def season(number: int) -> str | None:
    parsed = Parsed(title="The Show", season=number)
    return described(LocalFacts(kind=TitleKind.SEASON, id=uuid4(), parsed=parsed)).title


def test_a_source_of_later_finds_its_place_by_its_rank() -> None:
    provider = Fact("tmdb", 50, Fields(title="From TMDb", overview="A plot", year=1998))
    name = Fact("name", 10, Fields(title="From the name", year=1999))
    nfo = Fact("nfo", 80, Fields(title="From the NFO"))

    found = rules.merge([name, provider, nfo])

    assert (found.title, found.year) == ("From the NFO", 1998)
    assert found.sources == {"title": "nfo", "overview": "tmdb", "year": "tmdb"}


def test_people_keep_their_order() -> None:
    people = (Person("Keanu Reeves", "actor", "Neo", 0), Person("Lana Wachowski", "director"))

    assert described(film(nfo=Nfo(people=people))).people == people


def test_of_images_of_a_type_the_first_is_taken_and_those_of_seasons_are_not_the_shows() -> None:
    art = (
        Art("poster", "/a"),
        Art("poster", "/b"),
        Art("banner", "/c"),
        Art("poster", "/d", season=1),
        Art("logo", "/e"),
    )
    facts = LocalFacts(kind=TitleKind.SERIES, id=uuid4(), art=art)

    assert [(field, found.path) for field, found in rules.pictures(facts)] == [
        ("poster_path", "/a"),
        ("logo_path", "/e"),
    ]


def test_a_season_has_a_poster_and_an_episode_a_still() -> None:
    season = LocalFacts(
        kind=TitleKind.SEASON, id=uuid4(), art=(Art("season_poster", "/s", season=1),)
    )
    episode = LocalFacts(kind=TitleKind.EPISODE, id=uuid4(), art=(Art("thumb", "/t"),))

    assert [field for field, _ in rules.pictures(season)] == ["poster_path"]
    assert [field for field, _ in rules.pictures(episode)] == ["still_path"]
