"""Changes that are found by comparing what there is with what there was: where no event tells."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from revenge.library_scanner.walk import Cancelled, Folder, RootMissing, RootUnreadable, walk

Heard = frozenset[str]


class _Seen(NamedTuple):
    signature: bytes
    folder: Folder


_Snapshot = Mapping[str, _Seen]  # by the folder's path


def compare(paths: Sequence[str], stop: threading.Event, every_s: float) -> Iterator[Heard]:
    """Sets of paths that have changed since the last look, as `os` takes them; the first is empty.

    Of a root that is away nothing is said: whoever asks looks after that.
    """
    with suppress(Cancelled):
        before = {path: _look(path, stop) for path in paths}
        yield frozenset()
        while not stop.wait(every_s):
            heard: set[str] = set()
            for path, known in before.items():
                now = _look(path, stop)
                if now is not None:
                    heard.update(_changed(known, now) if known is not None else {path})
                    before[path] = now
            yield frozenset(heard)


def _look(root: str, stop: threading.Event) -> _Snapshot | None:
    try:
        found = walk(root, stop=stop)
        folders = (item for item in found if isinstance(item, Folder))
        return {folder.path: _Seen(folder.signature(), folder) for folder in folders}
    except (RootMissing, RootUnreadable):
        return None


def _changed(before: _Snapshot, now: _Snapshot) -> Iterator[str]:
    for path in before.keys() | now.keys():
        old, new = before.get(path), now.get(path)
        if old is None or new is None:
            yield path
        elif old.signature != new.signature:
            files = {*old.folder.files} ^ {*new.folder.files}
            yield from (f"{path}/{file.name}" for file in files)
