"""Films that are played: as they are, copied, transcoded; byte for byte."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import httpx2
import pytest
from tests.e2e.suite import Suite, eventually

pytestmark = pytest.mark.xdist_group("suite")

CHROME = {"user-agent": "Mozilla/5.0 AppleWebKit/537.36 Chrome/150.0 Safari/537.36"}
EVERYTHING = {
    "containers": ["mkv", "mp4"],
    "video_codecs": ["h264"],
    "audio_codecs": ["aac"],
}


def begin(client: httpx2.Client, **wishes: Any) -> dict[str, Any]:
    films = client.get("/api/v1/movies", params={"order_by": "title"}).json()["items"]
    request = {"media_type": "movie", "media_id": films[0]["id"], **wishes}
    answer = client.post("/api/v1/playback/sessions", json=request, headers=CHROME)
    assert answer.status_code == 201, answer.text
    return answer.json()


def original_of(suite: Suite) -> Path:
    return next((suite.media / "Movies").rglob("*1080p.mkv"))


def test_the_file_itself_comes_byte_for_byte(suite: Suite, admin: httpx2.Client) -> None:
    session = begin(admin, client_profile=EVERYTHING)
    expected = original_of(suite).read_bytes()

    with suite.client() as anyone:  # the address is signed: no header is needed
        whole = anyone.get(session["direct_play_url"])
        part = anyone.get(session["direct_play_url"], headers={"range": "bytes=1000-1999"})
        last = anyone.get(session["direct_play_url"], headers={"range": "bytes=-10"})
        beyond = anyone.get(session["direct_play_url"], headers={"range": "bytes=999999999-"})

    assert whole.content == expected
    assert (part.status_code, part.content) == (206, expected[1000:2000])
    assert part.headers["content-range"] == f"bytes 1000-1999/{len(expected)}"
    assert last.content == expected[-10:]
    assert beyond.status_code == 416


def segments(client: httpx2.Client, address: str, rendition: str) -> bytes:
    """The header and all segments, fetched from the last to the first."""
    playlist = client.get(f"{address}/{rendition}/index.m3u8")
    assert "#EXT-X-PLAYLIST-TYPE:VOD" in playlist.text
    assert "#EXT-X-ENDLIST" in playlist.text
    names = [line for line in playlist.text.splitlines() if line.endswith(".m4s")]
    parts = {name: client.get(f"{address}/{rendition}/{name}") for name in reversed(names)}
    assert all(part.status_code == 200 for part in parts.values())
    header = client.get(f"{address}/{rendition}/init.mp4").content
    return header + b"".join(parts[name].content for name in names)


def test_copied_pictures_are_those_of_the_file(
    suite: Suite, admin: httpx2.Client, tmp_path: Path
) -> None:
    session = begin(admin)
    joined = tmp_path / "joined.mp4"
    joined.write_bytes(segments(admin, address(session), "original"))

    with av.open(str(original_of(suite))) as source, av.open(str(joined)) as made:
        expected = [packet.size for packet in source.demux(video=0) if packet.size]
        found = [packet.size for packet in made.demux(video=0) if packet.size]
    assert len(found) == len(expected)


def test_transcoded_pictures_are_all_there(admin: httpx2.Client, tmp_path: Path) -> None:
    session = begin(admin, client_profile={"video_codecs": ["h264"], "max_height": 200})
    rung = session["profiles"][0]
    joined = tmp_path / "joined.mp4"
    joined.write_bytes(segments(admin, address(session), rung["name"]))

    assert not rung["is_original"]
    with av.open(str(joined)) as made:
        frames = sum(1 for _ in made.decode(video=0))
    assert frames == 20 * 24


def test_subtitles_come_as_webvtt(admin: httpx2.Client) -> None:
    session = begin(admin)

    text = admin.get(session["subtitle_tracks"][0]["url"]).text

    assert text.startswith("WEBVTT")
    assert "Hello under the ice" in text


def test_a_heartbeat_moves_the_watch_state(admin: httpx2.Client) -> None:
    session = begin(admin)
    beat = admin.post(
        f"/api/v1/playback/sessions/{session['session_id']}/heartbeat",
        json={"position_seconds": 9},
    )

    def is_continued() -> bool:
        rows = admin.get("/api/v1/movies/continue-watching").json()
        return [row["progress_seconds"] for row in rows] == [9]

    assert beat.status_code == 204
    assert eventually(is_continued)


def test_a_stopped_session_is_gone(admin: httpx2.Client) -> None:
    session = begin(admin)
    path = f"/api/v1/playback/sessions/{session['session_id']}"

    assert admin.delete(path).status_code == 204
    assert admin.get(path).status_code == 404
    assert admin.get(session["master_playlist_url"]).status_code == 404


@pytest.mark.parametrize("path", ["../../../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "a/b/c"])
def test_no_path_leads_out(admin: httpx2.Client, path: str) -> None:
    session = begin(admin)

    answer = admin.get(f"{address(session)}/{path}")

    assert answer.status_code in (400, 403, 404)
    assert b"root:" not in answer.content


def address(session: dict[str, Any]) -> str:
    return session["master_playlist_url"].rpartition("/")[0]


# -- deciding, changing, overseeing


def film(client: httpx2.Client) -> dict[str, Any]:
    films = client.get("/api/v1/movies", params={"order_by": "title"}).json()["items"]
    return {"media_type": "movie", "media_id": films[0]["id"]}


def active(admin: httpx2.Client) -> dict[str, dict[str, Any]]:
    answer = admin.get("/api/v1/admin/playback/sessions")
    assert answer.status_code == 200, answer.text
    return {session["session_id"]: session for session in answer.json()["sessions"]}


def test_a_decision_costs_nothing(admin: httpx2.Client) -> None:
    before = active(admin).keys()

    answer = admin.post("/api/v1/playback/decide", json=film(admin), headers=CHROME)

    assert answer.status_code == 200, answer.text
    decided = answer.json()
    assert (decided["method"], decided["client"]["name"]) == ("copy", "Chromium")
    assert "the client does not play matroska files" in decided["decisions"][0]["reasons"]
    assert active(admin).keys() == before


def test_a_quality_is_changed_in_mid_play(admin: httpx2.Client) -> None:
    session = begin(admin)
    path = f"/api/v1/playback/sessions/{session['session_id']}"
    admin.post(f"{path}/heartbeat", json={"position_seconds": 11, "stalls": 1})

    changed = admin.patch(path, json={"quality": "original", "subtitle_offset_ms": -200})
    refused = admin.patch(path, json={"quality": "8k"})

    assert changed.status_code == 200, changed.text
    after = changed.json()
    assert (after["position_seconds"], after["quality"]) == (11, "original")
    assert after["subtitle_offset_ms"] == -200
    assert admin.get(after["master_playlist_url"]).text.count("#EXT-X-STREAM-INF") == 1
    assert refused.status_code == 400
    assert "original" in refused.json()["detail"]


def test_an_administrator_sees_a_session_speaks_to_it_and_ends_it(admin: httpx2.Client) -> None:
    with admin.stream("GET", "/api/v1/events", params={"categories": "playback"}) as events:
        lines = events.iter_lines()
        next(lines)
        session = begin(admin)
        path = f"/api/v1/admin/playback/sessions/{session['session_id']}"
        shown = active(admin)[session["session_id"]]
        said = admin.post(f"{path}/message", json={"text": "Dinner is ready"})
        ended = admin.delete(path, params={"reason": "dinner"})
        heard = [json.loads(line[6:]) for line in until_stopped(lines, session["session_id"])]

    assert (shown["username"], shown["method"]) == ("ada", "copy")
    assert (said.status_code, ended.status_code) == (204, 204)
    started, message, stopped = heard
    assert started["type"] == "playback.started"
    assert (message["type"], message["data"]["text"]) == (
        "playback.viewer_messaged",
        "Dinner is ready",
    )
    assert stopped["data"]["reason"] == "dinner"
    assert session["session_id"] not in active(admin)
    assert admin.get(session["master_playlist_url"]).status_code == 404


def test_background_work_makes_way_for_viewers(suite: Suite, admin: httpx2.Client) -> None:
    log = suite.data / "logs" / "library-scanner.log"
    told = log.read_text("utf-8").count("somebody watches now")
    for session_id in active(admin):
        admin.delete(f"/api/v1/admin/playback/sessions/{session_id}")

    begin(admin)

    assert eventually(lambda: log.read_text("utf-8").count("somebody watches now") > told)


def until_stopped(lines: Iterator[str], session_id: str) -> Iterator[str]:
    """What is said of one playback, until it has stopped."""
    for line in lines:
        if line.startswith("data: ") and '"playback.' in line and session_id in line:
            yield line
            if '"playback.stopped"' in line:
                return
