"""What tests of playback need: real clips, rendered once, and a segmenter to cut them."""

import asyncio
import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import av

from revenge.playback.deciding.ladder import Encoding
from revenge.playback.deciding.renditions import EncodedVideo, Rendition
from revenge.playback.media import boxes
from revenge.playback.media.source import Source, identify
from revenge.playback.pool.workers import Workers
from revenge.playback.segments import encode
from revenge.playback.segments.cache import SegmentCache
from revenge.playback.segments.orders import Ordering
from revenge.playback.segments.run import Limits
from revenge.playback.segments.runs import Transcoder
from revenge.playback.segments.segmenter import Segmenter

_PICTURES = ("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=24000/1001:duration=60")
_SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=60")
_H264 = ("-c:v", "libx264", "-preset", "veryfast", "-g", "60", "-bf", "3", "-pix_fmt", "yuv420p")

_VOICES = (
    "aevalsrc=.5*sin(2*PI*1000*t)|.5*sin(2*PI*1200*t)|.5*sin(2*PI*440*t)|0|.5*sin(2*PI*1600*t)"
    "|.5*sin(2*PI*1800*t):s=48000:d=9:c=5.1"
)
_BRIEF = (
    *("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=24000/1001:duration=20"),
    *("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=20"),
)

# a tone that rises, so that it fits itself at one place only
_CHIRP = ("-f", "lavfi", "-i", "aevalsrc=sin(2*PI*(200*t+20*t*t)):s=48000:d=20", "-ac", "2")
_TONE = ("-f", "lavfi", "-i", "sine=frequency=300:sample_rate=48000:duration=20", "-ac", "2")

