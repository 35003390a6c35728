"""What playback answers to viewers: deciding, and a session from its start to its end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar
from uuid import uuid4

import msgspec
from msgspec import UNSET

from revenge.contracts import Nothing, PlaybackId, catalog, playback
from revenge.kit import Router, caller
from revenge.playback import answers, detached, measures
from revenge.playback.deciding import planning
from revenge.playback.deciding.plan import StreamSession
from revenge.playback.deciding.profiles import complete
from revenge.playback.deciding.wishes import Wishes
from revenge.playback.playing import Playing
from revenge.playback.sessions import Health, Session
from revenge.playback.streaming import preparing

S = TypeVar("S", bound=msgspec.Struct)

router = Router[Playing]()


@router.rpc(playback.decide_playback)
async def decide(request: playback.DecidePlayback, app: Playing) -> playback.PlaybackDecision:
    start = playback.StartPlayback(**msgspec.structs.asdict(request))
    file = await _find(start, app)
    profile = complete(start.client_profile, start.user_agent)
    planned = await app.plan(file, profile, _wishes(start), caller().user_id)
    refused = await app.refusal(_session(file, planned, profile, start))
    return answers.decision(file, planned.plan, profile, refused)


@router.rpc(playback.start_playback)
async def start(request: playback.StartPlayback, app: Playing) -> playback.PlaybackSession:
    detached.start(app.segmenter.warm_up())
    file = await _find(request, app)
    profile = complete(request.client_profile, request.user_agent)
    planned = await app.plan(file, profile, _wishes(request), caller().user_id)
    planning.demand_playable(planned.plan)
    session = _session(file, planned, profile, request)
    preparing.begin(app.segmenter, session)
    await app.admit(session, app.sessions.add, lambda _: app.sessions.remove(session.id))
    planning.log(session.title, session.username, planned.plan)
    app.telling.begin(session.event())
    return app.answer(session)


@router.rpc(playback.get_playback)
async def get(request: playback.GetPlayback, app: Playing) -> playback.PlaybackSession:
    return app.answer(await _own(request.session_id, app))


@router.rpc(playback.change_playback)
async def change(request: playback.ChangePlayback, app: Playing) -> playback.PlaybackSession:
    """The file is looked up anew: it may have been replaced while it played."""
    before = await _own(request.session_id, app)
    file = await app.bus.call(
        catalog.find_media, catalog.FindMedia(before.media_type, before.media_id, before.file_id)
    )
    wishes = _changed(before.wishes, request)
    planned = await app.plan(file, before.profile, wishes, before.user_id, before.id)
    planning.demand_playable(planned.plan)
    after = msgspec.structs.replace(
        before,
        stream=_stream(before.id, file, planned, _offset(before, request)),
        wishes=wishes,
        position_seconds=_position(request.position_seconds, before),
        rung=None,
    )
    await app.admit(after, app.replace, lambda _: app.replace(before))
    planning.log(after.title, after.username, planned.plan)
    return app.answer(after)


@router.rpc(playback.beat)
async def beat(request: playback.Heartbeat, app: Playing) -> Nothing:
    before = await _own(request.session_id, app)
    position = UNSET if request.position_seconds is None else request.position_seconds
    after = await app.sessions.change(
        request.session_id,
        position_seconds=_position(position, before),
        state=request.state,
        health=_health(before.health, request),
    )
    if after is None:
        raise playback.PlaybackNotFound
    measures.observe(before.health, after.health)
    if before.state is not request.state:
        await app.announce()
    now_paused = request.state is playback.PlayState.PAUSED and before.state is not request.state
    what = playback.paused if now_paused else playback.progressed
    await app.telling.tell(what, after.event())
    return Nothing()


@router.rpc(playback.stop_playback)
async def stop(request: playback.GetPlayback, app: Playing) -> Nothing:
    session = await _own(request.session_id, app)
    await app.end(msgspec.structs.replace(session, seen_at=datetime.now(UTC)))
    return Nothing()


async def _own(session_id: PlaybackId, app: Playing) -> Session:
    """The caller's session; an administrator's are all. Raises `PlaybackNotFound`."""
    session = await app.find(session_id)
    if session.user_id != caller().user_id and not caller().is_admin:
        raise playback.PlaybackNotFound
    return session


async def _find(request: playback.StartPlayback, app: Playing) -> catalog.PlayableFile:
    return await app.bus.call(
        catalog.find_media,
        catalog.FindMedia(request.media_type, request.media_id, request.file_id),
    )


def _wishes(request: playback.StartPlayback) -> Wishes:
    return Wishes(
        request.audio_track, request.subtitle_track, request.quality, request.burn_subtitle
    )


def _changed(wishes: Wishes, request: playback.ChangePlayback) -> Wishes:
    return _with(wishes, request, unsaid=UNSET)


def _offset(before: Session, request: playback.ChangePlayback) -> int:
    wanted = request.subtitle_offset_ms
    return before.stream.subtitle_offset_ms if wanted is UNSET else wanted


def _position(wanted: int | msgspec.UnsetType, before: Session) -> int:
    """Within the film."""
    if wanted is UNSET:
        return before.position_seconds
    return min(wanted, round(before.stream.media.duration))


def _health(before: Health, request: playback.Heartbeat) -> Health:
    return _with(before, request, unsaid=None)


def _with(before: S, request: msgspec.Struct, *, unsaid: object) -> S:
    """What the client does not say is as it was."""
    given = {
        field: value
        for field in msgspec.structs.asdict(before)
        if (value := getattr(request, field)) is not unsaid
    }
    return msgspec.structs.replace(before, **given)


def _stream(
    session_id: PlaybackId, file: catalog.PlayableFile, planned: planning.Planned, offset: int
) -> StreamSession:
    return StreamSession(session_id, file.path, file.media, planned.plan, planned.version, offset)


def _session(
    file: catalog.PlayableFile,
    planned: planning.Planned,
    profile: playback.ClientProfile,
    request: playback.StartPlayback,
) -> Session:
    now, at = datetime.now(UTC), request.start_position
    return Session(
        stream=_stream(PlaybackId(uuid4()), file, planned, request.subtitle_offset_ms),
        user_id=caller().user_id,
        username=caller().username,
        media_type=file.media_type,
        media_id=file.media_id,
        file_id=file.file_id,
        library_ids=file.library_ids,
        title=file.title,
        position_seconds=file.position_seconds if at is None else at,
        state=playback.PlayState.PLAYING,
        created_at=now,
        seen_at=now,
        profile=profile,
        wishes=_wishes(request),
        user_agent=request.user_agent,
    )
