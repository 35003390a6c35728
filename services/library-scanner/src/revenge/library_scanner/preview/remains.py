"""What a walk leaves out, and what it finds and nothing uses, each with the reason."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from revenge.contracts.paths import to_text
from revenge.library_scanner.walk import File, FileKind, Folder, ignore
from revenge.library_scanner.walk.kinds import extension

_IGNORE_FILES = (".ignore", ".plexignore")
_DISC_IMAGES = ("img", "iso", "nrg")
_UNUSED = {
    FileKind.SUBTITLE: "subtitles that belong to no video",
    FileKind.IMAGE: "an image by no known name, or of no video",
    FileKind.NFO: "an NFO that belongs to no video",
    FileKind.AUDIO: "audio is not looked into yet",
    FileKind.BOOK: "books are not looked into yet",
    FileKind.OTHER: "no kind of file that is looked into",
}


class Remark(NamedTuple):
    """`path` is relative, as `os` gives it."""

    path: str
    reason: str


def left_out(root: str, folders: Sequence[Folder], told: Collection[str]) -> Iterator[Remark]:
    """Files and folders that the walk did not look at; of a folder only itself.

    `told` are the relative paths of those that are told of as problems.
    """
    walked = {folder.path for folder in folders}
    for folder in folders:
        files = {file.name for file in folder.files}
        for entry in _entries(folder.path):
            relative = f"{folder.relative}/{entry.name}".lstrip("/")
            if entry.name in files or entry.path in walked or relative in told:
                continue
            reason = _reason(entry, root)
            if reason:
                yield Remark(relative, reason)


def unused(folders: Sequence[Folder], used: Collection[str]) -> Iterator[Remark]:
    """`used` are absolute paths as text."""
    for folder in folders:
        for file in folder.files:
            path = to_text(f"{folder.path}/{file.name}")
            if file.kind is not FileKind.VIDEO and path not in used:
                yield Remark(f"{folder.relative}/{file.name}".lstrip("/"), _why_unused(file))


def _why_unused(file: File) -> str:
    if extension(file.name) in _DISC_IMAGES:
        return "an image of a disc cannot be read: unpack it into its folder"
    return _UNUSED[file.kind]


def _entries(path: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            return list(entries)
    except OSError:
        return []


def _reason(entry: os.DirEntry[str], root: str) -> str | None:
    """None for a link that was followed, and for what is itself the reason for others."""
    if entry.name in (*_IGNORE_FILES, ".nomedia") or entry.is_symlink():
        return None
    if entry.name.startswith("."):
        return "its name begins with a dot"
    if not entry.is_dir() and not entry.is_file():
        return "no file: a pipe, a socket or a device"
    if entry.is_dir() and Path(entry.path, ".nomedia").exists():
        return "there is a .nomedia in it"
    return _hidden_by(Path(entry.path), Path(root)) or "a folder of the system, or of the disk's"


def _hidden_by(path: Path, root: Path) -> str | None:
    """The nearest file that hides it."""
    is_folder = path.is_dir()
    for folder in (path, *path.parents):
        for name in _IGNORE_FILES:
            if _hides(folder / name, path.relative_to(folder).parts, is_folder=is_folder):
                return f"hidden by {(folder / name).relative_to(root)}"
        if folder == root:
            break
    return None


def _hides(file: Path, names: Sequence[str], *, is_folder: bool) -> bool:
    with suppress(OSError):
        patterns = ignore.read(str(file))
        if patterns is not None:
            is_hidden = bool(names) and patterns.verdict(names, is_folder=is_folder) is True
            return patterns.hides_all or is_hidden
    return False
