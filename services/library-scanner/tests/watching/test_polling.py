"""Where the system does not tell of changes."""

import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from revenge.contracts.library import Watch
from revenge.kit.testing import eventually
from revenge.library_scanner import folders
from revenge.library_scanner.watching import watcher
from revenge.library_scanner.watching.listening import NoMoreListeners, NoMoreWatches, listen

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported
MakeShelf = Callable[..., Awaitable[Shelf]]
Heard = Any  # what the bus tells: the same

# on a busy machine: 2 s are promised of an idle one, and measured by the benchmark


async def test_an_unreadable_watch_is_not_warned_of_as_a_root_that_is_missing(
    unwatched: Shelf, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it is that the system refuses."""
    shelf = unwatched
    monkeypatch.setattr(watcher, "listen", refusing(OSError("the system does not want to")))
    await shelf.set_realtime_monitoring(on=True)

    warnings = await eventually(lambda: heard.warnings_of(shelf))

    assert [warning.code for warning in warnings] == ["watch_failed"]
    assert (await shelf.now()).watch is Watch.UNREADABLE
    assert "does not want to" in (await shelf.now()).watch_reason


@pytest.mark.parametrize(
    ("error", "setting"),
    [
        (NoMoreWatches("no more"), "fs.inotify.max_user_watches"),
        (NoMoreListeners("no more"), "fs.inotify.max_user_instances"),
    ],
)
async def test_where_the_system_gives_no_more_watches_a_library_is_polled_and_says_so(
    error: Exception,
    setting: str,
    unwatched: Shelf,
    heard: Heard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shelf = unwatched
    monkeypatch.setattr(watcher, "listen", refusing(error))
    monkeypatch.setattr(watcher, "POLL_MS", 200)
    await shelf.set_realtime_monitoring(on=True)

    await eventually(lambda: shelf.is_watched(Watch.POLLING))
    path = shelf.video("Ronin (1998)/Ronin (1998).mkv")
    await eventually(lambda: heard.file(path))

    warnings = await eventually(lambda: heard.warnings_of(shelf))
    assert [warning.code for warning in warnings] == ["watch_limit"]
    assert setting in (await shelf.now()).watch_reason
    assert shelf.counted() == Watch.POLLING


async def test_a_library_with_a_name_that_is_not_utf_8_is_polled_and_says_so(
    unwatched: Shelf, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = unwatched
    monkeypatch.setattr(watcher, "POLL_MS", 200)
    odd = os.fsdecode(b"Caf\xe9 (2000)")
    shelf.video(f"{odd}/film.mkv", title="with an accent")
    await shelf.set_realtime_monitoring(on=True)

    await eventually(lambda: shelf.is_watched(Watch.POLLING))
    path = shelf.video("Ronin (1998)/Ronin (1998).mkv")
    await eventually(lambda: heard.file(path))

    (warning,) = await eventually(lambda: heard.warnings_of(shelf))
    assert (warning.code, "is not UTF-8" in warning.message) == ("polling", True)
    assert "rename it" in (await shelf.now()).watch_reason


async def test_on_a_network_file_system_a_library_is_polled_and_says_so(
    make_shelf: MakeShelf,
    scanner: None,
    heard: Heard,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text("22 1 0:40 / / rw - nfs4 nas:/ rw\n")
    monkeypatch.setattr(folders, "MOUNTS", mounts)
    monkeypatch.setattr(watcher, "POLL_MS", 200)
    shelf = await make_shelf(realtime_monitoring=True)
    assert scanner is None

    await eventually(lambda: shelf.is_watched(Watch.POLLING))
    path = shelf.video("Ronin (1998)/Ronin (1998).mkv")
    await eventually(lambda: heard.file(path))

    (warning,) = await eventually(lambda: heard.warnings_of(shelf))
    assert warning.code == "polling"
    assert f"{shelf.root} (on nfs4)" in warning.message
    assert shelf.counted() == Watch.POLLING


def refusing(error: Exception) -> Any:
    """What listens as ever, but where the system would have to tell of changes, and refuses."""

    def refuse(paths: Sequence[str], poll_ms: int | None = None) -> AsyncGenerator[frozenset[str]]:
        return listen(paths, poll_ms) if poll_ms is not None else refused()

    async def refused() -> AsyncGenerator[frozenset[str]]:
        raise error
        yield

    return refuse
