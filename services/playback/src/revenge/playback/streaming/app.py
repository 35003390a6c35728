"""The streams of playback sessions over HTTP.

/api/v1/playback/stream/{token}/file                        the file itself
/api/v1/playback/stream/{token}/master.m3u8
/api/v1/playback/stream/{token}/{rung}/index.m3u8           and init.mp4, {n}.m4s
/api/v1/playback/stream/{token}/{rung}/keys.m3u8            and key{n}.m4s
/api/v1/playback/stream/{token}/audio/{track}/index.m3u8    and init.mp4, {n}.m4s
/api/v1/playback/stream/{token}/subs/{track}/index.m3u8     and {n}.vtt
/api/v1/playback/stream/{token}/subs/{track}.vtt            all of it; .ass: with its fonts;
                                                            images: .sup, .mks
"""

import asyncio
import datetime as dt
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path

from loguru import logger

from revenge.contracts import Fault
from revenge.contracts.playback import PlaybackNotFound
from revenge.playback import faults
from revenge.playback.deciding.plan import StreamSession
from revenge.playback.deciding.renditions import Rendition, SubtitleTrack
from revenge.playback.media.source import Source, identify
from revenge.playback.segments.segmenter import Segmenter
from revenge.playback.streaming import asgi, files, offers, playlists
from revenge.playback.streaming.asgi import Receive, Request, Scope, Send
from revenge.playback.streaming.quality import Quality
from revenge.playback.streaming.signing import Grant, Signer

PREFIX = "/api/v1/playback/stream/"

#: The session that is granted, of which this quality is wanted; None when it has ended.
Lookup = Callable[[Grant, Quality | None], Awaitable[StreamSession | None]]

_PATH = re.compile(re.escape(PREFIX) + r"([^/]{1,200})/([a-z0-9/._]{1,80})", re.ASCII)
_STREAM = re.compile(
    r"(?:audio/(?P<audio>\d{1,4})|(?P<rung>[a-z0-9]{1,16}))"
    r"/(?P<file>index\.m3u8|(?P<keys>keys\.m3u8)|init\.mp4|(?P<key>key)?(?P<number>\d{1,7})\.m4s)",
    re.ASCII,
)
_SUBTITLES = re.compile(
    r"subs/(?P<track>\d{1,4})"
    r"(?P<file>\.vtt|\.ass|\.(?P<images>sup|mks)|/index\.m3u8|/(?P<number>\d{1,7})\.vtt)",
    re.ASCII,
)

# Private: a token names one viewer's session. What is at an address never changes while it lasts.
_KEEP = {"cache-control": "private, max-age=3600, immutable"}
_SCRIPT = {**_KEEP, "content-type": "text/x-ssa; charset=utf-8"}
_CHECK = {"cache-control": "private, no-cache"}


