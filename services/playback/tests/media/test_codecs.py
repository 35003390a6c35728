from collections.abc import Sequence

import pytest

from revenge.playback.deciding.renditions import CopiedAudio, CopiedVideo
from revenge.playback.media import codecs
from revenge.playback.media.boxes import BoxDamaged
from revenge.playback.testing.rig import Clips, Rig

VIDEO = [
    (("-c:v", "libx264", "-profile:v", "high", "-level", "4.0"), "avc1.640028"),
    (("-c:v", "libx264", "-profile:v", "baseline", "-level", "3.1"), "avc1.42C01F"),
    (("-c:v", "libx265", "-x265-params", "log-level=error"), "hvc1.1.6.L60.90"),
    (("-c:v", "libx265", "-pix_fmt", "yuv420p10le"), "hvc1.2.4.L60.90"),
    (("-c:v", "libsvtav1", "-preset", "12"), "av01.0.00M.08"),
    (("-c:v", "libsvtav1", "-preset", "12", "-pix_fmt", "yuv420p10le"), "av01.0.00M.10"),
    (("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"), "vp09.00.11.08"),
]
AUDIO = [
    (("-c:a", "aac"), "mp4a.40.2"),
    (("-c:a", "libmp3lame"), "mp4a.40.34"),
    (("-c:a", "ac3"), "ac-3"),
    (("-c:a", "eac3"), "ec-3"),
    (("-c:a", "libopus"), "opus"),
    (("-c:a", "flac"), "fLaC"),
    (("-c:a", "alac"), "alac"),
]


@pytest.mark.parametrize(("options", "expected"), VIDEO)
async def test_video_is_named_as_its_header_says(
    rig: Rig, clips: Clips, options: Sequence[str], expected: str
) -> None:
    clip = rig.folder / "clip.mkv"
    picture = ("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=2")
    clips.run(*picture, "-pix_fmt", "yuv420p", *options, clip)

    init = await rig.segmenter.init(await rig.source(clip), CopiedVideo())

    assert codecs.codec_string(init.read_bytes()) == expected


@pytest.mark.parametrize(("options", "expected"), AUDIO)
async def test_audio_is_named_as_its_header_says(
    rig: Rig, clips: Clips, options: Sequence[str], expected: str
) -> None:
    clip = rig.folder / "clip.mkv"
    clips.run("-f", "lavfi", "-i", "sine=sample_rate=48000:duration=6", "-ac", "2", *options, clip)
    source = await rig.source(clip)

    init = await rig.segmenter.init(source, CopiedAudio(0))
    await rig.segmenter.segment(source, CopiedAudio(0), 0, "viewer")

    assert codecs.codec_string(init.read_bytes()) == expected


@pytest.mark.parametrize("data", [b"", b"\0\0\0\x08free", b"\0\0\0\x09moov", b"\0\0\0\x10moov" * 2])
def test_what_is_no_header_is_refused(data: bytes) -> None:
    with pytest.raises(BoxDamaged):
        codecs.codec_string(data)
