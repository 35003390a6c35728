"""Playback: deciding, sessions, and what administrators see of them.

The streams themselves are passed through: see `passing`.
"""

from revenge.contracts import playback
from revenge.gateway.table import delete, get, patch, post

SESSION = "/api/v1/playback/sessions/{sessionId}"
ACTIVE = "/api/v1/admin/playback/sessions"

# fmt: off
LINES = (
    post("/api/v1/playback/decide", playback.decide_playback, needs="playback:stream"),
    post("/api/v1/playback/sessions", playback.start_playback, needs="playback:stream",
         status=201),
    get(SESSION, playback.get_playback, needs="playback:stream"),
    patch(SESSION, playback.change_playback, needs="playback:stream"),
    delete(SESSION, playback.stop_playback, needs="playback:stream"),
    post(f"{SESSION}/heartbeat", playback.beat, needs="playback:stream", status=204),
    get(ACTIVE, playback.list_playbacks, needs="playback:list"),
    delete(f"{ACTIVE}/{{sessionId}}", playback.end_playback, needs="playback:delete"),
    post(f"{ACTIVE}/{{sessionId}}/message", playback.message_viewer, needs="playback:update",
         status=204),
)
