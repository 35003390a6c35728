"""The command lines that make ffmpeg encode consecutive segments of a rendition.

One command serves a single segment and a run over many: it starts on a cut of the grid, ends on
one, and forces a key frame (and so a fragment of its own) at every cut between. All that goes into
a segment follows from the file, the track, the rung and the number, so that any command's segment
is as good as another's.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from revenge.playback.deciding.ladder import Encoding, VideoCodec
from revenge.playback.media import cuts
from revenge.playback.media.demuxers import FORMATS
from revenge.playback.media.survey import VideoTrack
from revenge.playback.segments import light

_WHOLE_SEGMENT = "9999"  # frames: no key frame but the forced ones
_SCAN_BACK = Fraction(3)  # seconds: without an index, a seek may land after where it should

_MUXER = (
    *("-avoid_negative_ts", "disabled", "-use_editlist", "0", "-write_btrt", "0"),
    *("-movflags", "+frag_keyframe+empty_moov+default_base_moof+frag_discont+delay_moov"),
    *("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"),
    *("-f", "mp4", "pipe:1"),
)

# Without pictures that are shown at the same time as one that was, or before. Where all times rise
# it would only slow ffmpeg down.
_RISING = "select='isnan(prev_selected_pts)+gt(pts,prev_selected_pts)'"


class Piece(NamedTuple):
    """Segments [first, last) of a rendition."""

    first: int
    last: int


class Drawn(NamedTuple):
    """What is drawn into the pictures of a piece: a script, or a file of images."""

    path: Path
    images: bool


#: Writes it; None when nothing is shown in this piece.
Draw = Callable[[Piece], Awaitable[Drawn | None]]


class Rendition(NamedTuple):
    """One rung of one track of one file, and where it is cut."""

    path: str
    track: VideoTrack
    origin: Fraction  # position zero on the file's own clock, in seconds
    grid: cuts.Grid
    encoding: Encoding
    draw: Draw | None = None

    def number_of(self, shown: Fraction) -> int:
        """The segment of a picture that is shown at this time of the rendition's clock."""
        return self.grid.number_at(shown - cuts.EPOCH + self.tolerance)

    def is_last_of(self, number: int, shown: Fraction) -> bool:
        """Nothing of the segment follows the picture that is shown at this time."""
        is_at_end = number >= len(self.grid) - 1  # where the film may go on for longer than it says
        after = shown - cuts.EPOCH + 2 * self.tolerance
        return not is_at_end and after >= self.grid.cuts[number + 1] - self.tolerance

    @property
    def luma_rate(self) -> float:
        """Luma samples per second."""
        return self.encoding.luma_rate(self.track.frame_rate)

    def luma_samples(self, number: int) -> float:
        """Of a segment."""
        start, end = self.grid.cuts[number : number + 2]
        return self.luma_rate * float(end - start)

    @property
    def tolerance(self) -> Fraction:
        """Half a frame: containers round times, and a picture must not fall before its cut."""
        return 1 / self.track.frame_rate / 2


def command(ffmpeg: str, what: Rendition, piece: Piece, drawn: Drawn | None = None) -> list[str]:
    """Writes fragmented MP4 to standard output, each segment one fragment.

    ffmpeg must run in the folder of what is drawn, as its path could mean something to filters.
    """
    return [
        *_quiet(ffmpeg),
        *_input(what, piece),
        *(_images_input(what, drawn) if drawn and drawn.images else []),
        *("-filter_complex", _graph(what, piece, drawn), "-map", "[out]"),
        *_encoder(what.encoding),
        *("-enc_time_base", _time_base(what.track), *_key_frames(what, piece)),
        *("-output_ts_offset", f"{float(cuts.EPOCH - what.origin):.6f}"),
        *_MUXER,
    ]


def picture_command(
    ffmpeg: str, what: Rendition, number: int, drawn: Drawn | None = None
) -> list[str]:
    """Only the first picture of a segment."""
    *whole, output = command(ffmpeg, what, Piece(number, number + 1), drawn)
    return [*whole, "-frames:v", "1", output]


def init_command(ffmpeg: str, what: Rendition) -> list[str]:
    """The same header without reading the file: one black frame through the same encoder."""
    encoding, track = what.encoding, what.track
    black = f"color=size={encoding.width}x{encoding.height}:rate={track.frame_rate}:duration=1"
    return [
        *_quiet(ffmpeg),
        *("-f", "lavfi", "-i", black, "-vf", ",".join(_labels(encoding)), "-frames:v", "1"),
        *_encoder(encoding),
        *("-enc_time_base", _time_base(track)),
        *_MUXER,
    ]


def blank_command(
    ffmpeg: str, what: Rendition, number: int, pictures: int | None = None
) -> list[str]:
    """A black segment for a place of the film without pictures; as many as fit if none is said."""
    start, end = what.grid.cuts[number : number + 2]
    encoding, rate = what.encoding, what.track.frame_rate
    frames = pictures or max(1, round((end - start) * rate))
    black = f"color=size={encoding.width}x{encoding.height}:rate={rate}"
    return [
        *_quiet(ffmpeg),
        *("-f", "lavfi", "-i", black, "-vf", ",".join(_labels(encoding))),
        *("-frames:v", str(frames), *_encoder(encoding)),
        *("-enc_time_base", _time_base(what.track)),
        *("-output_ts_offset", f"{float(cuts.EPOCH + start):.6f}"),
        *_MUXER,
    ]


