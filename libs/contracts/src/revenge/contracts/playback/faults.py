"""Why something is not played."""

from __future__ import annotations

from revenge.contracts._faults import Busy, Invalid, NotFound, Unavailable, Unsupported
from revenge.contracts.catalog import MediaNotFound


class PlaybackNotFound(NotFound):
    """You have no playback session with this id, or it has expired."""


class TooManySessions(Busy):
    """As many sessions as this server, or this user, may have are playing already."""


class TooManyTranscodes(Unavailable):
    """As much is transcoded as this server, or this user, may have at once."""


class BandwidthExhausted(Unavailable):
    """The sessions that play take all the bit rate that this server, or this user, may use."""


class QualityUnknown(Invalid):
    """This playback has no such quality."""


class FileUnreadable(NotFound):
    """The file is gone, or the server may not read it."""


class MediaDamaged(Unsupported):
    """The file is damaged, and cannot be read at this place."""


class NotPlayable(Invalid):
    """This file has neither a video nor an audio track that can be played."""


UNPLAYABLE = (MediaNotFound, NotPlayable, QualityUnknown, FileUnreadable, MediaDamaged)
LIMITS = (TooManySessions, TooManyTranscodes, BandwidthExhausted)
