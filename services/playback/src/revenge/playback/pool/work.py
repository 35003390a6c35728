"""What the service asks of its worker processes, and how both write it on the pipe.

A message is four bytes of length (big-endian) and MessagePack. Every order names the file that its
product is written to; segments never travel through the pipe.
"""

import struct
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, TypeVar

import msgspec

from revenge.playback.deciding.sound import SoundFormat
from revenge.playback.media.survey import AudioTrack, VideoTrack

LENGTH = struct.Struct(">I")

#: What a worker says first: Python and libav are loaded.
READY = LENGTH.pack(0)

T = TypeVar("T")

#: What is written to the target; pieces, one after the other.
Product = bytes | Sequence[bytes | memoryview]


class Order(msgspec.Struct, frozen=True, tag=True):
    """Work on the file at `path`, the product of which is written to `target`.

    Paths are text as `revenge.contracts.paths` writes it: not every path is UTF-8.
    """

    path: str
    target: str

    @property
    def reads_all(self) -> bool:
        """The whole file must be read for it, which may take long."""
        return False


class MakeSurvey(Order, frozen=True):
    """All that must be known of a file to cut it, as a `Survey`.

    It is complete when the file has an index, or when it may be read as a `whole`.
    """

    whole: bool = False

    @property
    def reads_all(self) -> bool:
        return self.whole


class CopyInit(Order, frozen=True):
    """The initialisation segment of a copied track."""

    index: int
    base_layer: bool = False


class CopyVideo(Order, frozen=True):
    """A copied segment, from the key frame stamped `first` to before the one stamped `last`."""

    track: VideoTrack  # without its keys: they are many
    first: int | None
    last: int | None
    delay: int  # ticks to add to every time
    alone: bool = False  # the key frame, and nothing after it
    base_layer: bool = False  # without what only Dolby Vision needs


class CopyAudio(Order, frozen=True):
    """The packets that start in [first, last), in ticks."""

    track: AudioTrack
    first: int | None
    last: int | None
    delay: int


class SoundInit(Order, frozen=True):
    """The initialisation segment of encoded sound."""

    format: SoundFormat


class EncodeSound(Order, frozen=True):
    """Frames [first, last) of a track, counted from `origin` on the file's own clock."""

    track: AudioTrack
    format: SoundFormat
    origin: Fraction
    first: int
    last: int


class WriteSubtitles(Order, frozen=True):
    """The cues shown in [first, last) seconds from `origin`, as WebVTT.

    `index` is the track of the file at `path`; None when the file is a subtitle file itself.
    """

    index: int | None
    origin: Fraction
    first: Fraction
    last: Fraction | None

    @property
    def reads_all(self) -> bool:
        return self.index is not None and self.first == 0 and self.last is None


class WriteScript(WriteSubtitles, frozen=True):
    """The same as an ASS script, its times counted from `zero`: a position in seconds."""

    zero: Fraction


class WriteImages(WriteSubtitles, frozen=True):
    """Those of a track of images, as a file of this kind; its times are positions."""

    format: str = "matroska"  # or "sup", of PGS


class Done(msgspec.Struct, frozen=True, tag=True):
    size: int  # bytes written


class Empty(msgspec.Struct, frozen=True, tag=True):
    """There is no media where the order asks for it."""


class Damaged(msgspec.Struct, frozen=True, tag=True):
    """The file cannot be read as the order needs it."""

    detail: str


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The operating system refused: `errno` says why."""

    errno: int


AnyOrder = (
    MakeSurvey
    | CopyInit
    | CopyVideo
    | CopyAudio
    | SoundInit
    | EncodeSound
    | WriteSubtitles
    | WriteScript
    | WriteImages
)
Reply = Done | Empty | Damaged | Failed


def encode(message: object) -> bytes:
    data = msgspec.msgpack.encode(message, enc_hook=_from_fraction)
    return LENGTH.pack(len(data)) + data


def decode(data: bytes, kind: type[T]) -> T:
    return msgspec.msgpack.decode(data, type=kind, dec_hook=_to_fraction)


def decode_order(data: bytes) -> AnyOrder:
    return _ORDERS.decode(data)


def decode_reply(data: bytes) -> Reply:
    return _REPLIES.decode(data)


def _from_fraction(value: Any) -> str:
    if isinstance(value, Fraction):
        return str(value)
    raise NotImplementedError(type(value))


def _to_fraction(kind: type[Any], value: Any) -> Any:
    if kind is Fraction:
        return Fraction(value)
    raise NotImplementedError(kind)


_ORDERS: msgspec.msgpack.Decoder[AnyOrder] = msgspec.msgpack.Decoder(
    AnyOrder, dec_hook=_to_fraction
)
_REPLIES: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)
