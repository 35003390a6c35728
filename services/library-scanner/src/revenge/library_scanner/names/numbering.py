"""Season and episode in every form that is usual. Texts are as `text.plain` makes them."""

import re
from collections.abc import Callable
from typing import NamedTuple

from revenge.library_scanner.names import tags
from revenge.library_scanner.names.numbers import (
    HAN,
    MOST_IF_SAID,
    MOST_IN_A_FILE,
    MOST_IN_A_PACK,
    WORDS,
    Numbers,
    listed,
    number,
)

_SEASON_WORDS = (
    r"seasons?|saison|staffel|seizoen|stagione|temporada|temp|tem|säsong|sæson|saeson|sezon|sezona"
    r"|sezóna|kausi|sesong|évad|řada|сезон|시즌|シーズン"
)
_EPISODE_WORDS = (
    r"episodes?|episodios?|épisodes?|episódio|episodul|folgen?|capitulo|capítulo|cap|aflevering|afl|eps|epi|ep"
    r"|avsnitt|afsnit|jakso|epizoda|epizod|odcinek|odc|díl|tập|серия|серии|эпизод|выпуск"
)
_JOINED = r"(?: ?[-&+~,] ?| and | en | to | bis | à )"
_MORE = (
    rf"(?:(?:{_JOINED}(?:s\d{{1,4}} ?)?(?:ep?|x) ?\d{{1,5}}|(?: and | en | to |[-&+~_,])\d{{1,5}}"
    r"| ?(?:s\d{1,4} ?)?x?(?:ep?|x(?!26\d))\d{1,5})(?![\dpix])){0,30}"
)
_SEASON_EPISODE = re.compile(
    r"(?:(?<![a-z0-9])|(?<=[a-z])(?=s\d\de\d\d))"
    rf"(?:s|se|t(?=\d\dx?e)|series|série|{_SEASON_WORDS})[ №-]{{0,2}}"
    r"0*(\d{1,4})(?:x|xe)?(?: of ?\d+|of\d+)?[ \-,(]{0,3}"
    rf"(?:e|{_EPISODE_WORDS})[ №(-]{{0,2}}(\d{{1,5}})(?!\d)(?:[a-d](?![a-z0-9]))?({_MORE})",
    re.IGNORECASE,
)
_SEASON_DASH_EPISODE = re.compile(
    r"(?<![a-z0-9])season ?(\d{1,2})(?: - |of\d+ | (?=\d\d?of\d))"
    r"(\d{1,3})(?:v\d|of\d+)?(?= ?[\[( ]| ?$)",
    re.IGNORECASE,
)
_SAID_LAST = re.compile(r"(?:-|to) ?(?:s\d+ ?)?e", re.IGNORECASE)
_CROSS = re.compile(
    # a picture of 1920x804 is no episode
    r"(?<![\da-z])(?:ep |s)?(?!(?:1920|2048)x\d{3})(\d{1,2}|(?:19|20)\d\d)"
    r"(?:x|(?<=s\d\d)-x| x (?=\d\d))(?!26[3-6])(\d{1,3})(?![\d])"
    r"((?:(?: ?[-,]? ?(?:\d{1,4})?x\d{1,3}|[-+_,&]e?\d{1,3})(?![\dpi])){0,20})",
    re.IGNORECASE,
)
_CAP = re.compile(r"(?<![a-z])cap {0,2}(\d{1,2})(\d\d)(?:[ _-]\d{1,2}(\d\d))?(?!\d)", re.IGNORECASE)
_ORDINALS = re.compile(
    r"(?<!\w)(\d{1,2})(?:[ ,]{1,3}|st |nd |rd |th |-?(?:й|го|я) )"  # noqa: RUF001 Russian
    r"(?:sezon|évad|season|staffel|сезон)[ ,\-]{1,3}"
    r"(\d{1,3})(?:[ .]{1,2}|-я )(?:b[öo]l[üu]m|rész|folge|episode|серия|выпуск)"
    rf"|第 ?(\d{{1,2}}|{HAN}) ?季 ?第 ?(\d{{1,3}}|{HAN}) ?[集话話]",
    re.IGNORECASE,
)
_SEASON_THEN_NUMBER = re.compile(
    r"(?<![a-z0-9])(?:s|season )(\d\d) (\d\d)(?= ?$| (?:19|20)\d\d | \d{3,4}[pi]\b| avc| hevc| x26)"
    # `2nd Season 24`, `02E03`
    r"|(?<!\w)(\d)(?:st|nd|rd|th) season (\d{1,3})(?= ?$| ?[\[(])"
    r"|(?<![a-z0-9])(0\d)e(\d\d)(?![a-z0-9])",
    re.IGNORECASE,
)
_SEASON_ONLY = re.compile(
    # `Season 2`, `Season 2of5`, `- Series 2`
    rf"(?<![a-z0-9])(?:{_SEASON_WORDS}|(?<=[)\-] )series)[ -]{{0,3}}"
    rf"0*(\d{{1,4}}|{WORDS})(?:of\d+)?(?![a-z0-9])"
    # `S02`, `S 02`, `S02D1`, `S02Extras`, `S02DVD7`, `S02S03`
    r"|(?<![a-z0-9])s(\d{1,4}|(?<= s) 0\d)"
    r"(?: ?d\d{1,2}(?![a-z0-9])|(?![a-z0-9])|(?=extras|dvd|s\d))"
    rf"|(?<![a-z0-9])(?:livre|{_SEASON_WORDS}) (?-i:([IVX]{{1,4}}))(?![a-z0-9])"
    r"|(?<!\w)(\d{1,2})(?: ?(?:st|nd|rd|th|[ªº°]|a(?= )) {1,2}(?:season|temporada)"
    r"| {1,2}(?:season|staffel|saison|évad|temporada|сезон)(?! \d\d?\b))(?![a-z0-9])"
    rf"|第 ?(\d{{1,2}}|{HAN}) ?[季期]|(?<=\D)(\d)期"
    r"|(?<![a-z0-9])(\d{1,2})xall\b",
    re.IGNORECASE,
)
_EPISODE_ONLY = re.compile(
    rf"(?<![a-z0-9])(?:e|(?:{_EPISODE_WORDS})[ №(-]{{0,2}})0*(\d{{1,5}})(?:v\d)?(?![a-uw-z0-9])"
    rf"({_MORE})",
    re.IGNORECASE,
)
_OF_MANY = re.compile(
    r"(?<![\d.a-z])(?<!cd )(?<!disc )(?<!part )[(\[]?(?:ep ?)?"
    r"(\d{1,2}) ?(?:of|de|iz|из) ?(\d{1,2})(?![\da-z])[)\]]?",
    re.IGNORECASE,
)
_SPECIAL = re.compile(r"(?<![a-z0-9])(?:sp|specials?)[ -]?0*(\d{1,3})(?![a-z0-9])", re.IGNORECASE)
_EPISODE_AFTER = re.compile(
    r"(?<![a-z0-9])(\d{1,4})[ .]{1,2}(?:b[öo]l[üu]m|blm|сер(?:ия)?|seri[yj]a)\b",  # noqa: RUF001 Russian
    re.IGNORECASE,
)
_ASIAN = re.compile(
    rf"第 ?(\d{{1,4}}|{HAN})(?:-0*(\d{{1,4}}))? ?[话話集回]|(?<!\d)0*(\d{{1,4}})()화"
)
_PART = re.compile(rf"(?<![a-z0-9])part ?0*(\d{{1,2}}|{WORDS})(?![a-z0-9])", re.IGNORECASE)
# three digits after an episode's own number, an anime's number from the first one on
_ABSOLUTE_AFTER = re.compile(
    r"(?: - | |-|_| \()(?!(?:19|20)\d\d(?!\d))(\d{3,4})(?:-(\d{3,4}))?(?=[ )\-_]|$)(?! ?[pi]\b)"
)
# `- 12 (S01E12)`, `- 05 - S01E05`; one with a fraction is a special
_ABSOLUTE_BEFORE = re.compile(r"- 0*(\d{1,4})( \d)? (?:\(|- )$")
_FANS_ABSOLUTE_BEFORE = re.compile(r"(?<=[a-z]) (\d{3}) $")  # `[Group] Show 214 10x14`
_ABSOLUTES_BEFORE = re.compile(r"(?:- | )(\d{1,4})-(\d{1,4}) (?:- )?$")
_NEXT = re.compile(r" (\d\d)(?= |$)")
_WORD_BEFORE = re.compile(rf"(?:{_SEASON_WORDS}|{_EPISODE_WORDS}) ?$", re.IGNORECASE)


