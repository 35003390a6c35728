"""Names made comparable: separators become spaces, and no character moves."""

import re

MAX_LENGTH = 300  # characters of one name; file systems allow 255 bytes

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x1f\x7f-\x9f]")
# separators, and the full-width and typographic forms of brackets, dashes, `~`, `&` and `:`
_PLAIN = str.maketrans(
    "._\u3010\u3011\uff08\uff09\uff3b\uff3d\u300c\u300d\u3000\uff5e\u2010\u2011\u2013\u2014\uff06\uff1a\u00d7",
    "  []()[]() ~----&:x",
)
_SPACES = re.compile(r"\s+")
_ARTICLE = re.compile(r"^(.+), (the|a|an|le|la|les|der|die|das|el|los|las)$", re.IGNORECASE)
_EDGES = " -_~,;:|+&=/\\·★"
_CLOSED_BY = {"(": ")", "[": "]", "{": "}", "<": ">"}
_ACRONYM = re.compile(r"(?<!\w)(?:[A-Z]\.){2,}(?![a-z])")


def visible(text: str) -> str:
    """Without characters that nobody sees, of a bounded length."""
    return _INVISIBLE.sub("", text)[:MAX_LENGTH]


def plain(text: str) -> str:
    """The same length as the text, so that what is found in one can be cut from the other."""
    return text.translate(_PLAIN)


def title(raw: str) -> str:
    """A title as a person would write it, from the part of a name that holds it."""
    kept = _ACRONYM.sub(lambda found: found[0].replace(".", "\0"), raw)
    words = _SPACES.sub(" ", plain(kept)).replace("\0", ".").strip(_EDGES)
    words = _unopened(words)
    swapped = _ARTICLE.match(words)
    return f"{swapped[2]} {swapped[1]}" if swapped else words


def fold(text: str) -> str:
    """For comparing titles: no case, no punctuation."""
    return re.sub(r"[\W_]+", " ", text).strip().lower()


def _unopened(words: str) -> str:
    """Without brackets at the edges that are not closed, or hold nothing."""
    before = None
    while words != before:
        before = words
        for opening, closing in _CLOSED_BY.items():
            words = words.removesuffix(opening + closing).strip(_EDGES)
            if words.endswith(opening) or (words.endswith(closing) and opening not in words):
                words = words[:-1].strip(_EDGES)
            if words.startswith(closing) or (words.startswith(opening) and closing not in words):
                words = words[1:].strip(_EDGES)
    return words
