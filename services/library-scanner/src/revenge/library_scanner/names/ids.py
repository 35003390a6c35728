"""Ids of film and series databases in names: `{tmdb-603}`, `[tvdbid=81189]`, `tt0133093`."""

import re
from collections.abc import Iterable

_TAGGED = re.compile(
    r"[\[({] ?(tmdb|tvdb|imdb)(?:id)?[-=: ]{1,2}(tt\d{6,10}|\d{1,10}) ?[\])}]", re.IGNORECASE
)
_BARE = re.compile(r"[\[({]?(?<![a-z0-9])(tt\d{7,9})(?![a-z0-9])[\])}]?", re.IGNORECASE)
_LOOSE = re.compile(r"(?<![a-z])(tmdb|tvdb|imdb)(?:id)?[-=](tt\d{6,10}|\d{1,10})\b", re.IGNORECASE)


def find(names: Iterable[str]) -> dict[str, str]:
    """Of the whole path; the names nearest to the file come first and win."""
    ids: dict[str, str] = {}
    for name in names:
        for form in (_TAGGED, _LOOSE):
            for found in form.finditer(name):
                ids.setdefault(found[1].lower(), found[2].lower())
        bare = _BARE.search(name)
        if bare:
            ids.setdefault("imdb", bare[1].lower())
    return {name: id for name, id in ids.items() if id.startswith("tt") == (name == "imdb")}


def without(name: str) -> str:
    for form in (_TAGGED, _LOOSE, _BARE):
        name = form.sub(" ", name)
    return name
