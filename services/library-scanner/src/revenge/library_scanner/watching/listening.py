"""Changes below folders: told by the operating system, or found by comparing every so often."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from watchfiles import watch

from revenge.library_scanner.watching.comparing import Heard, compare

STEP_MS = 200  # of listening; changes that come together are taken together
TOGETHER_MS = 1000  # and no longer than that
ALIVE_MS = 1000  # without changes: an empty set says that the folders are being listened to

_ODD_NAME = re.compile('Unable to decode path "(.*)" to string')  # as Rust writes the path


class CannotListen(Exception):
    """The system's events are of no use for these folders; says why. `advice` would mend it."""

    code = "polling"
    advice = ""


class NoMoreWatches(CannotListen):
    """The system watches as many folders as it is allowed to, for this user."""

    code = "watch_limit"
    advice = "raise fs.inotify.max_user_watches with sysctl"


class NoMoreListeners(NoMoreWatches):
    """The system has as many listeners as it is allowed to, for this user."""

    advice = "raise fs.inotify.max_user_instances with sysctl"


class OddName(CannotListen):
    """`watchfiles` can tell of no name that is not UTF-8, and then of nothing any more."""

    advice = "rename it"


async def listen(paths: Sequence[str], poll_ms: int | None = None) -> AsyncGenerator[Heard]:
    """Sets of paths that have changed, as `os` takes them; empty ones while nothing happens.

    From the first set on no change is missed. With `poll_ms` the folders are compared that often.
    Raises `CannotListen`, but not with `poll_ms`, and OSError.
    """
    heard: asyncio.Queue[Heard | Exception] = asyncio.Queue()
    stop = threading.Event()
    tell = partial(_put, asyncio.get_running_loop(), heard)
    # a thread of its own: it lasts, and those of the loop are few
    threading.Thread(target=_hear, args=(paths, stop, poll_ms, tell), daemon=True).start()
    try:
        while True:
            item = await heard.get()
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        stop.set()


def _hear(
    paths: Sequence[str],
    stop: threading.Event,
    poll_ms: int | None,
    tell: Callable[[Heard | Exception], None],
) -> None:
    """In the thread."""
    try:
        _check(paths)
        found = _watch(paths, stop) if poll_ms is None else compare(paths, stop, poll_ms / 1000)
        for number, batch in enumerate(found):
            if number == 0 and poll_ms is None:
                _check_room(paths)
            tell(batch)
    except (OSError, RuntimeError, NoMoreWatches) as error:
        tell(_translated(error))


def what_lacks(path: str) -> NoMoreWatches | None:
    """What the system would say if one more folder were to be watched; None if it would.

    Whoever listens already is not told when a folder that is new could not be watched.
    """
    try:
        next(_watch([path], threading.Event(), is_trial=True), None)
    except (OSError, RuntimeError) as error:
        found = _translated(error)
        return found if isinstance(found, NoMoreWatches) else None
    return None


def _check(paths: Sequence[str]) -> None:
    """Of these, too, nobody would be told."""
    for path in paths:
        if not Path(path).is_dir():
            raise FileNotFoundError(f"{path} is not there, or it is no folder")


def _check_room(paths: Sequence[str]) -> None:
    lack = what_lacks(paths[0])
    if type(lack) is NoMoreWatches:
        raise lack


def _watch(
    paths: Sequence[str], stop: threading.Event, *, is_trial: bool = False
) -> Iterator[Heard]:
    """A trial is of one folder, ends at once, and raises what is otherwise passed over."""
    batches = watch(
        *paths,
        watch_filter=None,
        step=STEP_MS,
        debounce=TOGETHER_MS,
        stop_event=stop,
        rust_timeout=1 if is_trial else ALIVE_MS,
        yield_on_timeout=True,
        raise_interrupt=False,
        force_polling=False,
        recursive=not is_trial,
        # one folder that may not be read does not keep the others from being watched; with it go
        # all other errors
        ignore_permission_denied=not is_trial,
    )
    return (frozenset(path for _, path in batch) for batch in batches)


def _put(
    loop: asyncio.AbstractEventLoop, to: asyncio.Queue[Heard | Exception], item: Heard | Exception
) -> None:
    with suppress(RuntimeError):  # the loop is closed: nobody listens any more
        loop.call_soon_threadsafe(to.put_nowait, item)


def _translated(error: Exception) -> Exception:
    """`watchfiles` gives no number with its errors, only a text."""
    text = str(error)
    if "watch limit reached" in text:
        return NoMoreWatches("the system gives no more watches")
    if "os error 24" in text:
        return NoMoreListeners("the system gives no more watches")
    if odd := _ODD_NAME.search(text):
        return OddName(f"the name of {odd[1]} is not UTF-8")
    return CannotListen(text) if isinstance(error, RuntimeError) else error
