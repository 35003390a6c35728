import pytest

from revenge.playback.deciding import sound
from revenge.playback.deciding.sound import SoundCodec


def test_sound_is_never_resampled_without_need() -> None:
    rates = [SoundCodec.AAC.rate(rate) for rate in (44100, 48000, 96000, 176400, 37800)]

    assert rates == [44100, 48000, 48000, 44100, 48000]


def test_opus_has_one_rate() -> None:
    assert SoundCodec.OPUS.rate(44100) == 48000


@pytest.mark.parametrize(
    ("source", "most", "channels"),
    [(8, 8, 6), (6, 6, 6), (6, None, 2), (6, 2, 2), (2, 8, 2), (1, 8, 2), (8, 5, 2)],
)
def test_surround_stays_surround_for_those_who_can(
    source: int, most: int | None, channels: int
) -> None:
    assert sound.channels_for(source, most) == channels
