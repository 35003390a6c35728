"""Opening media files with libav. Only worker processes import this: it is large, and may crash.

A file is somebody else's: only demuxers of real containers are allowed, never one that names other
files or addresses (playlists, concat scripts), and only the file protocol.
"""

import os
from collections.abc import Generator
from contextlib import contextmanager
from fractions import Fraction
from typing import NamedTuple

from av import open as av_open
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Discard, Disposition, Stream
from av.video.stream import VideoStream

from revenge.contracts.paths import to_os
from revenge.playback.media.demuxers import FORMATS

OPTIONS = {"format_whitelist": FORMATS, "protocol_whitelist": "file", "fflags": "+discardcorrupt"}

#: Containers whose index lists every key frame, or every one that may be sought to.
INDEXED = {"mov", "matroska"}

# What libav learns of these from their headers and a few packets, it need not decode pictures for.
_AT_A_GLANCE = {**OPTIONS, "skip_frame": "all", "probesize": "500000"}
_EBML = b"\x1a\x45\xdf\xa3"
_FTYP = b"ftyp"
_OF_LENGTHS = b"\1"  # how avcC and hvcC begin; with start codes, it would be one of those


class MediaUnreadable(Exception):
    """libav cannot make sense of the file; the message is libav's."""


class NoMedia(Exception):
    """The file holds nothing at the place that was asked for."""


class _Version(NamedTuple):
    """One file as it was when it was opened."""

    path: str
    inode: int
    size: int
    modified_ns: int


class _LastOpened:
    """The file that was read last stays open: what is asked for next is likely to be of it.

    To open one costs more than to copy a segment, because libav decodes its first frames.
    """

    def __init__(self) -> None:
        self._version: _Version | None = None
        self._source: InputContainer | None = None

    def take(self, version: _Version) -> InputContainer | None:
        """The file at any place; whoever takes it owns it."""
        source, known = self._source, self._version
        self._source = self._version = None
        if source is not None and known != version:
            source.close()
            return None
        return source

    def keep(self, version: _Version, source: InputContainer) -> None:
        if container_of(source) not in INDEXED or not source.streams.video:
            source.close()  # a seek might not lead back to everywhere in it
            return
        if self._source is not None:
            self._source.close()
        self._version, self._source = version, source


_LAST = _LastOpened()


@contextmanager
def opened(path: str, *, seeking: bool = False) -> Generator[InputContainer, None, None]:
    """The file at its beginning; at any place when the caller is `seeking` before it reads.

    Raises `MediaUnreadable` for all that libav raises inside, and OSError for the file's own.
    """
    version = _version(to_os(path))
    try:
        source = (_LAST.take(version) if seeking else None) or _open(version.path)
        whole = False
        try:
            for stream in source.streams:
                stream.discard = Discard.default
            yield source
            whole = True
        finally:
            if whole:
                _LAST.keep(version, source)
            else:
                source.close()
    except FFmpegError as error:
        if isinstance(error, OSError) and error.errno is not None and 0 < error.errno < _LIBAV:
            raise OSError(error.errno, error.strerror) from error
        raise MediaUnreadable(str(error)) from error


def _open(path: str) -> InputContainer:
    """Decoding the first pictures is nearly all that opening a file costs, so that is spared."""
    if _has_header(path):
        source = _opened(path, _AT_A_GLANCE)
        if all(_is_described(source, stream) for stream in source.streams):
            return source
        source.close()
    return _opened(path, OPTIONS)


def _opened(path: str, options: dict[str, str]) -> InputContainer:
    return av_open(f"file:{path}", options=options, metadata_errors="replace")


def _has_header(path: str) -> bool:
    """Whether it looks like Matroska or MP4."""
    with open(path, "rb") as file:  # noqa: PTH123 the path is text here
        head = file.read(8)
    return head.startswith(_EBML) or head.endswith(_FTYP)


def _is_described(source: InputContainer, stream: Stream) -> bool:
    """As well as if its first pictures had been decoded.

    A rate may be a guess from the packets that were seen: the codec's own is the same only if the
    guess is good. A header says all of H.264 that is needed to copy it.
    """
    if isinstance(stream, VideoStream):
        if stream.disposition & Disposition.attached_pic:
            return True
        sure = container_of(source) == "mov" or stream.average_rate == stream.base_rate
        known = stream.codec_context.name == "h264" or stream.codec_context.pix_fmt is not None
        return bool(stream.average_rate) and sure and known and stream.start_time is not None
    if isinstance(stream, AudioStream):
        # libav's type knows no None here
        return bool(stream.codec_context.format) and stream.start_time is not None
    return True


def is_as_in_mp4(stream: Stream) -> bool:
    """Whether MP4 holds its pictures just as the file does: units preceded by their length."""
    context = stream.codec_context
    header = context.extradata or b""
    return context.name in {"h264", "hevc"} and header.startswith(_OF_LENGTHS)


def to_first_key(source: InputContainer, stream: Stream) -> None:
    """To the first key frame, wherever the file was; other streams may have begun before it."""
    if container_of(source) in INDEXED:
        source.seek(_EARLIEST, stream=stream)


def _version(path: str) -> _Version:
    status = os.stat(path)  # noqa: PTH116 the path is text here
    return _Version(path, status.st_ino, status.st_size, status.st_mtime_ns)


def container_of(source: InputContainer) -> str:
    return source.format.name.split(",")[0]


def path_of(source: InputContainer) -> str:
    return source.name.removeprefix("file:")


def select(source: InputContainer, index: int) -> Stream:
    """The stream with this index, all others skipped; MP4 does not even read them."""
    if not 0 <= index < len(source.streams):
        raise MediaUnreadable(f"there is no stream {index}")
    chosen: Stream = source.streams[index]
    for stream in source.streams:
        stream.discard = Discard.default if stream is chosen else Discard.all
    return chosen


def time_base(stream: Stream) -> Fraction:
    if stream.time_base is None:
        raise MediaUnreadable(f"stream {stream.index} has no clock")
    return stream.time_base


_EARLIEST = -(1 << 50)  # ticks
_LIBAV = 4096  # error numbers above are libav's own
