"""A file that cannot be probed harms no other."""

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from revenge.kit import settings
from revenge.kit.jobs import Workers
from revenge.kit.testing import eventually
from revenge.library_scanner.probe import prober as module
from revenge.library_scanner.probe.messages import Reply, Request
from revenge.library_scanner.probe.prober import ProbeFailed, Prober

Make = Callable[..., Path]
HangingDisk = Any  # see conftest.py, which cannot be imported
VIDEO = ("-f", "lavfi", "-i", "testsrc2=size=128x72:rate=24:duration=1")
AUDIO = ("-f", "lavfi", "-i", "sine=frequency=440:duration=1")
ENDINGS = ["mkv", "mp4", "avi", "ts", "webm", "mov", "mp3", "flac", "wmv", "ogv", "flv", "mpg"]


def process_of(prober: Prober) -> int:
    (process,) = [slot._process for slot in prober._slots if slot._process]
    return process.pid


async def reason(prober: Prober, path: Path | str) -> str:
    with pytest.raises(ProbeFailed) as failed:
        await prober.probe(str(path))
    return failed.value.reason


@pytest.mark.parametrize("ending", ENDINGS)
async def test_an_empty_file_is_told_from_a_broken_one(
    tmp_path: Path, prober: Prober, ending: str
) -> None:
    empty, noise = tmp_path / f"empty.{ending}", tmp_path / f"noise.{ending}"
    empty.touch()
    noise.write_bytes(random.Random(ending).randbytes(100_000))

    assert await reason(prober, empty) == "the file is empty"
    assert await reason(prober, noise) in (
        "it is damaged, or no media at all",
        "there is no video and no audio in it that can be played",
    )


async def test_a_file_that_a_download_has_only_made_room_for_is_told_as_such(
    tmp_path: Path, prober: Prober
) -> None:
    path = tmp_path / "begun.mkv"
    with path.open("wb") as file:
        file.truncate(10**9)

    assert await reason(prober, path) == "it holds nothing yet: is it being downloaded?"


@pytest.mark.parametrize("ending", ["mkv", "mp4", "avi", "ts", "webm", "ogv", "wmv", "flv", "mpg"])
async def test_a_file_cut_anywhere_is_read_or_refused(
    make: Make, tmp_path: Path, prober: Prober, ending: str
) -> None:
    film = make(*VIDEO, *AUDIO, f"film.{ending}")
    raw = film.read_bytes()
    for at in (10, 100, 1000, len(raw) // 2, len(raw) - 100):
        cut = tmp_path / f"cut.{ending}"
        cut.write_bytes(raw[:at])

        await refused_or_read(prober, cut)

    assert (await prober.probe(str(film))).video


async def test_a_damaged_file_is_not_taken_for_a_damaged_disk(
    make: Make, tmp_path: Path, prober: Prober
) -> None:
    """Of the head of such a file, ffmpeg says that input or output has failed."""
    film = make(*VIDEO, "-c:v", "libx265", "-pix_fmt", "yuv420p10le", "film.mkv")
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(film.read_bytes()[:1024])

    assert await reason(prober, cut) == "it is damaged, or no media at all"


@pytest.mark.parametrize("ending", ["mkv", "mp4", "avi", "ts"])
async def test_a_file_with_damage_is_read_or_refused(
    make: Make, tmp_path: Path, prober: Prober, ending: str
) -> None:
    film = make(*VIDEO, *AUDIO, f"film.{ending}")
    whole = film.read_bytes()
    chance = random.Random(ending)
    for _ in range(30):
        raw = bytearray(whole)
        for _ in range(20):
            raw[chance.randrange(min(len(raw), 4000))] = chance.randrange(256)
        broken = tmp_path / f"broken.{ending}"
        broken.write_bytes(raw)

        await refused_or_read(prober, broken)

    assert (await prober.probe(str(film))).video


async def refused_or_read(prober: Prober, path: Path) -> None:
    """Either is right; neither a crash nor a time-out is."""
    with contextlib.suppress(ProbeFailed):
        await prober.probe(str(path))
    assert process_of(prober)


async def test_what_is_no_file_or_gone_is_refused(tmp_path: Path, prober: Prober) -> None:
    os.mkfifo(tmp_path / "pipe.mkv")

    assert await reason(prober, tmp_path) == "it is not a file"
    assert await reason(prober, tmp_path / "pipe.mkv") == "it is not a file"
    assert await reason(prober, tmp_path / "gone.mkv") == "no such file or directory"


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfilm.mkv\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile film.mkv\n",
        "1\n00:00:00,000 --> 00:00:01,000\nHello\n",
    ],
)
async def test_a_playlist_in_disguise_opens_nothing(
    make: Make, tmp_path: Path, prober: Prober, text: str
) -> None:
    make(*VIDEO, "film.mkv")
    (tmp_path / "disguise.mkv").write_text(text)

    assert await reason(prober, tmp_path / "disguise.mkv") == "it is damaged, or no media at all"


