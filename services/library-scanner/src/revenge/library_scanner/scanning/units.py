"""Units: the folders of a film, of a show, or of whatever lies right below a library's root.

What belongs to a video may lie around and below it, but always in its unit. A unit none of whose
folders has changed needs no look.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from typing import NamedTuple

from revenge.contracts.paths import to_text
from revenge.library_scanner.walk import File, FileKind, Folder, Problem, walk


class Unit(NamedTuple):
    """`folders` begins with the root itself, for its names; its files are a unit of their own."""

    root: Folder
    folders: tuple[Folder, ...]

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
        return self.folders if self.root in self.folders else (self.root, *self.folders)

    def signatures(self) -> dict[str, bytes]:
        """By the folder's path, as text."""
        return {to_text(folder.path): signature(folder) for folder in self.folders}


def signature(folder: Folder) -> bytes:
    """A digest of names, sizes and times: the same again means the same files."""
    listing = repr([file[:5] for file in folder.files])
    return hashlib.blake2b(listing.encode("utf-8", "surrogateescape"), digest_size=16).digest()


def units(root: str, stop: threading.Event) -> Iterator[Unit | Problem]:
    """The units of a root, one after the other. Raises what `walk` raises."""
    top: Folder | None = None
    gathered: list[Folder] = []
    for found in walk(root, stop=stop):
        if isinstance(found, Problem):
            yield found
        elif top is None:
            top = found
            yield Unit(top, (top,))
        else:
            if gathered and _first(gathered[0]) != _first(found):
                yield Unit(top, tuple(gathered))
                gathered = []
            gathered.append(found)
    if top is not None and gathered:
        yield Unit(top, tuple(gathered))


def unit(root: str, name: str, stop: threading.Event) -> Iterator[Unit | Problem]:
    """The unit in the folder `name` below a root; of the root's own files, if it is empty."""
    top = Folder(root, "", 0, (), ())
    if not name:
        yield from _own_files(root, stop)
        return
    gathered: list[Folder] = []
    for found in walk(f"{root}/{name}", stop=stop):
        relative = f"{name}/{found.relative}".rstrip("/")
        if isinstance(found, Problem):
            yield found._replace(relative=relative)
        else:
            gathered.append(found._replace(relative=relative))
    yield Unit(top, tuple(gathered))


def _own_files(root: str, stop: threading.Event) -> Iterator[Unit | Problem]:
    """The walk yields the root first: what comes after is not asked for."""
    for found in walk(root, stop=stop):
        if isinstance(found, Folder):
            yield Unit(found, (found,))
            return
        yield found


def _first(folder: Folder) -> str:
    return folder.relative.partition("/")[0]
