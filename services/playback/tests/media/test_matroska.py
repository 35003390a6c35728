from pathlib import Path

import pytest

from revenge.playback.media import matroska
from revenge.playback.testing.rig import Clips


def test_a_finished_file_has_an_index(clips: Clips) -> None:
    assert matroska.has_index(str(clips("short.mkv")))


def test_a_recording_has_none(clips: Clips) -> None:
    assert not matroska.has_index(str(clips("noindex.mkv")))


def test_an_index_behind_the_end_of_the_file_is_none(clips: Clips, tmp_path: Path) -> None:
    cut_off = tmp_path / "cut.mkv"
    cut_off.write_bytes(clips("short.mkv").read_bytes()[:-5000])

    assert not matroska.has_index(str(cut_off))


def test_the_index_is_where_it_is_said_to_be(clips: Clips) -> None:
    whole = clips("short.mkv").read_bytes()

    at = matroska.cues_at(whole)

    assert at is not None
    assert whole[at : at + 4] == b"\x1c\x53\xbb\x6b"


@pytest.mark.parametrize(
    "head", [b"", b"\0" * 100, b"\x18\x53\x80\x67", b"\x53\xab\x84\x1c\x53\xbb\x6b"]
)
def test_what_is_no_matroska_has_none(head: bytes) -> None:
    assert matroska.cues_at(head) is None