# name: what ffmpeg is told, or another clip to be remuxed with these options
RECIPES: dict[str, tuple[str, ...]] = {
    "film.mp4": (*_PICTURES, *_SOUND, *_H264, "-c:a", "aac", "-ac", "2"),
    "film.mkv": ("film.mp4", "-c", "copy"),
    "film.ts": ("film.mp4", "-c", "copy"),
    "late.mkv": ("film.mp4", "-c", "copy", "-output_ts_offset", "100"),
    "film.avi": ("film.mp4", "-c:v", "mpeg4", "-c:a", "mp3", "-t", "20"),
    "open.mkv": (
        *("film.mp4", "-c:v", "libx265", "-preset", "ultrafast", "-c:a", "eac3"),
        *("-x265-params", "log-level=error:open-gop=1:keyint=60:min-keyint=60:bframes=4"),
    ),
    "open.mp4": ("open.mkv", "-c", "copy", "-tag:v", "hvc1"),
    "surround.mkv": ("film.mp4", "-c:v", "copy", "-c:a", "ac3", "-ac", "6"),
    "cd.mkv": ("film.mp4", "-c:v", "copy", "-c:a", "flac", "-ar", "44100"),
    "cdshort.mkv": ("cd.mkv", "-c", "copy", "-t", "13"),
    "silent.mp4": ("film.mp4", "-c", "copy", "-an"),
    "song.m4a": ("film.mp4", "-c", "copy", "-vn"),
    "onekey.mp4": (*_PICTURES, *_H264, "-g", "9999", "-keyint_min", "9999", "-sc_threshold", "0"),
    "changing.mkv": (
        *("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=60:duration=20"),
        # 60 pictures a second, then every second, then every fifth of them
        *("-vf", "select='lt(t,7)+between(t,7,13)*not(mod(n,2))+gt(t,13)*not(mod(n,5))'"),
        *("-fps_mode", "vfr", *_H264),
    ),
    "jumping.mkv": (
        *("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=10"),
        *("-vf", "setpts='if(gt(T,5),PTS+20/TB,PTS)'", "-fps_mode", "vfr", *_H264),
    ),
    "fields.mkv": (
        *("-f", "lavfi", "-i", "testsrc2=size=320x192:rate=50:duration=13"),
        *("-vf", "tinterlace=interleave_top", "-flags", "+ildct+ilme", *_H264),
    ),
    "pal.mp4": (
        *("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=14"),
        *("-c:v", "libx264", "-preset", "veryfast", "-g", "100", "-pix_fmt", "yuv420p"),
    ),
    "chirp.mkv": (*_CHIRP, "-c:a", "ac3"),
    "chirp.mp4": (*_CHIRP, "-c:a", "aac"),
    "chirp44.mkv": (*_CHIRP, "-c:a", "aac", "-ar", "44100"),
    "tone.mkv": (*_TONE, "-c:a", "flac"),
    "tone44.mkv": (*_TONE, "-c:a", "aac", "-b:a", "320k", "-ar", "44100"),
    "tone.mp4": (*_TONE, "-c:a", "aac", "-b:a", "320k"),
    # a tone of its own in every channel, and none in the one for the bass
    "voices.mkv": (*("-f", "lavfi", "-i", _VOICES, "-c:a", "flac"),),
    "latesound.mkv": (
        *("film.mp4", "-itsoffset", "3", "-f", "lavfi", "-i", "sine=440:duration=12"),
        *("-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "ac3", "-t", "15"),
    ),
    "short.mp4": ("film.mp4", "-c", "copy", "-t", "20"),
    "opengop.ts": (*_BRIEF, *_H264, "-x264-params", "open-gop=1:keyint=48", "-c:a", "ac3"),
    "opengop.mp4": ("opengop.ts", "-c", "copy"),
    "opengop.mkv": ("opengop.ts", "-c", "copy"),
    "sparse.mkv": (*_BRIEF, *_H264, "-g", "9999", "-force_key_frames", "0,16", "-c:a", "ac3"),
    "halfminutes.mkv": (
        *("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=24000/1001:duration=70"),
        *(*_H264, "-g", "9999", "-force_key_frames", "0,30,60"),
    ),
    "negative.mkv": (
        *("short.mp4", "-c", "copy", "-output_ts_offset", "-1.5"),
        *("-avoid_negative_ts", "disabled"),
    ),
    "negative.ts": (
        *("short.mp4", "-c", "copy", "-output_ts_offset", "-1.5"),
        *("-avoid_negative_ts", "disabled", "-muxdelay", "0"),
    ),
    "wrapping.ts": ("short.mp4", "-c", "copy", "-output_ts_offset", "95433"),
    "noindex.mkv": ("short.mp4", "-c", "copy", "-f", "matroska", "-live", "1"),
    "fragments.mp4": ("short.mp4", "-c", "copy", "-movflags", "frag_keyframe+empty_moov"),
    "changing.mp4": ("changing.mkv", "-c", "copy"),
    "front.mp4": ("short.mp4", "-c", "copy", "-movflags", "faststart"),
    # nothing that an encoder could save bits with, after what costs none
    "noise.mp4": (
        *("-f", "lavfi", "-i", "color=gray:size=320x180:rate=25:duration=13"),
        *("-vf", "noise=alls=100:allf=t:enable='gt(t,4)'", *_H264),
    ),
    "black.mp4": (
        *("-f", "lavfi", "-i", "color=black:size=320x180:rate=25:duration=12"),
        *("-c:v", "libx264", "-preset", "veryfast", "-g", "50", "-pix_fmt", "yuv420p"),
    ),
    "short.mkv": ("short.mp4", "-c", "copy"),
    "hlg.mkv": (
        *("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=5"),
        *("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le"),
        *("-color_primaries", "bt2020", "-color_trc", "arib-std-b67", "-colorspace", "bt2020nc"),
        *("-x265-params", "log-level=error:keyint=50"),
    ),
    "hdr.mkv": (
        *("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=10"),
        *("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le"),
        *("-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc"),
        *("-x265-params", "log-level=error:keyint=50"),
    ),
}


class StrictParser(Protocol):
    """A reader of playlists that forgives nothing: what it understood of each."""

    def __call__(self, *playlists: str) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class Clips:
    folder: Path
    ffmpeg: str

    def __call__(self, name: str) -> Path:
        path = self.folder / name
        if not path.exists():
            self._render(name, path)
        return path

    def run(self, *arguments: str | Path) -> None:
        command = [self.ffmpeg, "-v", "error", "-nostdin", "-y", *map(str, arguments)]
        subprocess.run(command, check=True, timeout=100)  # noqa: S603 recipes of this file

    def _render(self, name: str, path: Path) -> None:
        """Under another name first: several workers may render at once."""
        first, *rest = RECIPES[name]
        source: list[str | Path] = [first, *rest]
        if not first.startswith("-"):
            source = ["-i", self(first), *rest]
        unfinished = path.with_name(f"{os.getpid()}-{name}")
        self.run(*source, unfinished)
        unfinished.replace(path)


class Shown(NamedTuple):
    """A packet: times in seconds, and a digest of its bytes."""

    pts: Fraction
    dts: Fraction
    digest: str


class Rig:
    """A segmenter with its processes, and a folder of its own."""

    def __init__(self, folder: Path, ffmpeg: str, limits: Limits) -> None:
        self.folder = folder
        self.cache = SegmentCache(folder / "cache", budget=1 << 30)
        self.workers = Workers(patience_s=20)
        self.transcoder = Transcoder(ffmpeg, self.cache, limits)
        self.segmenter = Segmenter(self.cache, self.workers, self.transcoder)

    async def source(self, path: Path) -> Source:
        return await identify(str(path))

    async def joined(
        self, path: Path, rendition: Rendition, numbers: Sequence[int] | None = None
    ) -> Path:
        """The segments behind their header, as a player would put them together."""
        source = await self.source(path)
        chosen = numbers or range(len(await self.segmenter.grid(source, rendition)))
        parts = [await self.segmenter.init(source, rendition)]
        parts += [await self.segmenter.segment(source, rendition, n, "viewer") for n in chosen]
        target = self.folder / f"{rendition.folder}.mp4"
        target.write_bytes(b"".join(part.read_bytes() for part in parts))
        return target

    async def has_closed(self, path: Path) -> None:
        """Waits until this process has the file open no more (Linux)."""
        async with asyncio.timeout(5):
            while path in _open_files():  # noqa: ASYNC110 it is seen from outside
                await asyncio.sleep(0.02)

    async def forget(self, path: Path) -> None:
        """Ends all runs, and drops all segments of a file."""
        await self.transcoder.close()
        source = await self.source(path)
        shutil.rmtree(self.folder / "cache" / source.key)

    async def at_most_run(self, runs: int) -> None:
        """Waits until no more runs, and no more ffmpeg processes, are left."""
        async with asyncio.timeout(10):
            while max(self.transcoder.running, len(self.transcoder.pids)) > runs:  # noqa: ASYNC110 it is seen from outside
                await asyncio.sleep(0.01)

    async def header_of_a_segment(self, path: Path, encoding: Encoding) -> bytes:
        """The header that ffmpeg writes when it encodes the file itself."""
        source = await self.source(path)
        survey = await self.segmenter.survey(source)
        what = Ordering(source, survey).encoded(EncodedVideo(encoding))
        command = encode.command(self.transcoder.ffmpeg, what, encode.Piece(1, 2))
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)  # noqa: ASYNC221, S603 a test may wait
        return boxes.split(done.stdout).init

    async def ffmpeg_runs(self) -> int:
        """The process, once there is one."""
        async with asyncio.timeout(5):
            while not self.transcoder.pids:  # noqa: ASYNC110 the same
                await asyncio.sleep(0.001)
        return self.transcoder.pids[0]

    async def close(self) -> None:
        await self.transcoder.close()
        await self.workers.close()
        await self.cache.close()


