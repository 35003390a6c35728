"""Whole playbacks over HTTP."""

import datetime as dt
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin
from uuid import uuid4

import httpx2
import m3u8
import msgspec
import pytest

from revenge.contracts import PlaybackId
from revenge.contracts.media import AudioStream, Media, SubtitleStream, VideoStream
from revenge.playback.deciding import profiles
from revenge.playback.deciding.decide import decide
from revenge.playback.deciding.plan import StreamSession
from revenge.playback.streaming.app import PREFIX, StreamApp
from revenge.playback.streaming.signing import Grant, Signer, SigningKey
from revenge.playback.testing.rig import Clips, Rig, StrictParser, complaints, positions, shown

FILM = Media(
    container="mov",
    duration=60.0,
    bit_rate=400_000,
    video=(
        VideoStream(0, "h264", 320, 180, frame_rate="24000/1001", bit_rate=250_000, default=True),
    ),
    audio=(AudioStream(1, "aac", 2, 48000, bit_rate=128_000, language="eng", default=True),),
)
MUST_BE_ENCODED = msgspec.structs.replace(
    FILM,
    container="matroska",
    video=(msgspec.structs.replace(FILM.video[0], codec="hevc"),),
    audio=(msgspec.structs.replace(FILM.audio[0], codec="eac3"),),
)
CHROME = profiles.known("Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0 Safari/537.36")
IN_AN_HOUR = dt.timedelta(hours=1)


@dataclass
class Theatre:
    """An app with its sessions, and a client that goes to it."""

    rig: Rig
    client: httpx2.AsyncClient
    signer: Signer
    sessions: dict[PlaybackId, StreamSession] = field(default_factory=dict)

    def show(self, path: Path, media: Media, profile: profiles.ClientProfile = CHROME) -> str:
        """Starts a session, and gives the address of its streams."""
        session = StreamSession(PlaybackId(uuid4()), str(path), media, decide(media, profile))
        self.sessions[session.id] = session
        return self.address(session.id, IN_AN_HOUR)

    def address(self, session: PlaybackId, lasts: dt.timedelta) -> str:
        token = self.signer.sign(Grant(session, dt.datetime.now(dt.UTC) + lasts))
        return f"{PREFIX}{token}/"

    async def playlist(self, url: str) -> m3u8.M3U8:
        answer = await self.client.get(url)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/vnd.apple.mpegurl"
        return m3u8.loads(answer.text)

    async def play(self, url: str) -> Path:
        """All of a rendition, as a player would fetch it."""
        playlist = await self.playlist(url)
        uris = [playlist.segment_map[0].uri, *(segment.uri for segment in playlist.segments)]
        answers = [await self.client.get(urljoin(url, uri)) for uri in uris]
        assert {answer.status_code for answer in answers} == {200}
        target = self.rig.folder / f"{uuid4().hex}.mp4"
        target.write_bytes(b"".join(answer.content for answer in answers))
        return target


@pytest.fixture
async def theatre(rig: Rig) -> AsyncIterator[Theatre]:
    signer = Signer((SigningKey("t", b"s" * 32),))
    sessions: dict[PlaybackId, StreamSession] = {}

    async def look_up(grant: Grant, _: object) -> StreamSession | None:
        return sessions.get(grant.session)

    app = StreamApp(look_up, rig.segmenter, signer)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield Theatre(rig, client, signer, sessions)


async def test_a_film_plays_from_its_master_playlist(theatre: Theatre, clips: Clips) -> None:
    url = theatre.show(clips("film.mp4"), FILM) + "master.m3u8"

    master = await theatre.playlist(url)
    pictures = await theatre.play(urljoin(url, master.playlists[0].uri))
    sound = await theatre.play(urljoin(url, master.media[0].uri))

    assert master.playlists[0].stream_info.codecs == "avc1.64000C,mp4a.40.2"
    assert len(shown(pictures)) == len(shown(clips("film.mp4")))
    assert len(shown(sound)) == len(shown(clips("film.mp4"), 1))
    assert complaints(theatre.rig.transcoder.ffmpeg, pictures) == ""
    assert complaints(theatre.rig.transcoder.ffmpeg, sound) == ""