class _Form(NamedTuple):
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], Numbers]


def _season_and_list(found: re.Match[str]) -> Numbers:
    most = MOST_IF_SAID if _SAID_LAST.search(found[3]) else MOST_IN_A_FILE
    episodes = listed(found[2], found[3], most)
    return Numbers(*found.span(), season=int(found[1]), episodes=episodes)


def _cross(found: re.Match[str]) -> Numbers:
    return Numbers(*found.span(), season=int(found[1]), episodes=listed(found[2], found[3]))


def _season_and_one(found: re.Match[str]) -> Numbers:
    return Numbers(*found.span(), season=int(found[1]), episodes=(int(found[2]),))


def _season_then_number(found: re.Match[str]) -> Numbers:
    season, one = (int(group) for group in found.groups() if group)
    return Numbers(*found.span(), season=season, episodes=(one,))


def _ordinals(found: re.Match[str]) -> Numbers:
    season, one = number(found[1] or found[3]), number(found[2] or found[4])
    return Numbers(*found.span(), season=season, episodes=(one,))


def _cap(found: re.Match[str]) -> Numbers:
    last = int(found[3] or found[2])
    episodes = tuple(range(int(found[2]), last + 1)) or (int(found[2]),)
    return Numbers(*found.span(), season=int(found[1]), episodes=episodes)


