"""The renditions of a file: each a track, copied or encoded, and a folder of its own."""

import hashlib
from dataclasses import dataclass

from revenge.playback.deciding.ladder import Encoding
from revenge.playback.deciding.sound import STEREO, SoundCodec


@dataclass(frozen=True)
class SubtitleTrack:
    """In the file (`index`), or beside it (`path`). With an offset above zero it is later."""

    index: int | None
    path: str | None
    offset_ms: int = 0

    @property
    def folder(self) -> str:
        beside = hashlib.sha256((self.path or "").encode("utf-8", "surrogateescape")).hexdigest()
        name = f"subtitles-{beside[:12]}" if self.index is None else f"subtitles{self.index}"
        return f"{name}{self.offset_ms:+d}" if self.offset_ms else name


@dataclass(frozen=True)
class Burned:
    """A subtitle that is drawn into the pictures."""

    track: SubtitleTrack
    images: bool  # not text


@dataclass(frozen=True)
class CopiedVideo:
    """Of Dolby Vision for others, the base layer is what they see: HDR10, HLG or SDR."""

    base_layer: bool = False

    @property
    def folder(self) -> str:
        return "video-copy-base" if self.base_layer else "video-copy"


@dataclass(frozen=True)
class EncodedVideo:
    encoding: Encoding
    burned: Burned | None = None

    @property
    def folder(self) -> str:
        drawn = f"-{self.burned.track.folder}" if self.burned else ""
        return f"video-{self.encoding.folder}{drawn}"


@dataclass(frozen=True)
class KeyPictures:
    """Only the key frames of pictures, each a segment of its own, for winding and for previews."""

    of: CopiedVideo | EncodedVideo

    @property
    def folder(self) -> str:
        return f"{self.of.folder}-keys"


@dataclass(frozen=True)
class CopiedAudio:
    index: int  # of the stream in the file

    @property
    def folder(self) -> str:
        return f"audio{self.index}-copy"


@dataclass(frozen=True)
class EncodedAudio:
    index: int
    codec: SoundCodec = SoundCodec.AAC
    channels: int = STEREO

    @property
    def folder(self) -> str:
        return f"audio{self.index}-{self.codec}{self.channels}"


Rendition = CopiedVideo | EncodedVideo | KeyPictures | CopiedAudio | EncodedAudio


def is_cut_on_keys(rendition: Rendition) -> bool:
    match rendition:
        case CopiedVideo() | KeyPictures(of=CopiedVideo()):
            return True
        case _:
            return False
