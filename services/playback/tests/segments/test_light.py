"""Pictures for screens that show no HDR have the colours that they had."""

from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from revenge.contracts.media import HdrKind, VideoStream
from revenge.playback.deciding import ladder
from revenge.playback.deciding.renditions import EncodedVideo
from revenge.playback.testing.rig import Clips, Rig

Numbers = npt.NDArray[np.float64]

#: White, red, green, blue, grey, orange, dark grey and cyan of BT.709.
PATCHES = np.array(
    [(1, 1, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1), (0.5,) * 3, (1, 0.5, 0.2), (0.1,) * 3, (0, 1, 1)]
)
WHITE = 100  # cd/m2
SIDE = 64  # of a patch, in pixels
SECONDS = 5

BT709_TO_BT2020 = np.array(
    [(0.627404, 0.329283, 0.043313), (0.069097, 0.919540, 0.011362), (0.016391, 0.088013, 0.895595)]
)
# as a Dolby Vision file of profile 5 says them, in fixed point
IPT_TO_LMS = np.array([(8192, 799, 1681), (8192, -933, 1091), (8192, 267, -5545)]) / 8192
APART = np.array([(17081, -349, -349), (-349, 17081, -349), (-349, -349, 17081)]) / 16384
LMS_TO_BT2020 = np.array(
    [
        (3.06441879, -2.16597676, 0.10155818),
        (-0.65612108, 1.78554118, -0.12943749),
        (0.01736321, -0.04725154, 1.03004253),
    ]
)


def pq(light: Numbers) -> Numbers:
    """SMPTE ST 2084, of cd/m2."""
    powered = np.clip(light / 10_000, 0, 1) ** (2610 / 16384)
    above, below = 3424 / 4096 + 2413 / 128 * powered, 1 + 2392 / 128 * powered
    return (above / below) ** (2523 / 32)


def light() -> Numbers:
    """Of each patch, in BT.2020 and cd/m2."""
    return PATCHES * WHITE @ BT709_TO_BT2020.T


def planes(codes: Numbers) -> bytes:
    """Ten bits each; the patches side by side."""
    rows = np.round(np.clip(codes, 0, 1) * 1023).astype("<u2").repeat(SIDE, axis=0).T
    return np.stack([rows] * SIDE, axis=1).tobytes()


def clip(clips: Clips, path: Path, codes: Numbers, format: str, *how: str) -> Path:
    raw = path.with_suffix(".raw")
    raw.write_bytes(planes(codes))
    size = f"{SIDE * len(PATCHES)}x{SIDE}"
    picture = ("-f", "rawvideo", "-pix_fmt", format, "-s", size, "-r", "25", "-i", raw)
    encoder = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error:qp=4")
    looped = ("-vf", f"loop={SECONDS * 25}:1:0,{how[0]}", *how[1:])
    clips.run(*picture, *looped, *encoder, "-t", str(SECONDS), path)
    return path


def vision(rig: Rig, clips: Clips) -> Path:
    """As profile 5 has it: no matrix of others fits. Nothing is reshaped in it."""
    lms = light() @ np.linalg.inv(LMS_TO_BT2020 @ APART).T
    ipt = pq(lms) @ np.linalg.inv(IPT_TO_LMS).T + (0, 0.5, 0.5)
    path = rig.folder / "vision.mkv"
    return clip(clips, path, ipt, "yuv444p10le", "setparams=range=pc,format=yuv420p10le")


def hdr10(rig: Rig, clips: Clips) -> Path:
    green_first = pq(light())[:, (1, 2, 0)]
    to_yuv = "setparams=colorspace=gbr:range=pc:color_primaries=bt2020:color_trc=smpte2084"
    to_yuv += ",zscale=matrix=bt2020nc:range=limited,format=yuv420p10le"
    path = rig.folder / "hdr10.mkv"
    return clip(clips, path, green_first, "gbrp10le", to_yuv)


async def seen(rig: Rig, path: Path, kind: HdrKind) -> Numbers:
    """The patches as an ordinary screen shows them, each channel up to 255."""
    video = VideoStream(
        *(0, "hevc", SIDE * len(PATCHES), SIDE),
        hdr=kind,
        frame_rate="25/1",
        dolby_vision_profile=5 if kind is HdrKind.DOLBY_VISION else None,
    )
    played = await rig.joined(path, EncodedVideo(ladder.encodings(video)[0]), [0])
    with av.open(str(played)) as source:
        picture = next(source.decode(video=0)).reformat(format="rgb24", src_colorspace="ITU709")
    return picture.to_ndarray()[SIDE // 2, SIDE // 2 :: SIDE].astype(float)


@pytest.mark.parametrize("kind", [HdrKind.HDR10, HdrKind.DOLBY_VISION])
async def test_colours_stay_what_they_are(rig: Rig, clips: Clips, kind: HdrKind) -> None:
    """Darker, for what is brighter than white must fit in as well."""
    make = vision if kind is HdrKind.DOLBY_VISION else hdr10

    red, green, blue = (await seen(rig, make(rig, clips), kind)).T

    strong, weak = 120, 40
    white, reds, greens, blues, grey, orange, dark, cyan = range(len(PATCHES))
    for neutral in (white, grey, dark):
        assert max(red[neutral], green[neutral], blue[neutral]) == pytest.approx(
            min(red[neutral], green[neutral], blue[neutral]), abs=6
        )
    assert red[white] > red[grey] + 20 > red[dark] + 60
    assert (red[reds] > strong, green[reds] < weak, blue[reds] < weak) == (True, True, True)
    assert (red[greens] < weak, green[greens] > strong, blue[greens] < weak) == (True, True, True)
    assert (red[blues] < weak, green[blues] < weak, blue[blues] > strong) == (True, True, True)
    assert red[orange] > green[orange] + 20 > blue[orange] + 40
    assert red[cyan] < weak < strong < min(green[cyan], blue[cyan])


async def test_dolby_vision_without_a_base_layer_looks_as_hdr10_does(
    rig: Rig, clips: Clips
) -> None:
    as_vision = await seen(rig, vision(rig, clips), HdrKind.DOLBY_VISION)
    as_hdr10 = await seen(rig, hdr10(rig, clips), HdrKind.HDR10)

    assert np.abs(as_vision - as_hdr10).max() < 20
