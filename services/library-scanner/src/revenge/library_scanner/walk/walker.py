"""The walk itself: `os.scandir` from folder to folder, links last and nothing twice."""

import operator
import os
import threading
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from revenge.contracts.paths import to_text
from revenge.library_scanner.walk import ignore
from revenge.library_scanner.walk.listing import Folder, Problem

MAX_DEPTH = 64
MAX_PATH = 1200  # bytes, as text: with a name below it, what the indexes of PostgreSQL hold
_JUNK_FOLDERS = {
    "#recycle",
    "#snapshot",
    "$recycle.bin",
    "@eadir",
    "@recently-snapshot",
    "@recycle",
    "@sharebin",
    "@tmp",
    "__macosx",
    "found.000",
    "lost+found",
    "plex versions",
    "recycler",
    "system volume information",
}
_IGNORE_FILES = {".ignore", ".plexignore"}
_Identity = tuple[int, int]  # device, inode


class RootMissing(Exception):
    """The folder of the library is not there: deleted, renamed, or its disk is not mounted."""


class RootUnreadable(Exception):
    """The folder of the library is there, but it cannot be read; says why."""


class Cancelled(Exception):
    """The walk was told to stop: what it has yielded is not all there is."""


class _Rules(NamedTuple):
    """An ignore file's patterns; they see paths from the folder it lies in, `depth` names down."""

    depth: int
    patterns: ignore.Patterns


class _Place(NamedTuple):
    path: str
    names: tuple[str, ...]  # below the root
    rules: tuple[_Rules, ...]
    around: int | None = None  # the device of the folder around it, where that is known

    def below(self, name: str, rules: tuple[_Rules, ...], around: int | None = None) -> "_Place":
        path = os.path.join(self.path, name)  # noqa: PTH118 hot
        return _Place(path, (*self.names, name), rules, around)

    def problem(self, reason: str) -> Problem:
        return Problem(self.path, "/".join(self.names), reason)


def walk(root: str, *, stop: threading.Event | None = None) -> Iterator[Folder | Problem]:
    """Yield every folder below the root, and the root first, each with its files.

    Raises RootMissing or RootUnreadable at once, or at the end if the root went away meanwhile,
    and Cancelled soon after `stop` is set.
    """
    return _Walk(root, stop or threading.Event()).run()


