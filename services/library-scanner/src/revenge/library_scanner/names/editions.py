"""Which cut of a film it is."""

import re

_WORD = r"""
recut|re-cut|extended|director'?s?|collector'?s?|theatrical|ultimate|despecialized|uncensored
|remastered|unrated|uncut|open.?matte|imax|fan.?edit|restored|[234]in1|\d{2,3}(?:th)?.anniversary
|edition.(?:collector|sp[ée]ciale?)|fan(?=.collection)
|(?:special|rogue|final|assembly|imperial|diamond|signature|hunter|rekall|limited|criterion|luxe
|definitive|deluxe|international|integral)(?=.(?:\w{3,9}.)?(?:cut|edition|version))
""".replace("\n", "")
_RUN = re.compile(
    rf"(?<![a-z0-9])(?:(?:{_WORD})(?:.(?:cut|edition|version|collection))?[ .,\-]{{0,2}}){{1,6}}"
    r"(?![a-z0-9])",
    re.IGNORECASE,
)


def find(text: str) -> re.Match[str] | None:
    """Not at the start: there it is a title."""
    return next((found for found in _RUN.finditer(text) if _is_apart(text[: found.start()])), None)


def _is_apart(before: str) -> bool:
    """`Longer and Uncut` is a title."""
    words = before.lower().split()
    return bool(before.strip(" [(-")) and words[-1] not in ("and", "&", "of")


def written(found: re.Match[str]) -> str:
    return re.sub(r"[ ._]+", " ", found[0]).strip(" -,")
