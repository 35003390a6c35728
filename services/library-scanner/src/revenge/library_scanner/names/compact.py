"""Numbers without a letter: `Show.102`, `02 - Title`, `Show 05`."""

import re

from revenge.library_scanner.names.numbers import Numbers, listed

_THREE_OR_FOUR = re.compile(
    r"(?:(?<=[a-z!?'] )|(?<=(?:19|20)\d\d )|(?<=[a-z] \d00 )|(?<=[a-z!?'])(?= - ))"
    r"(?: ?- )?(\d{1,2})(\d\d)"
    r"(?= - |[ \-\[(]|$)(?! ?- ?\d|--)",
    re.IGNORECASE,
)
_TWO_EPISODES = re.compile(r"(?<=[a-z0-9] )(\d)(\d\d)(?: \1)?(\d\d)(?= )", re.IGNORECASE)
_LEADING = re.compile(
    r"^\s*[\[(]?0*(\d{1,4})(?:(-)0*(\d{1,3}))?(?!\d)(?! ?(?:19|20)\d\d)(?=[ \-)\]]|$)"
)
_PAIR = re.compile(r"^(\d{1,2})-(\d\d)(?= - | (?=[A-Z]))")
_PADDED = re.compile(r"^(0\d)(?: - |-| )(?=\w)")
_LAST = re.compile(r"(?<=\w)[ \-]{1,3}(\d{2,4})(?= ?$| ?[\[(]| - )")
_LISTED = re.compile(r"^(0\d{2})(?:-0*(\d{1,3}))?\. (?=.+ - )")
_MOST_SEASONS = 40


def three_or_four(text: str, end: int, first: int = 1) -> Numbers | None:
    """`525` is season 5, episode 25. Not the year, and not before the title."""
    two = _TWO_EPISODES.search(text, 0, end + 1)
    if two and int(two[3]) == int(two[2]) + 1:
        return Numbers(*two.span(), season=int(two[1]), episodes=(int(two[2]), int(two[3])))
    for found in _THREE_OR_FOUR.finditer(text, 0, min(len(text), end + 1)):
        season, episode = int(found[1]), int(found[2])
        if 0 < season <= _MOST_SEASONS and episode >= first and not 18 < season < 21:  # noqa: PLR2004 a year
            return Numbers(*found.span(), season=season, episodes=(episode,))
    return None


def leading(text: str) -> Numbers | None:
    """`02 - Title`, `003-004. Show - Title`."""
    found = _LEADING.match(text)
    if found is None:
        return None
    more = f"-{found[3]}" if found[3] else ""
    return Numbers(*found.span(), episodes=listed(found[1], more))


def pair(text: str) -> Numbers | None:
    """`4-12 - Title`: season and episode."""
    found = _PAIR.match(text)
    return Numbers(*found.span(), int(found[1]), (int(found[2]),)) if found else None


def padded(text: str) -> Numbers | None:
    """`01 - Title`: a film's list is rarely padded."""
    found = _PADDED.match(text)
    return Numbers(*found.span(), absolute=(int(found[1]),)) if found else None


def sorted_by_hand(raw: str) -> Numbers | None:
    """`003. Show - Title`: a list that was written for sorting."""
    found = _LISTED.match(raw)
    if found is None:
        return None
    more = f"-{found[2]}" if found[2] else ""
    return Numbers(*found.span(), episodes=listed(found[1], more))


def last(text: str) -> Numbers | None:
    """`Show 05`, `Show - 1234 [720p]`."""
    found = _LAST.search(text)
    return Numbers(*found.span(), episodes=(int(found[1]),)) if found else None