async def test_a_film_that_must_be_encoded_plays(theatre: Theatre, clips: Clips) -> None:
    url = theatre.show(clips("open.mkv"), MUST_BE_ENCODED) + "master.m3u8"

    master = await theatre.playlist(url)
    pictures = await theatre.play(urljoin(url, master.playlists[0].uri))
    sound = await theatre.play(urljoin(url, master.media[0].uri))

    assert master.playlists[0].stream_info.codecs == "avc1.64001E,mp4a.40.2"
    assert len(positions(shown(pictures))) == len(shown(clips("open.mkv")))
    assert complaints(theatre.rig.transcoder.ffmpeg, pictures) == ""
    assert complaints(theatre.rig.transcoder.ffmpeg, sound) == ""


@pytest.mark.parametrize("what", ["original/index.m3u8", "audio/0/index.m3u8"])
async def test_the_durations_of_the_segments_are_that_of_the_film(
    theatre: Theatre, clips: Clips, what: str
) -> None:
    playlist = await theatre.playlist(theatre.show(clips("film.mkv"), FILM) + what)

    durations = [segment.duration for segment in playlist.segments]
    assert abs(sum(durations) - 60) < 0.05
    assert all(round(duration) <= playlist.target_duration for duration in durations)


async def test_a_song_plays(theatre: Theatre, clips: Clips) -> None:
    media = msgspec.structs.replace(
        FILM, video=(), audio=(msgspec.structs.replace(FILM.audio[0], index=0),)
    )
    url = theatre.show(clips("song.m4a"), media) + "master.m3u8"

    master = await theatre.playlist(url)
    sound = await theatre.play(urljoin(url, master.playlists[0].uri))

    assert len(shown(sound)) == len(shown(clips("song.m4a")))


async def test_subtitles_are_listed_and_served_in_segments(theatre: Theatre, clips: Clips) -> None:
    sidecar = theatre.rig.folder / "film.en.srt"
    sidecar.write_text("1\n00:00:28,000 --> 00:00:32,000\nHello\n")
    media = msgspec.structs.replace(
        FILM, subtitles=(SubtitleStream("subrip", path=str(sidecar), language="eng"),)
    )
    url = theatre.show(clips("film.mp4"), media)

    master = await theatre.playlist(url + "master.m3u8")
    listed = next(item for item in master.media if item.type == "SUBTITLES")
    playlist = await theatre.playlist(urljoin(url, listed.uri))
    parts = [
        await theatre.client.get(urljoin(url, f"subs/0/{segment.uri}"))
        for segment in playlist.segments
    ]

    assert [part.headers["content-type"] for part in parts] == ["text/vtt; charset=utf-8"] * 2
    assert all("00:00:28.000 --> 00:00:32.000\nHello\n" in part.text for part in parts)


async def test_the_whole_subtitle_is_one_address(theatre: Theatre, clips: Clips) -> None:
    sidecar = theatre.rig.folder / "film.srt"
    sidecar.write_text(
        "1\n00:00:01,000 --> 00:00:02,000\nHi\n\n2\n00:00:50,000 --> 00:00:51,000\nX"
    )
    media = msgspec.structs.replace(FILM, subtitles=(SubtitleStream("subrip", path=str(sidecar)),))

    answer = await theatre.client.get(theatre.show(clips("film.mp4"), media) + "subs/0.vtt")

    assert answer.text.count("-->") == 2


async def test_the_file_itself_is_served_in_ranges(theatre: Theatre, clips: Clips) -> None:
    url = theatre.show(clips("film.mp4"), FILM) + "file"
    content = clips("film.mp4").read_bytes()

    whole = await theatre.client.get(url)
    head = await theatre.client.head(url)
    part = await theatre.client.get(url, headers={"range": "bytes=1000-1999"})
    end = await theatre.client.get(url, headers={"range": "bytes=-10"})

    assert whole.content == content
    assert whole.headers["content-type"] == "video/mp4"
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(content))
    assert (part.status_code, part.content) == (206, content[1000:2000])
    assert part.headers["content-range"] == f"bytes 1000-1999/{len(content)}"
    assert end.content == content[-10:]


