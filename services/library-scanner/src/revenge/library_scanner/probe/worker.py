"""A process that probes one file after the other until its standard input ends."""

import os
import resource
import signal
import stat
import sys

import msgspec
from av import error as av_error
from av import logging as av_logging

from revenge.contracts.media import Media
from revenge.contracts.paths import to_os
from revenge.library_scanner.probe.fingerprint import fingerprint
from revenge.library_scanner.probe.messages import Identity, Reply, Request
from revenge.library_scanner.probe.reading import NotMedia, read_media

_NICENESS = 10  # viewers come first; the kernel derives the turns at the disk from it as well
_MEMORY = 4 * 1024**3  # bytes; a corrupt file may ask for any amount


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this one decides
    os.nice(_NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    av_logging.set_level(None)
    # libraries that print must not print into the replies
    with os.fdopen(os.dup(1), "wb") as output:
        os.dup2(2, 1)
        for line in sys.stdin.buffer:
            request = msgspec.json.decode(line, type=Request)
            output.write(msgspec.json.encode(_answer(request)) + b"\n")
            output.flush()


def _answer(request: Request) -> Reply:
    path = to_os(request.path)
    try:
        media = _probe(path)
        return Reply(media=media, identity=_identity(path) if request.with_identity else None)
    except NotMedia as error:
        return Reply(reason=str(error))
    except av_error.FFmpegError as error:
        return Reply(reason=_ffmpegs_reason(error, path))
    except OSError as error:
        return Reply(reason=_reason(error))
    except MemoryError:
        return Reply(reason="it asks for more memory than a probe may use")


def _probe(path: str) -> Media:
    found = os.stat(path)  # noqa: PTH116 the path may be odd bytes
    if not stat.S_ISREG(found.st_mode):
        raise NotMedia("it is not a file")
    if found.st_size == 0:
        raise NotMedia("the file is empty")
    return read_media(path, found.st_size)


def _identity(path: str) -> Identity:
    mark = fingerprint(path)
    now = os.stat(path)  # noqa: PTH116 the path may be odd bytes
    return Identity(now.st_size, now.st_mtime_ns, mark)


def _ffmpegs_reason(error: av_error.FFmpegError, path: str) -> str:
    """What ffmpeg makes of damage is any error of the system, also that the disk is broken."""
    if isinstance(error, av_error.ExitError | av_error.TimeoutError):
        return "reading it took too long"
    try:
        fingerprint(path)
    except OSError as own:
        return _reason(own)
    if isinstance(error, av_error.EOFError):
        return "it ends too early"
    return "it is damaged, or no media at all"


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


if __name__ == "__main__":
    main()
