"""Decisions about libraries that need no input and output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


def check_collisions(
    name: str, paths: Sequence[str], others: Iterable[Library], real: Mapping[str, str]
) -> None:
    """`real` is where paths lead to, by links and `..`; others lead to themselves.

    Raises `LibraryNameTaken` or `PathTaken`.
    """
    _check_among(paths, real)
    for other in others:
        if other.name.casefold() == name.casefold():
            raise LibraryNameTaken
        for theirs in other.paths:
            for ours in paths:
                if collide(ours, theirs, real):
                    raise PathTaken(
                        f"{_shown(ours, real)} is, holds or lies in {_shown(theirs, real)} "
                        f"of the library {other.name}"
                    )


def collide(one: str, other: str, real: Mapping[str, str]) -> bool:
    return overlap(real.get(one, one), real.get(other, other))


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


def _check_among(paths: Sequence[str], real: Mapping[str, str]) -> None:
    for number, path in enumerate(paths):
        for other in paths[number + 1 :]:
            if collide(path, other, real):
                raise PathTaken(
                    f"{_shown(path, real)} and {_shown(other, real)} are the same folder, "
                    "or one lies in the other"
                )


def _shown(path: str, real: Mapping[str, str]) -> str:
    leads_to = real.get(path, path)
    return path if leads_to == path else f"{path} (that is {leads_to})"
