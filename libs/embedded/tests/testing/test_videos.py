"""The fixture `videos`."""

from pathlib import Path

from revenge.embedded.testing._videos import Videos


def test_a_video_may_be_spoilt_without_harm_to_the_next(videos: Videos, tmp_path: Path) -> None:
    first = videos.make(tmp_path / "a.mkv")
    whole = first.read_bytes()
    first.write_bytes(b"spoilt")

    second = videos.make(tmp_path / "deep" / "b.mkv")

    assert second.read_bytes() == whole


def test_different_recipes_make_different_videos(videos: Videos, tmp_path: Path) -> None:
    one = videos.make(tmp_path / "1.mkv", title="One")
    two = videos.make(tmp_path / "2.mkv", title="Two")

    assert one.read_bytes() != two.read_bytes()


def test_the_program_itself_can_be_had(ffmpeg: Path) -> None:
    assert ffmpeg.is_file()
