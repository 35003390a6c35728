"""One name of a path, a file's or a folder's, read by itself."""

import re
from typing import NamedTuple

from revenge.library_scanner.names import (
    anime,
    dates,
    editions,
    guesses,
    numbering,
    tags,
    text,
    titles,
    years,
)
from revenge.library_scanner.names.guesses import Scope
from revenge.library_scanner.names.numbers import Numbers, number

_DOMAIN = r"(?:www\.)?[\w-]+\.(?:org|com|net|info|ws|tv|to|cc)"
_SITE = re.compile(
    r"^\W*(?:\[[^\]]*)?www[. ,][\w.-]+[. ]\w{2,6}[^\w\[(]*[-}][^\w\[(]+"
    rf"|^{_DOMAIN} +- +| +- +{_DOMAIN}$",
    re.IGNORECASE,
)
# `grp-film.2010.1080p.bluray.x264`: the file of a release whose folder says the group at its end
_GROUP_OF_A_SCENE = re.compile(
    r"^[a-z0-9]{2,6}-(?=[a-z0-9.']+\.\d{3,4}p\.(?:bluray|web(?:rip)?|hdtv|bdrip|dvdrip)\.[xh]26[45]$)"
    r"|^[A-Z][a-z]+[A-Z]-(?=[\w.']+\.\d{3,4}p\.[\w.]+\.[xh]26[45]$)|^video_ts-"
)
_SITE_GROUP = re.compile(r"www[ .]|[ .](?:com|org|net|pl|cc|tv|io) ?\]", re.IGNORECASE)
_ALTERNATIVES = re.compile(r" [/|] (?![^(\[]*[)\]])|(?<=[\u4e00-\u9fff])/(?=[A-Za-z])")
_SORTED = re.compile(r"^(?:\d{6}[ _](?=\w)|\(\d{1,2}\) ?(?=[A-Za-z]))")  # `(1) Film`
_BRACKETED_YEAR = re.compile(r"\(((?:19|20)\d\d)\)")
_BONUS = re.compile(r"-x\d\d-")
_YEAR_ALONE = re.compile(r"\W*((?:19|20)\d\d)\W*")
_FILM = re.compile(r"-f\d{1,2}-")
_PART = re.compile(
    # `DVD5` and `DVD9` are what a disc holds
    r"(?:^|[ \-(\[])(?:cd|dvd(?![59](?!\w))|disc|disk|pt|part)[ \-]?"
    r"(\d{1,2}|[ivx]{1,4})(?:of\d)?(?![a-z0-9])",
    re.IGNORECASE,
)
_ONLY_A_YEAR = re.compile(r"\W*(?:\d{1,2} )?\W*(?:18[89]|19\d|20[0-3])\d\W*$")
_ARTICLES = {"the", "a", "an", "der", "die", "das", "le", "la", "les", "el", "il"}


class Place(NamedTuple):
    """Where a name stands: what is known before it is read."""

    is_film: bool = False  # the library says so
    is_series: bool = False  # the library, or a season folder, says so
    is_video: bool = False  # of one file, and not of a folder
    parent: str = ""  # the title of the folder, folded


ANYWHERE = Place()


class Reading(NamedTuple):
    title: str = ""
    year: int | None = None
    numbers: Numbers | None = None
    date: str | None = None
    edition: str | None = None
    country: str | None = None
    part: int | None = None
    rest: str = ""  # after the title and its numbers, up to the tags
    tags: str = ""  # from the first word of a release on
    certain: bool = False  # season and episode were said together, or a date
    tagged: bool = False  # with the words of a release

    @property
    def numbered(self) -> bool:
        return self.numbers is not None or self.date is not None


def read(name: str, place: Place = ANYWHERE) -> Reading:
    raw = _GROUP_OF_A_SCENE.sub("", _SITE.sub("", name))
    if _ALTERNATIVES.search(raw):
        return _best_alternative(raw, place)
    return _read(raw, place)


def _best_alternative(raw: str, place: Place) -> Reading:
    """`Titel / Title S01E01`: the last that has both title and number, else the first title."""
    group = anime.group(text.plain(raw))
    pieces = _ALTERNATIVES.split(raw[group:])
    readings = [_read(raw[:group] + piece, place) for piece in pieces]
    whole = [found for found in readings if found.numbered and titles.is_readable(found.title)]
    if whole:
        return whole[-1]
    at = next((at for at, found in enumerate(readings) if found.numbered), 0)
    if at > 0:
        before = readings[at - 1]
        return readings[at]._replace(title=before.title, year=before.year)
    return next((found for found in readings if found.title), Reading())


def _read(raw: str, place: Place) -> Reading:
    scope = _scope(raw, place)
    numbers = numbering.certain(scope.plain)
    certain = numbers is not None or scope.date is not None
    if numbers is None and not (place.is_film or _begins_with_a_year(scope)):
        numbers = guesses.find(scope)
    tagged, tags_text = scope.tags_start < len(scope.plain), raw[scope.tags_start :]
    if numbers is not None and numbers.is_title:
        title = titles.anime(raw[numbers.start : numbers.end])
        return Reading(title=title, numbers=numbers, tags=raw[numbers.end :], tagged=tagged)
    if numbers is None and scope.date is None:
        return _film(scope)._replace(tags=tags_text, tagged=tagged)
    return _episode(scope, numbers)._replace(certain=certain, tags=tags_text, tagged=tagged)


