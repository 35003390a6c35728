"""Contracts are values that cannot be declared wrongly."""

import pytest

from revenge.contracts import Domain, Fault, Invalid, Level, Message, NotFound


class Ask(Message, frozen=True):
    name: str


class FilmNotFound(NotFound):
    """No film has this id."""


def test_a_subject_cannot_be_declared_twice() -> None:
    domain = Domain("films")
    domain.rpc("get_film", Ask, Ask)

    with pytest.raises(ValueError, match=r"rpc\.films\.get_film is declared twice"):
        domain.rpc("get_film", Ask, Ask)


def test_a_job_says_its_level_in_its_subject() -> None:
    job = Domain("films").job("fetch_poster", Ask, level=Level.BULK)

    assert job.subject == "job.bulk.films.fetch_poster"


def test_an_event_is_known_outside_by_a_name_of_its_own() -> None:
    domain = Domain("films")

    assert domain.event("film_added", Ask, type="film.added").type == "film.added"
    assert domain.event("film_seen", Ask).type == "films.film_seen"


def test_a_fault_has_a_stable_code_and_says_what_is_wrong() -> None:
    assert FilmNotFound.code == "film_not_found"
    assert FilmNotFound.status == 404
    assert str(FilmNotFound()) == "No film has this id."
    assert str(Invalid("the year is in the future")) == "the year is in the future"


def test_every_fault_is_a_fault() -> None:
    assert issubclass(FilmNotFound, Fault)


def test_contracts_are_listed_by_subject_whoever_declares_first() -> None:
    domain = Domain("films")
    last = domain.event("film_seen", Ask)
    first = domain.event("film_added", Ask)

    assert list(domain) == [first, last]
