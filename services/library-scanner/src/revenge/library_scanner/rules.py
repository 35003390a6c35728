"""Decisions about libraries that need no input and output."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

import msgspec

from revenge.contracts.library import (
    CreateLibrary,
    Library,
    LibraryNameTaken,
    LibraryType,
    PathTaken,
    UpdateLibrary,
)

#: Types that are looked into; the others can be made, and wait for their rules.
SCANNED = (LibraryType.MOVIE, LibraryType.TVSHOW, LibraryType.MIXED)


def why_nothing(type: LibraryType) -> str | None:
    """What a scan says that could find nothing; None where there is something to find."""
    return None if type in SCANNED else f"libraries of the type {type} are not looked into yet"


def normal(path: str) -> str:
    """`/media//films/` is `/media/films`; a path that is not absolute stays as it is."""
    return str(PurePosixPath(path)) if path.startswith("/") else path


def check_collisions(name: str, paths: Sequence[str], others: Iterable[Library]) -> None:
    """Raises `LibraryNameTaken` or `PathTaken`."""
    _check_among(paths)
    for other in others:
        if other.name.casefold() == name.casefold():
            raise LibraryNameTaken
        for theirs in other.paths:
            for ours in paths:
                if overlap(ours, theirs):
                    raise PathTaken(f"{ours} collides with {theirs} of the library {other.name}")


def overlap(one: str, other: str) -> bool:
    """True if they are the same folder, or one lies in the other."""
    first, second = PurePosixPath(one), PurePosixPath(other)
    return first.is_relative_to(second) or second.is_relative_to(first)


def changed(library: Library, wanted: UpdateLibrary) -> Library:
    """The library with the fields that were given."""
    given = {
        field: value
        for field in UpdateLibrary.__struct_fields__
        if field != "library_id" and (value := getattr(wanted, field)) is not msgspec.UNSET
    }
    if "paths" in given:
        given["paths"] = tuple(map(normal, given["paths"]))
    return msgspec.structs.replace(library, **given)


def normalised(wanted: CreateLibrary) -> CreateLibrary:
    return msgspec.structs.replace(wanted, paths=tuple(map(normal, wanted.paths)))


def _check_among(paths: Sequence[str]) -> None:
    for number, path in enumerate(paths):
        for other in paths[number + 1 :]:
            if overlap(path, other):
                raise PathTaken(f"{path} and {other} lie in each other")
