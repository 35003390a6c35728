"""What is asked of the index for whom, and what its answers mean."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec

from revenge.contracts import Caller, search
from revenge.search_indexer import filters
from revenge.search_indexer.engine import Facet, FoundHit, Highlight, Result, Search
from revenge.search_indexer.schemas import Schema

MOST_FACET_VALUES = 100  # of each facet, when facets are what is asked for
BESIDE_HITS = 20  # of each facet, beside hits
LONGEST = 2000  # milliseconds that the index may look for more hits
MARK, UNMARK = "\ue000", "\ue001"  # in snippets, until the rest of them is safe to show


def visible(who: Caller) -> str | None:
    """The filter that leaves what a caller may see. Empty: all. None: there is nothing."""
    if who.libraries is None:
        return ""
    if not who.libraries:
        return None
    return f"library_ids:=[{','.join(sorted(library.hex for library in who.libraries))}]"


def both(written: str | None, ours: str, schema: Schema) -> str:
    """A user's filter and ours. Raises `FilterInvalid`."""
    if not written or not written.strip():
        return ours
    theirs = filters.rewrite(written, schema)
    return f"({theirs}) && {ours}" if ours else theirs


def hits(
    schema: Schema, alias: str, q: str, filter_by: str, *, page: int = 1, per_page: int = 20
) -> Search:
    """The best matches first."""
    return Search(
        collection=alias,
        q=q,
        query_by=",".join(schema.query_by),
        page=page,
        per_page=per_page,
        filter_by=filter_by,
        sort_by=f"_text_match:desc,{_order(schema.tie_break, 'desc')}",
        include_fields=",".join(schema.shown),
        infix=",".join(_infix(schema, name) for name in schema.query_by),
        highlight_start_tag=MARK,
        highlight_end_tag=UNMARK,
        search_cutoff_ms=LONGEST,
    )


def sorted_by(asked: Search, sort_by: str | None) -> Search:
    if sort_by is None:
        return asked
    return msgspec.structs.replace(asked, sort_by=_order(*sort_by.split(":")))


def with_facets(asked: Search, schema: Schema) -> Search:
    return msgspec.structs.replace(
        asked, facet_by=",".join(schema.facets), max_facet_values=BESIDE_HITS
    )


def only_facets(schema: Schema, alias: str, filter_by: str) -> Search:
    return Search(
        collection=alias,
        q="*",
        query_by=schema.query_by[0],
        per_page=0,
        filter_by=filter_by,
        facet_by=",".join(schema.facets),
        max_facet_values=MOST_FACET_VALUES,
    )


def completions(schema: Schema, alias: str, q: str, filter_by: str, limit: int) -> Search:
    """Titles that begin so. Twice as many as are wanted: some are called the same."""
    return Search(
        collection=alias,
        q=q,
        query_by=",".join(schema.complete_by),
        per_page=limit * 2,
        filter_by=filter_by,
        sort_by=f"_text_match:desc,{_order(schema.tie_break, 'desc')}",
        include_fields="title",
        highlight_fields="none",
        drop_tokens_threshold=0,
        search_cutoff_ms=LONGEST,
    )


def results(found: Result, schema: Schema, page: int, per_page: int) -> search.SearchResults:
    return search.SearchResults(
        hits=tuple(_hit(hit, schema) for hit in found.hits),
        total_hits=found.found,
        total_pages=math.ceil(found.found / per_page),
        current_page=page,
        search_time_ms=found.search_time_ms,
        facets={facet.field_name: _values(facet) for facet in found.facet_counts},
    )


def nothing(page: int = 1) -> search.SearchResults:
    """For those who may see nothing."""
    return search.SearchResults(
        (), total_hits=0, total_pages=0, current_page=page, search_time_ms=0
    )


def found(result: Result, schema: Schema) -> search.Found:
    return search.Found(tuple(_hit(hit, schema) for hit in result.hits), result.found)


def facet(result: Result, field: str) -> tuple[search.FacetValue, ...]:
    return next((_values(facet) for facet in result.facet_counts if facet.field_name == field), ())


def suggestions(result: Result, limit: int) -> search.Suggestions:
    titles = (msgspec.json.decode(hit.document, type=_Titled).title for hit in result.hits)
    return search.Suggestions(tuple(dict.fromkeys(titles))[:limit])


class _Titled(msgspec.Struct, frozen=True):
    title: str


def _order(field: str, direction: str) -> str:
    if field == "title":
        return f"title:{direction}"
    return f"{field}(missing_values: last):{direction}"


def _infix(schema: Schema, name: str) -> str:
    """Inside of words only where nothing begins with what is asked for."""
    field = schema.field(name)
    return "fallback" if field is not None and field.infix else "off"


def _hit(hit: FoundHit, schema: Schema) -> search.Hit:
    document: dict[str, Any] = msgspec.json.decode(hit.document)
    for name in schema.dates:
        if name in document:
            document[name] = datetime.fromtimestamp(document[name], UTC).date().isoformat()
    return search.Hit(document, float(hit.text_match), _highlights(hit.highlights))


def _highlights(found: Iterable[Highlight]) -> dict[str, tuple[str, ...]]:
    return {
        highlight.field: tuple(
            _marked_up(snippet) for snippet in (highlight.snippets or (highlight.snippet or "",))
        )
        for highlight in found
    }


def _marked_up(snippet: str) -> str:
    """HTML in which nothing but <mark> is markup: titles and plots come from anywhere."""
    escaped = html.escape(snippet, quote=False)
    return escaped.replace(MARK, "<mark>").replace(UNMARK, "</mark>")


def _values(facet: Facet) -> tuple[search.FacetValue, ...]:
    return tuple(search.FacetValue(count.value, count.count) for count in facet.counts)