async def test_a_crashed_process_is_replaced(make: Make, prober: Prober) -> None:
    film = make(*VIDEO, "film.mkv")
    await prober.probe(str(film))

    os.kill(process_of(prober), signal.SIGSEGV)

    assert "crashed" in await reason(prober, film)
    assert (await prober.probe(str(film))).video


async def test_a_hanging_process_is_killed_and_replaced(make: Make) -> None:
    film = make(*VIDEO, "film.mkv")
    async with Prober(1, timeout_s=2) as prober:
        await prober.probe(str(film))
        hung = process_of(prober)
        os.kill(hung, signal.SIGSTOP)

        assert await reason(prober, film) == "reading it took longer than 2 s"

        assert (await prober.probe(str(film))).video
        with pytest.raises(ProcessLookupError):
            os.kill(hung, 0)


async def test_a_file_on_a_disk_that_does_not_answer_holds_up_no_other(
    make: Make, hanging_disk: HangingDisk
) -> None:
    film = make(*VIDEO, "film.mkv")
    async with Prober(1, timeout_s=2) as prober:
        await prober.probe(str(film))
        hanging_disk.hang()

        assert await reason(prober, hanging_disk.file) == "reading it took longer than 2 s"

        assert (await prober.probe(str(film))).video


async def test_an_idle_process_ends_and_another_is_started(make: Make) -> None:
    film = make(*VIDEO, "film.mkv")
    async with Prober(1, idle_s=0.1) as prober:
        await prober.probe(str(film))
        first = process_of(prober)

        async def is_gone() -> bool:
            try:
                os.kill(first, 0)
            except ProcessLookupError:
                return True
            return False

        await eventually(is_gone)
        assert (await prober.probe(str(film))).video


async def test_a_cancelled_probe_leaves_no_answer_behind(make: Make) -> None:
    film, song = make(*VIDEO, "film.mkv"), make(*AUDIO, "song.mp3")
    async with Prober(1) as prober:
        await prober.probe(str(film))
        os.kill(process_of(prober), signal.SIGSTOP)
        asking = asyncio.create_task(prober.probe(str(film)))
        await asyncio.sleep(0.1)
        asking.cancel()
        await asyncio.wait([asking])

        assert not (await prober.probe(str(song))).video


async def test_many_may_ask_at_once(make: Make) -> None:
    films = [make(*VIDEO, "film.mkv"), make(*AUDIO, "song.mp3")] * 10
    async with Prober(2) as prober:
        found = await asyncio.gather(*(prober.probe(str(film)) for film in films))

    assert [bool(media.video) for media in found] == [True, False] * 10


async def test_who_asks_while_a_process_is_replaced_gets_their_own_answer(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    film, song = make(*VIDEO, "film.mkv"), make(*AUDIO, "song.mp3")
    monkeypatch.setattr(module, "_PROBES_PER_PROCESS", 1)
    slot = module._Slot(60)

    async def has_video(path: Path) -> bool:
        reply: Reply = await slot.ask(Request(path=str(path)), 30)
        return bool(reply.media and reply.media.video)

    async def ask_late() -> bool:
        while slot._process:  # noqa: ASYNC110 - the moment between two processes is a short one
            await asyncio.sleep(0)
        return await has_video(song)

    await slot._started()
    answers = await asyncio.gather(has_video(film), has_video(film), ask_late())
    await slot.end()

    assert answers == [True, True, False]


async def test_nothing_is_left_running(make: Make) -> None:
    film = make(*VIDEO, "film.mkv")
    async with Prober(1) as prober:
        await prober.probe(str(film))
        process = process_of(prober)

    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


async def test_viewers_come_before_probes(make: Make, prober: Prober) -> None:
    await prober.probe(str(make(*VIDEO, "film.mkv")))

    niceness = os.getpriority(os.PRIO_PROCESS, process_of(prober))

    assert niceness > os.getpriority(os.PRIO_PROCESS, 0)


async def test_one_file_at_a_time_is_probed_while_somebody_watches(make: Make) -> None:
    film = make(*VIDEO, "film.mkv")
    workers = Workers(settings.Jobs())
    async with Prober(2, workers=workers) as prober:
        workers.make_way(True)
        await asyncio.gather(*(prober.probe(str(film)) for _ in range(6)))
        watched = [slot._process for slot in prober._slots if slot._process]
        workers.make_way(False)
        await asyncio.gather(*(prober.probe(str(film)) for _ in range(6)))
        unwatched = [slot._process for slot in prober._slots if slot._process]

    assert (len(watched), len(unwatched)) == (1, 2)
