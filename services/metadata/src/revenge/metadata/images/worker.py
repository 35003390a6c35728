"""A process that draws: one order after the other from its standard input, until that ends.

python -m revenge.metadata.images.worker
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from typing import BinaryIO

import msgspec

from revenge.metadata.images import drawing
from revenge.metadata.images.orders import Draw

LONGEST = 30  # seconds for one picture
MOST_MEMORY = 2 * 1024**3  # bytes of address space


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the service to handle
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, most))
    drawing.limit()
    replies = _take_stdout()
    for line in sys.stdin.buffer:
        # without a handler it ends the process, even inside of a codec
        signal.alarm(LONGEST)
        reply = drawing.draw(msgspec.json.decode(line, type=Draw))
        signal.alarm(0)
        replies.write(msgspec.json.encode(reply) + b"\n")
        replies.flush()


def _take_stdout() -> BinaryIO:
    """What a library prints goes to standard error instead of between the replies."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return replies


if __name__ == "__main__":
    main()
