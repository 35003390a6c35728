"""A playback service between a real bus and a catalogue that knows one film: for tests."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import msgspec

from revenge.contracts import Caller, FileId, LibraryId, catalog, playback
from revenge.contracts.media import AudioStream, Media, VideoStream
from revenge.kit import Router, Service, always, settings
from revenge.kit.http import Http
from revenge.kit.testing import a_user, running
from revenge.playback.__main__ import start
from revenge.playback.settings import Playback, PlaybackSettings

CHROME = "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36"
SECRET = "s" * 40

#: What the catalogue says of the film.
MEDIA = Media(
    container="matroska",
    duration=20.0,
    video=(VideoStream(0, "h264", 320, 180, frame_rate="24/1"),),
    audio=(AudioStream(1, "aac", 2, 48_000, default=True),),
)


@dataclass
class Shelf:
    """The only film of the catalogue. `media` may change while it plays."""

    path: Path
    library: LibraryId
    media: Media = MEDIA

    @property
    def film(self) -> UUID:
        return UUID(int=7)

    def found(self, request: catalog.FindMedia) -> catalog.PlayableFile:
        if request.media_id != self.film:
            raise catalog.MediaNotFound
        return catalog.PlayableFile(
            file_id=FileId(self.film),
            media_type=request.media_type,
            media_id=self.film,
            title="The Film",
            path=str(self.path),
            size=self.path.stat().st_size,
            library_ids=(self.library,),
            media=self.media,
            position_seconds=7,
        )


@dataclass(frozen=True)
class House:
    """`url` is where the streams are."""

    url: str
    shelf: Shelf
    viewers: dict[str, Caller] = field(default_factory=dict[str, Caller])

    @property
    def film(self) -> playback.StartPlayback:
        return playback.StartPlayback(catalog.MediaType.MOVIE, self.shelf.film, user_agent=CHROME)

    def asking(self, **wishes: object) -> playback.StartPlayback:
        return msgspec.structs.replace(self.film, **wishes)

    def viewer(self, username: str = "someone") -> Caller:
        """The same person whenever they are called the same."""
        known = a_user([self.shelf.library], ["playback:stream"], username)
        return self.viewers.setdefault(username, known)


@asynccontextmanager
async def cataloguing(nats: settings.Nats, shelf: Shelf) -> AsyncGenerator[None]:
    """A catalogue with this shelf alone."""
    router = Router[None]()

    @router.rpc(catalog.find_media)
    async def find(request: catalog.FindMedia, _: None) -> catalog.PlayableFile:
        return shelf.found(request)

    async def open_catalog(service: Service, _: settings.Settings) -> None:
        service.include(router, always(None))

    async with running("catalog", settings.Settings(nats=nats), open_catalog):
        yield


@asynccontextmanager
async def open_house(
    nats: settings.Nats, database_url: str, path: Path, port: int, **given: object
) -> AsyncGenerator[House]:
    """`given` are settings of playback. How fast a machine encodes counts only if they say so."""
    shelf = Shelf(path, LibraryId(uuid4()))
    section = Playback(
        secret=SECRET,
        segments_dir=str(path.parent / "segments"),
        session_timeout_s=10,
        least_speed=0,
    )
    configured = PlaybackSettings(
        nats=nats,
        database=settings.Database(url=database_url),
        playback=msgspec.structs.replace(section, **given),
        http=Http(port=port),
    )
    async with cataloguing(nats, shelf), running("playback", configured, start):
        yield House(f"http://127.0.0.1:{port}", shelf)