def _begins_with_a_year(scope: Scope) -> bool:
    """`1979 - Film 3`: films are sorted by their years."""
    year = None if scope.is_series else years.leading(scope.raw)
    return year is not None and scope.parent != str(year.number)


def _scope(raw: str, place: Place) -> Scope:
    plain = text.plain(raw)
    group = anime.group(plain)
    if group and _ONLY_A_YEAR.match(plain, group):
        group = 0  # `[REC] (2007)`
    start = group + tags.leading(plain[group:])
    prefix = _SORTED.match(plain[start:])
    start += prefix.end() if prefix else 0
    # a leading bracket of tags or of a site is no group of fans
    grouped = group > tags.leading(plain) and not _SITE_GROUP.search(raw[:group])
    return Scope(
        raw,
        plain,
        start,
        tags.first(plain, start + 1),
        date=dates.find(plain),
        grouped=grouped,
        is_series=place.is_series,
        is_video=place.is_video,
        parent=place.parent,
    )


def _episode(scope: Scope, numbers: Numbers | None) -> Reading:
    said = [found for found in (numbers, scope.date) if found]
    end = max(scope.start, min(scope.tags_start, *(found.start for found in said)))
    after = max(found.end for found in said)
    # a pack of fans tells a second title: `[Group] Title (Title) (Season 1)`
    is_pack = scope.grouped and numbers is not None and not numbers.episodes + numbers.absolute
    titled = titles.series(scope.raw[scope.start : end], has_aside=is_pack)
    if numbers and numbers.episodes and not scope.date:
        titled = titles.without_country(titled)
    title, year, country = titled
    bracketed = _BRACKETED_YEAR.search(scope.raw, end)
    rest = scope.raw[after : max(after, scope.tags_start)]
    alone = _YEAR_ALONE.fullmatch(rest)
    if alone and numbers and numbers.season in (None, 1):
        year, rest = year or int(alone[1]), ""  # later seasons say their own year
    if not title and not scope.is_series and numbers and numbers.season is None:
        title = _title_after(text.title(rest), scope)
    return Reading(
        title=title,
        year=year or (int(bracketed[1]) if bracketed else None),
        country=country,
        numbers=numbers,
        date=scope.date.text if scope.date else None,
        rest=rest,
    )


def _title_after(rest: str, scope: Scope) -> str:
    """`003. Show - Title`; in a folder, `01 - Title` is the episode's."""
    title, _, following = rest.partition(" - ")
    return "" if scope.parent and not following else title


def _film(scope: Scope, leading: int | None = None) -> Reading:
    first = None if leading else years.leading(scope.raw)
    if first:
        return _film(_scope(scope.raw[first.end :], Place(is_film=True)), first.number)
    bond = _FILM.search(scope.plain, scope.start, scope.tags_start)
    start = bond.end() if bond else scope.start
    plain = scope.plain[start:]
    tags_start = max(0, scope.tags_start - start)
    year = years.find(plain, tags_start)
    if leading and (year is None or (year.end == len(plain) and not year.bracketed)):
        year = years.Year(leading, len(plain), len(plain), bracketed=False)
    edition, part = _edition(plain), _PART.search(plain, 1)
    end = _film_end(plain, _opened(plain, tags_start), year, part)
    if edition and titles.ends(plain[edition.end() : end]):
        end = min(end, edition.start())
    title = _film_title(scope, start, start + end)
    if year is None and scope.tags_start < len(scope.plain) and not scope.grouped:
        title = titles.without_alternatives(title)
    return Reading(
        title=title,
        year=year.number if year else None,
        edition=editions.written(edition) if edition else None,
        part=_part_number(part),
        rest=scope.raw[start + end :],
    )


def _film_end(
    plain: str, tags_start: int, year: years.Year | None, part: re.Match[str] | None
) -> int:
    """Where the title ends: at what comes first."""
    ends = [len(plain), tags_start, year.start if year else 0]
    ends += [found.start() for found in (_BONUS.search(plain), part) if found]
    if part and year and part.start() < year.start:
        ends.pop()  # before the year it is a title: `Deathly Hallows Part 1 (2010)`
    return min((end for end in ends if end > 0), default=0)


def _film_title(scope: Scope, start: int, end: int) -> str:
    title = titles.film(scope.raw[start:end], scope.plain[end:])
    boxed = anime.boxed_title(scope.plain) if scope.grouped else None
    if boxed and (not title or title.startswith("[")):
        return text.title(scope.raw[boxed])
    return title


def _edition(plain: str) -> re.Match[str] | None:
    found = editions.find(plain)
    is_title = found and text.fold(plain[: found.start()]) in _ARTICLES  # `The Final Cut`
    return None if is_title else found


def _opened(plain: str, tags_start: int) -> int:
    """Where the bracket opens that the tags are in: `Film (Group, 720p)`."""
    opening = max(plain.rfind("(", 0, tags_start), plain.rfind("[", 0, tags_start))
    is_open = opening > 0 and not re.search(r"[\])]", plain[opening:tags_start])
    return opening if is_open and tags_start < len(plain) else tags_start


def _part_number(part: re.Match[str] | None) -> int | None:
    return (number(part[1]) or None) if part else None
