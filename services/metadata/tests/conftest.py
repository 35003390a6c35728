"""Pictures made with Pillow, in folders of each test's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from revenge.contracts import services
from revenge.contracts.services import Service
from revenge.kit import Database
from revenge.metadata import store
from revenge.metadata.images import ids


@pytest.fixture(scope="session")
def service() -> Service:
    return services.METADATA


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., Path]:
    """Makes an image file: `picture("poster.jpg", (400, 600), mode="RGBA", ...)`."""

    def make(
        name: str, size: tuple[int, int] = (400, 600), mode: str = "RGB", **options: Any
    ) -> Path:
        path = tmp_path / name
        drawn = Image.linear_gradient("L").resize(size).convert(mode)
        drawn.save(path, **options)
        return path

    return make


@pytest.fixture
def registered(db: Database) -> Callable[[Path], Awaitable[str]]:
    async def register(path: Path) -> str:
        """The id of the picture in this file."""
        found = ids.look("a secret of these tests", [str(path)])
        async with db.begin() as tx:
            await store.add_pictures(tx, list(found.values()))
        return found[str(path)].id

    return register
