"""Two films to play in a browser, and how a client of the API begins to play them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from revenge.embedded.media import Audio, Cue, Recipe, Subtitles
from revenge.embedded.testing._videos import Videos

LONG_SHORE = "The Long Shore"
"""Matroska, which no browser plays: pictures and sound of its own are copied, the rest encoded."""
SHORT_CUT = "The Short Cut"
"""MP4, which every browser plays."""

SECONDS = 24
HEIGHT, LESS_HEIGHT = 540, 480
ENGLISH, GERMAN = 220, 880  # Hz
CUES = (Cue(2, 4, "The tide is out"), Cue(18, 20, "The tide is in"))

# so that a smaller quality is worth offering, and no file comes whole at once
_GRAIN = 9
_LONG_SHORE = Recipe(
    seconds=SECONDS,
    width=960,
    height=HEIGHT,
    grain=_GRAIN,
    audio=(
        Audio(language="eng", title="English", pitch=ENGLISH),
        Audio(language="ger", title="Deutsch", pitch=GERMAN, codec="ac3", channels=6),
    ),
    subtitles=(Subtitles(language="eng", title="For all", cues=CUES),),
)
_SHORT_CUT = Recipe(seconds=SECONDS, width=640, height=360, grain=_GRAIN)


def make_films(root: Path, videos: Videos) -> None:
    videos.render(root / f"{LONG_SHORE} (2011)" / f"{LONG_SHORE} (2011).mkv", _LONG_SHORE)
    videos.render(root / f"{SHORT_CUT} (2012)" / f"{SHORT_CUT} (2012).mp4", _SHORT_CUT)


def find(client: httpx2.Client, title: str) -> str:
    """The id of a film; empty when there is none yet."""
    found = client.get("/api/v1/movies/search", params={"query": title}).json()
    return next((film["id"] for film in found if film["title"] == title), "")


@contextmanager
def playing(client: httpx2.Client, title: str, user_agent: str) -> Generator[dict[str, Any]]:
    """What the API answers to a browser that calls itself so; stopped afterwards."""
    request = {"media_type": "movie", "media_id": find(client, title)}
    headers = {"user-agent": user_agent}
    answer = client.post("/api/v1/playback/sessions", json=request, headers=headers)
    assert answer.status_code == 201, answer.text
    session = answer.json()
    yield session
    client.delete(f"/api/v1/playback/sessions/{session['session_id']}")
