"""How the subtitles of a film reach each client: as they are, as text, or in the pictures."""

import msgspec
import pytest

from revenge.contracts.media import AudioStream, Media, SubtitleStream, VideoStream
from revenge.contracts.playback import ClientProfile
from revenge.playback.deciding import profiles
from revenge.playback.deciding.decide import decide
from revenge.playback.deciding.wishes import Wishes

CHROME = profiles.known("Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0 Safari/537.36")
LG = profiles.known("Mozilla/5.0 (Web0S; Linux/SmartTV) Chrome/94.0 Safari/537.36 webOSTV")
KODI = profiles.known("Kodi/21.1 (Linux; Ubuntu 24.04) App_Bitness/64 Version/21.1")

AVC = VideoStream(0, "h264", 1920, 1080, profile="High", level=41, bit_rate=8_000_000)
AAC = AudioStream(1, "aac", 2, 48_000, default=True)
SRT = SubtitleStream("subrip", index=2, language="eng")
PGS = SubtitleStream("hdmv_pgs_subtitle", index=3, language="eng")
FILM = Media("matroska", 5400.0, None, (AVC,), (AAC,), (SRT, PGS))


def subtitles(film: Media, client: ClientProfile, **wishes: object) -> list[str]:
    plan = decide(film, client, msgspec.structs.replace(Wishes(), **wishes))
    return [str(item.method) for item in plan.decisions if item.stream == "subtitle"]


def test_subtitles_that_nobody_has_chosen_cost_nothing() -> None:
    plan = decide(FILM, CHROME)

    assert plan.video[0].encoding is None
    assert subtitles(FILM, CHROME) == ["transcode", "none"]


def test_text_is_never_drawn_into_the_pictures_unasked() -> None:
    plan = decide(FILM, CHROME, Wishes(subtitle_track=0))

    assert plan.video[0].encoding is None
    assert plan.default_subtitle == 0


def test_a_player_reads_the_subtitles_that_it_shows_from_the_file() -> None:
    plan = decide(FILM, KODI, Wishes(subtitle_track=1))

    assert plan.direct
    assert subtitles(FILM, KODI, subtitle_track=1) == ["direct", "direct"]


def test_a_script_keeps_its_looks_for_those_who_show_them() -> None:
    styled = msgspec.structs.replace(
        FILM, subtitles=(SubtitleStream("ass", path="/films/film.ass"),)
    )
    web = msgspec.structs.replace(CHROME, subtitle_formats=("webvtt", "ass"))

    (as_it_is,) = [item for item in decide(styled, web).decisions if item.stream == "subtitle"]

    assert as_it_is.method == "copy"
    assert subtitles(styled, CHROME) == ["transcode"]


@pytest.mark.parametrize("beside", [False, True])
def test_images_are_not_drawn_for_those_who_show_them(*, beside: bool) -> None:
    track = msgspec.structs.replace(PGS, index=None, path="/films/film.sup") if beside else PGS
    film = msgspec.structs.replace(FILM, subtitles=(track,))
    web = msgspec.structs.replace(CHROME, subtitle_formats=("webvtt", "pgs"))

    plan = decide(film, web, Wishes(subtitle_track=0))

    assert plan.burned_subtitle is None
    assert plan.video[0].encoding is None
    assert plan.decisions[-1].method == "copy"


def test_images_are_drawn_for_those_who_show_them_and_ask_for_it() -> None:
    web = msgspec.structs.replace(CHROME, subtitle_formats=("webvtt", "pgs"))

    plan = decide(FILM, web, Wishes(subtitle_track=1, burn_subtitle=True))

    assert plan.burned_subtitle == 1
    assert plan.decisions[-1].reasons[0] == "the client asks for it"


def test_chosen_images_are_drawn_for_those_who_cannot_show_them() -> None:
    plan = decide(FILM, LG, Wishes(subtitle_track=1))

    drawn = plan.decisions[-1]
    assert not plan.direct
    assert all(offer.encoding is not None for offer in plan.video)
    assert plan.burned_subtitle == 1
    assert drawn.method == "burn"
    assert drawn.reasons == (
        "the client does not show pgs",
        "track 0 has the same language as text",
    )


def test_text_is_drawn_for_those_who_ask_for_it() -> None:
    wishes = Wishes(subtitle_track=0, burn_subtitle=True)

    plan = decide(FILM, CHROME, wishes)

    assert plan.burned_subtitle == 0
    assert plan.default_subtitle is None  # or it would be shown twice
    assert plan.decisions[1].reasons == ("the subtitle 0 (subrip) is drawn into the pictures",)


def test_nothing_is_drawn_when_there_are_no_pictures() -> None:
    song = Media("mp3", 180.0, audio=(AAC,), subtitles=(PGS,))

    assert decide(song, CHROME, Wishes(subtitle_track=0)).burned_subtitle is None
