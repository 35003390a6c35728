"""Absolute numbers: `[Group] Title - 07 [1080p][ABCD1234]` and what fans make of it."""

import re

from revenge.library_scanner.names.numbers import MOST_IN_A_PACK, Numbers, listed

_NUMBER = r"(?<!\d)0*(\d{1,4})(?: \d){0,2}(?:v\d|[a-c]\b| ?end| ?完|话|話|集|回)?"
_RANGE = rf"{_NUMBER}(?:( ?[-~+] ?)(?:\d{{1,4}}-)?(\d{{1,4}})(?!\d))?"
_AFTER = r"(?= ?$| ?[\[({~]| - | v\d| (?:OVA|ONA|OAD)\b)"
_DASHED = re.compile(rf" -? ?- {_RANGE}{_AFTER}", re.IGNORECASE)
_BRACED = re.compile(r" \{(\d{1,4})\}()()")
# the first is padded, or nothing is between them: `Show 2 - 05` is the fifth of `Show 2`
_BATCH = re.compile(
    r"(?<=[\w!?)]) \(?(?!00 )(0\d{1,3}(?= ?[-~])|\d{1,4}(?=-))( ?[-~] ?)(\d{1,4})\)?(?= ?[\[(]| ?$)"
)
_FROM_THE_FIRST = re.compile(r" ?\(0*(\d{1,4})-(\d{1,4})\)")
_GROUPED = re.compile(
    r" ?(?<![\d.])(?<!movie )(?<!film )(?<!part )(?<!vol )(?<!no )"
    r"\b0*(\d{1,4})(?:v\d)?()()(?= ?$| ?[\[(]| \w|(?<=\d\d) - )",
    re.IGNORECASE,
)
_LEADING = re.compile(r"(0\d{1,2}(?=[ -])|\d{1,3}(?= - ))(?: - | )(?=[^\W\d])")
_GROUP = re.compile(r"^\s*\[[^\[\]]{1,60}\]\s*")
_BRACKETS = re.compile(r"\[([^\[\]]{0,120})\]")
_ONE_OF_MANY = re.compile(
    r"第?0*(\d{1,4})(?:-0*(\d{1,4}))?(?:v\d)?(?: ?end| ?完| ?fin|话|話|集|回)?", re.IGNORECASE
)
_SPECIAL = re.compile(r"(?<=\w) (?:OVA|ONA|OAD)\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NO_NUMBER = re.compile(r"(?:19|20)\d\d|480|720|1080|2160")
_NO_TITLE = re.compile(r"国漫|新番|月番|^★|^\d+$")
_HAN = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2}")


def group(text: str) -> int:
    """Where leading `[Group][Another]` end; 0 if there are none, or nothing but them."""
    end = 0
    while (found := _GROUP.match(text[end:])) and end + found.end() < len(text):
        end += found.end()
    return end


def dashed(text: str) -> Numbers | None:
    """` - 07 [`, ` {07} `: set apart on both sides, so that no group need say it is an anime."""
    match = _DASHED.search(text) or _BRACED.search(text)
    many = batch(text)
    if many and (match is None or many.start <= match.start()):
        return many
    if match is None or match.start() == 0:
        return None
    found = _read(match)
    both = _FROM_THE_FIRST.match(text, match.end())
    if both is None:
        return found
    absolute = listed(both[1], f"-{both[2]}", MOST_IN_A_PACK)
    return Numbers(match.start(), both.end(), episodes=found.absolute, absolute=absolute)


def batch(text: str) -> Numbers | None:
    """`Title 1-13 (English Dub)`."""
    found = _BATCH.search(text)
    return _read(found) if found and int(found[3]) > int(found[1]) else None


def boxed_title(text: str) -> slice | None:
    """`[Group][Title][1080p]`: of a film, for nothing numbers it."""
    boxes = [found for found in _BRACKETS.finditer(text) if not _NO_TITLE.search(found[1])]
    return slice(*boxes[1].span(1)) if len(boxes) > 1 else None


def special(text: str) -> int:
    """Where the words begin that say it is outside the seasons; 0 if there are none."""
    found = _SPECIAL.search(text)
    return found.start() if found else 0


def leading(text: str, start: int) -> Numbers | None:
    """`[Group] 06 Title`, `[Group] 12 - Title`; but `[Group] 5 Centimeters per Second`."""
    found = _LEADING.match(text, start)
    return Numbers(*found.span(), absolute=(int(found[1]),)) if found else None


def grouped(text: str, start: int, tags_start: int) -> Numbers | None:
    """`[Group] Title 07 The episode`: the last bare number, for titles have numbers too."""
    found = _GROUPED.finditer(text, start + 1, max(start + 1, tags_start))
    every = [number for number in found if not _YEAR.fullmatch(number[1])]
    if not every:
        return None
    padded = [found for found in every if text[found.start() : found.end()].lstrip()[:1] == "0"]
    return _read((padded or every)[-1])


def bracketed(text: str) -> Numbers | None:
    """`[Group][Title][07][1080p]`: `start` and `end` are the title's."""
    every = list(_BRACKETS.finditer(text))
    for at, found in enumerate(every):
        numbers = _ONE_OF_MANY.fullmatch(found[1].strip())
        if at == 0 or numbers is None or _NO_NUMBER.fullmatch(found[1]):
            continue
        episodes = listed(numbers[1], f"-{numbers[2]}" if numbers[2] else "", MOST_IN_A_PACK)
        start, end = _title_before(text, every[1:at], every[0].end(), found.start())
        return Numbers(start, end, absolute=episodes, is_title=True)
    return None


def _title_before(
    text: str, brackets: list[re.Match[str]], start: int, end: int
) -> tuple[int, int]:
    """Between the brackets if there is text, else in the last of them that reads like a title."""
    last = brackets[-1].end() if brackets else start
    if text[last:end].strip():
        return last, end
    titles = [found for found in brackets if not _NO_TITLE.search(found[1])]
    latin = [found for found in titles if _LATIN.search(found[1])]
    only = next((found for found in latin if not _HAN.search(found[1])), None)
    candidates = latin or titles or brackets
    if only:
        return only.span(1)
    return candidates[-1].span(1) if candidates else (start, end)


def _read(found: re.Match[str]) -> Numbers:
    more = f"-{found[3]}" if found[3] else ""
    return Numbers(*found.span(), absolute=listed(found[1], more, MOST_IN_A_PACK))
