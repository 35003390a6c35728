"""Titles cut out of names: without years, asides, and the same title in another script."""

import re
from typing import NamedTuple

from revenge.library_scanner.names import text, years

_HAN = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2}")
_BREAKS = re.compile(r"[\s·/\]\[]+")
_AFTER_HAN = re.compile(f"{_HAN.pattern}\\S*")
_ANIME_SEASON = re.compile(r"(?: - S0*| S0+)(\d)$")
_COMPLETE = re.compile(
    r"[ \-]+(?:the )?(?:complete|completa|integrale|saison)(?: (?:series|seasons?))?$",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"(?<=\S) ?\((?!\d{4}\))[^()]{0,80}\)$")


class Titled(NamedTuple):
    title: str
    year: int | None = None


def series(raw: str) -> Titled:
    """`Title 2014`, `Title (AU)`, `Title The Complete Series`."""
    title, year = _without_year(raw)
    title = _COMPLETE.sub("", one_script(title))
    title = text.title(_ASIDE.sub("", title))
    if year is None:
        title, year = _without_year(title)
    return Titled(_ANIME_SEASON.sub(r" S\1", title), year)


def film(raw: str) -> str:
    """An aside is the release's, unless a person wrote the name: `Run Lola Run (Lola rennt)`."""
    title = text.title(raw)
    return title if " " in raw.strip() else text.title(_ASIDE.sub("", title)) or title


def anime(raw: str) -> str:
    return _ANIME_SEASON.sub(r" S\1", one_script(text.title(raw)))


def is_readable(title: str) -> bool:
    return _LATIN.search(title) is not None


def one_script(title: str) -> str:
    """The part in Latin letters of a title that is given in Han and in Latin."""
    if not _HAN.search(title) or not is_readable(title):
        return title
    words = _BREAKS.split(title)
    while words and _HAN.search(words[0]):
        words.pop(0)
    while words and _HAN.search(words[-1]):
        words.pop()
    latin = text.title(" ".join(words))
    last = text.title(_AFTER_HAN.split(latin)[-1])
    return next((found for found in (last, latin) if is_readable(found)), title)


def _without_year(raw: str) -> Titled:
    year = years.at_end(text.plain(raw))
    if year is None:
        return Titled(text.title(raw))
    return Titled(text.title(raw[: year.start]), year.number)
