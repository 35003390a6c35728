"""Titles are described by what their files say, and news is only what differs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from revenge.contracts.library import Art, Nfo, Parsed
from revenge.contracts.metadata import (
    DescribeTitles,
    LocalFacts,
    TitleDescribed,
    TitleKind,
    episode_described,
    movie_described,
    season_described,
    series_described,
)
from revenge.kit import Database, Tx
from revenge.kit.testing import sent
from revenge.metadata import jobs, store
from revenge.metadata.images import ids

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def film(id: UUID | None = None, **known: object) -> LocalFacts:
    facts = {"parsed": Parsed(title="Matrix", year=1999), **known}
    return LocalFacts(kind=TitleKind.MOVIE, id=id or uuid4(), **facts)  # type: ignore[arg-type]


async def news(tx: Tx, *facts: LocalFacts, as_of: datetime = NOW) -> list[TitleDescribed]:
    """What is announced of films by these facts alone."""
    tx.pending.clear()
    paths = [art.path for title in facts for art in title.art]
    await jobs.merge(facts, ids.look("a secret of tests", paths), as_of, tx)
    return await sent(tx, movie_described)


async def test_a_new_title_is_described(tx: Tx) -> None:
    matrix = film()

    (told,) = await news(tx, matrix)

    assert (told.id, told.revision) == (matrix.id, 1)
    assert (told.description.title, told.description.year) == ("Matrix", 1999)


async def test_the_same_facts_again_are_not_news(tx: Tx) -> None:
    matrix = film(nfo=Nfo(title="The Matrix", genres=("Action",), ids={"imdb": "tt0133093"}))
    await news(tx, matrix)

    assert await news(tx, matrix, as_of=NOW + timedelta(hours=1)) == []


async def test_what_changed_raises_the_revision(tx: Tx) -> None:
    matrix = film()
    await news(tx, matrix)

    (told,) = await news(tx, film(matrix.id, nfo=Nfo(plot="A hacker learns")))

    assert (told.revision, told.description.overview) == (2, "A hacker learns")
    assert told.description.title == "Matrix"


async def test_an_nfo_that_is_gone_is_not_believed_any_more(tx: Tx) -> None:
    matrix = film(nfo=Nfo(title="The Matrix"))
    await news(tx, matrix)

    (told,) = await news(tx, film(matrix.id), as_of=NOW + timedelta(seconds=1))

    assert told.description.title == "Matrix"


async def test_older_facts_never_win_over_newer(tx: Tx) -> None:
    matrix = film(nfo=Nfo(title="New"))
    await news(tx, matrix)

    late = await news(tx, film(matrix.id, nfo=Nfo(title="Old")), as_of=NOW - timedelta(days=1))
    later = await news(tx, film(matrix.id), as_of=NOW - timedelta(days=1))

    assert late == later == []


async def test_what_other_sources_said_stays(tx: Tx) -> None:
    matrix = film()
    await news(tx, matrix)
    provider = store.FactOf(matrix.id, "tmdb", 50, store.Fields(overview="From TMDb"))
    await store.put_facts(tx, [provider], NOW)

    (told,) = await news(tx, film(matrix.id), as_of=NOW + timedelta(seconds=1))

    assert told.description.overview == "From TMDb"
    assert told.description.sources["overview"] == "tmdb"


async def test_every_kind_has_its_own_event(tx: Tx) -> None:
    parsed = Parsed(title="Show", season=1, episode_title="Pilot")
    order = [LocalFacts(kind=kind, id=uuid4(), parsed=parsed) for kind in TitleKind]

    await jobs.merge(order, {}, NOW, tx)

    contracts = (movie_described, series_described, season_described, episode_described)
    told = [await sent(tx, contract) for contract in contracts]
    assert [[one.id for one in some] for some in told] == [[title.id] for title in order]


async def test_a_title_of_which_nothing_is_known_is_no_news(tx: Tx) -> None:
    assert await news(tx, film(parsed=None)) == []


async def test_images_beside_a_file_become_paths(tx: Tx, picture: Callable[..., Path]) -> None:
    art = (Art("poster", str(picture("poster.jpg"))), Art("backdrop", str(picture("fanart.png"))))

    (told,) = await news(tx, film(art=art))

    assert re.fullmatch(r"/[0-9a-f]{32}\.jpg", told.description.poster_path or "")
    assert told.description.sources["backdrop_path"] == "art"
    found = await store.find_picture(tx, (told.description.poster_path or "")[1:33])
    assert found is not None
    assert found.path == art[0].path


async def test_another_image_in_its_place_has_another_path(
    tx: Tx, picture: Callable[..., Path]
) -> None:
    matrix = film(art=(Art("poster", str(picture("poster.jpg"))),))
    (first,) = await news(tx, matrix)
    picture("poster.jpg", (200, 300))

    (second,) = await news(tx, matrix)

    assert first.description.poster_path != second.description.poster_path


async def test_without_a_secret_no_path_can_be_guessed(picture: Callable[..., Path]) -> None:
    path = str(picture("poster.jpg"))

    assert ids.look("one secret", [path])[path].id != ids.look("another", [path])[path].id


@pytest.mark.parametrize("name", ["missing.jpg", "empty.jpg", "folder.jpg", "\x00.jpg"])
async def test_what_can_be_no_image_is_left_out(tx: Tx, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "folder.jpg").mkdir()

    (told,) = await news(tx, film(art=(Art("poster", f"{tmp_path}/{name}"),)))

    assert told.description.poster_path is None


async def test_a_job_commits_its_titles(db: Database) -> None:
    order = DescribeTitles(tuple(film() for _ in range(100)))

    await jobs.describe(order, jobs.Describing(db, "a secret of tests"))

    async with db.begin() as tx:
        found = await known(tx, [title.id for title in order.titles])
    assert [title.revision for title in found] == [1] * 100


async def known(tx: Tx, titles: Sequence[UUID]) -> list[store.Title]:
    return await store.lock_titles(tx, dict.fromkeys(titles, TitleKind.MOVIE))
