"""Rows become structs at the edge, checked column by column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import msgspec
from psycopg import AsyncCursor
from psycopg.rows import no_result

T = TypeVar("T")


def converter(row: type[T], columns: Sequence[str]) -> Callable[[Sequence[Any]], T]:
    """What makes a checked `row` of the values; a single column may be of a plain type."""
    if not issubclass(row, msgspec.Struct):
        return lambda values: msgspec.convert(values[0], row)
    return lambda values: msgspec.convert(dict(zip(columns, values, strict=True)), row)


def columns_of(cursor: AsyncCursor[Any]) -> list[str]:
    return [column.name for column in cursor.description or ()]


def struct_row(
    row: type[T],
) -> Callable[[AsyncCursor[Any]], Callable[[Sequence[Any]], T]]:
    """The same as a row factory of psycopg."""

    def factory(cursor: AsyncCursor[Any]) -> Callable[[Sequence[Any]], T]:
        return converter(row, columns_of(cursor)) if cursor.description else no_result

    return factory


def convert_all(row: type[T], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[T]:
    return [*map(converter(row, columns), rows)]
