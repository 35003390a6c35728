"""The kinds of HDR are told apart."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenge.contracts.media import HdrKind
from revenge.library_scanner.probe import hdr
from revenge.library_scanner.probe.dolby_vision import DolbyVision, read_record
from revenge.library_scanner.probe.prober import Prober

Make = Callable[..., Path]
VIDEO = ("-f", "lavfi", "-i", "testsrc2=size=128x72:rate=24:duration=0.5")
TEN_BITS = ("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le")
PQ = "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
MASTERING = "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)"
HLG = "colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc"
HDR10_PLUS_SEI = b"\0\0\0\1\x4e\x01\x04\x0b" + b"\xb5\0\x3c\0\1\4\1\x40\x80\x80\x80" + b"\x80"
DOLBY_VISION_RPU = b"\0\0\0\1\x7c\x01" + b"\x19\x08\x09" + b"\x40" * 40 + b"\x80"
PROFILE_8_1 = bytes([1, 0, 8 << 1, 6 << 3 | 0b101, 1 << 4]) + bytes(19)


def insert_units(stream: Path, unit: bytes) -> None:
    """Put a unit before the first coded picture, as an encoder would."""
    raw = stream.read_bytes()
    at = next(
        at
        for at in range(len(raw) - 5)
        if raw[at : at + 3] == b"\0\0\1" and raw[at + 3] >> 1 & 0x3F in (19, 20, 21)
    )
    stream.write_bytes(raw[:at] + unit + raw[at:])


def insert_box(film: Path, box: bytes) -> None:
    """Put a box at the end of the sample entry; `moov` lies at the end, so no offset moves."""
    raw = bytearray(film.read_bytes())
    end = raw.index(b"hvcC") - 4
    end += int.from_bytes(raw[end : end + 4], "big")
    raw[end:end] = box
    for name in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"hvc1"):
        at = raw.index(name) - 4
        size = int.from_bytes(raw[at : at + 4], "big") + len(box)
        raw[at : at + 4] = size.to_bytes(4, "big")
    film.write_bytes(raw)


@pytest.mark.parametrize("name", ["hdr.mkv", "hdr.mp4", "hdr.ts"])
@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (f"{PQ}:{MASTERING}:hdr10=1", (HdrKind.HDR10, "smpte2084")),
        (HLG, (HdrKind.HLG, "arib-std-b67")),
        ("colorprim=bt709:transfer=bt709:colormatrix=bt709", (HdrKind.SDR, "bt709")),
    ],
)
async def test_the_transfer_tells_hdr10_and_hlg(
    make: Make, prober: Prober, name: str, parameters: str, expected: tuple[HdrKind, str]
) -> None:
    film = make(*VIDEO, *TEN_BITS, "-x265-params", f"log-level=none:{parameters}", name)

    (video,) = (await prober.probe(str(film))).video

    assert (video.codec, video.profile, video.bit_depth) == ("hevc", "Main 10", 10)
    assert (video.hdr, video.color_transfer) == expected


@pytest.mark.parametrize("name", ["plus.mkv", "plus.mp4", "plus.ts"])
async def test_hdr10_plus_is_seen_in_the_pictures(make: Make, prober: Prober, name: str) -> None:
    stream = make(*VIDEO, *TEN_BITS, "-x265-params", f"log-level=none:{PQ}", "plus.hevc")
    insert_units(stream, HDR10_PLUS_SEI)
    timed = make("-r", "24", "-i", str(stream), "-c", "copy", "timed.mp4")
    film = make("-i", str(timed), "-c", "copy", name)

    (video,) = (await prober.probe(str(film))).video

    assert video.hdr == HdrKind.HDR10_PLUS


async def test_dolby_vision_without_record_is_seen_too(make: Make, prober: Prober) -> None:
    stream = make(*VIDEO, *TEN_BITS, "-x265-params", f"log-level=none:{PQ}", "dv.hevc")
    insert_units(stream, DOLBY_VISION_RPU)
    timed = make("-r", "24", "-i", str(stream), "-c", "copy", "timed.mp4")
    film = make("-i", str(timed), "-c", "copy", "dv.ts")

    (video,) = (await prober.probe(str(film))).video

    assert (video.hdr, video.dolby_vision_profile) == (HdrKind.DOLBY_VISION, None)


async def test_dolby_visions_record_is_read(make: Make, prober: Prober) -> None:
    mp4 = make(*VIDEO, *TEN_BITS, "-tag:v", "hvc1", "-x265-params", "log-level=none", "a.mp4")
    insert_box(mp4, (8 + len(PROFILE_8_1)).to_bytes(4, "big") + b"dvvC" + PROFILE_8_1)
    matroska = make("-i", str(mp4), "-c", "copy", "-strict", "unofficial", "b.mkv")

    for film in (mp4, matroska):
        (video,) = (await prober.probe(str(film))).video

        assert (video.hdr, video.dolby_vision_profile) == (HdrKind.DOLBY_VISION, 8)


def test_a_record_tells_profile_level_and_what_others_see() -> None:
    assert read_record(PROFILE_8_1) == DolbyVision(profile=8, level=6, compatibility=1)
    assert read_record(b"\1\0") is None


@given(st.sampled_from(["hevc", "av1", "vp9"]), st.binary(max_size=200), st.binary(max_size=40))
def test_no_picture_makes_the_look_fail(codec: str, packet: bytes, extradata: bytes) -> None:
    hdr.look(codec, packet, extradata)


def test_av1_carries_hdr10_plus_in_a_metadata_unit() -> None:
    metadata = b"\x04\xb5\0\x3c\0\1\4\1\x80"
    packet = b"\x12\0" + bytes([5 << 3 | 2, len(metadata)]) + metadata

    assert hdr.look("av1", packet, b"").hdr10_plus
    assert not hdr.look("av1", packet.replace(b"\x3c", b"\x3d"), b"").hdr10_plus
