"""The look: walk the folder, read the names, and see what lies around each video."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from revenge.contracts.library import Kind, LibraryType
from revenge.contracts.media import Media
from revenge.contracts.paths import to_os
from revenge.library_scanner.names import ExtraKind, Name, parse
from revenge.library_scanner.neighbours import Neighbours, Surroundings
from revenge.library_scanner.nfo import NfoUnreadable, read_nfo
from revenge.library_scanner.preview.remains import Remark, left_out, unused
from revenge.library_scanner.walk import File, FileKind, Folder, Problem, file_kind, walk


class Title(NamedTuple):
    """A video that would be a film or an episode. `path` is relative, as `os` gives it.

    What is in it is only known when it was probed.
    """

    path: str
    name: Name
    neighbours: Neighbours
    media: Media | None = None


class Extra(NamedTuple):
    path: str
    kind: ExtraKind


class Preview(NamedTuple):
    titles: tuple[Title, ...]
    extras: tuple[Extra, ...]
    ignored: tuple[Remark, ...]
    unreadable: tuple[Remark, ...]


def look(root: str, kind: LibraryType) -> Preview:
    """Raises `RootMissing`, `RootUnreadable`."""
    found = list(walk(root))
    folders = [item for item in found if isinstance(item, Folder)]
    problems = [
        Remark(item.relative or ".", item.reason) for item in found if isinstance(item, Problem)
    ]
    videos = list(_videos(folders, root, kind))
    titles = tuple(video for video in videos if isinstance(video, Title))
    belongings = _belongings(titles)
    told = {problem.path for problem in problems}
    ignored = [*left_out(root, folders, told), *unused(folders, belongings)]
    return Preview(
        titles=titles,
        extras=tuple(video for video in videos if isinstance(video, Extra)),
        ignored=tuple(sorted(ignored)),
        unreadable=tuple(sorted([*problems, *_empty(folders), *_damaged(root, belongings)])),
    )


def _videos(folders: list[Folder], root: str, kind: LibraryType) -> Iterator[Title | Extra]:
    surroundings = Surroundings(folders)
    for folder in folders:
        for file in folder.files:
            if file.kind is FileKind.VIDEO and file.size:
                yield _video(surroundings, folder, file, parse(_path(folder, file), root, kind))


def _video(surroundings: Surroundings, folder: Folder, file: File, name: Name) -> Title | Extra:
    relative = f"{folder.relative}/{file.name}".lstrip("/")
    season = name.season if name.kind is Kind.EPISODE else None
    around = surroundings.of(folder, file, name.kind, season)
    extra = name.extra_kind or around.extra
    return Extra(relative, extra) if extra else Title(relative, name, around)


def _belongings(titles: tuple[Title, ...]) -> set[str]:
    """The paths, as text, of all that belongs to some title."""
    every = (title.neighbours for title in titles)
    return {path for around in every for path in _paths(around)}


def _paths(around: Neighbours) -> Iterator[str]:
    nfos = (around.nfo, around.series_nfo, around.season_nfo)
    yield from (path for path in nfos if path)
    yield from (picture.path for picture in (*around.art, *around.series_art))
    yield from (track.path for track in around.subtitles if track.path)


def _empty(folders: list[Folder]) -> Iterator[Remark]:
    for folder in folders:
        for file in folder.files:
            if file.kind is FileKind.VIDEO and file.size == 0:
                yield Remark(f"{folder.relative}/{file.name}".lstrip("/"), "the file is empty")


def _damaged(root: str, belongings: set[str]) -> Iterator[Remark]:
    for path in map(to_os, belongings):
        if file_kind(path) is FileKind.NFO:
            try:
                read_nfo(path)
            except NfoUnreadable as error:
                yield Remark(path.removeprefix(f"{root}/"), str(error))


def _path(folder: Folder, file: File) -> str:
    return f"{folder.path}/{file.name}"
