"""Resize one picture. Runs in a process of its own: image files are not to be trusted."""

from __future__ import annotations

import errno
import io
import os
import stat
import struct
import warnings
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageOps

from revenge.contracts.paths import to_os
from revenge.metadata.images.orders import Draw, Outcome, Reply

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
MOST_PIXELS = 64_000_000
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

#: What Pillow raises for files that are damaged in one way or another.
DAMAGED = (
    *(OSError, ValueError, SyntaxError, EOFError, struct.error, LookupError, TypeError),
    *(MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning),
)


class _NotAsRegistered(Exception):
    """The file is another one by now."""


def limit() -> None:
    """Refuse pictures that unpack to more than memory should hold."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def draw(order: Draw) -> Reply:
    try:
        file = _open(order)
    except _NotAsRegistered:
        return Reply(Outcome.CHANGED)
    except (OSError, ValueError) as error:
        return Reply(Outcome.GONE, str(error))
    try:
        with file:
            drawn = _drawn(file, order)
    except DAMAGED as error:
        return Reply(Outcome.UNUSABLE, f"{type(error).__name__}: {error}"[:200])
    return _write(drawn, Path(order.target))


def _open(order: Draw) -> BinaryIO:
    """The very file that was registered, and no device or pipe that took its place."""
    # O_NONBLOCK: a pipe would wait for its writer
    file = open(os.open(to_os(order.path), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")  # noqa: PTH123, SIM115 - a descriptor; the caller closes it
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode) or (status.st_mtime_ns, status.st_size) != (
        order.modified_ns,
        order.size,
    ):
        file.close()
        raise _NotAsRegistered
    return file


def _drawn(file: BinaryIO, order: Draw) -> bytes:
    with Image.open(file, formats=FORMATS) as image:
        if order.wanted == "original":
            image.draft(None, (1, 1))
            image.load()  # it is served as it is, but only if it is whole
            file.seek(0)
            return file.read(order.size)
        return _encoded(_resized(image, order.wanted), webp=order.webp)


def _resized(image: Image.Image, wanted: str) -> Image.Image:
    """Never larger than it is. Of an animation, the first picture."""
    turned = image.getexif().get(0x0112, 1) >= 5  # noqa: PLR2004 - EXIF orientations on their side
    width, height = image.size[::-1] if turned else image.size
    share = min(1.0, int(wanted[1:]) / (width if wanted[0] == "w" else height))
    if share < 1:  # let the JPEG decoder skip what is not needed
        image.draft(None, (int(image.width * share * 2), int(image.height * share * 2)))
    upright = ImageOps.exif_transpose(image)
    plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return plain.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _encoded(image: Image.Image, *, webp: bool) -> bytes:
    out = io.BytesIO()
    profile = image.info.get("icc_profile")
    if webp:
        image.save(out, "WEBP", quality=82, method=4, icc_profile=profile)
    elif image.mode == "RGBA":
        image.save(out, "PNG", optimize=True, icc_profile=profile)
    else:
        image.save(out, "JPEG", quality=85, progressive=True, optimize=True, icc_profile=profile)
    return out.getvalue()


def _write(drawn: bytes, target: Path) -> Reply:
    try:
        target.write_bytes(drawn)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        return Reply(Outcome.FULL, str(error))
    return Reply(Outcome.DRAWN)
