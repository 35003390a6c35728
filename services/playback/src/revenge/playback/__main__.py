"""What playback opens and serves."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

from revenge.kit import Service, run
from revenge.kit.http import serving
from revenge.playback import detached, handlers, measures, overseeing
from revenge.playback.ffmpeg import find_ffmpeg
from revenge.playback.keeping import Sessions
from revenge.playback.playing import Playing, reaching
from revenge.playback.pool.workers import Workers
from revenge.playback.reporting import Reporting
from revenge.playback.segments.cache import SegmentCache
from revenge.playback.segments.run import Limits
from revenge.playback.segments.runs import Transcoder
from revenge.playback.segments.segmenter import Segmenter
from revenge.playback.settings import Playback, PlaybackSettings
from revenge.playback.streaming.app import StreamApp
from revenge.playback.streaming.fetching import Fetching
from revenge.playback.streaming.signing import Signer, SigningKey
from revenge.playback.telling import Telling


async def start(service: Service, settings: PlaybackSettings) -> None:
    db = await service.open_database(settings.database)
    segmenter = await service.open(_segmenting(settings.playback))
    signer = Signer((SigningKey("a", settings.playback.secret.encode()),))
    app = Playing(
        service.bus,
        db,
        Telling(db),
        await Sessions.of(service.bus),
        segmenter,
        signer,
        timedelta(seconds=settings.playback.session_timeout_s),
        settings.playback.allowance,
    )
    service.include(handlers.router, scope=reaching(app))
    service.include(overseeing.router, scope=reaching(app))
    service.spawn(app.sessions.follow)
    service.spawn(app.sweep)
    service.spawn(app.release)
    service.spawn(Reporting(app.sessions, segmenter).run)
    streams = StreamApp(Fetching(app).look_up, segmenter, signer)
    at = settings.http
    await service.open(serving(streams, at.host, at.port, break_off=streams.break_off))


@asynccontextmanager
async def _segmenting(settings: Playback) -> AsyncGenerator[Segmenter]:
    cache = SegmentCache(settings.segments, settings.budget)
    workers = Workers(settings.workers)
    limits = Limits(runs=settings.transcodes)
    transcoder = Transcoder(await find_ffmpeg(), cache, limits)
    measures.TRANSCODING.set_function(lambda: transcoder.running)
    measures.SPEED.set_function(lambda: transcoder.speed or 0)
    measures.CACHED.set_function(lambda: cache.used)
    try:
        detached.start(workers.warm_up())
        yield Segmenter(cache, workers, transcoder)
    finally:
        await transcoder.close()
        await workers.close()
        await cache.close()


if __name__ == "__main__":
    run("playback", PlaybackSettings, start)
