"""The collections: their fields, what is searched in them, and what is shown of them."""

from __future__ import annotations

import hashlib

import msgspec
from msgspec import UNSET, Struct, UnsetType

from revenge.contracts.search import Collection

SEPARATORS = ("-", "_")
SYMBOLS = ("&",)


class Field(Struct, frozen=True, omit_defaults=True):
    """A field as Typesense wants it declared; numbers can be sorted by without saying so."""

    name: str
    type: str
    facet: bool = False
    optional: bool = False
    index: bool = True
    infix: bool = False
    sort: bool | UnsetType = UNSET


class Definition(Struct, frozen=True):
    """What a new collection is made from."""

    name: str
    fields: tuple[Field, ...]
    token_separators: tuple[str, ...] = SEPARATORS
    symbols_to_index: tuple[str, ...] = SYMBOLS


class Schema(Struct, frozen=True):
    """One kind of document.

    `query_by` is in the order of weight. `shown` are the fields of a hit, of which `dates` are
    Unix seconds in the index and written as dates for people. `freshest` breaks ties.
    """

    collection: Collection
    fields: tuple[Field, ...]
    query_by: tuple[str, ...]
    complete_by: tuple[str, ...]
    facets: tuple[str, ...]
    shown: tuple[str, ...]
    tie_break: str
    dates: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """Changes with whatever a collection is made from."""
        made_from = msgspec.json.encode(Definition("", self.fields))
        return hashlib.blake2b(made_from, digest_size=4).hexdigest()

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)


def _text(name: str, *, infix: bool = False, facet: bool = False) -> Field:
    return Field(name, "string", optional=True, infix=infix, facet=facet)


def _title(name: str = "title") -> Field:
    return Field(name, "string", infix=True, sort=True)


def _texts(name: str, *, facet: bool = False) -> Field:
    return Field(name, "string[]", optional=True, facet=facet)


def _number(name: str, type: str = "int32", *, facet: bool = False) -> Field:
    return Field(name, type, optional=True, facet=facet)


def _stored(name: str, type: str = "string") -> Field:
    """Kept and shown, but not searched."""
    return Field(name, type, optional=True, index=False)


_LIBRARIES = Field("library_ids", "string[]", facet=True)
_HAS_FILE = Field("has_file", "bool", facet=True)
_TITLE_NUMBERS = (
    _number("vote_average", "float"),
    _number("vote_count"),
    _number("popularity", "float"),
)
_TITLE_TEXTS = (
    _title(),
    _text("original_title", infix=True),
    _number("year", facet=True),
    _text("overview"),
    _text("status", facet=True),
    _text("original_language", facet=True),
    _stored("poster_path"),
    _stored("backdrop_path"),
    _texts("genres", facet=True),
    _texts("genre_slugs", facet=True),
    _texts("cast"),
    _HAS_FILE,
    _number("library_added_at", "int64"),
    _stored("updated_at", "int64"),
    _LIBRARIES,
)

MOVIES = Schema(
    collection=Collection.MOVIES,
    fields=(
        _number("tmdb_id"),
        _text("imdb_id"),
        *_TITLE_TEXTS,
        *_TITLE_NUMBERS,
        _number("release_date", "int64"),
        _number("runtime"),
        _stored("tagline"),
        _texts("directors", facet=True),
        _text("resolution", facet=True),
        _text("quality_profile", facet=True),
    ),
    query_by=("title", "original_title", "overview", "cast", "directors"),
    complete_by=("title", "original_title"),
    facets=("genres", "year", "status", "directors", "resolution", "has_file"),
    shown=(
        *("id", "tmdb_id", "imdb_id", "title", "original_title", "year", "release_date"),
        *("runtime", "overview", "tagline", "status", "poster_path", "backdrop_path"),
        *("vote_average", "popularity", "genres", "cast", "directors", "has_file"),
        *("resolution", "quality_profile"),
    ),
    tie_break="popularity",
    dates=("release_date",),
)

TVSHOWS = Schema(
    collection=Collection.TVSHOWS,
    fields=(
        _number("tmdb_id"),
        _number("tvdb_id"),
        _text("imdb_id"),
        *_TITLE_TEXTS,
        *_TITLE_NUMBERS,
        _number("first_air_date", "int64"),
        _text("type", facet=True),
        _texts("networks", facet=True),
        _number("total_seasons"),
        _number("total_episodes"),
    ),
    query_by=("title", "original_title", "overview", "cast", "networks"),
    complete_by=("title", "original_title"),
    facets=("genres", "year", "status", "type", "networks", "has_file"),
    shown=(
        *("id", "tmdb_id", "tvdb_id", "imdb_id", "title", "original_title", "year"),
        *("first_air_date", "overview", "status", "type", "poster_path", "backdrop_path"),
        *("vote_average", "popularity", "genres", "cast", "networks", "total_seasons"),
        *("total_episodes", "has_file"),
    ),
    tie_break="popularity",
    dates=("first_air_date",),
)

EPISODES = Schema(
    collection=Collection.EPISODES,
    fields=(
        Field("series_id", "string"),
        Field("season_id", "string"),
        _number("tmdb_id"),
        _number("tvdb_id"),
        _text("imdb_id"),
        _number("season_number", facet=True),
        _number("episode_number"),
        _title(),
        _text("overview"),
        _number("air_date", "int64"),
        _number("runtime"),
        _number("vote_average", "float"),
        _number("vote_count"),
        _stored("still_path"),
        _HAS_FILE,
        _title("series_title"),
        _stored("series_poster_path"),
        _stored("updated_at", "int64"),
        _LIBRARIES,
    ),
    query_by=("title", "overview", "series_title"),
    complete_by=("title", "series_title"),
    facets=("season_number", "has_file"),
    shown=(
        *("id", "series_id", "season_number", "episode_number", "title", "overview"),
        *("air_date", "runtime", "vote_average", "still_path", "has_file", "series_title"),
        "series_poster_path",
    ),
    tie_break="air_date",  # which the original's episodes show as a number: it is no date here
)

SCHEMAS = {schema.collection: schema for schema in (MOVIES, TVSHOWS, EPISODES)}
