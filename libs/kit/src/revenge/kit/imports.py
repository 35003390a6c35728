"""Imports NATS without what it would bring along. Comes before all that imports NATS.

nats-py imports aiohttp where it is installed, for connections over WebSocket, which nothing here
makes. That costs every process 0.25 s of its start and 12 MB of its memory.
"""

import sys

if "aiohttp" not in sys.modules:
    sys.modules["aiohttp"] = None  # type: ignore[assignment]  # "not to be had", says the import
    try:
        import nats.aio.client as nats
    finally:
        del sys.modules["aiohttp"]

    __all__ = ["nats"]
