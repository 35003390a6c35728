# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""Shows as they are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from msgspec import Struct

from revenge.catalog.rules.titles import Wanted
from revenge.contracts import LibraryId, SeriesId
from revenge.contracts.tvshows import Series, SeriesDocument, SeriesOrder
from revenge.kit import Reading

Libraries = Sequence[LibraryId] | None

SERIES: LiteralString = """
    series.id, series.title, series.total_seasons, series.total_episodes,
    series.library_added_at, series.created_at, series.updated_at, series.tmdb_id,
    series.tvdb_id, series.imdb_id, series.sonarr_id, series.original_title,
    series.original_language, series.tagline, series.overview, series.status, series.type,
    series.year, series.first_air_date::text as first_air_date,
    series.last_air_date::text as last_air_date, series.vote_average, series.vote_count,
    series.popularity, series.poster_path, series.backdrop_path, series.trailer_url,
    series.homepage, series.external_ratings, series.metadata_updated_at
"""

RECENT: LiteralString = "order by series.library_added_at desc, series.id desc"
ORDERS: dict[SeriesOrder, LiteralString] = {
    SeriesOrder.CREATED_AT: "order by series.created_at desc, series.id desc",
    SeriesOrder.TITLE: "order by series.sort_title, series.id",
    SeriesOrder.FIRST_AIR_DATE: "order by series.first_air_date desc nulls last, series.id desc",
    SeriesOrder.VOTE_AVERAGE: """
        order by series.vote_average desc nulls last, series.vote_count desc nulls last, series.id
    """,
    SeriesOrder.POPULARITY: "order by series.popularity desc nulls last, series.id",
}

VISIBLE: LiteralString = """
    where catalog.visible(series.library_ids, %(libraries)s::uuid[])
"""
OF_GENRE: LiteralString = """
    and series.genre_slugs @> array[%(genre)s::text]
"""
IN_LIBRARY: LiteralString = """
    and series.library_ids @> array[%(library_id)s::uuid]
"""


class Filter(Struct, frozen=True):
    """Which shows are listed. `genre` is a slug."""

    libraries: Libraries
    genre: str | None = None
    library_id: LibraryId | None = None


class GenresRow(Struct, frozen=True):
    genres: tuple[str, ...]
    genre_slugs: tuple[str, ...]


async def get_series(rows: Reading, id: SeriesId, libraries: Libraries) -> Series | None:
    return await rows.maybe(
        Series,
        "select "
        + SERIES
        + """
        from tvshows.series
        where series.id = %(id)s and catalog.visible(series.library_ids, %(libraries)s::uuid[])
        """,
        id=id,
        libraries=libraries,
    )


async def is_visible(rows: Reading, id: SeriesId, libraries: Libraries) -> bool:
    found = await rows.maybe(
        bool,
        """
        select catalog.visible(library_ids, %(libraries)s::uuid[]) as is_visible
        from tvshows.series
        where id = %(id)s
        """,
        id=id,
        libraries=libraries,
    )
    return found is True


async def list_series(
    rows: Reading, which: Filter, order: LiteralString, limit: int, offset: int
) -> list[Series]:
    return await rows.all(
        Series,
        "select "
        + SERIES
        + " from (select series.id from tvshows.series"
        + _where(which)
        + order
        + """
            limit %(limit)s offset %(offset)s
        ) as page
        join tvshows.series on series.id = page.id
        """
        + order,
        libraries=which.libraries,
        genre=which.genre,
        library_id=which.library_id,
        limit=limit,
        offset=offset,
    )


async def count_series(rows: Reading, which: Filter) -> int:
    return await rows.one(
        int,
        "select count(*) from tvshows.series" + _where(which),
        libraries=which.libraries,
        genre=which.genre,
        library_id=which.library_id,
    )


def _where(which: Filter) -> LiteralString:
    """Only what is asked for, so that the indexes are enough for the rest."""
    genre = OF_GENRE if which.genre is not None else ""
    library = IN_LIBRARY if which.library_id is not None else ""
    return VISIBLE + genre + library


async def find_series(
    rows: Reading, wanted: Wanted, libraries: Libraries, limit: int, offset: int
) -> list[Series]:
    """The best matches first: the whole title, its beginning, a word's beginning, anywhere."""
    return await rows.all(
        Series,
        """
        with found as materialized (
            select id, search_title, least(
                catalog.match_rank(search_title, %(wanted)s::text, %(patterns)s::text[]),
                catalog.match_rank(search_original, %(wanted)s::text, %(patterns)s::text[])
            ) as rank
            from tvshows.series
            where catalog.visible(library_ids, %(libraries)s::uuid[])
            and (
                search_title like all (%(patterns)s::text[])
                or search_original like all (%(patterns)s::text[])
            )
            order by rank, length(search_title), search_title, id
            limit %(limit)s offset %(offset)s
        )
        select """
        + SERIES
        + """
        from found
        join tvshows.series on series.id = found.id
        order by found.rank, length(found.search_title), found.search_title, found.id
        """,
        wanted=wanted.text,
        patterns=wanted.patterns,
        libraries=libraries,
        limit=limit,
        offset=offset,
    )


async def get_genres(rows: Reading, id: SeriesId, libraries: Libraries) -> GenresRow | None:
    return await rows.maybe(
        GenresRow,
        """
        select genres, genre_slugs
        from tvshows.series
        where id = %(id)s and catalog.visible(library_ids, %(libraries)s::uuid[])
        """,
        id=id,
        libraries=libraries,
    )


async def get_documents(
    rows: Reading, ids: Sequence[SeriesId], after: SeriesId | None, limit: int
) -> list[SeriesDocument]:
    """For the index, so without asking who may see them: it filters by library itself."""
    return await rows.all(
        SeriesDocument,
        """
        select
            id, title, library_ids,
            extract(epoch from library_added_at)::bigint as library_added_at,
            extract(epoch from updated_at)::bigint as updated_at,
            total_seasons, total_episodes, tmdb_id, tvdb_id, imdb_id, original_title, year,
            extract(epoch from first_air_date)::bigint as first_air_date,
            overview, status, type, original_language, poster_path, backdrop_path, vote_average,
            vote_count, popularity, genres, genre_slugs, networks,
            array(
                select person ->> 'name'
                from jsonb_array_elements(description -> 'people') as person
                where person ->> 'role' = 'actor'
                order by (person ->> 'order')::int
                limit 20
            ) as "cast"
        from tvshows.series
        where library_ids <> '{}'
        and (%(ids)s::uuid[] = '{}' or id = any(%(ids)s::uuid[]))
        and (%(after)s::uuid is null or id > %(after)s::uuid)
        order by id
        limit %(limit)s
        """,
        ids=list(ids),
        after=after,
        limit=limit,
    )
