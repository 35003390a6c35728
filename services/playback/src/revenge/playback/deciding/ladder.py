"""The rungs that video is encoded to, and how a source fits on them."""

import enum
import math
import re
from fractions import Fraction
from typing import NamedTuple

import msgspec

from revenge.contracts.media import HdrKind, VideoStream
from revenge.playback.media.cuts import ENCODE_TARGET

ORIGINAL = "original"


class Rung(NamedTuple):
    """A box that the picture must fit in, and the greatest bit rate there, in bit/s."""

    name: str
    width: int
    height: int
    bit_rate: int


LADDER = (
    Rung("4k", 3840, 2160, 15_000_000),
    Rung("1080p", 1920, 1080, 5_000_000),
    Rung("720p", 1280, 720, 2_800_000),
    Rung("480p", 854, 480, 1_400_000),
)

#: What others see of Dolby Vision, by its compatibility id.
BASE_LAYERS = {1: HdrKind.HDR10, 2: HdrKind.SDR, 4: HdrKind.HLG, 6: HdrKind.HDR10}
_WITHOUT_BASE_LAYER = 5  # the profile whose pictures are in colours of its own

_ORIGINAL_CAP = 20_000_000  # bit/s
_ORIGINAL_BONUS = Fraction(8, 5)  # over the rung of the same size
_SD_HEIGHT = 576
_DEFAULT_RATE = Fraction(25)


class VideoCodec(enum.StrEnum):
    H264 = "h264"
    HEVC = "hevc"
    AV1 = "av1"

    def bit_rate(self, of_h264: int) -> int:
        """What is as good, in bit/s."""
        return int(of_h264 * _COMPRESSION[self])


_COMPRESSION = {
    VideoCodec.H264: Fraction(1),
    VideoCodec.HEVC: Fraction(2, 3),
    VideoCodec.AV1: Fraction(1, 2),
}


class _Level(NamedTuple):
    """ITU-T H.264, table A-1, with bit rates of the High profile."""

    number: int  # ten times the level
    blocks_per_second: int
    blocks: int
    bit_rate: int


_LEVELS = (
    _Level(30, 40_500, 1_620, 12_500_000),
    _Level(31, 108_000, 3_600, 17_500_000),
    _Level(32, 216_000, 5_120, 25_000_000),
    _Level(40, 245_760, 8_192, 25_000_000),
    _Level(42, 522_240, 8_704, 62_500_000),
    _Level(50, 589_824, 22_080, 168_750_000),
    _Level(51, 983_040, 36_864, 300_000_000),
    _Level(52, 2_073_600, 36_864, 300_000_000),
    _Level(62, 16_711_680, 139_264, 800_000_000),
)


class Size(NamedTuple):
    """Square pixels, as shown."""

    width: int
    height: int


class Colors(msgspec.Struct, frozen=True):
    """How the encoded picture is labelled, in ffmpeg's names."""

    primaries: str
    transfer: str
    matrix: str


class Encoding(msgspec.Struct, frozen=True):
    """All that decides the bytes of an encoded rendition of a track, but its segments."""

    name: str
    width: int
    height: int
    bit_rate: int  # bit/s, the most over some time
    level: int  # of H.264, ten times
    colors: Colors
    hdr: HdrKind = HdrKind.SDR  # of the source; what is encoded is SDR
    deinterlace: bool = False
    codec: VideoCodec = VideoCodec.H264

    @property
    def saved(self) -> int:
        """Bits that may be left over from easy pictures, for difficult ones."""
        return 2 * self.bit_rate

    @property
    def peak_bit_rate(self) -> int:
        """Of the pictures of a whole segment, in bit/s."""
        return self.bit_rate + int(self.saved / ENCODE_TARGET)

    @property
    def rfc6381(self) -> str | None:
        """High profile, no constraints. None where only the encoder knows."""
        return f"avc1.6400{self.level:02X}" if self.codec is VideoCodec.H264 else None

    def luma_rate(self, frame_rate: Fraction | None) -> float:
        """Luma samples per second: what it costs to encode it, roughly."""
        return self.width * self.height * float(frame_rate or _DEFAULT_RATE)

    @property
    def folder(self) -> str:
        """A name that differs when the bytes do."""
        light = "" if self.hdr is HdrKind.SDR else f"-{self.hdr.value}"
        fields = "-fields" if self.deinterlace else ""
        codec = "" if self.codec is VideoCodec.H264 else f"{self.codec}-"
        size = f"{self.width}x{self.height}"
        return f"{codec}{self.name}-{size}-{self.bit_rate // 1000}k{light}{fields}"


