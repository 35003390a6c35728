"""Filters that a user writes, in Typesense's language: read, checked, and written anew.

    year:>=1980 && (genres:=[Drama, `Science Fiction`] || vote_average:[7..9])

Nothing of the user's text reaches the index as it is: what is written anew has only fields of the
schema, values of their types, and balanced parentheses, so it can be joined with other filters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

from revenge.contracts.search import FilterInvalid
from revenge.search_indexer.schemas import Field, Schema

MOST_CONDITIONS = 50
DEEPEST = 10
MOST_VALUES = 100

_TOKEN = re.compile(
    r"""
    \s*(?:
        (?P<joint>&&|\|\|)
      | (?P<bracket>[()])
      | (?P<field>[a-z_]+)\s*:\s*(?P<comparison>!=|>=|<=|=|>|<)?\s*
        (?:\[(?P<list>(?:`[^`]*`|[^\]`])*)\] | (?P<value>`[^`]*`|(?:(?!&&|\|\|)[^()`\[\]])+))
    )\s*
    """,
    re.VERBOSE,
)
_ITEM = re.compile(r"\s*(`[^`]*`|[^,`]+)\s*(?:,|$)")
_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,9})?")
_NUMBERS = ("int32", "int64", "float")
_ORDERING = (">", ">=", "<", "<=")


class _Token(NamedTuple):
    """A joint or a bracket, as `text`; or else a whole condition, written anew."""

    text: str
    is_condition: bool


def rewrite(text: str, schema: Schema) -> str:
    """The same filter, safe to join with others. Raises `FilterInvalid`."""
    tokens = list(_tokens(text, schema))
    if sum(token.is_condition for token in tokens) > MOST_CONDITIONS:
        raise FilterInvalid(f"a filter may have {MOST_CONDITIONS} conditions")
    _check_order(tokens)
    return " ".join(token.text for token in tokens)


def _tokens(text: str, schema: Schema) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise FilterInvalid(f"this is not understood: {text[at : at + 40].strip()!r}")
        at = found.end()
        if found["field"] is None:
            yield _Token(found["joint"] or found["bracket"], is_condition=False)
        else:
            yield _Token(_condition(found, schema), is_condition=True)


def _check_order(tokens: list[_Token]) -> None:
    """Operands and joints take turns, and every parenthesis has its other half."""
    depth = 0
    operand_is_next = True
    for token in tokens:
        opens_operand = token.is_condition or token.text == "("
        if opens_operand != operand_is_next:
            raise FilterInvalid(f"{token.text!r} is not expected where it is")
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth < 0 or depth > DEEPEST:
            raise FilterInvalid("the parentheses are not balanced, or too many")
        operand_is_next = not token.is_condition and token.text != ")"
    if operand_is_next or depth:
        raise FilterInvalid("the filter ends too early")


def _condition(found: re.Match[str], schema: Schema) -> str:
    field = schema.field(found["field"])
    if field is None or not field.index:
        raise FilterInvalid(f"{found['field']!r} cannot be filtered by")
    comparison = found["comparison"] or ""
    if found["list"] is None:
        return f"{field.name}:{_compare(field, comparison, found['value'])}"
    if comparison in _ORDERING:
        raise FilterInvalid(f"{field.name}: {comparison} takes one value, not a list")
    return f"{field.name}:{_exact(field, comparison)}[{', '.join(_items(field, found['list']))}]"


def _compare(field: Field, comparison: str, text: str) -> str:
    if comparison in _ORDERING:
        if field.type not in _NUMBERS:
            raise FilterInvalid(f"{field.name}: {comparison} is for numbers and dates")
        return f"{comparison}{_value(field, text)}"
    return f"{_exact(field, comparison)}{_value(field, text)}"


def _exact(field: Field, comparison: str) -> str:
    """`:` of a text is any of its words, `:=` all of it. Numbers know only the latter."""
    return "=" if field.type in _NUMBERS and not comparison else comparison


def _items(field: Field, text: str) -> Iterator[str]:
    at = 0
    for _ in range(MOST_VALUES):
        found = _ITEM.match(text, at)
        if found is None:
            raise FilterInvalid(f"{field.name}: this is not a list of values: [{text}]")
        low, dots, high = found[1].partition("..")
        if dots and field.type in _NUMBERS:
            yield f"{_value(field, low)}..{_value(field, high)}"
        else:
            yield _value(field, found[1])
        at = found.end()
        if at == len(text):
            return
    raise FilterInvalid(f"{field.name}: a list may have {MOST_VALUES} values")


def _value(field: Field, text: str) -> str:
    text = text.strip().strip("`").strip()
    if not text:
        raise FilterInvalid(f"{field.name}: a value is missing")
    if field.name == "library_ids":
        return _library(text)
    if field.type == "bool":
        return _truth(field, text)
    if field.type in _NUMBERS:
        return _number(field, text)
    return f"`{text}`"


def _truth(field: Field, text: str) -> str:
    if text not in ("true", "false"):
        raise FilterInvalid(f"{field.name} is true or false")
    return text


def _number(field: Field, text: str) -> str:
    if _NUMBER.fullmatch(text) and (field.type == "float" or "." not in text):
        return text
    if field.type == "int64":
        return str(_seconds(field, text))
    raise FilterInvalid(f"{field.name}: {text!r} is not a number that fits")


def _seconds(field: Field, text: str) -> int:
    """Dates are kept as Unix seconds; people write 1999-03-31."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise FilterInvalid(f"{field.name}: {text!r} is neither a date nor Unix seconds") from error
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _library(text: str) -> str:
    try:
        return f"`{UUID(text).hex}`"
    except ValueError as error:
        raise FilterInvalid(f"library_ids: {text!r} is not the id of a library") from error
