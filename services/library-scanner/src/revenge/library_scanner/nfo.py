"""NFO files as Kodi and the Arr apps write them: XML, links, or one after the other.

https://kodi.wiki/view/NFO_files. Several titles may follow each other in one file, a link may
follow the XML or stand alone, and much of what is found is not quite XML: whatever can be read is
kept, and nothing outside the file is ever looked at.
"""

import codecs
import os
import re
import stat
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeAlias

from lxml import etree
from msgspec import structs

from revenge.contracts.library import Nfo, Person, Rating

MAX_BYTES = 1024 * 1024
_MAX_TITLES = 100
_MAX_LIST = 200
_MAX_PLOT = 20_000
_MAX_TEXT = 500

_ROOTS = {"movie", "tvshow", "season", "episodedetails"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.-]{1,20})["']""")
_PROLOGUE = re.compile(r"<\?xml[^>]*>|<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
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
_NUMBER = re.compile(r"\d{1,9}")
_YEARS = range(1870, 2200)

# lxml has no public name for it
Element: TypeAlias = etree._Element  # noqa: SLF001 as said # pyright: ignore[reportPrivateUsage]


class NfoUnreadable(Exception):
    """Nothing can be learned from this file; says why."""


def read_nfo(path: str) -> tuple[Nfo, ...]:
    """What the file says, one value for each title in it; raises NfoUnreadable."""
    try:
        raw = _read(path)
    except OSError as error:
        raise NfoUnreadable((error.strerror or "it cannot be read").lower()) from error
    return parse_nfo(raw)


def parse_nfo(raw: bytes) -> tuple[Nfo, ...]:
    text = _CONTROL.sub("", _decode(raw))
    titles = tuple(_titles(text))
    linked = _linked_ids(text if not titles else text.rpartition(">")[2])
    if titles:
        first = titles[0]
        return (_with_ids(first, linked | first.ids), *titles[1:])
    if not linked:
        raise NfoUnreadable("it is no NFO of a film or an episode, and names none")
    return (Nfo(ids=linked),)


def _read(path: str) -> bytes:
    with open(path, "rb", opener=_open) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise NfoUnreadable("it is not a file")
        if found.st_size > MAX_BYTES:
            raise NfoUnreadable("it is larger than 1 MiB")
        return file.read(MAX_BYTES)


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a pipe would wait for its writer


def _decode(raw: bytes) -> str:
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return raw.decode(encoding, "replace")
    if b"\0" in raw:
        raise NfoUnreadable("it is binary")
    declared = _DECLARED.search(raw[:300])
    for encoding in (declared[1].decode("ascii") if declared else "utf-8", "utf-8"):
        try:
            return raw.decode(encoding)
        except (UnicodeError, LookupError):
            continue  # many say one encoding and write another
    return raw.decode("cp1252", "replace")


def _titles(text: str) -> Iterator[Nfo]:
    """Wrapped in one root, so that titles may follow each other and links may stand between."""
    start = text.find("<")
    if start < 0:
        return
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    wrapped = f"<nfo>{_PROLOGUE.sub('', text[start:])}</nfo>"
    try:
        root = etree.fromstring(wrapped.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise NfoUnreadable("it is not XML") from error
    if root is None:
        return
    found = (element for element in root.iter(*_ROOTS) if _is_title(element))
    for _, element in zip(range(_MAX_TITLES), found, strict=False):
        yield _title(element)


def _is_title(element: Element) -> bool:
    """`season` is also the name of a number inside the others."""
    parent = element.getparent()
    return len(element) > 0 and (parent is None or parent.tag not in _ROOTS)


def _title(element: Element) -> Nfo:
    is_season = element.tag == "season"
    released = (
        _date(element, "premiered") or _date(element, "aired") or _date(element, "releasedate")
    )
    year = _number(_text(element, "year"))
    return Nfo(
        title=_text(element, "title"),
        original_title=_text(element, "originaltitle"),
        year=year if year in _YEARS else (int(released[:4]) if released else None),
        plot=_text(element, "plot", _MAX_PLOT) or _text(element, "outline", _MAX_PLOT),
        tagline=_text(element, "tagline"),
        runtime=_number(_text(element, "runtime")) or None,
        release_date=released,
        status=_text(element, "status"),
        certification=_text(element, "mpaa") or _text(element, "certification"),
        collection=_text(element, "set/name") or _text(element, "set"),
        season=_number(_text(element, "seasonnumber" if is_season else "season")),
        episode=_number(_text(element, "episode")) if element.tag == "episodedetails" else None,
        ids=_ids(element),
        genres=_list(element, "genre"),
        studios=_list(element, "studio"),
        countries=_list(element, "country"),
        tags=_list(element, "tag"),
        ratings=tuple(_ratings(element)),
        people=tuple(_people(element)),
    )


def _text(element: Element, path: str, limit: int = _MAX_TEXT) -> str | None:
    found = element.find(path)
    return _said(found, limit) if found is not None else None


def _said(element: Element, limit: int = _MAX_TEXT) -> str | None:
    text = (element.text or "").strip()[:limit]
    return text or None


def _all(element: Element, tag: str) -> list[str]:
    said = (_said(found) for found in element.findall(tag)[:_MAX_LIST])
    return [text for text in said if text]


def _list(element: Element, tag: str) -> tuple[str, ...]:
    """Each once; older files put several into one element, `Action / Drama`."""
    parts = (part.strip() for text in _all(element, tag) for part in text.split(" / "))
    return tuple(dict.fromkeys(part for part in parts if part))


def _number(text: str | None) -> int | None:
    found = _NUMBER.match(text or "")
    return int(found[0]) if found else None


def _date(element: Element, tag: str) -> str | None:
    text = (_text(element, tag) or "")[:10]
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _ids(element: Element) -> dict[str, str]:
    said: list[tuple[str, str]] = []
    plain = _text(element, "id")
    if plain:
        numbers = "tvdb" if element.tag in ("tvshow", "episodedetails") else "tmdb"
        said.append(("imdb" if plain.startswith("tt") else numbers, plain))
    said += [(name, text) for tag, name in _ID_TAGS.items() for text in _all(element, tag)[:1]]
    for unique in element.findall("uniqueid")[:_MAX_LIST]:
        said.append(((unique.get("type") or "").lower(), _said(unique, 100) or ""))
    return _valid_ids(said)


def _valid_ids(said: Iterable[tuple[str, str]]) -> dict[str, str]:
    ids: dict[str, str] = {}
    for name, value in said:
        form = _ID_FORMS.get(name)
        if value and _ID_NAME.fullmatch(name) and (form is None or form.fullmatch(value)):
            ids[name] = value
    return ids


def _linked_ids(text: str) -> dict[str, str]:
    found = {name: link.search(text) for name, link in _LINKS.items()}
    return {name: match[1] for name, match in found.items() if match}


def _with_ids(nfo: Nfo, ids: dict[str, str]) -> Nfo:
    return structs.replace(nfo, ids=ids)


def _ratings(element: Element) -> Iterator[Rating]:
    """Out of 10, whatever they were out of in the file."""
    for rating in element.findall("ratings/rating")[:_MAX_LIST]:
        most = _decimal(rating.get("max")) or 10.0
        value, votes = _decimal(_text(rating, "value")), _text(rating, "votes")
        yield from _rating(rating.get("name") or "default", value, most, votes)
    if element.find("ratings") is None:
        value, votes = _decimal(_text(element, "rating")), _text(element, "votes")
        yield from _rating("default", value, 10.0, votes)
    yield from _rating("critics", _decimal(_text(element, "criticrating")), 100.0, None)


def _rating(source: str, value: float | None, most: float, votes: str | None) -> Iterator[Rating]:
    if value and 0 < value <= most:
        count = _number(re.sub(r"[,. ]", "", votes or ""))
        yield Rating(source=source.lower()[:50], value=round(10 * value / most, 2), votes=count)


def _decimal(text: str | None) -> float | None:
    try:
        return float((text or "").replace(",", "."))
    except ValueError:
        return None


def _people(element: Element) -> Iterator[Person]:
    for order, actor in enumerate(element.findall("actor")[:_MAX_LIST]):
        name = _text(actor, "name")
        if name:
            place = _number(_text(actor, "order"))
            character = _text(actor, "role")
            yield Person(name, "actor", character, order if place is None else place)
    for tag, role in (("director", "director"), ("credits", "writer"), ("producer", "producer")):
        for order, name in enumerate(_list(element, tag)):
            yield Person(name, role, order=order)
