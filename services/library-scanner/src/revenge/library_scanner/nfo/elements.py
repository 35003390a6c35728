"""Elements of one title: a film, a series, a season or an episode."""

import re
from collections.abc import Iterator

from revenge.contracts.library import FileInfo, FileTrack, Nfo, Person, Rating
from revenge.library_scanner.nfo import ids
from revenge.library_scanner.nfo.values import (
    MAX_LIST,
    MAX_PLOT,
    Element,
    day,
    decimal,
    listed,
    number,
    text,
)

ROOTS = {"movie", "tvshow", "season", "episodedetails"}
_YEARS = range(1870, 2200)


def is_title(element: Element) -> bool:
    """`season` is also the name of a number inside the others."""
    parent = element.getparent()
    return len(element) > 0 and (parent is None or parent.tag not in ROOTS)


def title(element: Element) -> Nfo:
    is_season = element.tag == "season"
    info = _file_info(element)
    released = day(element, "premiered") or day(element, "aired") or day(element, "releasedate")
    year = number(text(element, "year"))
    return Nfo(
        title=text(element, "title"),
        original_title=text(element, "originaltitle"),
        year=year if year in _YEARS else (int(released[:4]) if released else None),
        plot=text(element, "plot", MAX_PLOT) or text(element, "outline", MAX_PLOT),
        tagline=text(element, "tagline"),
        runtime=number(text(element, "runtime")) or _minutes(info),
        release_date=released,
        status=text(element, "status"),
        certification=text(element, "mpaa") or text(element, "certification"),
        collection=text(element, "set/name") or text(element, "set"),
        season=number(text(element, "seasonnumber" if is_season else "season")),
        episode=number(text(element, "episode")) if element.tag == "episodedetails" else None,
        ids=ids.find(element),
        genres=listed(element, "genre"),
        studios=listed(element, "studio"),
        countries=listed(element, "country"),
        tags=listed(element, "tag"),
        ratings=tuple(_ratings(element)),
        people=tuple(_people(element)),
        sort_title=text(element, "sorttitle"),
        file_info=info,
    )


def _file_info(element: Element) -> FileInfo | None:
    details = element.find("fileinfo/streamdetails")
    if details is None:
        return None
    found = (track for track in details if track.tag in ("video", "audio", "subtitle"))
    tracks = tuple(_track(track) for _, track in zip(range(MAX_LIST), found, strict=False))
    duration = number(text(details, "video/durationinseconds"))
    if duration is None:
        duration = 60 * (number(text(details, "video/duration")) or 0)
    return FileInfo(duration or None, tracks) if duration or tracks else None


def _track(element: Element) -> FileTrack:
    return FileTrack(
        kind=str(element.tag),
        codec=text(element, "codec", 50),
        language=text(element, "language", 50),
        width=number(text(element, "width")),
        height=number(text(element, "height")),
        channels=number(text(element, "channels")),
    )


def _minutes(info: FileInfo | None) -> int | None:
    return round(info.duration / 60) or None if info and info.duration else None


def _ratings(element: Element) -> Iterator[Rating]:
    """Out of 10, whatever they were out of in the file."""
    for rating in element.findall("ratings/rating")[:MAX_LIST]:
        most = decimal(rating.get("max")) or 10.0
        value, votes = decimal(text(rating, "value")), text(rating, "votes")
        yield from _rating(rating.get("name") or "default", value, most, votes)
    if element.find("ratings") is None:
        value, votes = decimal(text(element, "rating")), text(element, "votes")
        yield from _rating("default", value, 10.0, votes)
    yield from _rating("critics", decimal(text(element, "criticrating")), 100.0, None)


def _rating(source: str, value: float | None, most: float, votes: str | None) -> Iterator[Rating]:
    if value and 0 < value <= most:
        count = number(re.sub(r"[,. ]", "", votes or ""))
        yield Rating(source=source.lower()[:50], value=round(10 * value / most, 2), votes=count)


def _people(element: Element) -> Iterator[Person]:
    for order, actor in enumerate(element.findall("actor")[:MAX_LIST]):
        name = text(actor, "name")
        if name:
            place = number(text(actor, "order"))
            character = text(actor, "role")
            yield Person(name, "actor", character, order if place is None else place)
    for tag, role in (("director", "director"), ("credits", "writer"), ("producer", "producer")):
        for order, name in enumerate(listed(element, tag)):
            yield Person(name, role, order=order)
