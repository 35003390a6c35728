import pytest

from revenge.catalog.handlers import take_in
from revenge.catalog.movies.reading import get_documents, list_movies
from revenge.catalog.testing import film, found
from revenge.contracts import LibraryId, MovieId
from revenge.contracts.movies import GetMovieDocuments, ListMovies
from revenge.kit import Tx

pytestmark = pytest.mark.usefixtures("admin")


async def three_films(tx: Tx, library: LibraryId) -> list[MovieId]:
    await take_in(found(library, film("Heat"), film("Alien"), film("Solaris")), tx)
    listed = await list_movies(ListMovies(library_id=library), tx)
    return sorted(movie.id for movie in listed.items)


async def test_the_documents_of_all_titles_are_pages_in_order_of_their_ids(
    tx: Tx, library: LibraryId
) -> None:
    first, second, third = await three_films(tx, library)

    page = await get_documents(GetMovieDocuments(after=first, limit=1), tx)
    rest = await get_documents(GetMovieDocuments(after=second), tx)

    assert [each.id for each in page.documents] == [second]
    assert [each.id for each in rest.documents] == [third]


async def test_only_the_documents_that_are_asked_for_are_given(tx: Tx, library: LibraryId) -> None:
    first, _, third = await three_films(tx, library)

    asked = await get_documents(GetMovieDocuments(ids=(third, first)), tx)

    assert [each.id for each in asked.documents] == [first, third]