async def test_several_ranges_come_in_several_parts(theatre: Theatre, clips: Clips) -> None:
    url = theatre.show(clips("film.mp4"), FILM) + "file"
    content = clips("film.mp4").read_bytes()

    answer = await theatre.client.get(url, headers={"range": "bytes=0-4,10-14,-5"})

    kind, _, boundary = answer.headers["content-type"].partition("; boundary=")
    parts = answer.content.split(f"--{boundary}".encode())
    assert kind == "multipart/byteranges"
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert [part.partition(b"\r\n\r\n")[2][:5] for part in parts[1:-1]] == [
        *(content[:5], content[10:15], content[-5:])
    ]


async def test_a_range_beyond_the_end_is_416(theatre: Theatre, clips: Clips) -> None:
    url = theatre.show(clips("film.mp4"), FILM) + "file"

    answer = await theatre.client.get(url, headers={"range": "bytes=999999999-"})

    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{clips('film.mp4').stat().st_size}"


async def test_what_the_client_has_is_304(theatre: Theatre, clips: Clips) -> None:
    url = theatre.show(clips("film.mp4"), FILM) + "file"
    first = await theatre.client.head(url)

    again = await theatre.client.get(url, headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


async def test_a_segment_can_be_fetched_in_ranges(theatre: Theatre, clips: Clips) -> None:
    url = theatre.show(clips("film.mp4"), FILM) + "original/3.m4s"

    whole = await theatre.client.get(url)
    part = await theatre.client.get(url, headers={"range": "bytes=8-15"})

    assert part.content == whole.content[8:16]
    assert "immutable" in whole.headers["cache-control"]


@pytest.mark.parametrize(
    "what",
    [
        *("original/999999.m4s", "1080p/index.m3u8", "audio/9/index.m3u8", "subs/0/index.m3u8"),
        *("original", "original/", "original/x.m4s", "original/-1.m4s", "original/1.mp4", ""),
        *(
            "..%2Ffile",
            "original%2F..%2Ffile",
            "file%2F..",
            "original/..%2Ffile",
            "original//index.m3u8",
        ),
        *(
            "audio/..%2F..%2F..%2F..%2Fetc%2Fpasswd",
            "subs/0.vtt%2F..%2Ffile",
            "original/0.m4s%00",
            "FILE",
        ),
    ],
)
async def test_what_is_not_there_is_a_problem(theatre: Theatre, clips: Clips, what: str) -> None:
    url = theatre.show(clips("film.mp4"), FILM)

    answer = await theatre.client.get(httpx2.URL("http://test", raw_path=(url + what).encode()))

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == 404
    assert answer.json()["message"] == answer.json()["detail"]


async def test_a_forged_address_is_denied(theatre: Theatre, clips: Clips) -> None:
    url = theatre.show(clips("film.mp4"), FILM)
    forged = url.replace("/t.", "/t.A", 1)

    answer = await theatre.client.get(forged + "file")

    assert answer.status_code == 403
    assert answer.json()["type"].endswith("link_invalid")


async def test_an_expired_address_is_denied(theatre: Theatre, clips: Clips) -> None:
    theatre.show(clips("film.mp4"), FILM)
    url = theatre.address(next(iter(theatre.sessions)), -IN_AN_HOUR)

    answer = await theatre.client.get(url + "master.m3u8")

    assert answer.status_code == 403
    assert answer.json()["type"].endswith("link_expired")


async def test_an_ended_session_is_not_found(theatre: Theatre) -> None:
    url = theatre.address(PlaybackId(uuid4()), IN_AN_HOUR)

    assert (await theatre.client.get(url + "master.m3u8")).status_code == 404


async def test_a_file_that_is_gone_is_not_found(theatre: Theatre, tmp_path: Path) -> None:
    url = theatre.show(tmp_path / "gone.mp4", FILM)

    answers = [await theatre.client.get(url + what) for what in ("file", "master.m3u8")]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("content", [b"", b"\0" * 5000, b"\x1a\x45\xdf\xa3" + b"\x42" * 5000])
async def test_a_damaged_file_is_said_to_be(
    theatre: Theatre, tmp_path: Path, content: bytes
) -> None:
    broken = tmp_path / "broken.mkv"
    broken.write_bytes(content)

    answer = await theatre.client.get(theatre.show(broken, FILM) + "master.m3u8")

    assert answer.status_code == 501
    assert "damaged" in answer.json()["detail"]


async def test_a_playlist_of_other_files_is_no_media(theatre: Theatre, tmp_path: Path) -> None:
    """Or a film in a library could read any file of the server."""
    secret = tmp_path / "secret.ts"
    secret.write_bytes(b"secret")
    sly = tmp_path / "film.mkv"
    sly.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{secret}\n#EXT-X-ENDLIST")

    answer = await theatre.client.get(theatre.show(sly, FILM) + "master.m3u8")

    assert answer.status_code == 501


async def test_any_page_may_play_with_the_address(theatre: Theatre, clips: Clips) -> None:
    url = theatre.show(clips("film.mp4"), FILM) + "master.m3u8"

    preflight = await theatre.client.options(url)
    answer = await theatre.client.get(url)

    assert preflight.status_code == 204
    assert "range" in preflight.headers["access-control-allow-headers"]
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_other_methods_are_refused(theatre: Theatre, clips: Clips) -> None:
    answer = await theatre.client.post(theatre.show(clips("film.mp4"), FILM) + "file")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


async def test_a_path_that_is_not_utf8_plays(theatre: Theatre, clips: Clips) -> None:
    strange = f"{theatre.rig.folder}/caf\udce9.mkv"
    shutil.copy(clips("film.mkv"), strange)
    url = theatre.show(Path(strange), FILM)

    copied = await theatre.client.get(url + "original/1.m4s")
    sound = await theatre.client.get(url + "audio/0/1.m4s")

    assert (copied.status_code, sound.status_code) == (200, 200)


async def test_a_strict_parser_accepts_all_that_a_session_offers(
    theatre: Theatre, clips: Clips, strictly: StrictParser
) -> None:
    for name, media in (("film.mp4", FILM), ("open.mkv", MUST_BE_ENCODED)):
        url = theatre.show(clips(name), media)
        master = await theatre.client.get(url + "master.m3u8")
        [parsed] = strictly(master.text)
        uris = [variant["uri"] for variant in parsed["variants"]]
        uris += [sound["uri"] for sound in parsed["variants"][0]["audio"]]

        playlists = [await theatre.client.get(urljoin(url, uri)) for uri in uris]

        assert {playlist.status_code for playlist in playlists} == {200}
        strictly(*(playlist.text for playlist in playlists))


@pytest.mark.parametrize("name", ["film.mp4", "open.mkv", "film.ts"])
async def test_key_pictures_are_shown_when_the_film_shows_them(
    theatre: Theatre, clips: Clips, name: str
) -> None:
    media = MUST_BE_ENCODED if name == "open.mkv" else FILM
    url = theatre.show(clips(name), media)
    master = await theatre.playlist(url + "master.m3u8")
    keys_url = urljoin(url, master.iframe_playlists[0].uri)

    keys = await theatre.play(keys_url)

    playlist = await theatre.playlist(keys_url)
    announced = [
        sum(segment.duration for segment in playlist.segments[:number])
        for number in range(len(playlist.segments))
    ]
    assert playlist.is_i_frames_only
    assert abs(sum(segment.duration for segment in playlist.segments) - 60) < 0.05
    times = [float(time) for time in positions(shown(keys))]
    assert times == pytest.approx(announced, abs=0.05)
    assert complaints(theatre.rig.transcoder.ffmpeg, keys) == ""
