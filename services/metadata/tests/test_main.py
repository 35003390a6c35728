"""The whole service: a job in, an event and an image out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import httpx2
import msgspec

from revenge.contracts.library import Art, Parsed
from revenge.contracts.metadata import (
    DescribeTitles,
    LocalFacts,
    TitleDescribed,
    TitleKind,
    describe_titles,
    movie_described,
)
from revenge.kit import Bus, settings
from revenge.kit.following import follow
from revenge.kit.testing import free_port, running
from revenge.metadata.__main__ import Http, Metadata, MetadataSettings, start


async def test_a_title_is_described_and_its_poster_is_served(
    nats: settings.Nats,
    database_url: str,
    bus: Bus,
    tmp_path: Path,
    picture: Callable[..., Path],
) -> None:
    wanted = MetadataSettings(
        nats=nats,
        database=settings.Database(url=database_url),
        metadata=Metadata(secret="a secret of this test", images_dir=str(tmp_path / "images")),
        http=Http(port=free_port()),
    )
    art = (Art("poster", str(picture("poster.jpg"))),)
    matrix = LocalFacts(TitleKind.MOVIE, uuid4(), Parsed(title="Matrix"), art=art)
    order = DescribeTitles((matrix,))

    async with running("metadata", wanted, start):
        await bus.js.publish(describe_titles.subject, msgspec.json.encode(order))
        told = await asyncio.wait_for(described(bus, matrix.id), 60)
        async with httpx2.AsyncClient(timeout=60) as client:
            images = f"http://127.0.0.1:{wanted.http.port}/api/v1/images"
            poster = await client.get(f"{images}/poster/w185{told.description.poster_path}")

    assert told.description.title == "Matrix"
    assert (poster.status_code, poster.headers["content-type"]) == (200, "image/jpeg")


async def described(bus: Bus, title: UUID) -> TitleDescribed:
    async for event in follow(bus, movie_described.subject, after=0):
        told = msgspec.json.decode(event.payload, type=TitleDescribed)
        if told.id == title:
            return told
    raise AssertionError("the stream has ended")
