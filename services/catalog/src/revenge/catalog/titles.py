# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""Titles of one kind as they are read, each by those who may see one of its libraries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, LiteralString, TypeVar
from uuid import UUID

from msgspec import Struct

from revenge.catalog.rules.titles import Wanted
from revenge.contracts import LibraryId, Message
from revenge.contracts.library import Person
from revenge.kit import Reading

T = TypeVar("T", bound=Message)

Libraries = Sequence[LibraryId] | None

VISIBLE: LiteralString = """
    where catalog.visible(library_ids, %(libraries)s::uuid[])
"""
OF_GENRE: LiteralString = """
    and genre_slugs @> array[%(genre)s::text]
"""
IN_LIBRARY: LiteralString = """
    and library_ids @> array[%(library_id)s::uuid]
"""
WITH_VOTES: LiteralString = """
    and vote_count >= %(min_votes)s::int
"""


class Filter(Struct, frozen=True):
    """Which titles are listed. `genre` is a slug."""

    libraries: Libraries
    genre: str | None = None
    library_id: LibraryId | None = None
    min_votes: int = 0

    @property
    def where(self) -> LiteralString:
        """Only what is asked for, so that the indexes are enough for the rest."""
        genre = OF_GENRE if self.genre is not None else ""
        library = IN_LIBRARY if self.library_id is not None else ""
        votes = WITH_VOTES if self.min_votes else ""
        return VISIBLE + genre + library + votes

    @property
    def asks_for_libraries_alone(self) -> bool:
        return self.genre is None and not self.min_votes


class GenresRow(Struct, frozen=True):
    genres: tuple[str, ...]
    genre_slugs: tuple[str, ...]


class PeopleRow(Struct, frozen=True):
    people: tuple[Person, ...]


@dataclass(frozen=True)
class Titles(Generic[T]):
    """Their table, and the columns that make one of them."""

    title: type[T]
    table: LiteralString
    columns: LiteralString
    counts: LiteralString = ""  # how many are in the same libraries, if that is kept

    async def get(self, rows: Reading, id: UUID, libraries: Libraries) -> T | None:
        return await rows.maybe(
            self.title,
            f"select {self.columns} from {self.table} {VISIBLE} and id = %(id)s",
            id=id,
            libraries=libraries,
        )

    async def is_visible(self, rows: Reading, id: UUID, libraries: Libraries) -> bool:
        found = await rows.maybe(
            UUID,
            f"select id from {self.table} {VISIBLE} and id = %(id)s",
            id=id,
            libraries=libraries,
        )
        return found is not None

    async def get_genres(self, rows: Reading, id: UUID, libraries: Libraries) -> GenresRow | None:
        return await rows.maybe(
            GenresRow,
            f"select genres, genre_slugs from {self.table} {VISIBLE} and id = %(id)s",
            id=id,
            libraries=libraries,
        )

    async def get_people(self, rows: Reading, id: UUID, libraries: Libraries) -> PeopleRow | None:
        return await rows.maybe(
            PeopleRow,
            f"select description -> 'people' as people from {self.table} {VISIBLE} and id = %(id)s",
            id=id,
            libraries=libraries,
        )

    async def page(
        self, rows: Reading, which: Filter, order: LiteralString, limit: int, offset: int
    ) -> list[T]:
        """One page. The whole rows are only read of those on it."""
        return await rows.all(
            self.title,
            f"""
            select {self.columns}
            from (
                select id
                from {self.table} {which.where} {order}
                limit %(limit)s offset %(offset)s
            ) as page
            join {self.table} using (id)
            {order}
            """,
            libraries=which.libraries,
            genre=which.genre,
            library_id=which.library_id,
            min_votes=which.min_votes,
            limit=limit,
            offset=offset,
        )

    async def count(self, rows: Reading, which: Filter) -> int:
        counted: LiteralString = f"select count(*) from {self.table}"
        if self.counts and which.asks_for_libraries_alone:  # 30 ms to count 100,000 one by one
            counted = f"select coalesce(sum(titles), 0)::bigint from {self.counts}"
        return await rows.one(
            int,
            f"{counted} {which.where}",
            libraries=which.libraries,
            genre=which.genre,
            library_id=which.library_id,
            min_votes=which.min_votes,
        )

    async def find(
        self, rows: Reading, wanted: Wanted, libraries: Libraries, limit: int, offset: int
    ) -> list[T]:
        """The best matches first: the whole title, its beginning, a word's beginning, anywhere."""
        return await rows.all(
            self.title,
            f"""
            with found as materialized (
                select id, search_title, least(
                    catalog.match_rank(search_title, %(wanted)s::text, %(patterns)s::text[]),
                    catalog.match_rank(search_original, %(wanted)s::text, %(patterns)s::text[])
                ) as rank
                from {self.table} {VISIBLE} and (
                    search_title like all (%(patterns)s::text[])
                    or search_original like all (%(patterns)s::text[])
                )
                order by rank, length(search_title), search_title, id
                limit %(limit)s offset %(offset)s
            )
            select {self.columns}
            from found
            join {self.table} using (id)
            order by found.rank, length(found.search_title), found.search_title, found.id
            """,
            wanted=wanted.text,
            patterns=wanted.patterns,
            libraries=libraries,
            limit=limit,
            offset=offset,
        )
