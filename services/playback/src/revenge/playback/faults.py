"""What can go wrong while something plays, beside what the contracts declare.

Fault
├── LinkInvalid, LinkExpired              403  the signed address is no good
├── RenditionNotFound, SegmentNotFound,
│   FileUnreadable                        404  there is no such thing (any more)
├── FileReplaced                          409  another file is in its place
├── TranscoderBusy                        429  as much is encoded already as this machine can
├── MediaDamaged                          501  the file cannot be read at this place
├── TranscoderFailed                      503  ffmpeg crashed or hung, twice
└── CacheFull                             507  the disk has no room for a segment
"""

from revenge.contracts import Busy, Conflict, Denied, Full, NotFound, Unavailable, playback

FileUnreadable = playback.FileUnreadable
MediaDamaged = playback.MediaDamaged


class LinkInvalid(Denied):
    """This address was not signed by this server."""


class LinkExpired(Denied):
    """This address has expired; start the playback again."""


class RenditionNotFound(NotFound):
    """This playback has no such rendition."""


class SegmentNotFound(NotFound):
    """There is no media at this place."""


class FileReplaced(Conflict):
    """Another file is in the place of this one; change or start the playback to go on with it."""


class TranscoderBusy(Busy):
    """As much is being transcoded as this server can do at once; try again later."""


class TranscoderFailed(Unavailable):
    """The transcoder failed at this place of the file."""


class CacheFull(Full):
    """There is no room left on the disk for segments."""
