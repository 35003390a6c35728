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
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Discard, Stream

from revenge.contracts.paths import to_os
from revenge.playback.media.demuxers import FORMATS

OPTIONS = {"format_whitelist": FORMATS, "protocol_whitelist": "file", "fflags": "+discardcorrupt"}

#: Containers whose index lists every key frame, or every one that may be sought to.
INDEXED = {"mov", "matroska"}


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
        source = (_LAST.take(version) if seeking else None) or av_open(
            f"file:{version.path}", options=OPTIONS, metadata_errors="replace"
        )
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