class StreamApp:
    """A bare ASGI application; mount it at the root."""

    def __init__(self, lookup: Lookup, segmenter: Segmenter, signer: Signer) -> None:
        self._lookup = lookup
        self._segmenter = segmenter
        self._signer = signer
        self._ending = asyncio.Event()

    def break_off(self) -> None:
        """Ends the answers in hand: a server that stops waits for them, and films are long."""
        self._ending.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request.of(scope)
        if request.method == "OPTIONS":
            await asgi.preflight(send)
        elif request.method not in {"GET", "HEAD"}:
            allowed = {"allow": "GET, HEAD, OPTIONS"}
            await asgi.plain(send, request, HTTPStatus.METHOD_NOT_ALLOWED, allowed)
        else:
            await self._answer(request, asgi.or_ended(receive, self._ending), send)

    async def _answer(self, request: Request, receive: Receive, send: Send) -> None:
        try:
            match = _PATH.fullmatch(request.path)
            if match is None:
                raise faults.RenditionNotFound
            session = await self._session(match[1], _quality(match[2]))
            await self._serve(session, match[2], request, receive, send)
        except Fault as fault:
            logger.debug("{} of a stream: {}", fault.status, fault)
            await asgi.problem(send, request, fault)

    async def _session(self, token: str, quality: Quality | None) -> StreamSession:
        grant = self._signer.verify(token, dt.datetime.now(dt.UTC))
        session = await self._lookup(grant, quality)
        if session is None:
            raise PlaybackNotFound
        return session

    async def _serve(
        self, session: StreamSession, what: str, request: Request, receive: Receive, send: Send
    ) -> None:
        if what == "file":
            source = await _source(session)
            await files.serve_file(source.path, request, receive, send, _CHECK)
        elif what == "master.m3u8":
            source = await _source(session)
            await _playlist(send, request, await offers.master(self._segmenter, source, session))
        elif match := _SUBTITLES.fullmatch(what):
            await self._subtitles(session, match, request, receive, send)
        elif match := _STREAM.fullmatch(what):
            await self._stream(session, match, request, receive, send)
        else:
            raise faults.RenditionNotFound

    async def _stream(
        self,
        session: StreamSession,
        match: re.Match[str],
        request: Request,
        receive: Receive,
        send: Send,
    ) -> None:
        rendition = _rendition(session, match)
        source = await _source(session)
        if match["file"].endswith(".m3u8"):
            grid = await self._segmenter.grid(source, rendition)
            text = playlists.media(grid.durations, "init.mp4", ".m4s", keys=bool(match["keys"]))
            await _playlist(send, request, text)
            return
        if match["number"] is None:
            path = await self._segmenter.init(source, rendition)
        else:
            number, viewer = int(match["number"]), str(session.id)
            path = await self._segmenter.segment(source, rendition, number, viewer)
        kind = "audio/mp4" if match["audio"] else "video/mp4"
        given = {**_KEEP, "content-type": kind}
        await files.serve_file(str(path), request, receive, send, given)

    async def _subtitles(
        self,
        session: StreamSession,
        match: re.Match[str],
        request: Request,
        receive: Receive,
        send: Send,
    ) -> None:
        find = offers.images if match["images"] else offers.subtitle
        track = find(session, int(match["track"]))
        if track is None:
            raise faults.RenditionNotFound
        source = await _source(session)
        if match["file"] == "/index.m3u8":
            grid = await self._segmenter.subtitle_grid(source)
            await _playlist(send, request, playlists.media(grid.durations, None, ".vtt"))
            return
        path = await self._subtitle_file(source, track, match)
        given = _SCRIPT if match["file"] == ".ass" else _KEEP
        await files.serve_file(str(path), request, receive, send, given)

    async def _subtitle_file(
        self, source: Source, track: SubtitleTrack, match: re.Match[str]
    ) -> Path:
        if match["file"] == ".ass":
            return await self._segmenter.script(source, track)
        if match["images"]:
            return await self._segmenter.images(source, track, match["images"])
        number = int(match["number"]) if match["number"] else None
        return await self._segmenter.subtitles(source, track, number)


def _quality(what: str) -> Quality | None:
    """None where it does not matter: who winds makes do with single pictures."""
    match = _STREAM.fullmatch(what)
    if match is None or match["rung"] is None or match["key"] or match["keys"]:
        return None
    return Quality(match["rung"], is_fetched=match["number"] is not None)


async def _source(session: StreamSession) -> Source:
    """The file that the session's plan was made for. Raises `FileReplaced`."""
    source = await identify(session.path)
    if session.version not in ("", source.key):
        raise faults.FileReplaced
    return source


def _rendition(session: StreamSession, match: re.Match[str]) -> Rendition:
    found: Rendition | None
    if match["audio"]:
        found = offers.audio(session.plan, int(match["audio"]))
    elif match["keys"] or match["key"]:
        found = offers.key_pictures(session, match["rung"])
    else:
        found = offers.video(session, match["rung"])
    if found is None:
        raise faults.RenditionNotFound
    return found


async def _playlist(send: Send, request: Request, text: str) -> None:
    headers = {"content-type": playlists.CONTENT_TYPE, **_CHECK}
    await asgi.reply(send, request, text.encode(), headers)