_CERTAIN = (
    _Form(_CAP, _cap),
    _Form(_SEASON_EPISODE, _season_and_list),
    _Form(_CROSS, _cross),
    _Form(_SEASON_THEN_NUMBER, _season_then_number),
    _Form(_ORDINALS, _ordinals),
    _Form(_SEASON_DASH_EPISODE, _season_and_one),
)


def certain(text: str) -> Numbers | None:
    """Season and episode, said together; an anime's absolute number may stand beside them."""
    for form in _CERTAIN:
        found = form.pattern.search(text)
        if found:
            numbers = _with_next(text, form.read(found))
            return _with_absolute(text, _with_season_word(text, numbers))
    return None


def is_word_before(text: str, number: int) -> bool:
    """`Episode 99-100`; but `2nd Season - 05`."""
    if text[number:].lstrip().startswith("-"):
        return False
    return _WORD_BEFORE.search(text, max(0, number - 12), number) is not None


def apart(text: str) -> Numbers | None:
    """Season and episode said far from each other, or only one of them."""
    season, one = _season(text), episode(text)
    if season is None or one is None:
        return one._replace(season=1) if one else season
    # the Asian form stands beside another title, not after this one
    start = season.start if _ASIAN.match(text, one.start) else one.start
    start, end = min(season.start, start), max(season.end, one.end)
    return Numbers(start, end, season.season, one.episodes)


def part(text: str) -> Numbers | None:
    found = _PART.search(text)
    return Numbers(*found.span(), season=1, episodes=(number(found[1]),)) if found else None


def of_many(text: str) -> Numbers | None:
    """`3of6`: one of a series that has no seasons."""
    found = _OF_MANY.search(text, 1)
    if found is None or not 0 < int(found[1]) <= int(found[2]):
        return None
    return Numbers(*found.span(), season=1, episodes=(int(found[1]),))


def special(text: str) -> Numbers | None:
    """`SP3`."""
    found = _SPECIAL.search(text)
    return Numbers(*found.span(), season=0, episodes=(int(found[1]),)) if found else None


def episode(text: str) -> Numbers | None:
    """The number of an episode, said with a word or a letter."""
    found = _ASIAN.search(text)
    if found:
        first = number(found[1] or found[3])
        last = int(found[2] or first)
        many = range(first, min(last, first + MOST_IN_A_PACK) + 1)
        return Numbers(*found.span(), episodes=tuple(many))
    found = _EPISODE_ONLY.search(text)
    if found:
        most = MOST_IN_A_PACK if found[1].startswith(("0", "1")) else MOST_IN_A_FILE
        return Numbers(*found.span(), episodes=listed(found[1], found[2], most))
    found = _EPISODE_AFTER.search(text)
    return Numbers(*found.span(), episodes=(int(found[1]),)) if found else None


def _season(text: str) -> Numbers | None:
    found = _SEASON_ONLY.search(text)
    if found is None:
        return None
    said = next(group for group in found.groups() if group)
    return Numbers(*found.span(), season=number(said.strip()))


def _with_season_word(text: str, numbers: Numbers) -> Numbers:
    """`Temporada 4 [Cap 408]`, `S02 Season 2 E02`: the title ends at the first of them."""
    season = _SEASON_ONLY.search(text, 0, numbers.start)
    if season is None or (not season[1] and number(season[2] or "0") != numbers.season):
        return numbers
    return numbers._replace(start=season.start())


def _with_next(text: str, numbers: Numbers) -> Numbers:
    """`8x01_02 - Title`, `S03E21.22.1080p`; what follows in `S01E09.10.Things` is a title."""
    found = _NEXT.match(text, numbers.end)
    if found is None or int(found[1]) != numbers.episodes[-1] + 1:
        return numbers
    after = text[found.end() :]
    if after and not after.startswith(" - ") and tags.first(after) > 1:
        return numbers
    return numbers._replace(end=found.end(), episodes=(*numbers.episodes, int(found[1])))


def _absolute_before(text: str, numbers: Numbers) -> Numbers | None:
    found = _ABSOLUTE_BEFORE.search(text, 1, numbers.start)
    if found is None and text.startswith("["):
        found = _FANS_ABSOLUTE_BEFORE.search(text, 1, numbers.start)
        return Numbers(*found.span(), absolute=(int(found[1]),)) if found else None
    if found:
        return Numbers(*found.span(), absolute=() if found[2] else (int(found[1]),))
    found = _ABSOLUTES_BEFORE.search(text, 1, numbers.start)
    many = int(found[2]) - int(found[1]) + 1 if found else 0
    if found is None or many < 2 or many != len(numbers.episodes):  # noqa: PLR2004 a range
        return None
    return Numbers(*found.span(), absolute=listed(found[1], f"-{found[2]}"))


def _with_absolute(text: str, numbers: Numbers) -> Numbers:
    before = _absolute_before(text, numbers)
    if before:
        return numbers._replace(start=before.start, absolute=before.absolute)
    after = _ABSOLUTE_AFTER.match(text, numbers.end)
    if after is None:
        return numbers
    absolute = listed(after[1], f"-{after[2]}" if after[2] else "")
    if len(absolute) != len(numbers.episodes):
        return numbers
    return numbers._replace(end=after.end(), absolute=absolute)
