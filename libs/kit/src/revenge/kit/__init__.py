"""What every service is made of."""

from revenge.kit import (  # they come first
    cancelling,  # noqa: F401  # pyright: ignore[reportUnusedImport]  mends `asyncio.wait_for`
    imports,  # noqa: F401  # pyright: ignore[reportUnusedImport]  spares what NATS would bring
)
from revenge.kit.bus import Bus
from revenge.kit.calling import acting_as, caller, demand
from revenge.kit.db import Database, Reading, Tx
from revenge.kit.delivery import Delivery
from revenge.kit.router import Router
from revenge.kit.service import Service, run
from revenge.kit.serving import always
from revenge.kit.settings import Section, Settings

__all__ = [
    "Bus",
    "Database",
    "Delivery",
    "Reading",
    "Router",
    "Section",
    "Service",
    "Settings",
    "Tx",
    "acting_as",
    "always",
    "caller",
    "demand",
    "run",
]
