from fractions import Fraction
from pathlib import Path

import pytest
from pysubs2 import SSAFile

from revenge.playback.media import scripts, subtitles
from revenge.playback.media.reading import MediaUnreadable
from revenge.playback.pool import work
from revenge.playback.testing.rig import Clips

SRT = """1
00:00:01,000 --> 00:00:03,000
Hello <i>there</i>
& <b>you</b>

2
00:00:28,000 --> 00:00:33,500
Über die Grenze

3
00:00:50,000 --> 00:00:52,000
Late
"""
HEAD = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n"


def sidecar(path: Path, first: int = 0, last: int | None = None) -> str:
    end = None if last is None else Fraction(last)
    order = work.WriteSubtitles(str(path), "", None, Fraction(0), Fraction(first), end)
    return subtitles.segment(order).decode()


def embedded(path: Path, origin: int, first: int, last: int | None) -> str:
    end = None if last is None else Fraction(last)
    order = work.WriteSubtitles(str(path), "", 2, Fraction(origin), Fraction(first), end)
    return subtitles.segment(order).decode()


@pytest.fixture
def srt(tmp_path: Path) -> Path:
    path = tmp_path / "film.srt"
    path.write_text(SRT, encoding="utf-8")
    return path


def test_a_subtitle_file_becomes_webvtt(srt: Path) -> None:
    text = sidecar(srt)

    assert text.startswith(HEAD)
    assert "00:00:01.000 --> 00:00:03.000\nHello <i>there</i>\n&amp; <b>you</b>\n" in text
    assert text.count("-->") == 3


def test_a_cue_across_a_cut_is_in_both_segments(srt: Path) -> None:
    assert "Über die Grenze" in sidecar(srt, 0, 30)
    assert "Über die Grenze" in sidecar(srt, 30)
    assert "Late" not in sidecar(srt, 0, 30)


def test_a_segment_without_cues_is_still_webvtt(srt: Path) -> None:
    assert sidecar(srt, 3000) == HEAD


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso-8859-15"])
def test_any_charset_is_read(tmp_path: Path, charset: str) -> None:
    text = "".join(
        f"{n}\n00:00:{n:02d},000 --> 00:00:{n:02d},900\nÜber größere Mächte, für alle Fälle\n\n"
        for n in range(1, 40)
    )
    path = tmp_path / "film.srt"
    path.write_bytes(text.encode(charset))

    assert sidecar(path).count("Über größere Mächte, für alle Fälle") == 39


def test_russian_subtitles_in_an_old_charset_are_read(tmp_path: Path) -> None:
    lines = ("Привет, как дела?", "Всё хорошо, спасибо большое.", "Мы идём домой вместе.")
    text = "".join(
        f"{n}\n00:00:{n:02d},000 --> 00:00:{n:02d},900\n{lines[n % 3]}\n\n" for n in range(1, 40)
    )
    path = tmp_path / "film.srt"
    path.write_bytes(text.encode("cp1251"))

    assert "Привет, как дела?" in sidecar(path)


def test_markup_of_ass_is_left_out_but_italics_stay(tmp_path: Path) -> None:
    path = tmp_path / "film.ass"
    colours = "&H00FFFFFF,&H000000FF,&H00000000,&H00000000"
    path.write_text(
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\n"
        "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, "
        "BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, "
        "BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n"
        f"Style: Default,Arial,20,{colours},0,0,0,0,100,100,0,0,1,2,2,2,10,10,10,1\n"
        f"Style: Thought,Arial,20,{colours},0,-1,0,0,100,100,0,0,1,2,2,2,10,10,10,1\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\pos(1,2)}Plain {\\i1}and{\\i0} <x>\n"
        "Dialogue: 0,0:00:03.00,0:00:04.00,Thought,,0,0,0,,One\\N\\NTwo\n"
        "Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\\p1}m 0 0 l 9 9{\\p0}\n"
        "Comment: 0,0:00:07.00,0:00:08.00,Default,,0,0,0,,Not shown\n"
    )

    text = sidecar(path)

    assert "Plain <i>and</i> &lt;x&gt;\n" in text
    assert "<i>One\nTwo</i>\n" in text
    assert text.count("-->") == 2


@pytest.mark.parametrize("kind", ["srt.mkv", "ass.mkv", "webvtt.mkv", "mov_text.mp4"])
def test_embedded_text_is_read_where_it_is(
    clips: Clips, srt: Path, tmp_path: Path, kind: str
) -> None:
    codec, _, suffix = kind.partition(".")
    film = tmp_path / f"film.{suffix}"
    clips.run("-i", clips("film.mkv"), "-i", srt, "-map", "0", "-map", "1", "-c", "copy",
              "-c:s", codec, film)  # fmt: skip

    first, second = embedded(film, 0, 0, 30), embedded(film, 0, 30, None)

    assert "00:00:01.000 --> 00:00:03.000\nHello <i>there</i>\n&amp; <b>you</b>\n" in first
    assert "Late" not in first
    assert "00:00:28.000 --> 00:00:33.500\nÜber die Grenze\n" in second
    assert "00:00:50.000 --> 00:00:52.000\nLate\n" in second


def test_embedded_text_keeps_step_with_a_film_that_starts_late(
    clips: Clips, srt: Path, tmp_path: Path
) -> None:
    film = tmp_path / "film.mkv"
    clips.run("-i", clips("film.mkv"), "-i", srt, "-map", "0", "-map", "1", "-c", "copy",
              "-c:s", "srt", "-output_ts_offset", "100", film)  # fmt: skip

    assert "00:00:28.000 --> 00:00:33.500" in embedded(film, 100, 0, 30)


@pytest.mark.parametrize("data", [b"", b"\0\1\2" * 100, b"\xff\xfe\xff" * 10, b"no subtitles"])
def test_what_is_no_subtitle_file_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "film.srt"
    path.write_bytes(data)

    with pytest.raises(MediaUnreadable):
        sidecar(path)


def test_a_subtitle_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "film.srt"
    with path.open("wb") as file:
        file.truncate(17 << 20)

    with pytest.raises(MediaUnreadable, match="too large"):
        sidecar(path)


def test_an_offset_moves_the_lines(srt: Path) -> None:
    order = work.WriteSubtitles(str(srt), "", None, Fraction(-3, 2), Fraction(0), None)

    text = subtitles.segment(order).decode()

    assert "00:00:02.500 --> 00:00:04.500\nHello" in text


def test_a_script_brings_the_fonts_of_the_file(clips: Clips, tmp_path: Path, srt: Path) -> None:
    font = tmp_path / "Some.ttf"
    font.write_bytes(bytes(range(256)) * 3 + b"x")
    path = tmp_path / "film.mkv"
    attached = ("-attach", font, "-metadata:s:t", "mimetype=application/x-truetype-font")
    clips.run("-i", clips("short.mp4"), "-i", srt, "-c", "copy", "-c:s", "ass", *attached, path)
    order = work.WriteScript(str(path), "", 2, Fraction(0), Fraction(0), None, Fraction(0))

    script = SSAFile.from_string(scripts.script(order).decode())

    assert [event.plaintext for event in script.events][:1] == ["Hello there\n& you"]
    assert decoded_font(script.fonts_opaque["Some.ttf"]) == font.read_bytes()


def decoded_font(lines: list[str]) -> bytes:
    """Six bits a character, from `!` on."""
    values = [ord(letter) - 33 for letter in "".join(lines)]
    bits = "".join(f"{value:06b}" for value in values)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8))
