"""What playback answers: starting, looking at, keeping alive and stopping a session."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from revenge.contracts import Nothing, PlaybackId, catalog, playback
from revenge.contracts.paths import to_os
from revenge.kit import Router, caller
from revenge.playback import answers, survey
from revenge.playback.decide import decide
from revenge.playback.plan import Plan, StreamSession
from revenge.playback.playing import Playing
from revenge.playback.profiles import complete
from revenge.playback.sessions import Session
from revenge.playback.source import identify
from revenge.playback.wishes import Wishes

router = Router[Playing]()


@router.rpc(playback.start_playback)
async def start(request: playback.StartPlayback, app: Playing) -> playback.PlaybackSession:
    file = await app.bus.call(
        catalog.find_media,
        catalog.FindMedia(request.media_type, request.media_id, request.file_id),
    )
    if await app.sessions.count() >= app.most:
        raise playback.TooManySessions
    plan = await _plan(file, request, app)
    session = _session(file, plan, request)
    await app.sessions.add(session)
    await app.emit(playback.started, session.event())
    return answers.session(session, app.address(session), app.timeout)


@router.rpc(playback.get_playback)
async def get(request: playback.GetPlayback, app: Playing) -> playback.PlaybackSession:
    session = await _own(request.session_id, app)
    return answers.session(session, app.address(session), app.timeout)


@router.rpc(playback.beat)
async def beat(request: playback.Heartbeat, app: Playing) -> Nothing:
    before = await _own(request.session_id, app)
    position = before.position_seconds
    if request.position_seconds is not None:
        position = min(request.position_seconds, round(before.stream.media.duration))
    after = await app.sessions.change(
        request.session_id, position_seconds=position, state=request.state
    )
    if after is None:
        raise playback.PlaybackNotFound
    now_paused = request.state is playback.PlayState.PAUSED and before.state is not request.state
    await app.emit(playback.paused if now_paused else playback.progressed, after.event())
    return Nothing()


@router.rpc(playback.stop_playback)
async def stop(request: playback.GetPlayback, app: Playing) -> Nothing:
    await app.end(await _own(request.session_id, app))
    return Nothing()


async def _own(session_id: PlaybackId, app: Playing) -> Session:
    """The caller's session; an administrator's are all. Raises `PlaybackNotFound`."""
    session = await app.sessions.get(session_id)
    if session is None or app.has_expired(session):
        raise playback.PlaybackNotFound
    if session.user_id != caller().user_id and not caller().is_admin:
        raise playback.PlaybackNotFound
    return session


async def _plan(file: catalog.PlayableFile, request: playback.StartPlayback, app: Playing) -> Plan:
    found = await app.segmenter.survey(await identify(to_os(file.path)))
    return decide(
        file.media,
        complete(request.client_profile, request.user_agent),
        Wishes(request.audio_track, request.subtitle_track),
        obstacle=survey.obstacle_to_copying(found),
        peak_bit_rate=survey.peak_bit_rate(found),
    )


def _session(file: catalog.PlayableFile, plan: Plan, request: playback.StartPlayback) -> Session:
    now = datetime.now(UTC)
    stream = StreamSession(PlaybackId(uuid4()), file.path, file.media, plan)
    return Session(
        stream=stream,
        user_id=caller().user_id,
        username=caller().username,
        media_type=file.media_type,
        media_id=file.media_id,
        file_id=file.file_id,
        library_ids=file.library_ids,
        title=file.title,
        position_seconds=request.start_position or file.position_seconds,
        state=playback.PlayState.PLAYING,
        created_at=now,
        seen_at=now,
    )
