"""Subtitles beside a video: `Film.en.forced.srt`, `Film/Subs/2_English.srt`."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from revenge.library_scanner.names.languages import language

FOLDERS = {"subs", "sub", "subtitles", "subtitle", "vobsubs", "vobsub", "srt"}
CODECS = {
    "ass": "ass",
    "idx": "dvd_subtitle",
    "mpl": "mpl2",
    "pjs": "pjs",
    "rt": "realtext",
    "sami": "sami",
    "smi": "sami",
    "srt": "subrip",
    "ssa": "ass",
    "stl": "stl",
    "sub": "microdvd",
    "sup": "hdmv_pgs_subtitle",
    "ttml": "ttml",
    "vtt": "webvtt",
}
_DEFAULT = {"default"}
_FORCED = {"forced", "foreign"}
_IMPAIRED = {"sdh", "cc", "hearing-impaired", "hearingimpaired", "closedcaptions", "captions"}
_FLAGS = _DEFAULT | _FORCED | _IMPAIRED
_FILLERS = {
    "sub",
    "subs",
    "subtitle",
    "subtitles",
    "full",
    "regular",
    "dialog",
    "track",
    "closed",
    "und",
}
_NUMBERED = re.compile(r"(?:track|sub|s)?\d{1,3}")
# names of several words become the one word that `language` knows
_WRITTEN_OUT = (
    (re.compile(r"latin[ _-]?americ[ao]n?", re.IGNORECASE), "latino"),
    (re.compile(r"hearing[ _-]impaired", re.IGNORECASE), "hearingimpaired"),
    (re.compile(r"european spanish|spanish \(?spain\)?", re.IGNORECASE), "es-es"),
    (re.compile(r"european portuguese|portuguese \(?portugal\)?", re.IGNORECASE), "pt-pt"),
    (re.compile(r"canadian french|french \(?canad(?:a|ian)\)?", re.IGNORECASE), "fr-ca"),
)
_PARTS = re.compile(r"[\s_\[\](){}+,&]+")
_EDGES = " ._-"
_MAX_TOKENS = 32


class Sidecar(NamedTuple):
    """What a subtitle's name says beyond the video's."""

    language: str | None = None
    title: str | None = None
    default: bool = False
    forced: bool = False
    hearing_impaired: bool = False


def read_sidecar(rest: str) -> Sidecar:
    """From what is left of the name without the video's name and the extension.

    Read from the end, as players do: the last language counts, and what is neither a language nor
    a flag is the title.
    """
    for form, word in _WRITTEN_OUT:
        rest = form.sub(word, rest)
    tokens = [token for token in rest.strip(_EDGES).split(".")[-_MAX_TOKENS:] if token.strip()]
    words = [_words(token) for token in tokens]
    spoken = [_languages(said) for said in words]
    # alone it is Hindi, beside a language it says "hearing impaired"
    if any(set(found) - {"hin"} for found in spoken):
        spoken = [[found for found in said if found != "hin"] for said in spoken]
        impaired = _IMPAIRED | {"hi"}
    else:
        impaired = _IMPAIRED
    last = max((at for at, found in enumerate(spoken) if found), default=-1)
    used = [_is_known(said) and (at == last or not spoken[at]) for at, said in enumerate(words)]
    flags = {word for said, known in zip(words, used, strict=True) if known for word in said}
    title = [token.strip(_EDGES) for token, known in zip(tokens, used, strict=True) if not known]
    return Sidecar(
        language=_most_exact(spoken[last]) if last >= 0 else None,
        title=".".join(title) or None,
        default=bool(flags & _DEFAULT),
        forced=bool(flags & _FORCED),
        hearing_impaired=bool(flags & impaired),
    )


def _words(token: str) -> Sequence[str]:
    """The token's words; one with a region, `pt-br`, stays whole."""
    whole = token.lower().strip(_EDGES)
    parts = [whole] if _is_word(whole) else _PARTS.split(whole)
    return [word for part in parts for word in ([part] if _is_word(part) else part.split("-"))]


def _languages(words: Sequence[str]) -> list[str]:
    """Those of a token that says nothing but languages and flags."""
    if not _is_known(words):
        return []
    return [found for word in words if word not in _FLAGS and (found := language(word))]


def _most_exact(languages: Sequence[str]) -> str:
    """The last; but of `Simplified Chinese`, and of the other order, the script."""
    variants = [found for found in languages if "-" in found]
    return variants[-1] if variants else languages[-1]


def _is_known(words: Sequence[str]) -> bool:
    return all(
        not word or _is_word(word) or word in _FILLERS or _NUMBERED.fullmatch(word)
        for word in words
    )


def _is_word(word: str) -> bool:
    return word in _FLAGS or language(word) is not None
