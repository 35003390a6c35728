"""What a name says of the release."""

import pytest

from revenge.library_scanner.names import parse


@pytest.mark.parametrize(
    ("path", "quality"),
    [
        ("Film (2000) [Bluray-1080p].mkv", "Bluray-1080p"),
        ("Film.2000.1080p.BluRay.REMUX.AVC-GRP.mkv", "Remux-1080p"),
        ("Film.2000.720p.WEB-DL.DD5.1.H264-GRP.mkv", "WEBDL-720p"),
        ("Show.S01E01.2160p.NF.WEBRip.x265-GRP.mkv", "WEBRip-2160p"),
        ("Show.S01E01.1080i.HDTV.mkv", "HDTV-1080p"),
        ("Show.S01E01.HDTV.XviD-LOL.avi", "SDTV"),
        ("Film.2000.DVDRip.XviD-GRP.avi", "DVD"),
        ("Film.2000.4K.UHD.BluRay-GRP.mkv", "Bluray-2160p"),
        ("[Group] Show - 01 [480p].mkv", "480p"),
        ("Film.2000.1080p.BluRay-GRP/grp-film.mkv", "Bluray-1080p"),
        ("Film (2000).mkv", None),
    ],
)
def test_the_quality_is_written_as_the_arr_apps_do(path: str, quality: str | None) -> None:
    assert parse(path).quality == quality


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("Film.2000.1080p.BluRay.x264-GRP.mkv", "GRP"),
        ("Film.2000.1080p.BluRay.x264-GRP-Obfuscated.mkv", "GRP"),
        ("[SubsPlease] Show - 01 (1080p) [ABCD1234].mkv", "SubsPlease"),
        ("Show (2020) S01E01 (1080p WEB-DL x265 Ghost) [QxR].mkv", "QxR"),
        ("Film.2000.1080p.WEB-DL.mkv", None),
    ],
)
def test_the_group_is_found(path: str, group: str | None) -> None:
    assert parse(path).release_group == group


def test_languages_are_those_among_the_words_of_the_release() -> None:
    assert parse("The.Italian.Job.2003.German.ENG.1080p.BluRay-GRP.mkv").languages == ("deu", "eng")


def test_a_proper_is_the_second_version() -> None:
    assert parse("Show.S01E01.PROPER.720p.HDTV.mkv").version == 2
    assert parse("[Group] Show - 01v3 [720p].mkv").version == 3
    assert parse("Show.S01E01.720p.HDTV.mkv").version == 1


def test_three_dimensions_are_told() -> None:
    assert parse("Film (2009).3D.HSBS.mkv").three_d == "sbs"
    assert parse("Film.2009.1080p.3D.BluRay.Half-OU.x264-GRP.mkv").three_d == "ou"
    assert parse("Film.2009.1080p.BluRay-GRP.mkv").three_d is None


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("Film (2000)/Film (2000)-cd1.avi", 1),
        ("Film (2000)/Film (2000) - part2.avi", 2),
        ("Film (2000)/CD2/film.avi", 2),
        ("Film Part VI.mkv", 6),
        ("Film (2000).mkv", None),
    ],
)
def test_parts_are_counted(path: str, part: int | None) -> None:
    assert parse(path).part == part


@pytest.mark.parametrize(
    ("path", "edition"),
    [
        ("Film (2000) {edition-Director's Cut}.mkv", "Director's Cut"),
        ("Film.2000.Extended.Cut.1080p.mkv", "Extended Cut"),
        ("Film 2000 50th Anniversary Edition.mkv", "50th Anniversary Edition"),
        ("Film.Holiday.Special.1978.DVD.mkv", None),
        ("Uncut.Film.2019.mkv", None),
        ("Film_Edition_Collector.mkv", "Edition Collector"),
        ("Longer.and.Uncut.1999.1080p.mkv", None),
    ],
)
def test_editions_are_told_from_titles(path: str, edition: str | None) -> None:
    assert parse(path).edition == edition


def test_an_episodes_title_is_what_stands_after_its_number() -> None:
    assert parse("Show - S01E01 - The Pilot [WEBDL-1080p].mkv").episode_title == "The Pilot"
    assert parse("Show.S01E01.720p.HDTV.mkv").episode_title is None


def test_an_extra_is_said_to_be_one() -> None:
    assert parse("Film (2000)/trailers/one.mkv").extra_kind == "trailer"


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("Film Name (2017) (1080p.BD.DD5.1.x265-Somebody[GRP])", "GRP"),
        ("Film Name 1999 [GRP] [Blu-ray][MKV][h264][1080p][AAC 5.1][Softsubs (GRP)]", "GRP"),
        ("Film.Name.2022.1080p.BluRay.x265.10bit.GRP)", "GRP"),
        ("Film Name (2010) 1080p BrRip x264 - GRP", "GRP"),
        ("Film Name - The Second", None),
        ("Film Name (2010) [1080p BluRay]", None),
    ],
)
def test_a_group_is_told_behind_a_codec_or_in_brackets(name: str, group: str | None) -> None:
    assert parse(name).release_group == group
