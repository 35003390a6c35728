"""The year of a film or a series, told from numbers in titles."""

import re
from typing import NamedTuple

from revenge.library_scanner.names.text import plain

_YEAR = re.compile(r"(?<![a-z0-9])((?:18[89]|19\d|20[0-3])\d)(?![a-z0-9])", re.IGNORECASE)
_LEADING = re.compile(
    r"[(\[]((?:18[89]|19\d|20[0-3])\d)[)\]][ -]*(?=\w)|((?:18[89]|19\d|20[0-3])\d) - (?=\w)"
)
_LEADING_A_SCENES = re.compile(r"()((?:19|20)\d\d)\.(?=[a-z]+\.)")  # `2009.some.film.dvdrip`

#: Four digits in it may be a year, and are no number of an episode.
POSSIBLE = range(1900, 2040)


class Year(NamedTuple):
    """`start` is where the title ends: before the bracket, if the year is in one."""

    number: int
    start: int
    end: int
    bracketed: bool


def find(text: str, tags_start: int) -> Year | None:
    """One in brackets, or the last before the words of the release, or the first after them.

    A year that begins the text is a title, unless a bracket holds it.
    """
    every = [_year(text, found) for found in _YEAR.finditer(text)]
    usable = [year for year in every if year.start > 0]
    bracketed = [year for year in usable if year.bracketed]
    if bracketed:
        return bracketed[0]
    before = [year for year in usable if year.start <= tags_start]
    return before[-1] if before else (usable[0] if usable else None)


def leading(raw: str) -> Year | None:
    """`(1979) Alien`; `1979 - Alien 3`, unless another year tells the first from a title."""
    text = plain(raw)
    found = _LEADING.match(text) or _LEADING_A_SCENES.match(raw)
    if found is None:
        return None
    year = Year(int(found[1] or found[2]), 0, found.end(), bracketed=bool(found[1]))
    other = _YEAR.search(text, found.end())
    is_title = other is not None and (other.start() == found.end() or other.end() == len(text))
    is_only = year.bracketed or other is None or is_title
    return year if is_only else None


def at_end(text: str) -> Year | None:
    """The one that a series' title ends with: `Title 2014`, `Title (2014)`."""
    found = [_year(text, match) for match in _YEAR.finditer(text)]
    last = found[-1] if found else None
    if last is None or last.start == 0 or text[last.end :].strip(" -.,)]"):
        return None
    return last


def _year(text: str, found: re.Match[str]) -> Year:
    opening = max(text.rfind("(", 0, found.start()), text.rfind("[", 0, found.start()))
    inside = opening >= 0 and not re.search(r"[\])]", text[opening : found.start()])
    alone = inside and not text[opening + 1 : found.start()].strip()
    start = opening if inside else found.start()
    closing = found.end() + 1 if text[found.end() : found.end() + 1] in (")", "]") else found.end()
    return Year(int(found[1]), start, closing, bracketed=alone)