def _open_files() -> list[Path]:
    return [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]


def shown(path: Path, index: int = 0) -> list[Shown]:
    with av.open(str(path)) as source:
        stream = source.streams[index]
        return [
            Shown(
                packet.pts * packet.time_base,
                (packet.dts or 0) * packet.time_base,
                hashlib.sha256(bytes(packet)).hexdigest(),
            )
            for packet in source.demux(stream)
            if packet.size and packet.pts is not None
        ]


def complaints(ffmpeg: str, path: Path) -> str:
    """What ffmpeg has to say when it decodes all of a file, its times as they are."""
    exactly = ("-fps_mode", "passthrough", "-enc_time_base", "demux")
    command = [ffmpeg, "-v", "warning", "-i", str(path), *exactly, "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)  # noqa: S603 a file of ours
    return done.stderr.decode()


def first_is_key(path: Path) -> bool:
    with av.open(str(path)) as source:
        return next(iter(source.demux(video=0))).is_keyframe


def colors(path: Path) -> tuple[str, int]:
    """The pixel format, and the transfer characteristics by their number in ITU-T H.273."""
    with av.open(str(path)) as source:
        context = source.streams.video[0].codec_context
        return str(context.pix_fmt), int(context.color_trc)


def positions(packets: Sequence[Shown]) -> list[Fraction]:
    """When each is shown, counted from the first, in order."""
    times = sorted(packet.pts for packet in packets)
    return [time - times[0] for time in times]
