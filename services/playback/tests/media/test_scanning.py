"""Key frames by their marks are those that a demuxer finds, or the demuxer finds them."""

from pathlib import Path

import av
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from revenge.playback.media import reading, scanning, transport
from revenge.playback.media.transport import KeyFrame
from revenge.playback.testing.rig import Clips

PACKET = 188
MARKED = 0x40

# what ffmpeg makes of another clip
STREAMS = {
    "film.ts": ("film.mp4", "-c", "copy"),
    "film.m2ts": ("film.mp4", "-c", "copy", "-mpegts_m2ts_mode", "1"),
    "hevc.ts": ("open.mkv", "-c:v", "copy", "-an"),
    "opengop.ts": (
        *("film.mp4", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2"),
        *("-x264-params", "open-gop=1:keyint=36", "-c:a", "ac3"),
    ),
    "mpeg2.ts": ("film.mp4", "-c:v", "mpeg2video", "-g", "18", "-bf", "2", "-c:a", "mp2"),
    "dense.ts": ("film.mp4", "-c:v", "libx264", "-preset", "ultrafast", "-g", "5", "-t", "20"),
    "wrapping.ts": ("film.mp4", "-c", "copy", "-output_ts_offset", "95400"),
    "wrapping soon.ts": ("film.mp4", "-c", "copy", "-output_ts_offset", "95440"),
    "begun before.ts": (
        *("film.mp4", "-c", "copy", "-output_ts_offset", "-1.5"),
        *("-avoid_negative_ts", "disabled", "-muxdelay", "0"),
    ),
}


def stream(clips: Clips, name: str) -> Path:
    path = clips.folder / f"scanned {name}"
    if not path.exists():
        source, *how = STREAMS[name]
        unfinished = path.with_name(f"unfinished {path.name}")
        clips.run("-i", clips(source), *how, unfinished)
        unfinished.replace(path)
    return path


def found(path: Path) -> list[KeyFrame]:
    with reading.opened(str(path)) as source:
        return scanning.key_frames(source, source.streams.video[0], 90_000 * 60)


def demuxed(path: Path) -> list[KeyFrame]:
    frames = list[KeyFrame]()
    with av.open(str(path), options=reading.OPTIONS) as source:
        for packet in source.demux(video=0):
            is_later = packet.pts is not None and (not frames or packet.pts > frames[-1].stamp)
            if packet.is_keyframe and packet.size and is_later:
                frames.append(KeyFrame(packet.pts or 0, packet.pos or 0))
    return frames


def marked(path: Path) -> list[KeyFrame]:
    with av.open(str(path), options=reading.OPTIONS) as source:
        return list(transport.key_frames(str(path), source.streams.video[0].id))


@pytest.mark.parametrize("name", STREAMS)
def test_key_frames_are_those_that_a_demuxer_finds(clips: Clips, name: str) -> None:
    frames = found(stream(clips, name))

    assert frames == demuxed(stream(clips, name))
    assert len(frames) >= 24


@pytest.mark.parametrize("name", STREAMS)
def test_marks_are_at_key_frames_and_say_when_they_are_shown(clips: Clips, name: str) -> None:
    frames = [
        frame._replace(stamp=frame.stamp % transport.WRAP) for frame in demuxed(stream(clips, name))
    ]

    assert marked(stream(clips, name)) == frames


@pytest.fixture
def unmarked(clips: Clips, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A stream whose marks are gone in this part of it: from one share to another."""
    data = bytearray(stream(clips, "film.ts").read_bytes())
    begin, end = (int(share * len(data)) // PACKET * PACKET for share in request.param)
    for at in range(begin, end, PACKET):
        if data[at + 3] & 0x20 and data[at + 4]:
            data[at + 5] &= ~MARKED
    path = tmp_path / "unmarked.ts"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "unmarked", [(0, 1), (0, 0.1), (0.5, 0.8), (0.5, 1)], ids=str, indirect=True
)
def test_key_frames_without_marks_are_found_by_demuxing(unmarked: Path) -> None:
    frames = found(unmarked)

    assert frames == demuxed(unmarked)
    assert len(frames) >= 24


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(begin=st.floats(0.05, 0.95), lost=st.integers(1, 5000).filter(lambda lost: lost % PACKET))
def test_where_bytes_are_lost_a_demuxer_goes_on(
    clips: Clips, tmp_path: Path, begin: float, lost: int
) -> None:
    data = stream(clips, "film.ts").read_bytes()
    at = int(begin * len(data))
    path = tmp_path / "lossy.ts"
    path.write_bytes(data[:at] + data[at + lost :])

    assert found(path) == demuxed(path)


def test_what_comes_before_the_first_packet_is_passed_over(clips: Clips, tmp_path: Path) -> None:
    path = tmp_path / "late.ts"
    path.write_bytes(bytes(100) + stream(clips, "film.ts").read_bytes())

    assert [frame.stamp for frame in found(path)] == [
        frame.stamp for frame in demuxed(stream(clips, "film.ts"))
    ]


@given(st.binary(max_size=2000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_no_transport_stream_has_no_marks(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.ts"
    path.write_bytes(data)

    with pytest.raises(transport.Irregular):
        list(transport.key_frames(str(path), 256))


def test_other_containers_are_demuxed(clips: Clips) -> None:
    assert found(clips("noindex.mkv")) == demuxed(clips("noindex.mkv"))
