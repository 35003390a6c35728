"""Lists say how long they are without being read: what is counted stays right."""

from uuid import uuid4

import pytest

from revenge.catalog.handlers import close_library, let_go, take_in
from revenge.catalog.movies.reading import list_movies
from revenge.catalog.testing import changed, episode, film, found
from revenge.catalog.tvshows.reading import list_series
from revenge.contracts import LibraryId
from revenge.contracts.library import FilesGone, LibraryDeleted
from revenge.contracts.movies import ListMovies
from revenge.contracts.tvshows import ListSeries
from revenge.kit import Tx, acting_as
from revenge.kit.testing import a_user

pytestmark = pytest.mark.usefixtures("admin")


async def totals(tx: Tx, *seen: LibraryId) -> tuple[int, int]:
    """Films and shows in the lists of somebody who sees these libraries."""
    with acting_as(a_user(seen)):
        films = await list_movies(ListMovies(limit=1), tx)
        shows = await list_series(ListSeries(limit=1), tx)
    return films.total, shows.total


async def test_a_title_in_two_libraries_is_counted_once_by_who_sees_both(
    tx: Tx, library: LibraryId
) -> None:
    other = LibraryId(uuid4())
    await take_in(found(library, film("Heat"), film("Ronin"), episode("Lost", 1, 1)), tx)
    await take_in(found(other, film("Heat"), film("Alien"), episode("Lost", 1, 2)), tx)

    assert await totals(tx, library, other) == (3, 1)
    assert await totals(tx, library) == (2, 1)
    assert await totals(tx, other) == (2, 1)


async def test_of_one_library_those_in_it_are_counted(tx: Tx, library: LibraryId) -> None:
    await take_in(found(library, film("Heat"), film("Ronin")), tx)
    await take_in(found(LibraryId(uuid4()), film("Heat"), film("Alien")), tx)

    assert (await list_movies(ListMovies(library_id=library), tx)).total == 2


async def test_what_goes_and_comes_back_is_counted_as_it_is(tx: Tx, library: LibraryId) -> None:
    heat, lost = film("Heat"), episode("Lost", 1, 1)
    await take_in(found(library, heat, film("Ronin"), lost), tx)

    await let_go(FilesGone(library, {heat.id: 1, lost.id: 1}), tx)
    without = await totals(tx, library)
    await take_in(found(library, changed(heat), changed(lost)), tx)

    assert without == (1, 0)
    assert await totals(tx, library) == (2, 1)


async def test_what_is_told_twice_is_counted_once(tx: Tx, library: LibraryId) -> None:
    file = film("Heat")

    for _ in range(2):
        await take_in(found(library, file), tx)

    assert await totals(tx, library) == (1, 0)


async def test_a_library_that_is_deleted_takes_what_it_counted_with_it(
    tx: Tx, library: LibraryId
) -> None:
    other = LibraryId(uuid4())
    await take_in(found(library, film("Heat"), film("Ronin")), tx)
    await take_in(found(other, film("Heat")), tx)

    await close_library(LibraryDeleted(library, "Films", (library,)), tx)

    assert await totals(tx, library, other) == (1, 0)
