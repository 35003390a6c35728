"""File names that say nothing, or say it backwards."""

import re

_BACKWARDS = re.compile(
    r"(?<![A-Za-z0-9])\d{2,3}E-?\d{2}S(?![a-z0-9])|(?<![a-z0-9])p0(?:27|801|612|84)\b"
)
_RUN = re.compile(r"[A-Za-z0-9]{16,}")
_HEX = re.compile(r"(?i:[0-9a-f]{8,}(?:-[0-9a-z]+)*)|[0-9A-Z]{2}[0-9a-f]{6}(?:-[0-9A-Za-z]{5,9})+")
_TELLING = re.compile(r"[A-Za-z]{3,}S\d\dE\d\d|(?<![A-Za-z0-9])[sS]\d\d?[eE]\d\d")
_COPY = re.compile(r"(?:backup_|vid_|mov_|img_)?\d+[\d_]*(?:S\d\d-\d\d)?", re.IGNORECASE)


def forwards(stem: str) -> str:
    return stem[::-1] if _BACKWARDS.search(stem) else stem


def is_meaningless(stem: str) -> bool:
    """Hashes and random letters. Digits alone may be an episode: they are judged by their place."""
    if _TELLING.search(stem):
        return False
    has_digits = any(character.isdigit() for character in stem)
    has_letters = any(character.isalpha() for character in stem)
    if not has_digits or not has_letters:
        return False
    return bool(_RUN.fullmatch(stem) or _HEX.fullmatch(stem) or _COPY.fullmatch(stem))
