"""Files as the scanner tells of them, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

from msgspec import structs

from revenge.contracts import FileId, LibraryId
from revenge.contracts.library import FilesFound, FoundFile, Kind, Nfo, Parsed
from revenge.contracts.media import AudioStream, Media, SubtitleStream, VideoStream

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def media(height: int = 1080, duration: float = 6000.0) -> Media:
    """A video of 16:9 with sound in German and English."""
    return Media(
        container="matroska",
        duration=duration,
        bit_rate=8_000_000,
        video=(VideoStream(0, "h264", height * 16 // 9, height, frame_rate="24000/1001"),),
        audio=(
            AudioStream(1, "aac", 2, 48_000, language="deu"),
            AudioStream(2, "ac3", 6, 48_000, language="eng", default=True),
        ),
        subtitles=(SubtitleStream("subrip", index=3, language="eng"),),
    )


def film(
    title: str,
    year: int | None = 2001,
    *,
    height: int = 1080,
    ids: Mapping[str, str] | None = None,
    nfo: Nfo | None = None,
    revision: int = 1,
    id: FileId | None = None,
) -> FoundFile:
    """A file of a film: at each call another one."""
    return FoundFile(
        id=id or FileId(uuid4()),
        revision=revision,
        path=f"/films/{title} ({year})/{title} {height}p.mkv",
        size=height * 1_000_000,
        modified_at=NOW,
        kind=Kind.MOVIE,
        parsed=Parsed(title, year, quality=f"Bluray-{height}p", ids=dict(ids or {})),
        media=media(height),
        nfo=(nfo,) if nfo else (),
    )


def episode(
    show: str,
    season: int | None,
    *numbers: int,
    title: str | None = None,
    series_nfo: Nfo | None = None,
    revision: int = 1,
    id: FileId | None = None,
) -> FoundFile:
    """A file of one or more episodes: at each call another one."""
    return FoundFile(
        id=id or FileId(uuid4()),
        revision=revision,
        path=f"/shows/{show}/{show} S{season}E{'E'.join(map(str, numbers))}.mkv",
        size=1_000_000_000,
        modified_at=NOW,
        kind=Kind.EPISODE,
        parsed=Parsed(show, season=season, episodes=numbers, episode_title=title),
        media=media(duration=2400.0),
        series_nfo=series_nfo,
    )


def found(library_id: LibraryId, *files: FoundFile) -> FilesFound:
    return FilesFound(library_id, files)


def changed(file: FoundFile, **fields: object) -> FoundFile:
    """The same file, told of again."""
    return structs.replace(file, revision=file.revision + 1, **fields)
