"""The walk itself: `os.scandir` from folder to folder, links last and nothing twice."""

import os
import stat
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

from revenge.library_scanner.walk import ignore
from revenge.library_scanner.walk.kinds import file_kind
from revenge.library_scanner.walk.listing import File, Folder, Problem

MAX_DEPTH = 64
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

    def below(self, name: str, rules: tuple[_Rules, ...]) -> "_Place":
        return _Place(os.path.join(self.path, name), (*self.names, name), rules)  # noqa: PTH118 hot

    def problem(self, reason: str) -> Problem:
        return Problem(self.path, "/".join(self.names), reason)


def _never(_relative: str, _mtime_ns: int) -> bool:
    return False


def walk(
    root: str,
    *,
    stop: threading.Event | None = None,
    unchanged: Callable[[str, int], bool] = _never,
) -> Iterator[Folder | Problem]:
    """Yield every folder below the root, and the root first, each with its files.

    `unchanged` is asked with a folder's relative path and its mtime (ns); if it says True the
    folder's files are not looked at, only the folders in it are visited.

    Raises RootMissing or RootUnreadable at once, or at the end if the root went away meanwhile,
    and Cancelled soon after `stop` is set.
    """
    walker = _Walk(root, stop or threading.Event(), unchanged)
    return walker.run()


class _Walk:
    def __init__(
        self, root: str, stop: threading.Event, unchanged: Callable[[str, int], bool]
    ) -> None:
        self._root = root
        self._identity = _root_identity(root)
        self._real_root = os.path.realpath(root)
        self._stop = stop
        self._unchanged = unchanged
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
        try:
            found = os.stat(place.path)  # noqa: PTH116 hot
            identity = (found.st_dev, found.st_ino)
            if identity in self._seen:
                return None
            self._seen.add(identity)
            return self._read(place, found.st_mtime_ns)
        except FileNotFoundError:
            return None  # it went away since its parent was read
        except OSError as error:
            self._problems.append(place.problem(_reason(error)))
            return None

    def _read(self, place: _Place, mtime_ns: int) -> Folder | None:
        with os.scandir(place.path) as found:
            everything = sorted(found, key=_name)
        entries = [entry for entry in everything if entry.name[0] != "."]
        hidden = {entry.name for entry in everything if entry.name[0] == "."}
        if ".nomedia" in hidden:
            return None
        rules = self._rules(place, hidden & _IGNORE_FILES)
        if any(rule.patterns.hides_all for rule in rules):
            return None
        relative = "/".join(place.names)
        skipped = self._unchanged(relative, mtime_ns)
        files: list[File] = []
        folders: list[str] = []
        for entry in entries:
            is_folder = self._is_folder(place, entry)
            if is_folder is None or _hidden(place, rules, entry, is_folder):
                continue
            if is_folder:
                self._enter(place.below(entry.name, rules), entry, folders)
            elif not skipped:
                self._look(place, entry, files)
        self._todo.extend(place.below(name, rules) for name in reversed(folders))
        return Folder(place.path, relative, mtime_ns, tuple(files), tuple(folders), skipped)

    def _is_folder(self, place: _Place, entry: os.DirEntry[str]) -> bool | None:
        """None for a link that leads in a circle or to where we may not look."""
        try:
            return entry.is_dir()
        except OSError as error:
            self._problems.append(place.below(entry.name, ()).problem(_reason(error)))
            return None

    def _rules(self, place: _Place, names: set[str]) -> tuple[_Rules, ...]:
        rules = list(place.rules)
        for name in sorted(names):
            path = os.path.join(place.path, name)  # noqa: PTH118 the rest is os too
            with open(path, "rb") as file:  # noqa: PTH123 the rest is os too
                text = file.read(ignore.MAX_BYTES).decode("utf-8", "surrogateescape")
            rules.append(_Rules(len(place.names), ignore.Patterns(text)))
        return tuple(rules)

    def _enter(self, place: _Place, entry: os.DirEntry[str], folders: list[str]) -> None:
        name = entry.name.lower()
        if name in _JUNK_FOLDERS or name.endswith(".trickplay"):
            return
        if len(place.names) > MAX_DEPTH:
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

    def _look(self, place: _Place, entry: os.DirEntry[str], files: list[File]) -> None:
        try:
            found = entry.stat()
        except FileNotFoundError:
            if entry.is_symlink():
                self._problems.append(place.below(entry.name, ()).problem("a link to nothing"))
            return
        except OSError as error:
            self._problems.append(place.below(entry.name, ()).problem(_reason(error)))
            return
        if not stat.S_ISREG(found.st_mode):
            return  # a pipe or a device would block whoever reads it
        name = entry.name
        kind = file_kind(name)
        files.append(File(name, kind, found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev))


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _hidden(
    place: _Place, rules: tuple[_Rules, ...], entry: os.DirEntry[str], is_folder: bool
) -> bool:
    hidden = False
    for rule in rules:
        names = (*place.names[rule.depth :], entry.name)
        verdict = rule.patterns.verdict(names, is_folder=is_folder)
        hidden = hidden if verdict is None else verdict
    return hidden


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