def _quiet(ffmpeg: str) -> list[str]:
    """And content with as little as can be decoded of a damaged file."""
    return [ffmpeg, "-v", "error", "-nostdin", "-max_error_rate", "1"]


def _input(what: Rendition, piece: Piece) -> list[str]:
    limits = ["-protocol_whitelist", "file,pipe", "-format_whitelist", FORMATS]
    start = what.grid.span(piece.first).start
    seek: list[str] = []
    if start is not None:
        time = _seek_to(what, start)
        seek = ["-seek_timestamp", "1", "-noaccurate_seek", "-ss", f"{float(time):.6f}"]
    return [*limits, *seek, "-copyts", "-i", f"file:{what.path}"]


def _images_input(what: Rendition, drawn: Drawn) -> list[str]:
    limits = ["-protocol_whitelist", "file,pipe", "-format_whitelist", "matroska,sup,vobsub"]
    return [*limits, "-itsoffset", f"{float(what.origin):.6f}", "-i", f"file:{drawn.path}"]


def _seek_to(what: Rendition, start: Fraction) -> Fraction:
    """A time from which ffmpeg finds a key frame before the start, on the file's own clock."""
    time = what.origin + start - what.tolerance
    return time if what.track.indexed else time - _SCAN_BACK


def _graph(what: Rendition, piece: Piece, drawn: Drawn | None) -> str:
    pictures = f"[0:{what.track.index}]{','.join(_filters(what, piece))}"
    labels = ",".join(_labels(what.encoding))
    if drawn is None:
        return f"{pictures},{labels}[out]"
    if drawn.images:
        return f"{pictures}[bare];{_overlay(what.encoding)},{labels}[out]"
    return f"{pictures},{_text(what, piece, drawn)},{labels}[out]"


def _overlay(encoding: Encoding) -> str:
    """Over all of the picture: what was written into black bars that were cut off is seen still."""
    images = f"[1:s:0]scale={encoding.width}:{encoding.height}[images]"
    return f"{images};[bare][images]overlay=eof_action=pass"


def _text(what: Rendition, piece: Piece, drawn: Drawn) -> str:
    """A script's clock begins where its piece does: it counts no more than ten hours."""
    zero = round((what.origin + what.grid.cuts[piece.first]) / what.track.time_base)
    return f"setpts=PTS-({zero}),format=yuv420p,ass={drawn.path.name},setpts=PTS+({zero})"


def _filters(what: Rendition, piece: Piece) -> list[str]:
    encoding = what.encoding
    return [
        *_trim(what, piece),
        *([] if what.track.orderly else [_RISING]),
        *(["bwdif=mode=send_frame"] if encoding.deinterlace else []),
        *light.to_sdr(encoding.hdr),
        f"scale={encoding.width}:{encoding.height}:out_range=tv",
    ]


def _trim(what: Rendition, piece: Piece) -> list[str]:
    """By whole ticks, so that every picture is in one segment and none in two."""
    start = what.grid.span(piece.first).start
    end = what.grid.span(piece.last - 1).end
    bounds = [
        f"{name}={_first_tick(what, cut)}"
        for name, cut in (("start_pts", start), ("end_pts", end))
        if cut is not None
    ]
    return [f"trim={':'.join(bounds)}"] if bounds else []


def _first_tick(what: Rendition, cut: Fraction) -> int:
    return math.ceil((what.origin + cut - what.tolerance) / what.track.time_base)


def _labels(encoding: Encoding) -> list[str]:
    colors = encoding.colors
    return [
        "setsar=1",
        "format=yuv420p",
        "setparams=range=tv:field_mode=prog:chroma_location=left",
        f"setparams=color_primaries={colors.primaries}:color_trc={colors.transfer}",
        f"setparams=colorspace={colors.matrix}",
    ]


def _encoder(encoding: Encoding) -> list[str]:
    rate = encoding.bit_rate
    return [
        *("-fps_mode", "passthrough", *_codec(encoding)),
        *("-maxrate", str(rate), "-bufsize", str(encoding.saved)),
        *("-g", _WHOLE_SEGMENT),
    ]


def _codec(encoding: Encoding) -> list[str]:
    match encoding.codec:
        case VideoCodec.H264:
            level = f"{encoding.level / 10:.1f}"
            return [
                *("-c:v", "libx264", "-preset", "veryfast", "-crf", "23"),
                *("-profile:v", "high", "-level", level, "-sc_threshold", "0", "-forced-idr", "1"),
            ]
        case VideoCodec.HEVC:
            quiet = "log-level=error:info=0:scenecut=0:open-gop=0"
            return [
                *("-c:v", "libx265", "-preset", "ultrafast", "-crf", "25", "-tag:v", "hvc1"),
                *("-x265-params", quiet, "-forced-idr", "1"),
            ]
        case VideoCodec.AV1:
            return ["-c:v", "libsvtav1", "-preset", "11", "-crf", "35"]


def _time_base(track: VideoTrack) -> str:
    return f"{track.time_base.numerator}:{track.time_base.denominator}"


def _key_frames(what: Rendition, piece: Piece) -> list[str]:
    inner = what.grid.cuts[piece.first + 1 : piece.last]
    times = [what.origin + cut - what.tolerance for cut in inner]
    if not times:
        return []
    return ["-force_key_frames", ",".join(f"{float(time):.6f}" for time in times)]
