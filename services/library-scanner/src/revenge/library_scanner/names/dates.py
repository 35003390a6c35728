"""The dates of daily shows, in the orders in which they are written."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_FORMS = (
    # as a recorder names it: `Show_CHANNEL_2018_05_25_01_28_00`
    re.compile(r"(?<=[a-z]) [A-Z]{3,8} (?P<y>(?:19|20)\d\d) (?P<m>\d\d) (?P<d>\d\d)(?: \d\d){3}$"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[ x-](?P<m>\d\d)[ -](?P<d>\d\d)(?![\dpi])"),
    re.compile(r"(?<!\d)(?P<d>\d\d)[ -](?P<m>\d\d)[ -](?P<y>(?:19|20)\d\d)(?![\dpi])"),
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?P<name>{'|'.join(_MONTHS)})[a-z]{{0,6}},? "
        r"(?P<y>(?:19|20)\d\d)(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![a-z\d])(?P<name>{'|'.join(_MONTHS)})[a-z]{{0,6}} "
        r"(?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>(?:19|20)\d\d)(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)"),
)
# the year's two digits first, as adult releases have it; a title must stand before it
_SHORTEST = re.compile(
    r"(?<=[a-z0-9] )(?P<y>[012]\d)(?P<m>\d\d)(?P<d>\d\d)(?= (?:\d{3,4}[pi]|hdtv|web))",
    re.IGNORECASE,
)
_SHORT = re.compile(r"(?<=\w )(?P<y>\d\d) (?P<m>\d\d) (?P<d>\d\d)(?= [^\d ])")
_SHORT_AT_THE_END = re.compile(r"(?<=[a-z] )(?P<d>\d\d) (?P<m>\d\d) (?P<y>[012]\d)$", re.IGNORECASE)


class Date(NamedTuple):
    text: str  # YYYY-MM-DD
    start: int
    end: int


def find(text: str) -> Date | None:
    return next(_found(text), None)


def _found(text: str) -> Iterator[Date]:
    for form in (*_FORMS, _SHORT, _SHORTEST, _SHORT_AT_THE_END):
        for found in form.finditer(text):
            said = _read(found)
            if said:
                yield Date(said.isoformat(), *found.span())


def _read(found: re.Match[str]) -> dt.date | None:
    parts = found.groupdict()
    year = int(parts["y"])
    year += 2000 if year < 100 else 0  # noqa: PLR2004 two digits
    name = parts.get("name")
    month = _MONTHS.index(name.lower()) + 1 if name else int(parts["m"])
    day = int(parts["d"])
    # months above twelve are days: America writes them the other way round
    return _date(year, month, day) or _date(year, day, month)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
