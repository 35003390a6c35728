"""What playback answers to administrators: what plays now, stopping it, a word to its viewer."""

from __future__ import annotations

from datetime import UTC, datetime

from loguru import logger

from revenge.contracts import Nothing, playback
from revenge.kit import Router, caller
from revenge.playback import answers
from revenge.playback.playing import Playing

router = Router[Playing]()

STOPPED = "an administrator has stopped this playback"


@router.rpc(playback.list_playbacks)
async def list_active(request: playback.ListPlaybacks, app: Playing) -> playback.ActivePlaybacks:
    playing = await app.playing()
    shown = [item for item in playing if request.user_id in (None, item.user_id)]
    return playback.ActivePlaybacks(
        sessions=tuple(map(answers.active, shown)),
        load=answers.load(playing, app.allowance.server),
    )


@router.rpc(playback.end_playback)
async def end(request: playback.EndPlayback, app: Playing) -> Nothing:
    session = await app.find(request.session_id)
    logger.info("{} stops what {} plays", caller().username, session.username)
    await app.end(session, request.reason or STOPPED)
    return Nothing()


@router.rpc(playback.message_viewer)
async def message(request: playback.MessageViewer, app: Playing) -> Nothing:
    session = await app.find(request.session_id)
    said = playback.ViewerMessage(
        session_id=session.id,
        user_id=session.user_id,
        username=session.username,
        text=request.text,
        sent_by=caller().username,
        at=datetime.now(UTC),
    )
    await app.emit(playback.viewer_messaged, said)
    return Nothing()
