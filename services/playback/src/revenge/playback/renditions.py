"""The renditions of a file: each a track, copied or encoded, and a folder of its own."""

from dataclasses import dataclass

from revenge.playback.ladder import Encoding
from revenge.playback.sound import STEREO, SoundCodec


@dataclass(frozen=True)
class CopiedVideo:
    @property
    def folder(self) -> str:
        return "video-copy"


@dataclass(frozen=True)
class EncodedVideo:
    encoding: Encoding

    @property
    def folder(self) -> str:
        return f"video-{self.encoding.folder}"


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


@dataclass(frozen=True)
class SubtitleTrack:
    """In the file (`index`), or beside it (`path`)."""

    index: int | None
    path: str | None
