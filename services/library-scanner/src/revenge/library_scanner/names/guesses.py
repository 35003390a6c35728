"""Numbers that may be episodes: believed by where they stand and by what stands around them."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from revenge.library_scanner.names import anime, compact, dates, numbering, tags, text, years
from revenge.library_scanner.names.numbers import MOST_IN_A_PACK, Numbers, listed

_DISC_SOURCES = re.compile(r"blu-?ray|b[dr]-?rip|remux|dvd|web", re.IGNORECASE)
_PADDED = re.compile(r"(?:(?<=[a-z)!?'] )|(?<=(?:19|20)\d\d ))(0\d{1,2})(?= |$)", re.IGNORECASE)
_FEW_DIGITS = re.compile(r"(?<=[a-z)] )(\d\d(?= )|\d(?= [ps]dtv))", re.IGNORECASE)
_FRENCH_ANIME = re.compile(r" (?:vostfr|vf)\b", re.IGNORECASE)
_YEAR_AFTER = re.compile(r" ?\((?:19|20)\d\d\)( {0,2}\[)?")
_NUMBER_AFTER = re.compile(r"[ \-)]{1,3}\d{3,4}(?!\d)")
_THREE_DIGITS = 100
_ONE_DIGIT = re.compile(r" (\d)$")
_LAST_OF_THE_SERIES = re.compile(r" (\d\d)$")
_DECIMALS = re.compile(r"\d\.\d{2}$")
_BEFORE_TAGS = re.compile(r"(?<=\w)(?: - {1,2}(?=\d\d)| (?=0\d{1,2}v\d))(\d{1,4})(?:v\d)? ")
_BEFORE_A_TITLE = re.compile(r"(?<=\w) - (0\d{1,2}) (?=\w)")
_AFTER_A_SEASON = re.compile(r"(?<= S\d\d) (\d{3,4})$")
_BOXED = re.compile(r"(?<=\w) ?\[(?!480|720|1080|2160)0*(\d{1,4})(?:-0*(\d{1,4}))?\](?= ?\[| \w|$)")
_HASHED = re.compile(r"(?<=[\w)]) #0*(\d{1,4})(?:v\d)?(?= |$)")
_MARKED = (_HASHED, _BEFORE_A_TITLE, _AFTER_A_SEASON)


class Scope(NamedTuple):
    """A name, and what is known of it. Its title begins at `start`, its tags at `tags_start`."""

    raw: str
    plain: str
    start: int
    tags_start: int
    date: dates.Date | None = None
    grouped: bool = False  # fans put their group's name first
    is_series: bool = False  # the library, or a season folder, says so
    is_video: bool = False  # the name is one file's
    parent: str = ""  # the title of the folder, folded


def find(scope: Scope) -> Numbers | None:
    """The first that is believed."""
    if scope.date:
        before = scope.plain[: scope.date.start]
        return numbering.apart(before) or compact.three_or_four(before, len(before), first=0)
    return next((found for guess in _GUESSES if (found := guess(scope))), None)


def _bracketed(scope: Scope) -> Numbers | None:
    return anime.bracketed(scope.plain) if scope.grouped else None


def _dashed(scope: Scope) -> Numbers | None:
    found = anime.dashed(scope.plain)
    if found is None:
        return None if years.find(scope.plain, scope.tags_start) else _loosely_dashed(scope)
    if found.absolute[0] in years.POSSIBLE or _is_of_a_film(scope, found):
        return None
    if _is_of_a_release(scope, found) or numbering.is_word_before(scope.plain, found.start):
        return None
    at_the_end = found.end == len(scope.plain) and found.absolute[0] >= _THREE_DIGITS
    if at_the_end and not scope.grouped and not _is_titled_as_parent(scope, found.start):
        return compact.three_or_four(scope.plain, len(scope.plain)) or found
    return found


def _is_of_a_film(scope: Scope, found: Numbers) -> bool:
    """`Film - 2 (2006)`; but `Show - 09 (2021) [Group]` is an episode."""
    year = _YEAR_AFTER.match(scope.plain, found.end)
    has_two_digits = scope.plain[found.end - 2 : found.end].isdecimal()
    return year is not None and not (year[1] and has_two_digits)


def _loosely_dashed(scope: Scope) -> Numbers | None:
    """`Show - 07 VOSTFR 1080p`, `Show #07`."""
    tagged = next(
        (
            found
            for found in _BEFORE_TAGS.finditer(scope.plain, scope.start)
            if found.end() == scope.tags_start and int(found[1]) not in years.POSSIBLE
        ),
        None,
    )
    marked = (form.search(scope.plain, scope.start, scope.tags_start) for form in _MARKED)
    found = next(filter(None, (tagged, *marked)), None)
    return Numbers(*found.span(), absolute=(int(found[1]),)) if found else None


def _boxed(scope: Scope) -> Numbers | None:
    """`Show [05] [1080p]`, `Show [01-12]`."""
    found = _BOXED.search(scope.plain, scope.start, scope.tags_start)
    if found is None or int(found[1]) in years.POSSIBLE:
        return None
    absolute = listed(found[1], f"-{found[2]}" if found[2] else "", MOST_IN_A_PACK)
    return Numbers(*found.span(), absolute=absolute)


def _is_titled_as_parent(scope: Scope, end: int) -> bool:
    return text.fold(text.title(scope.plain[scope.start : end])) == scope.parent


def _said(scope: Scope) -> Numbers | None:
    found = numbering.apart(scope.plain)
    if found is None or _is_of_a_release(scope, found):
        return None
    is_set_apart = not found.episodes and scope.plain[: found.start].endswith("- ")
    if scope.is_series or is_set_apart:
        return found  # `Show - Season 4 (1977)`
    is_film = _is_titled_season(scope, found) or _is_told_as_film(scope, found)
    return None if is_film else found


def _is_titled_season(scope: Scope, found: Numbers) -> bool:
    """`Open Season 3.mkv`: one file is no season. But `Show Season 1-3.avi` may be several."""
    if not scope.is_video or found.episodes or not _is_word(scope, found, "season"):
        return False
    return scope.plain[found.end : found.end + 1] in ("", " ")


def _is_word(scope: Scope, found: Numbers, word: str) -> bool:
    return scope.plain[found.start : found.start + len(word)].lower() == word


def _is_told_as_film(scope: Scope, found: Numbers) -> bool:
    """`Star Wars Episode 4 (1977)`, `Star Wars Episode 4 A New Hope 1977 BDRip`."""
    if _YEAR_AFTER.match(scope.plain, found.end):
        return True
    year = years.find(scope.plain, scope.tags_start)
    if year is None or not _is_word(scope, found, "episode") or year.start < found.end:
        return False
    return year.bracketed or _DISC_SOURCES.search(scope.plain, scope.tags_start) is not None


def _is_of_a_release(scope: Scope, found: Numbers) -> bool:
    """`Film (2010) 1080p S97 AC3 - 5.1`: after the year and the tags."""
    if found.start < scope.tags_start:
        return False
    year = years.find(scope.plain, scope.tags_start)
    return year is not None and year.start < scope.tags_start


def _one_of_many(scope: Scope) -> Numbers | None:
    found = None if scope.grouped else numbering.of_many(scope.plain)
    year = years.find(scope.plain, scope.tags_start)
    if found is None or year is None:
        return found
    if year.end + 1 == found.start:
        return found._replace(season=year.number)  # `Show 2013 14 of 21`
    is_one_word = " " not in scope.plain[found.start : found.end]
    return found if is_one_word else None  # `9 of 10 People (2010)`


def _in_a_season(scope: Scope) -> Numbers | None:
    if not scope.is_series:
        return None
    shown = scope.plain[: scope.tags_start + 1]
    last = compact.last(shown)
    if last and _is_titled_as_parent(scope, last.start):
        return last  # `24 203`
    return (
        compact.leading(scope.plain) or numbering.special(shown) or last or _after_the_series(scope)
    )


def _after_the_series(scope: Scope) -> Numbers | None:
    """`Show 3` in a folder of `Show`."""
    found = _ONE_DIGIT.search(scope.plain, scope.start)
    if found is None or not _is_titled_as_parent(scope, found.start()):
        return None
    return Numbers(*found.span(), episodes=(int(found[1]),))


def _by_fans(scope: Scope) -> Numbers | None:
    if not scope.grouped:
        return None
    special = anime.special(scope.plain)
    number = anime.leading(scope.plain, scope.start) or anime.grouped(
        scope.plain, scope.start, scope.tags_start
    )
    if number and " " in scope.raw and _DECIMALS.search(scope.raw, 0, number.end):
        number = None  # `Film 1.11 - Title`
    number = number or numbering.special(scope.plain[: scope.tags_start])
    return number or (Numbers(special, special, season=0) if special else None)


def _sorted(scope: Scope) -> Numbers | None:
    if scope.grouped:
        return None
    found = compact.sorted_by_hand(scope.raw)
    if found or years.find(scope.plain, scope.tags_start):
        return found
    return compact.pair(scope.plain) or compact.padded(scope.plain)


def _bare(scope: Scope) -> Numbers | None:
    """Numbers without any mark: not those of films, which have a year or come from discs."""
    if scope.grouped:
        return None
    is_television = tags.TELEVISION.search(scope.plain) is not None
    year = years.find(scope.plain, scope.tags_start)
    return next(_bare_numbers(scope, year, is_television=is_television), None)


def _bare_numbers(
    scope: Scope, year: years.Year | None, *, is_television: bool
) -> Iterator[Numbers]:
    plain, end = scope.plain, min(len(scope.plain), scope.tags_start + 1)
    part = numbering.part(plain) if is_television else None
    if part:
        yield part
    padded = _PADDED.search(plain, scope.start, end)
    if padded and (year is None or year.start < padded.start()):
        yield Numbers(*padded.span(), absolute=(int(padded[1]),))
    last = _LAST_OF_THE_SERIES.search(plain, scope.start)
    if last and _is_titled_as_parent(scope, last.start()):
        yield Numbers(*last.span(), absolute=(int(last[1]),))
    if year and not _NUMBER_AFTER.match(plain, year.end, end):
        return
    if is_television or not _DISC_SOURCES.search(plain):
        yield from _season_and_episode(scope)
    few = _FEW_DIGITS.search(plain, scope.start) if is_television else None
    if few and few.end() <= end:
        yield Numbers(*few.span(), episodes=(int(few[1]),))


def _season_and_episode(scope: Scope) -> Iterator[Numbers]:
    """`525`, unless the folder's name says that they are counted from the first one on."""
    found = compact.three_or_four(scope.plain, scope.tags_start)
    if found is None:
        return
    alone = _is_titled_as_parent(scope, found.start) and found.end == len(scope.plain)
    if alone or _FRENCH_ANIME.match(scope.plain, found.end):
        number = (found.season or 0) * 100 + found.episodes[0]
        yield Numbers(found.start, found.end, absolute=(number,))
    yield found


_GUESSES: tuple[Callable[[Scope], Numbers | None], ...] = (
    _bracketed,
    _dashed,
    _boxed,
    _said,
    _one_of_many,
    _in_a_season,
    _by_fans,
    _sorted,
    _bare,
)
