"""Titles as they are compared, searched, sorted and put into addresses."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

LONGEST = 200  # characters of a title that are compared; an index row must fit into a page

_ARTICLE = re.compile(
    r"^(?:the|an?|der|die|das|le|la|les|el|los|las|il|lo|gli|het|een|o|os|as|l) (?=\S)"
)
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "&": " and "}
)
_APOSTROPHES = re.compile("['`\u00b4\u02bc\u2019]")
_LATIN_MARK = re.compile("[\u0300-\u036f]")
_NUMBER = re.compile(r"\d{1,9}")
_WILDCARD = re.compile(r"([%_\\])")
_ESCAPED = r"\\\1"


def normalise(title: str) -> str:
    """The words of a title in lower case, without accents and punctuation, single-spaced.

    A title of nothing but punctuation stays as it is: it has to be told from others, too.
    """
    plain = unicodedata.normalize("NFKD", title.casefold())
    plain = _APOSTROPHES.sub("", _LATIN_MARK.sub("", plain)).translate(_LETTERS)
    words = "".join(letter if _is_of_a_word(letter) else " " for letter in plain).split()
    return (" ".join(words) or title.casefold().strip())[:LONGEST]


def sort_title(title: str) -> str:
    """Without its article, and with its numbers in order: `rocky 2` comes before `rocky 10`."""
    words = normalise(_APOSTROPHES.sub(" ", title))
    return _NUMBER.sub(lambda found: found[0].zfill(9), _ARTICLE.sub("", words, count=1))[:LONGEST]


def slug(name: str) -> str:
    """A name in lower case with dashes: `Science Fiction` is `science-fiction`."""
    return normalise(name).replace(" and ", " ").replace(" ", "-")


class Wanted(NamedTuple):
    """A normalised query, and a pattern of `like` for each of its words."""

    text: str
    patterns: list[str]


def wanted(query: str) -> Wanted:
    text = normalise(query)
    return Wanted(text, [f"%{_WILDCARD.sub(_ESCAPED, word)}%" for word in text.split()])


def _is_of_a_word(letter: str) -> bool:
    """Marks count: without them, words of many scripts would fall apart."""
    return letter.isalnum() or unicodedata.category(letter).startswith("M")
