"""ffmpeg as a process: started with its output as a stream, and never left behind."""

from __future__ import annotations

import asyncio
import contextlib
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path

from loguru import logger

_DYING_S = 5.0


class FfmpegFailed(Exception):
    """It ended with an error; the message is the last that it said."""


async def start(command: Sequence[str], folder: Path | None = None) -> Process:
    """`folder` is where it looks for what the command names without a path."""
    return await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, cwd=folder)


async def output(command: Sequence[str], within_s: float, folder: Path | None = None) -> bytes:
    """All that an ffmpeg with little to do writes. Raises `FfmpegFailed` and TimeoutError."""
    process = await start(command, folder)
    try:
        async with asyncio.timeout(within_s):
            written, errors = await process.communicate()
    finally:
        await end(process)
    if process.returncode:
        raise FfmpegFailed(errors[-500:].decode(errors="replace").strip())
    return written


async def last_words(process: Process) -> str:
    """The end of what ffmpeg said; all of it is read, or it would wait."""
    words = b""
    while process.stderr is not None and (said := await process.stderr.read(4096)):
        words = (words + said)[-500:]
    return words.decode(errors="replace").strip()


async def end(process: Process) -> None:
    """Kills it if need be. What it has written must be read, or its end is never seen."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    try:
        async with asyncio.timeout(_DYING_S):
            if process.stdout is not None:
                await process.stdout.read()
            await process.wait()
    except TimeoutError:
        logger.warning("ffmpeg ({}) was killed, and does not end", process.pid)
