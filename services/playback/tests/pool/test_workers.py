import asyncio
import os
import signal
from pathlib import Path

import pytest

from revenge.kit.testing import eventually
from revenge.playback.deciding.renditions import CopiedVideo
from revenge.playback.faults import FileUnreadable, MediaDamaged
from revenge.playback.pool import work
from revenge.playback.pool.workers import Workers
from revenge.playback.testing.rig import Clips, Rig


def survey_of(path: Path, target: Path) -> work.MakeSurvey:
    return work.MakeSurvey(str(path), str(target))


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def test_a_killed_worker_costs_only_a_retry(rig: Rig, clips: Clips) -> None:
    source = await rig.source(clips("film.ts"))
    await rig.workers.warm_up()
    asked = asyncio.create_task(rig.segmenter.segment(source, CopiedVideo(), 3, "viewer"))
    await asyncio.sleep(0.05)

    os.kill(rig.workers.pids[0], signal.SIGKILL)

    assert (await asked).stat().st_size > 0


async def test_an_idle_worker_that_was_killed_is_replaced(rig: Rig, clips: Clips) -> None:
    await rig.segmenter.survey(await rig.source(clips("film.mp4")))
    os.kill(rig.workers.pids[0], signal.SIGKILL)

    survey = await rig.segmenter.survey(await rig.source(clips("film.mkv")))

    assert survey.video is not None


async def test_a_worker_that_hangs_is_killed(clips: Clips, tmp_path: Path) -> None:
    """A FIFO that nobody writes to is read for ever."""
    workers = Workers(1, patience_s=4.0)
    os.mkfifo(tmp_path / "film.mkv")

    with pytest.raises(MediaDamaged):
        await workers.run(survey_of(tmp_path / "film.mkv", tmp_path / "survey"))
    size = await workers.run(survey_of(clips("film.mp4"), tmp_path / "survey"))

    assert size > 0
    await workers.close()


async def test_workers_are_gone_when_there_is_no_work(clips: Clips, tmp_path: Path) -> None:
    workers = Workers(1, idle_s=0.2)
    await workers.run(survey_of(clips("film.mp4"), tmp_path / "survey"))
    assert len(workers.pids) == 1

    async def are_gone() -> bool:
        return workers.pids == []

    await eventually(are_gone)
    await workers.close()


async def test_orders_that_nobody_waits_for_do_not_confuse_the_next(
    clips: Clips, tmp_path: Path
) -> None:
    workers = Workers(1)
    await workers.warm_up()
    given_up = asyncio.create_task(workers.run(survey_of(clips("film.ts"), tmp_path / "one")))
    await asyncio.sleep(0.01)
    given_up.cancel()

    size = await workers.run(survey_of(clips("film.mp4"), tmp_path / "two"))

    assert size == (tmp_path / "two").stat().st_size
    await workers.close()


async def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    workers = Workers(1)

    with pytest.raises(FileUnreadable):
        await workers.run(survey_of(tmp_path / "none.mkv", tmp_path / "survey"))

    await workers.close()


async def test_no_worker_outlives_the_service(rig: Rig, clips: Clips) -> None:
    await rig.segmenter.survey(await rig.source(clips("film.mp4")))
    pids = rig.workers.pids

    await rig.close()

    assert pids
    assert [pid for pid in pids if is_alive(pid)] == []


async def test_who_comes_second_waits_for_whichever_worker_is_ready_first(
    clips: Clips, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is at work is sooner than one that has to be started."""
    workers = Workers(2)
    await workers.warm_up()
    never_ready = tmp_path / "python"
    never_ready.write_text("#!/bin/sh\nexec sleep 100\n")
    never_ready.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(never_ready))

    film, targets = clips("film.mp4"), [tmp_path / str(number) for number in range(2)]
    sizes = await asyncio.gather(*(workers.run(survey_of(film, target)) for target in targets))

    assert min(sizes) > 0
    await workers.close()


async def test_a_worker_that_nobody_waits_for_any_more_rests(clips: Clips, tmp_path: Path) -> None:
    workers = Workers(1)
    given_up = asyncio.create_task(workers.run(survey_of(clips("film.mp4"), tmp_path / "one")))
    await asyncio.sleep(0)
    given_up.cancel()

    size = await workers.run(survey_of(clips("film.mp4"), tmp_path / "two"))

    assert size > 0
    assert len(workers.pids) == 1
    await workers.close()


async def test_a_worker_that_was_about_to_start_is_gone_with_the_others() -> None:
    workers = Workers(1)
    warming = asyncio.create_task(workers.warm_up())
    await asyncio.sleep(0)

    await workers.close()

    await warming
    assert workers.pids == []
