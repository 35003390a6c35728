"""The font that Pillow carries, for machines that have none, and what it can write."""

import unicodedata

from PIL import ImageFont

from revenge.embedded.errors import EmbeddedError

SPELLED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)
KNOWN = frozenset(chr(code) for code in range(32, 127)) | {"·"}


class NoFont(EmbeddedError):
    """Pillow cannot draw letters here."""


def font(size: float) -> ImageFont.FreeTypeFont:
    found = ImageFont.load_default(size)
    if not isinstance(found, ImageFont.FreeTypeFont):
        raise NoFont("Pillow was built without FreeType; install it from a wheel")
    return found


def writable(text: str) -> str:
    """The font knows ASCII only: umlauts are spelled out, other accents dropped."""
    decomposed = unicodedata.normalize("NFKD", text.translate(SPELLED))
    return "".join(letter for letter in decomposed if letter in KNOWN)
