"""What a survey finds in whole files, in files without an index, and in files that end early."""

from fractions import Fraction
from pathlib import Path

import pytest

from revenge.playback.media import survey as surveys
from revenge.playback.media import surveying
from revenge.playback.testing.rig import Clips, shown


def ends_early(path: Path, folder: Path, share: Fraction) -> Path:
    whole = path.read_bytes()
    copy = folder / path.name
    copy.write_bytes(whole[: int(len(whole) * share)])
    return copy


def last_shown(path: Path) -> float:
    return float(max(packet.pts for packet in shown(path)))


@pytest.mark.parametrize("name", ["short.mp4", "short.mkv", "front.mp4"])
def test_the_index_of_a_file_is_enough(clips: Clips, name: str) -> None:
    survey = surveying.survey(str(clips(name)))

    assert survey.complete
    assert survey.video
    assert len(survey.video.keys) == 9
    assert float(survey.video.end) == pytest.approx(last_shown(clips(name)), abs=0.1)


@pytest.mark.parametrize(("name", "tag"), [("open.mp4", "hvc1"), ("open.mkv", "")])
def test_the_name_of_the_pictures_in_an_mp4_is_known(clips: Clips, name: str, tag: str) -> None:
    survey = surveying.survey(str(clips(name)))

    assert survey.video
    assert survey.video.tag == tag


def test_a_file_without_an_index_is_not_read_as_a_whole_unasked(clips: Clips) -> None:
    quick = surveying.survey(str(clips("film.ts")))
    whole = surveying.survey(str(clips("film.ts")), whole=True)

    assert not quick.complete
    assert whole.complete
    assert quick.video
    assert whole.video
    assert len(whole.video.keys) == 24
    assert float(quick.duration) == pytest.approx(float(whole.duration), abs=0.1)


@pytest.mark.parametrize("name", ["noindex.mkv", "fragments.mp4"])
def test_a_file_that_does_not_say_how_long_it_is_is_read(clips: Clips, name: str) -> None:
    survey = surveying.survey(str(clips(name)))

    assert survey.complete
    assert survey.video
    assert len(survey.video.keys) == 9
    assert float(survey.duration) == pytest.approx(20, abs=0.5)


@pytest.mark.parametrize("share", [Fraction(1, 3), Fraction(9, 10)])
@pytest.mark.parametrize("name", ["short.mkv", "noindex.mkv", "fragments.mp4", "front.mp4"])
def test_a_file_that_ends_early_is_as_long_as_it_is(
    clips: Clips, tmp_path: Path, name: str, share: Fraction
) -> None:
    path = ends_early(clips(name), tmp_path, share)

    survey = surveying.survey(str(path), whole=True)

    assert survey.video
    assert float(survey.video.end) == pytest.approx(
        last_shown(path), abs=0.2
    )  # the last packet may be half one


def test_sound_that_starts_late_is_found(clips: Clips) -> None:
    survey = surveying.survey(str(clips("latesound.mkv")))

    assert survey.audio[0].start
    assert survey.audio[0].start - survey.origin == pytest.approx(3, abs=Fraction(1, 10))
    assert 1 in surveys.obstacles_to_copying_audio(survey)
    assert not surveys.obstacles_to_copying_audio(surveying.survey(str(clips("film.mkv"))))
