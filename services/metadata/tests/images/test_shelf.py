"""The folder of drawn images keeps to its budget, and to what is asked for."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from revenge.contracts import Unavailable
from revenge.metadata.images.shelf import Shelf


def put(shelf: Shelf, key: str, size: int = 1000) -> None:
    draft = shelf.draft()
    draft.write_bytes(b"x" * size)
    shelf.put(draft, key, 1_000_000_000_000_000_000)


def has(shelf: Shelf, key: str) -> bool:
    stored = shelf.find(key)
    if stored is not None:
        stored.file.close()
    return stored is not None


def age(folder: Path, key: str, hours: int) -> None:
    path = folder / key[:2] / key
    then = time.time_ns() - hours * 3600 * 10**9
    os.utime(path, ns=(then, path.stat().st_mtime_ns))


def opened(folder: Path, budget: int) -> Shelf:
    shelf = Shelf(folder, budget)
    shelf.open()
    return shelf


def test_an_image_is_found_with_its_pictures_time(tmp_path: Path) -> None:
    shelf = opened(tmp_path, 10_000)
    put(shelf, "abc")

    stored = shelf.find("abc")

    assert stored is not None
    with stored.file as file:
        assert (file.read(), stored.size, stored.modified) == (b"x" * 1000, 1000, 1_000_000_000)


def test_what_was_not_asked_for_longest_makes_room(tmp_path: Path) -> None:
    shelf = opened(tmp_path, 3000)
    for number, key in enumerate(("aa", "bb", "cc")):
        put(shelf, key)
        age(tmp_path, key, hours=10 - number)
    assert has(shelf, "aa")  # so it is asked for just now

    put(shelf, "dd")

    assert [has(shelf, key) for key in ("aa", "bb", "cc", "dd")] == [True, False, False, True]


def test_a_restart_counts_what_is_there_and_removes_drafts(tmp_path: Path) -> None:
    first = opened(tmp_path, 10_000)
    for key in ("aa", "bb", "cc"):
        put(first, key)
    first.draft().write_bytes(b"half")

    second = opened(tmp_path, 2000)

    assert sum(has(second, key) for key in ("aa", "bb", "cc")) == 1
    assert not list(tmp_path.glob("*.draft"))


def test_a_folder_that_is_gone_is_told_by_its_ping(tmp_path: Path) -> None:
    shelf = opened(tmp_path / "images", 1000)
    (tmp_path / "images").rmdir()

    with pytest.raises(Unavailable):
        shelf.check()
