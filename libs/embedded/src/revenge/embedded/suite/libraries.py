"""A folder of media becomes libraries: one for each sub-folder that is named for a kind."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

from msgspec import Struct

from revenge.contracts import Fault
from revenge.contracts.library import (
    CreateLibrary,
    Library,
    LibraryType,
    ListLibraries,
    create_library,
    list_libraries,
)
from revenge.kit import Bus

KINDS = {
    LibraryType.MOVIE: "movies movie films film filme kino cinema peliculas",
    LibraryType.TVSHOW: "tv tvshows tvseries shows series serien anime",
    LibraryType.MUSIC: "music musik musique",
    LibraryType.PHOTO: "photos pictures fotos bilder",
    LibraryType.BOOK: "books ebooks bucher",
    LibraryType.AUDIOBOOK: "audiobooks horbucher",
    LibraryType.COMIC: "comics manga",
    LibraryType.PODCAST: "podcasts",
}
BY_NAME = {name: kind for kind, names in KINDS.items() for name in names.split()}


class Wanted(Struct, frozen=True):
    name: str
    type: LibraryType
    path: Path


class NotMade(Struct, frozen=True):
    wanted: Wanted
    reason: str


def kind_of(folder: str) -> LibraryType | None:
    """`TV Shows` is of shows, whatever the case, spaces and dashes; None for other names."""
    return BY_NAME.get(re.sub(r"[^a-z]", "", folder.lower()))


def wanted(media: Path) -> list[Wanted]:
    """The libraries of a folder: its sub-folders by their kind, or all of it as a mixed one."""
    folders = sorted(folder for folder in media.iterdir() if _counts(folder))
    if not any(kind_of(folder.name) for folder in folders):
        return [Wanted(media.name or "Media", LibraryType.MIXED, media)]
    return list(_by_kind(folders))


def _by_kind(folders: list[Path]) -> Iterator[Wanted]:
    for folder in folders:
        yield Wanted(folder.name, kind_of(folder.name) or LibraryType.MIXED, folder)


def _counts(folder: Path) -> bool:
    try:
        return folder.is_dir() and not folder.name.startswith(".")
    except OSError:  # the folder around it may be listed, and not entered
        return False


async def ensure(bus: Bus, media: Path) -> AsyncGenerator[Library | NotMade]:
    """Make the libraries that are not there yet, watched from now on."""
    known = (await bus.call(list_libraries, ListLibraries())).libraries
    taken = [Path(path) for library in known for path in library.paths]
    names = {library.name for library in known}
    for library in wanted(media):
        if any(library.path.is_relative_to(path) for path in taken):
            continue
        name = library.name if library.name not in names else f"{library.name} ({library.path})"
        request = CreateLibrary(
            name, library.type, (str(library.path),), realtime_monitoring=True, scan_on_startup=True
        )
        try:
            made: Library = await bus.call(create_library, request)
            yield made
        except Fault as fault:
            yield NotMade(library, str(fault))
