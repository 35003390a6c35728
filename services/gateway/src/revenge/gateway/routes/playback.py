"""Playback sessions. The streams themselves are passed through: see `passing`."""

from revenge.contracts import playback
from revenge.gateway.table import delete, get, post

# fmt: off
LINES = (
    post("/api/v1/playback/sessions", playback.start_playback, needs="playback:stream",
         status=201),
    get("/api/v1/playback/sessions/{sessionId}", playback.get_playback, needs="playback:stream"),
    delete("/api/v1/playback/sessions/{sessionId}", playback.stop_playback,
           needs="playback:stream"),
    post("/api/v1/playback/sessions/{sessionId}/heartbeat", playback.beat,
         needs="playback:stream", status=204),
)