def shown(video: VideoStream) -> Size:
    """The size in square pixels, after rotation."""
    aspect = _fraction(video.sample_aspect_ratio) or Fraction(1)
    width, height = round(video.width * aspect), video.height
    return Size(height, width) if video.rotation % 180 else Size(width, height)


def frame_rate(video: VideoStream) -> Fraction | None:
    return _fraction(video.frame_rate)


def base_layer(video: VideoStream) -> HdrKind:
    """What others see of it; Dolby Vision that has none stays what it is."""
    if video.hdr is not HdrKind.DOLBY_VISION or video.dolby_vision_profile == _WITHOUT_BASE_LAYER:
        return video.hdr
    return BASE_LAYERS.get(video.dolby_vision_compatibility or 0, HdrKind.HDR10)


def encodings(video: VideoStream, codec: VideoCodec = VideoCodec.H264) -> list[Encoding]:
    """From the source's own size downwards; never a rung above the source."""
    size = shown(video)
    own = _encoding(video, ORIGINAL, size, _original_bit_rate(size))
    of_h264 = [own, *(_on_rung(video, rung) for rung in LADDER if _reaches(size, rung))]
    return [
        msgspec.structs.replace(item, codec=codec, bit_rate=codec.bit_rate(item.bit_rate))
        for item in of_h264
    ]


def fitted(size: Size, width: int, height: int) -> Size:
    """As large as fits, never larger than it is, in even numbers: H.264 halves its colours."""
    scale = min(Fraction(1), Fraction(width, size.width), Fraction(height, size.height))
    return Size(*(max(2, 2 * round(side * scale / 2)) for side in size))


def _reaches(size: Size, rung: Rung) -> bool:
    return size.width >= rung.width or size.height >= rung.height


def _on_rung(video: VideoStream, rung: Rung) -> Encoding:
    size = fitted(shown(video), rung.width, rung.height)
    return _encoding(video, rung.name, size, rung.bit_rate)


def _original_bit_rate(size: Size) -> int:
    rung = next((rung for rung in LADDER if _reaches(size, rung)), LADDER[-1])
    return min(_ORIGINAL_CAP, int(rung.bit_rate * _ORIGINAL_BONUS))


def _encoding(video: VideoStream, name: str, size: Size, bit_rate: int) -> Encoding:
    size, light = fitted(size, size.width, size.height), base_layer(video)
    return Encoding(
        name=name,
        width=size.width,
        height=size.height,
        bit_rate=bit_rate,
        level=_level(size, frame_rate(video) or _DEFAULT_RATE, bit_rate),
        colors=_colors(video) if light is HdrKind.SDR else _BT709,
        hdr=light,
        deinterlace=video.interlaced,
    )


def _level(size: Size, rate: Fraction, bit_rate: int) -> int:
    blocks = math.ceil(size.width / 16) * math.ceil(size.height / 16)
    fitting = (
        level.number
        for level in _LEVELS
        if blocks <= level.blocks
        and blocks * rate <= level.blocks_per_second
        and bit_rate <= level.bit_rate
    )
    return next(fitting, _LEVELS[-1].number)


_BT709 = Colors("bt709", "bt709", "bt709")
_SD = Colors("smpte170m", "smpte170m", "smpte170m")


def _colors(video: VideoStream) -> Colors:
    """As the file says; where it does not, as players guess from the height."""
    guess = _SD if video.height <= _SD_HEIGHT else _BT709
    return Colors(
        _known(video.color_primaries, guess.primaries),
        _known(video.color_transfer, guess.transfer),
        _known(video.color_space, guess.matrix),
    )


def _known(name: str | None, guess: str) -> str:
    """The name goes into a filter graph, so that nothing but a name may pass."""
    if name is None or name not in _COLOR_NAMES:
        return guess
    return name


# what SDR video is labelled with, in ffmpeg's names
_COLOR_NAMES = {"bt709", "smpte170m", "bt470bg", "bt470m", "smpte240m", "bt2020nc", "bt2020"}


def _fraction(text: str | None) -> Fraction | None:
    """`24000/1001`, or `4:3`; None for what is no positive fraction."""
    if text is None or not re.fullmatch(r"\d{1,9}([/:]\d{1,9})?(\.\d{1,9})?", text):
        return None
    numerator, _, denominator = text.replace(":", "/").partition("/")
    if Fraction(denominator or 1) == 0:
        return None
    return Fraction(numerator) / Fraction(denominator or 1) or None
