"""What can go wrong while something plays, beside what the contracts declare.

Fault
├── LinkInvalid, LinkExpired              403  the signed address is no good
├── RenditionNotFound, SegmentNotFound,
│   FileUnreadable                        404  there is no such thing (any more)
├── TranscoderBusy                        429  as much is encoded already as this machine can
├── MediaDamaged                          501  the file cannot be read at this place
├── TranscoderFailed                      503  ffmpeg crashed or hung, twice
└── CacheFull                             507  the disk has no room for a segment
"""

from revenge.contracts import Busy, Denied, Full, NotFound, Unavailable, Unsupported


class LinkInvalid(Denied):
    """This address was not signed by this server."""


class LinkExpired(Denied):
    """This address has expired; start the playback again."""


class RenditionNotFound(NotFound):
    """This playback has no such rendition."""


class SegmentNotFound(NotFound):
    """There is no media at this place."""


class FileUnreadable(NotFound):
    """The file is gone, or the server may not read it."""


class TranscoderBusy(Busy):
    """As much is being transcoded as this server can do at once; try again later."""


class MediaDamaged(Unsupported):
    """The file is damaged, and cannot be read at this place."""


class TranscoderFailed(Unavailable):
    """The transcoder failed at this place of the file."""


class CacheFull(Full):
    """There is no room left on the disk for segments."""
