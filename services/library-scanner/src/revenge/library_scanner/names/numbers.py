"""What numbers in a name mean, once they are found: lists, ranges, and how far to believe them."""

import re
from typing import NamedTuple

MOST_IN_A_FILE = 12  # episodes; what claims more in one file is about something else
MOST_IF_SAID = 60  # the same where a letter says that the last is an episode as well: `E01-E26`
MOST_IN_A_PACK = 400
_SEASON = re.compile(r"s\d{1,4}|(?<![x\d])\d{1,4}(?=x)", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,5}")
_WORDS = {
    word: number
    for number, words in enumerate(
        (
            "one un uno ein eins premiere",
            "two deux dos zwei due deuxieme",
            "three trois tres drei tre troisieme",
            "four quatre cuatro vier quattro",
            "five cinq cinco funf cinque",
            "six seis sechs sei",
            "seven sept siete sieben sette",
            "eight huit ocho acht otto",
            "nine neuf nueve neun nove",
            "ten dix diez zehn dieci",
        ),
        start=1,
    )
    for word in words.split()
}
WORDS = "|".join(_WORDS)
_HAN = {digit: number for number, digit in enumerate("一二三四五六七八九", start=1)}
HAN = f"[{''.join(_HAN)}十]{{1,3}}"
_ROMAN = {
    roman: number
    for number, roman in enumerate(
        [
            "i",
            "ii",
            "iii",
            "iv",
            "v",
            "vi",
            "vii",
            "viii",
            "ix",
            "x",
            "xi",
            "xii",
            "xiii",
            "xiv",
            "xv",
            "xvi",
            "xvii",
            "xviii",
            "xix",
            "xx",
        ],
        start=1,
    )
}


class Numbers(NamedTuple):
    """Where a name numbers itself, from `start` to `end` of its text."""

    start: int
    end: int
    season: int | None = None
    episodes: tuple[int, ...] = ()
    absolute: tuple[int, ...] = ()
    is_title: bool = False  # what stands before is no title: it is one part of a path


def number(text: str) -> int:
    """In digits, as a word, in Roman or Han digits; 0 for what looks like one and is none."""
    text = text.lower()
    if text.isdecimal():
        return int(text)
    return _WORDS.get(text) or _ROMAN.get(text) or _han(text)


def _han(text: str) -> int:
    """`三`, `十一`, `二十`."""
    tens, ten, ones = text.rpartition("十")
    return (10 * _HAN.get(tens, 1) if ten else 0) + _HAN.get(ones, 0)


def listed(first: str, more: str, most: int = MOST_IN_A_FILE) -> tuple[int, ...]:
    """`01` and `-02-03`, `E02`, `-E04`: two that a hyphen joins are a range, more are a list."""
    start = int(first)
    others = [int(found) for found in _NUMBER.findall(_SEASON.sub(" ", more))]
    if not others or others[0] < start or max(others) - start >= most:
        return (start,)
    if len(others) == 1 and re.search(r"[-~_]| to | bis | à ", more):
        return tuple(range(start, others[0] + 1))
    return tuple(sorted({start, *others}))
