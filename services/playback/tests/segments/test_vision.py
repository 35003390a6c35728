"""Dolby Vision reaches those who show it under its own name."""

from pathlib import Path
from uuid import UUID

import pytest

from revenge.contracts import PlaybackId
from revenge.contracts.media import HdrKind, Media, VideoStream
from revenge.contracts.playback import ClientProfile, Transport
from revenge.playback.deciding.decide import decide
from revenge.playback.deciding.plan import StreamSession
from revenge.playback.deciding.renditions import CopiedVideo
from revenge.playback.streaming import offers
from revenge.playback.testing.rig import Clips, Rig, StrictParser, complaints

LEVEL = 6
AROUND = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"hvc1")

TELEVISION = ClientProfile(
    video_codecs=("hevc",),
    supports_hdr10=True,
    supports_dolby_vision=True,
    transports=(Transport.HLS,),
)


def vision(rig: Rig, clips: Clips, profile: int, compatibility: int) -> Path:
    """An HEVC file that says so of itself; its media comes before what describes it."""
    path = rig.folder / f"vision{profile}.mp4"
    clips.run("-i", clips("hdr.mkv"), "-c", "copy", "-tag:v", "hvc1", path)
    data = bytearray(path.read_bytes())
    header = data.index(b"hvcC") - 4
    end = header + int.from_bytes(data[header : header + 4], "big")
    bits = profile << 17 | LEVEL << 11 | 0b101 << 8 | compatibility << 4
    record = bytes((1, 0)) + bits.to_bytes(3, "big") + bytes(19)
    box = (8 + len(record)).to_bytes(4, "big") + (b"dvvC" if profile > 7 else b"dvcC") + record
    for kind in AROUND:
        at = data.rindex(kind, 0, header) - 4
        data[at : at + 4] = (int.from_bytes(data[at : at + 4], "big") + len(box)).to_bytes(4, "big")
    path.write_bytes(data[:end] + box + data[end:])
    return path


def media(profile: int, compatibility: int) -> Media:
    pictures = VideoStream(
        *(0, "hevc", 320, 180),
        bit_depth=10,
        bit_rate=300_000,
        frame_rate="25/1",
        hdr=HdrKind.DOLBY_VISION,
        dolby_vision_profile=profile,
        dolby_vision_compatibility=compatibility,
    )
    return Media("mov", 10.0, 300_000, (pictures,))


async def master(rig: Rig, path: Path, what: Media, client: ClientProfile = TELEVISION) -> str:
    session = StreamSession(PlaybackId(UUID(int=1)), str(path), what, decide(what, client))
    return await offers.master(rig.segmenter, await rig.source(path), session)


async def test_pictures_that_only_dolby_vision_can_show_are_called_so(
    rig: Rig, clips: Clips, strictly: StrictParser
) -> None:
    """Whoever took them for HEVC would show them in green and purple."""
    path = vision(rig, clips, 5, 0)

    listed = await master(rig, path, media(5, 0))
    init = await rig.segmenter.init(await rig.source(path), CopiedVideo())

    assert 'CODECS="dvh1.05.06"' in listed
    assert "VIDEO-RANGE=PQ" in listed
    assert b"hvc1" not in init.read_bytes().partition(b"stsd")[2]
    strictly(listed)


@pytest.mark.parametrize(
    ("compatibility", "name"), [(1, "dvh1.08.06/db1p"), (4, "dvh1.08.06/db4h")]
)
async def test_what_others_can_show_too_is_called_by_both_names(
    rig: Rig, clips: Clips, strictly: StrictParser, compatibility: int, name: str
) -> None:
    path = vision(rig, clips, 8, compatibility)

    listed = await master(rig, path, media(8, compatibility))

    assert 'CODECS="hvc1.2.4.L60.90"' in listed
    assert f'SUPPLEMENTAL-CODECS="{name}"' in listed
    strictly(listed)


@pytest.mark.parametrize("profile", [5, 8])
async def test_its_segments_are_as_good_as_any(rig: Rig, clips: Clips, profile: int) -> None:
    played = await rig.joined(vision(rig, clips, profile, profile == 8), CopiedVideo())

    assert complaints(clips.ffmpeg, played) == ""


async def test_nothing_is_said_of_it_to_those_who_get_the_base_layer(
    rig: Rig, clips: Clips
) -> None:
    path = vision(rig, clips, 8, 1)
    without = ClientProfile(video_codecs=("hevc",), supports_hdr10=True)

    listed = await master(rig, path, media(8, 1), without)
    init = await rig.segmenter.init(await rig.source(path), CopiedVideo(base_layer=True))

    assert "dvh1" not in listed
    assert b"dvvC" not in init.read_bytes()


async def test_two_layers_are_one_for_everybody(rig: Rig, clips: Clips) -> None:
    """No client takes the second out of HLS."""
    listed = await master(rig, vision(rig, clips, 7, 6), media(7, 6))

    assert 'CODECS="hvc1.' in listed
    assert "dvh1" not in listed
