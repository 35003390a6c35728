"""What a prober and its worker processes say to each other: one JSON object a line."""

import msgspec

from revenge.contracts.media import Media


class Request(msgspec.Struct, frozen=True):
    path: str  # as `contracts.paths` writes it
    with_identity: bool = False


class Identity(msgspec.Struct, frozen=True):
    """Which file it was that was read: as it was after that."""

    size: int
    mtime_ns: int
    fingerprint: str


class Reply(msgspec.Struct, frozen=True):
    """Either media, with an identity where one was asked for, or a reason."""

    media: Media | None = None
    identity: Identity | None = None
    reason: str | None = None
