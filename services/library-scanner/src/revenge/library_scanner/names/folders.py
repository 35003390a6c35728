"""What a folder's own name says: that it is a season, and which."""

import re
from functools import lru_cache

from revenge.library_scanner.names.numbers import WORDS, number

_WORDS = (
    "season|seasong|series|série|staffel|saison|seizoen|stagione|temporada|t(?=\\d+$)|saeson|sæson|säsong|sasong|"
    "sezona|sezóna|sezon|sezonul|sesong|kausi|évad|evad|hooaeg|sezonas|řada|сезон|シーズン|시즌|s|se"
)
_BEFORE = re.compile(rf"(?:{_WORDS})[\s._-]*0*(\d{{1,4}})(?![\dex])(.*)", re.IGNORECASE)
_AFTER = re.compile(
    rf"0*(\d{{1,2}})(?:st|nd|rd|th|ª|º|\.|e|ème|eme|-ja|-й)?[\s._-]*(?:{_WORDS})()", re.IGNORECASE
)
_ASIAN = re.compile(r"第?\s*0*(\d{1,3})\s*[季期シ](?:ーズン)?()")
_IN_WORDS = re.compile(
    rf"(?:season|series|staffel|saison|stagione|temporada)[\s._-]+({WORDS})()", re.IGNORECASE
)
_FORMS = (_BEFORE, _AFTER, _ASIAN, _IN_WORDS)
_SPECIALS = re.compile(
    r"specials?|especiais|especiales|sp[ée]ciaux|speciali|spezials?|s00|season 0+", re.IGNORECASE
)
_EDGES = " ._-"
_TELLS_A_FILM = re.compile(r"[ _.-]+[^\W\d].*\((?:19|20)\d\d\)")  # `Series 7 The Contenders (2001)`


@lru_cache(maxsize=4096)
def season_folder(name: str, parent: str = "") -> int | None:
    """The season, 0 for specials; the series' own name may stand before it: `Show/Show S02`.

    A name that says more, `Show S02 1080p` elsewhere than in `Show`, is a release and not a season
    folder.
    """
    name = name[:100].strip(_EDGES)
    if parent and name.lower().startswith(parent.lower()):
        name = name[len(parent) :].strip(_EDGES) or name
    if _SPECIALS.fullmatch(name):
        return 0
    for form in _FORMS:
        found = form.fullmatch(name)
        if found and _says_no_more(found[2]):
            return number(found[1])
    return None


def _says_no_more(rest: str) -> bool:
    """A year, a quality or a title after the number must be set apart from it."""
    return not rest or (rest[0] in " ([-_." and not _TELLS_A_FILM.match(rest))
