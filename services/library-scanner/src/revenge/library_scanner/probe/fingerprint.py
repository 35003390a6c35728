"""Whether two files hold the same, told from little of them."""

import hashlib
import os

_PIECE = 64 * 1024


def fingerprint(path: str) -> str:
    """The size and a hash of the first, middle and last 64 KiB; raises OSError.

    The same for the same content wherever it lies, so a moved file is known again. Files of one
    size that differ only between these pieces are taken for the same: re-tagged or re-encoded
    media never are, for their heads or sizes differ.
    """
    hashed = hashlib.blake2b(digest_size=16)
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        size = os.fstat(file).st_size
        for start in sorted({0, max(0, (size - _PIECE) // 2), max(0, size - _PIECE)}):
            hashed.update(os.pread(file, _PIECE, start))
    finally:
        os.close(file)
    return f"{size:x}-{hashed.hexdigest()}"
