"""What sound can be encoded to."""

from __future__ import annotations

import enum

import msgspec

STEREO, SURROUND = 2, 6  # channels

# ISO/IEC 14496-3, table 1.18, but for those above 48 kHz, which few players take
_AAC_RATES = (48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)
_OPUS_RATE = 48000


class SoundCodec(enum.StrEnum):
    AAC = "aac"
    OPUS = "opus"

    @property
    def rfc6381(self) -> str:
        return "mp4a.40.2" if self is SoundCodec.AAC else "opus"

    @property
    def frame(self) -> int:
        """Samples."""
        return 1024 if self is SoundCodec.AAC else 960

    def rate(self, source: int) -> int:
        """The source's own where AAC has it, so that nothing is resampled; else a part of it."""
        if self is SoundCodec.OPUS:
            return _OPUS_RATE
        halved = source
        while halved > _AAC_RATES[0]:
            halved //= 2
        return halved if halved in _AAC_RATES else _AAC_RATES[0]

    def bit_rate(self, channels: int) -> int:
        """In bit/s; Opus needs about two thirds of AAC's for the same."""
        aac = {STEREO: 192_000}.get(channels, 64_000 * channels)
        return aac if self is SoundCodec.AAC else aac * 2 // 3


def channels_for(source: int, most: int | None) -> int:
    """5.1 when the source has as much, and the client plays it; else stereo."""
    return SURROUND if source >= SURROUND and (most or STEREO) >= SURROUND else STEREO


class SoundFormat(msgspec.Struct, frozen=True):
    codec: SoundCodec
    channels: int  # STEREO or SURROUND
    sample_rate: int

    @property
    def layout(self) -> str:
        return "stereo" if self.channels == STEREO else "5.1"