class _Walk:
    def __init__(self, root: str, stop: threading.Event) -> None:
        self._root = root
        self._identity = _root_identity(root)
        self._real_root = os.path.realpath(root)
        self._stop = stop
        self._todo = [_Place(root, (), ())]
        self._links: deque[_Place] = deque()
        self._seen: set[_Identity] = set()
        self._problems: list[Problem] = []

    def run(self) -> Iterator[Folder | Problem]:
        while place := self._next():
            if self._stop.is_set():
                raise Cancelled
            folder = self._visit(place)
            if folder is not None:
                yield folder
            yield from self._problems
            self._problems.clear()
        if _root_identity(self._root) != self._identity:
            raise RootMissing(f"{self._root} was replaced during the walk")

    def _next(self) -> _Place | None:
        """Links wait to the end: a folder is known by its own path, not by a link to it."""
        if self._todo:
            return self._todo.pop()
        return self._links.popleft() if self._links else None

    def _visit(self, place: _Place) -> Folder | None:
        if _is_too_long(place.path):
            self._problems.append(place.problem(f"its path is longer than {MAX_PATH} bytes"))
            return None
        try:
            found = os.stat(place.path)  # noqa: PTH116 hot
            identity = (found.st_dev, found.st_ino)
            if identity in self._seen:
                return None
            self._seen.add(identity)
            return self._read(place, found.st_dev)
        except FileNotFoundError:
            return None  # it went away since its parent was read
        except OSError as error:
            self._problems.append(place.problem(_reason(error)))
            return None

    def _read(self, place: _Place, device: int) -> Folder | None:
        with os.scandir(place.path) as unsorted:
            entries = sorted(unsorted, key=_name)
        dotted = {entry.name for entry in entries if entry.name[0] == "."}
        if ".nomedia" in dotted:
            return None
        rules = self._rules(place, dotted & _IGNORE_FILES)
        if any(rule.patterns.hides_all for rule in rules):
            return None
        if dotted:
            entries = [entry for entry in entries if entry.name[0] != "."]
        folder = _folder(place, device)
        for entry in entries:  # hot: once for each file of a library
            try:
                is_file = entry.is_file()
                if rules and _hidden(place, rules, entry.name, is_folder=not is_file):
                    continue
                if is_file:
                    found = entry.stat()
                    folder.add(entry.name, found.st_size, found.st_mtime_ns)
                else:
                    self._enter(place.below(entry.name, rules), entry, folder.folders)
            except OSError as error:
                self._complain(place, entry, error)
        self._todo.extend(place.below(name, rules, device) for name in reversed(folder.folders))
        return folder

    def _complain(self, place: _Place, entry: os.DirEntry[str], error: OSError) -> None:
        """A file that went away since its folder was read is none."""
        if not isinstance(error, FileNotFoundError):
            self._problems.append(place.below(entry.name, ()).problem(_reason(error)))

    def _rules(self, place: _Place, names: set[str]) -> tuple[_Rules, ...]:
        rules = list(place.rules)
        for name in sorted(names):
            patterns = ignore.read(os.path.join(place.path, name))  # noqa: PTH118 hot
            if patterns is not None:
                rules.append(_Rules(len(place.names), patterns))
        return tuple(rules)

    def _enter(self, place: _Place, entry: os.DirEntry[str], folders: list[str]) -> None:
        """A pipe or a device is passed by: it would block whoever reads it."""
        name = entry.name.lower()
        if not entry.is_dir():
            if entry.is_symlink() and not os.path.exists(place.path):  # noqa: PTH110 hot
                self._problems.append(place.problem("a link to nothing"))
        elif name in _JUNK_FOLDERS or name.endswith(".trickplay"):
            return
        elif len(place.names) > MAX_DEPTH:
            self._problems.append(place.problem(f"more than {MAX_DEPTH} folders deep"))
        elif not entry.is_symlink():
            folders.append(entry.name)
        elif self._surrounds_root(place.path):
            self._problems.append(place.problem("a link to a folder around this one"))
        else:
            self._links.append(place)

    def _surrounds_root(self, path: str) -> bool:
        target = os.path.realpath(path)
        return os.path.commonpath([target, self._real_root]) == target


_name = operator.attrgetter("name")


def _is_too_long(path: str) -> bool:
    is_short = 5 * len(path) <= MAX_PATH  # what is not UTF-8 takes most
    return not is_short and len(to_text(path).encode()) > MAX_PATH


def _hidden(place: _Place, rules: tuple[_Rules, ...], name: str, *, is_folder: bool) -> bool:
    hidden = False
    for rule in rules:
        names = (*place.names[rule.depth :], name)
        verdict = rule.patterns.verdict(names, is_folder=is_folder)
        hidden = hidden if verdict is None else verdict
    return hidden


def _folder(place: _Place, device: int) -> Folder:
    around = _device_around(place.path) if place.around is None else place.around
    return Folder(place.path, "/".join(place.names), is_mount=device != around)


def _device_around(path: str) -> int:
    """Of a link, that is the folder around its target."""
    return os.stat(os.path.join(path, "..")).st_dev  # noqa: PTH116, PTH118 the rest is os too


def _root_identity(root: str) -> _Identity:
    try:
        found = os.stat(root)  # noqa: PTH116 the rest is os too
        with os.scandir(root):
            return found.st_dev, found.st_ino
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RootMissing(f"{root} is not there, or it is no folder") from error
    except (OSError, ValueError) as error:
        reason = _reason(error) if isinstance(error, OSError) else str(error)
        raise RootUnreadable(f"{root}: {reason}") from error


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
