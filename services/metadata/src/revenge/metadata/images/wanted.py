"""What a request for an image asks for."""

from __future__ import annotations

import re

from msgspec import Struct

from revenge.contracts import Invalid, NotFound

PREFIX = "/api/v1/images/"
RENDERING = 1  # grows when the same picture would be drawn otherwise

SIZES = {
    "poster": ("w185", "w342", "w500", "w780", "original"),
    "backdrop": ("w300", "w780", "w1280", "original"),
    "profile": ("w45", "w185", "h632", "original"),
    "logo": ("w185", "w342", "w500", "original"),
    "still": ("w185", "w300", "w500", "original"),
}

_PATH = re.compile(r"([0-9a-f]{32})\.(?:jpg|jpeg|png|webp)")
_WEBP = re.compile(r"\s*image/webp\s*(?:;(.*))?")
_ZERO = re.compile(r"\s*q\s*=\s*0(?:\.0*)?\s*")


class ImageNotFound(NotFound):
    """There is no such image."""


class SizeUnknown(Invalid):
    """Images of this type do not come in this size."""


class Wanted(Struct, frozen=True):
    """`size` is `w500`, `h632` or `original`."""

    id: str
    size: str
    webp: bool

    @property
    def key(self) -> str:
        """The name that the drawn image is kept under."""
        if self.size == "original":
            return f"{self.id}-original"
        return f"{self.id}-{self.size}-{'webp' if self.webp else 'plain'}-{RENDERING}"

    @property
    def etag(self) -> str:
        """Strong: an id is of one content, and what is made of it depends only on the key."""
        return f'"{self.key}"'


def parse(path: str, accept: str) -> Wanted:
    """Raises `SizeUnknown` and `ImageNotFound`."""
    parts = path.removeprefix(PREFIX).split("/")
    if not path.startswith(PREFIX) or len(parts) != 3:  # noqa: PLR2004 - type, size, path
        raise ImageNotFound("images are at /api/v1/images/{type}/{size}/{path}")
    type, size, name = parts
    if size not in SIZES.get(type, ()):
        raise SizeUnknown(_sizes_of(type))
    found = _PATH.fullmatch(name)
    if found is None:
        raise ImageNotFound
    return Wanted(found[1], size, takes_webp(accept))


def takes_webp(accept: str) -> bool:
    """Only those who name it: `*/*` is sent by players that know JPEG and PNG alone."""
    named = (_WEBP.fullmatch(part) for part in accept.lower().split(","))
    return any(
        not any(_ZERO.fullmatch(parameter) for parameter in (found[1] or "").split(";"))
        for found in named
        if found
    )


def _sizes_of(type: str) -> str:
    if type not in SIZES:
        return f"image types are {', '.join(SIZES)}"
    return f"sizes of {type} images are {', '.join(SIZES[type])}"
