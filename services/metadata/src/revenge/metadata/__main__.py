"""Metadata: merges what is known of titles, and serves their pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from revenge.kit import Section, Service, Settings, always, run, settings
from revenge.kit.http import Http, serving
from revenge.metadata import jobs
from revenge.metadata.images.app import App
from revenge.metadata.images.images import Images

MEGABYTE = 1024 * 1024


class Metadata(Section, frozen=True, kw_only=True):
    """With another `secret`, all images get other addresses."""

    secret: Annotated[str, Meta(min_length=16)]
    images_dir: str
    images_budget_mb: Annotated[int, Meta(ge=1)] = 2048


class MetadataSettings(Settings, frozen=True, kw_only=True):
    database: settings.Database
    metadata: Metadata
    http: Http = Http()


async def start(service: Service, settings: MetadataSettings) -> None:
    db = await service.open_database(settings.database)
    own = settings.metadata
    images = await service.open(
        Images.open(db, Path(own.images_dir), own.images_budget_mb * MEGABYTE)
    )
    await service.open(serving(App(images), settings.http.host, settings.http.port))
    service.include(jobs.router, scope=always(jobs.Describing(db, own.secret)))


if __name__ == "__main__":
    run("metadata", MetadataSettings, start, niceness=10)
