"""Ids of film and series databases: in elements of their own, and in links."""

import re
from collections.abc import Iterable

from revenge.library_scanner.nfo.values import MAX_LIST, Element, every, said, text

_LINKS = {
    "imdb": re.compile(r"\b(tt\d{6,10})\b"),
    "tmdb": re.compile(r"themoviedb\.org/(?:movie|tv)/(\d{1,10})", re.IGNORECASE),
    "tvdb": re.compile(
        r"thetvdb\.com/[^\s<]{0,100}?(?:[?&](?:series)?id=|series/)(\d{1,10})", re.IGNORECASE
    ),
}
_ID_NAME = re.compile(r"[a-z0-9_]{1,32}")
_ID_FORMS = {"imdb": re.compile(r"tt\d{6,10}"), "tmdb": re.compile(r"\d{1,10}")}
_ID_FORMS["tvdb"] = _ID_FORMS["tmdb"]
_ID_TAGS = {
    "imdb": "imdb",
    "imdbid": "imdb",
    "imdb_id": "imdb",
    "tmdbid": "tmdb",
    "tmdb_id": "tmdb",
    "tvdbid": "tvdb",
    "tvdb_id": "tvdb",
}


def find(element: Element) -> dict[str, str]:
    found: list[tuple[str, str]] = []
    plain = text(element, "id")
    if plain:
        numbers = "tvdb" if element.tag in ("tvshow", "episodedetails") else "tmdb"
        found.append(("imdb" if plain.startswith("tt") else numbers, plain))
    found += [(name, one) for tag, name in _ID_TAGS.items() for one in every(element, tag)[:1]]
    for unique in element.findall("uniqueid")[:MAX_LIST]:
        found.append(((unique.get("type") or "").lower(), said(unique, 100) or ""))
    return _valid(found)


def _valid(found: Iterable[tuple[str, str]]) -> dict[str, str]:
    ids: dict[str, str] = {}
    for name, value in found:
        form = _ID_FORMS.get(name)
        if value and _ID_NAME.fullmatch(name) and (form is None or form.fullmatch(value)):
            ids[name] = value
    return ids


def linked(written: str) -> dict[str, str]:
    matches = {name: link.search(written) for name, link in _LINKS.items()}
    return {name: match[1] for name, match in matches.items() if match}
