"""Every stream of a file is told, with what matters to who plays it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from revenge.contracts.media import HdrKind
from revenge.contracts.paths import to_os
from revenge.library_scanner.probe.prober import Prober

Make = Callable[..., Path]
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
VIDEO = ("-f", "lavfi", "-i", "testsrc2=size=128x72:rate=24:duration=1")
AUDIO = ("-f", "lavfi", "-i", "sine=frequency=440:duration=1")


async def test_a_plain_film_is_told_whole(make: Make, prober: Prober) -> None:
    film = make(*VIDEO, *AUDIO, *X264, "-c:a", "aac", "-metadata", "title=A film", "film.mp4")

    media = await prober.probe(str(film))

    assert (media.container, media.title) == ("mov", "A film")
    assert media.duration == pytest.approx(1.0, abs=0.1)
    assert media.bit_rate == pytest.approx(film.stat().st_size * 8, rel=0.1)
    (video,) = media.video
    assert (video.codec, video.width, video.height, video.frame_rate) == ("h264", 128, 72, "24/1")
    assert (video.pixel_format, video.bit_depth, video.hdr) == ("yuv420p", 8, HdrKind.SDR)
    assert (video.rotation, video.interlaced, video.sample_aspect_ratio) == (0, False, "1:1")
    assert video.profile == "Constrained Baseline"
    assert video.level
    assert video.level > 0
    (audio,) = media.audio
    assert (audio.codec, audio.profile, audio.channels, audio.layout) == ("aac", "LC", 1, "mono")
    assert audio.sample_rate == 44100
    assert audio.default


async def test_languages_titles_and_dispositions_are_kept(
    make: Make, tmp_path: Path, prober: Prober
) -> None:
    (tmp_path / "subs.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHello\n")
    film = make(
        *VIDEO, *AUDIO, *AUDIO, "-i", str(tmp_path / "subs.srt"), "-i", str(tmp_path / "subs.srt"),
        "-map", "0", "-map", "1", "-map", "2", "-map", "3", "-map", "4",
        *X264, "-c:a", "ac3", "-ac", "6", "-c:s", "srt",
        "-metadata:s:a:0", "language=deu", "-metadata:s:a:1", "language=eng",
        "-metadata:s:a:1", "title=The director speaks",
        "-disposition:a:0", "default+original", "-disposition:a:1", "comment",
        "-metadata:s:s:0", "language=eng", "-disposition:s:0", "default+forced",
        "-disposition:s:1", "hearing_impaired",
        "film.mkv",
    )  # fmt: skip

    media = await prober.probe(str(film))

    first, second = media.audio
    assert (first.language, first.codec, first.layout) == ("deu", "ac3", "5.1(side)")
    assert (first.default, first.original, first.commentary) == (True, True, False)
    assert (second.language, second.title) == ("eng", "The director speaks")
    assert (second.default, second.commentary) == (False, True)
    forced, impaired = media.subtitles
    assert (forced.codec, forced.language, forced.index) == ("subrip", "eng", 3)
    assert (forced.default, forced.forced, forced.hearing_impaired) == (True, True, False)
    assert (impaired.language, impaired.hearing_impaired) == (None, True)


async def test_chapters_and_fonts_and_covers_are_told(
    make: Make, tmp_path: Path, prober: Prober
) -> None:
    (tmp_path / "chapters").write_text(
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle=One\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=500\nEND=1000\ntitle=Two\n"
    )
    (tmp_path / "font.ttf").write_bytes(b"\0\1\0\0" + bytes(100))
    cover = make(*VIDEO, "-frames:v", "1", "cover.jpg")
    film = make(
        *VIDEO, "-i", str(tmp_path / "chapters"), "-map_metadata", "1", "-map", "0", *X264,
        "-attach", str(tmp_path / "font.ttf"), "-metadata:s:t:0", "mimetype=font/ttf",
        "-attach", str(cover), "-metadata:s:t:1", "mimetype=image/jpeg",
        "film.mkv",
    )  # fmt: skip

    media = await prober.probe(str(film))

    assert [(chapter.start, chapter.end, chapter.title) for chapter in media.chapters] == [
        (0.0, 0.5, "One"),
        (0.5, 1.0, "Two"),
    ]
    assert {(found.name, found.mime_type) for found in media.attachments} == {
        ("font.ttf", "font/ttf"),
        ("cover.jpg", "image/jpeg"),
    }
    assert len(media.video) == 1


@pytest.mark.parametrize(
    ("options", "name", "expected"),
    [
        (("-c:v", "libvpx-vp9", "-c:a", "libopus"), "a.webm", ("matroska", "vp9", "opus")),
        (("-c:v", "mpeg4", "-c:a", "libmp3lame"), "a.avi", ("avi", "mpeg4", "mp3")),
        (("-c:v", "mpeg2video", "-c:a", "mp2"), "a.ts", ("mpegts", "mpeg2video", "mp2")),
        ((*X264, "-c:a", "aac"), "a.m2ts", ("mpegts", "h264", "aac")),
        (("-c:v", "mpeg2video", "-c:a", "ac3"), "a.mpg", ("mpeg", "mpeg2video", "ac3")),
        (("-c:v", "flv", "-ar", "44100"), "a.flv", ("flv", "flv1", "mp3")),
        (("-c:v", "libsvtav1", "-c:a", "flac"), "a.mkv", ("matroska", "av1", "flac")),
        (("-c:v", "libx265", "-c:a", "eac3"), "a.mov", ("mov", "hevc", "eac3")),
        (("-c:v", "wmv2", "-c:a", "wmav2"), "a.wmv", ("asf", "wmv2", "wmav2")),
        (("-c:v", "libtheora", "-c:a", "libvorbis"), "a.ogv", ("ogg", "theora", "vorbis")),
    ],
)
async def test_every_usual_container_is_read(
    make: Make, prober: Prober, options: tuple[str, ...], name: str, expected: tuple[str, ...]
) -> None:
    film = make(*VIDEO, *AUDIO, *options, name)

    media = await prober.probe(str(film))

    assert (media.container, media.video[0].codec, media.audio[0].codec) == expected
    assert (media.video[0].width, media.video[0].height) == (128, 72)
    assert media.duration == pytest.approx(1.0, abs=0.3)


async def test_the_cover_of_a_song_is_an_attachment(make: Make, prober: Prober) -> None:
    cover = make(*VIDEO, "-frames:v", "1", "cover.png")
    song = make(
        *AUDIO, "-i", str(cover), "-map", "0", "-map", "1", "-c:a", "libmp3lame", "-c:v", "copy",
        "-metadata:s:v", "title=Front", "-disposition:v", "attached_pic", "song.mp3",
    )  # fmt: skip

    media = await prober.probe(str(song))

    assert (media.container, media.video, media.audio[0].codec) == ("mp3", (), "mp3")
    assert [(found.name, found.mime_type) for found in media.attachments] == [
        ("Front", "image/png")
    ]


async def test_interlaced_pictures_are_told(make: Make, prober: Prober) -> None:
    film = make(
        *VIDEO, "-c:v", "mpeg2video", "-flags", "+ilme+ildct", "-vf", "setfield=tff", "tv.ts"
    )

    media = await prober.probe(str(film))

    assert media.video[0].interlaced


@pytest.mark.parametrize(("counter_clockwise", "clockwise"), [(90, 270), (180, 180), (270, 90)])
@pytest.mark.parametrize("name", ["turned.mp4", "turned.mkv"])
async def test_a_turned_picture_says_how_to_turn_it(
    make: Make, prober: Prober, name: str, counter_clockwise: int, clockwise: int
) -> None:
    film = make(*VIDEO, *X264, "straight.mp4")
    turned = make("-display_rotation", str(counter_clockwise), "-i", str(film), "-c", "copy", name)

    media = await prober.probe(str(turned))

    assert media.video[0].rotation == clockwise


async def test_a_wide_pixel_and_a_broken_rate_are_fractions(make: Make, prober: Prober) -> None:
    film = make(*VIDEO, *X264, "-vf", "setsar=64/45", "-r", "24000/1001", "wide.mkv")

    media = await prober.probe(str(film))

    assert (media.video[0].sample_aspect_ratio, media.video[0].frame_rate) == (
        "64:45",
        "24000/1001",
    )


@pytest.mark.parametrize("said", [b"00:00:nan", b"00:00:1e999", b"9999999999:0:0"])
async def test_a_duration_that_is_none_is_not_told(make: Make, prober: Prober, said: bytes) -> None:
    source = ("-f", "lavfi", "-i", "testsrc2=size=128x72:rate=24:duration=1")
    film = make(*source, "film.mkv")
    raw = film.read_bytes()
    at = raw.index(b"\x44\x89\x88")  # the segment's own, of 8 bytes
    assert raw.count(b"00:00:01.000000000") == 1
    film.write_bytes(
        (raw[:at] + b"\xec\x89" + raw[at + 2 :]).replace(  # nothing, of 9 bytes
            b"00:00:01.000000000", said.ljust(18, b"\0")
        )
    )

    found = await prober.probe(str(film))

    assert (found.duration, found.video[0].duration) == (0.0, None)


async def test_the_clock_of_a_raw_dv_is_not_its_rate(make: Make, prober: Prober) -> None:
    source = ("-f", "lavfi", "-i", "testsrc2=size=720x576:rate=25:duration=0.2")

    found = await prober.probe(str(make(*source, "-target", "pal-dv", "home.dv")))

    assert found.video[0].frame_rate == "25/1"


async def test_a_name_that_is_not_utf8_is_probed(make: Make, prober: Prober) -> None:
    film = make(*VIDEO, *X264, "film.mkv")
    odd = film.rename(Path(to_os(str(film.parent / "caf\ufffdE9\nfilm.mkv"))))

    media = await prober.probe(str(odd))

    assert media.container == "matroska"


async def test_the_time_of_making_is_kept_unless_it_is_an_epoch(make: Make, prober: Prober) -> None:
    dated = make(*VIDEO, *X264, "-metadata", "creation_time=2024-05-06T07:08:09Z", "dated.mp4")
    epoch = make(*VIDEO, *X264, "-metadata", "creation_time=1970-01-01T00:00:00Z", "epoch.mp4")

    first, second = await prober.probe(str(dated)), await prober.probe(str(epoch))

    assert first.created_at
    assert first.created_at.isoformat() == "2024-05-06T07:08:09+00:00"
    assert second.created_at is None
