"""What a prober and its worker processes say to each other: one JSON object a line."""

import msgspec

from revenge.contracts.media import Media


class Request(msgspec.Struct, frozen=True):
    path: str  # as `walk.to_text` writes it


class Reply(msgspec.Struct, frozen=True):
    """Exactly one of the two."""

    media: Media | None = None
    reason: str | None = None
