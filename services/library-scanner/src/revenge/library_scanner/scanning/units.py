"""Units: the folders of a film, of a show, or of whatever lies right below a library's root.

What belongs to a video may lie around and below it, but always in its unit. A unit none of whose
folders has changed needs no look.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import NamedTuple

from revenge.contracts.paths import to_text
from revenge.library_scanner.walk import File, FileKind, Folder, Problem, walk


class Unit(NamedTuple):
    """`top` is the root itself, for its names; its files are a unit of their own."""

    root: str  # as text
    top: Folder
    folders: tuple[Folder, ...]
    signatures: dict[str, bytes]  # by the folder's path, as text

    @property
    def name(self) -> str:
        """Of what lies right below the root; empty for the root's own files."""
        return self.folders[0].relative.partition("/")[0] if self.folders else ""

    @property
    def videos(self) -> Iterator[tuple[Folder, File]]:
        for folder in self.folders:
            for file in folder.files:
                if file.kind is FileKind.VIDEO:
                    yield folder, file

    @property
    def around(self) -> tuple[Folder, ...]:
        return self.folders if self.top in self.folders else (self.top, *self.folders)


def units(root: str, stop: threading.Event) -> Iterator[Unit | Problem]:
    """The units of a root, one after the other. Raises what `walk` raises."""
    text = to_text(root)
    top: Folder | None = None
    gathered: list[Folder] = []
    for found in walk(root, stop=stop):
        if isinstance(found, Problem):
            yield found
        elif top is None:
            top = found
            yield _unit(text, top, [top])
        else:
            if gathered and _first(gathered[0]) != _first(found):
                yield _unit(text, top, gathered)
                gathered = []
            gathered.append(found)
    if top is not None and gathered:
        yield _unit(text, top, gathered)


def unit(root: str, name: str, stop: threading.Event) -> Iterator[Unit | Problem]:
    """The unit in the folder `name` below a root; of the root's own files, if it is empty."""
    text = to_text(root)
    if not name:
        yield from _own_files(root, stop)
        return
    gathered: list[Folder] = []
    for found in walk(f"{root}/{name}", stop=stop):
        relative = f"{name}/{found.relative}".rstrip("/")
        if isinstance(found, Problem):
            yield found._replace(relative=relative)
        else:
            found.relative = relative
            gathered.append(found)
    yield _unit(text, Folder(root, ""), gathered)


def _own_files(root: str, stop: threading.Event) -> Iterator[Unit | Problem]:
    """The walk yields the root first: what comes after is not asked for."""
    for found in walk(root, stop=stop):
        if isinstance(found, Folder):
            yield _unit(to_text(root), found, [found])
            return
        yield found


def _unit(root: str, top: Folder, folders: list[Folder]) -> Unit:
    signatures = {to_text(folder.path): folder.signature() for folder in folders}
    return Unit(root, top, tuple(folders), signatures)


def _first(folder: Folder) -> str:
    return folder.relative.partition("/")[0]
