"""One media file, opened by PyAV within bounds, as the contract describes it."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Stream
from av.video.stream import VideoStream

from revenge.contracts import media
from revenge.library_scanner.probe import colors, hdr, matroska, mp4, streams
from revenge.library_scanner.probe.track import Track

# Containers of real media. Playlists and scripts (hls, dash, concat) are not here: they make
# ffmpeg open what they name.
_FORMATS = (
    "aac,ac3,aiff,amr,amv,ape,asf,asf_o,av1,avi,bink,caf,dsf,dts,dtshd,dv,eac3,flac,flv,gxf,h264,"
    "hevc,iff,ivf,ivr,kux,live_flv,loas,m4v,matroska,webm,mjpeg,mlp,mov,mp4,m4a,3gp,3g2,mj2,mp3,"
    "mpc,mpc8,mpeg,mpegts,mpegvideo,mxf,nsv,nut,nuv,obu,oga,ogg,ogv,pva,rm,shn,tak,truehd,tta,ty,"
    "vc1,vivo,voc,w64,wav,wtv,wv,yuv4mpegpipe"
)
_PROBED = 1_000_000  # bytes
_QUICK = {"probesize": str(_PROBED), "analyzeduration": "1000000"}  # bytes, microseconds
_THOROUGH = {"probesize": "20000000", "analyzeduration": "20000000"}
_TIMEOUT_S = (10.0, 10.0)  # to open, to read
_HDR_PACKETS = 4
_CODED_HDR = {"hevc", "av1", "vp9"}
_MAX_CHAPTERS = 1000
_MAX_STREAMS = 300


class NotMedia(Exception):
    """There is nothing in the file that could be played; says why."""


def read_media(path: str, size: int) -> media.Media:
    """Raises NotMedia, av.FFmpegError or OSError."""
    if _is_blank(path):
        raise NotMedia("it holds nothing yet: is it being downloaded?")
    found = _read(path, size, _QUICK)
    if streams.incomplete(found):
        found = _read(path, size, _THOROUGH)
    if not streams.playable(found):
        raise NotMedia("there is no video and no audio in it that can be played")
    return found


def _is_blank(path: str) -> bool:
    """As many a download makes it at first; ffmpeg takes a tenth of a second to find no format.

    The file system says where it holds something, or that it does from the start if it cannot.
    """
    with open(path, "rb") as file:  # noqa: PTH123 the path may be odd bytes
        try:
            return os.lseek(file.fileno(), 0, os.SEEK_DATA) > _PROBED
        except OSError as error:
            return error.errno == errno.ENXIO  # nowhere


def _read(path: str, size: int, effort: dict[str, str]) -> media.Media:
    options = effort | {"format_whitelist": _FORMATS, "protocol_whitelist": "file"}
    with av.open(
        path, container_options=options, metadata_errors="replace", timeout=_TIMEOUT_S
    ) as container:
        return _describe(container, path, size)


def _describe(container: InputContainer, path: str, size: int) -> media.Media:
    name = container.format.name.split(",")[0]
    every = list(container.streams)[:_MAX_STREAMS]
    # what needs packets comes last: reading them moves the container on
    video = streams.videos(every, _tracks(name, path, size))
    audio, subtitles = streams.audios(every), streams.subtitles(every)
    duration = _duration(container, every)
    return media.Media(
        container=name,
        duration=duration,
        bit_rate=container.bit_rate or (int(size * 8 / duration) if duration else None),
        video=tuple(_with_coded_hdr(container, stream) for stream in video),
        audio=audio,
        subtitles=subtitles,
        chapters=_chapters(container),
        attachments=streams.attachments(every),
        title=streams.text(container.metadata.get("title")),
        created_at=_created_at(container.metadata),
    )


def _tracks(container: str, path: str, size: int) -> tuple[Track, ...]:
    if container not in ("matroska", "mov"):
        return ()
    read = matroska.read_tracks if container == "matroska" else mp4.read_tracks
    with open(path, "rb") as file:  # noqa: PTH123 the path may be odd bytes
        return read(file, size)


def _duration(container: InputContainer, every: list[Stream]) -> float:
    if container.duration:
        return max(0.0, container.duration / 1_000_000)
    return max((streams.duration(stream) or 0.0 for stream in every), default=0.0)


def _with_coded_hdr(container: InputContainer, video: media.VideoStream) -> media.VideoStream:
    """HDR10+ and a Dolby Vision without record are only seen in the pictures themselves."""
    if video.codec not in _CODED_HDR or video.hdr == media.HdrKind.DOLBY_VISION:
        return video
    if video.bit_depth <= 8:  # noqa: PLR2004 bits: HDR has more
        return video
    stream = container.streams[video.index]
    found = (
        _look(container, stream, video.codec) if isinstance(stream, VideoStream) else hdr.Found()
    )
    if found.dolby_vision:
        return streams.with_hdr(video, media.HdrKind.DOLBY_VISION)
    if found.hdr10_plus and video.color_transfer == colors.TRANSFERS[colors.PQ]:
        return streams.with_hdr(video, media.HdrKind.HDR10_PLUS)
    return video


def _look(container: InputContainer, stream: VideoStream, codec: str) -> hdr.Found:
    extradata = stream.codec_context.extradata or b""
    found = hdr.Found()
    try:
        container.seek(0)
        for count, packet in enumerate(container.demux(stream)):
            plus = packet.has_sidedata("dynamic_hdr10_plus")
            coded = hdr.look(codec, bytes(packet), extradata)
            found = hdr.Found(
                hdr10_plus=found.hdr10_plus or plus or coded.hdr10_plus,
                dolby_vision=found.dolby_vision or coded.dolby_vision,
            )
            if count >= _HDR_PACKETS:
                break
    except FFmpegError:
        return found  # the pictures are broken, what is known of them is not
    return found


def _chapters(container: InputContainer) -> tuple[media.Chapter, ...]:
    return tuple(
        media.Chapter(
            start=float(chapter["start"] * chapter["time_base"]),
            end=float(chapter["end"] * chapter["time_base"]),
            title=streams.text(chapter["metadata"].get("title")),
        )
        for chapter in container.chapters()[:_MAX_CHAPTERS]
        if chapter["time_base"]
    )


def _created_at(metadata: dict[str, str]) -> datetime | None:
    try:
        created = datetime.fromisoformat(metadata.get("creation_time", ""))
    except ValueError:
        return None
    created = created if created.tzinfo else created.replace(tzinfo=UTC)
    # cameras and muxers without a clock write the epochs of Unix and of MP4
    return created if created.year > 1970 else None  # noqa: PLR2004 a year
