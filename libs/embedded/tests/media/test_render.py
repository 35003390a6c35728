"""Videos are what their recipe says, as ffmpeg reads them."""

import subprocess
from pathlib import Path

import pytest

from revenge.embedded.media import (
    Audio,
    Chapter,
    Cue,
    Recipe,
    RenderFailed,
    Subtitles,
    render,
    subrip,
    writable,
)
from revenge.embedded.servers import Ffmpeg


@pytest.fixture(scope="module")
def bundled() -> Ffmpeg:
    return Ffmpeg.bundled()


def described(ffmpeg: Ffmpeg, video: Path) -> str:
    done = subprocess.run(
        [ffmpeg.binary, "-hide_banner", "-i", video], capture_output=True, text=True, check=False
    )
    return done.stderr


def test_tracks_chapters_and_flags_are_those_of_the_recipe(bundled: Ffmpeg, tmp_path: Path) -> None:
    cues = (Cue(0, 1, "Hello"),)
    recipe = Recipe(
        title="It's 100% \\here: 'now'",
        audio=(Audio(title="Main"), Audio(language="ger", codec="ac3", channels=6)),
        subtitles=(
            Subtitles(cues=cues, is_forced=True),
            Subtitles(cues=cues, language="fre", is_for_deaf=True),
        ),
        chapters=(Chapter(0, "One"), Chapter(1, "Two")),
    )

    render(bundled, recipe, tmp_path / "it's: here.mkv")

    text = described(bundled, tmp_path / "it's: here.mkv")
    assert "title           : It's 100% \\here: 'now'" in text
    assert "Video: h264" in text
    assert "320x180" in text
    assert "Stream #0:1(eng): Audio: aac" in text
    assert "Stream #0:2(ger): Audio: ac3, 48000 Hz, 5.1" in text
    assert "Stream #0:3(eng): Subtitle: subrip (srt) (forced)" in text
    assert "Stream #0:4(fre): Subtitle: subrip (srt) (hearing impaired)" in text
    assert "Chapter #0:1: start 1.000000, end 2.000000" in text


@pytest.mark.parametrize(
    ("name", "recipe", "expected"),
    [
        ("a.mkv", Recipe(seconds=1, codec="hevc"), "Video: hevc"),
        ("a.webm", Recipe(seconds=1, codec="vp9", audio=(Audio(codec="opus"),)), "Audio: opus"),
        ("a.mp4", Recipe(seconds=1, subtitles=(Subtitles(cues=(Cue(0, 1, "x"),)),)), "mov_text"),
        ("a.mkv", Recipe(seconds=1, audio=()), "Video: h264"),
    ],
)
def test_every_container_takes_what_belongs_in_it(
    bundled: Ffmpeg, tmp_path: Path, name: str, recipe: Recipe, expected: str
) -> None:
    render(bundled, recipe, tmp_path / name)

    assert expected in described(bundled, tmp_path / name)


def test_grain_takes_bits(bundled: Ffmpeg, tmp_path: Path) -> None:
    for name, grain in (("smooth.mkv", 0), ("grainy.mkv", 10)):
        render(bundled, Recipe(seconds=1, audio=(), grain=grain), tmp_path / name)

    smooth, grainy = tmp_path / "smooth.mkv", tmp_path / "grainy.mkv"
    assert grainy.stat().st_size > 10 * smooth.stat().st_size


def test_what_cannot_be_made_leaves_nothing_and_says_why(bundled: Ffmpeg, tmp_path: Path) -> None:
    with pytest.raises(RenderFailed, match=r"could not make a\.nonsense"):
        render(bundled, Recipe(seconds=1), tmp_path / "a.nonsense")

    assert list(tmp_path.iterdir()) == []


def test_subtitles_are_written_as_subrip_wants_them() -> None:
    text = subrip((Cue(1, 2.5, "One"), Cue(3661.042, 3662, "Two")))

    assert text == (
        "1\n00:00:01,000 --> 00:00:02,500\nOne\n\n2\n01:01:01,042 --> 01:01:02,000\nTwo\n"
    )


def test_letters_that_the_font_lacks_are_spelled_out() -> None:
    assert writable("Zwölf Brücken, Façade") == "Zwoelf Bruecken, Facade"
