"""Dates of daily shows beside what else a name says."""

import pytest

from revenge.library_scanner.names import parse


@pytest.mark.parametrize(
    "path",
    [
        "Evening News.07.01.15.mkv",  # the day first, at the end
        "Evening News_KXYZ_2015_01_07_18_30_00.wtv",  # as a recorder does, with channel and time
        "Evening.News.15.01.07.HDTV.x264-GRP.mkv",
    ],
)
def test_a_date_is_known_by_its_place(path: str) -> None:
    name = parse(path)
    assert (name.title, name.date, name.episodes) == ("Evening News", "2015-01-07", ())
    assert name.episode_title is None


def test_a_number_may_stand_before_the_date() -> None:
    name = parse("Evening.News.200.Event.2010.11.23.HDTV.x264-GRP.mkv")
    assert (name.title, name.season, name.episodes) == ("Evening News", 2, (0,))
    assert name.date == "2010-11-23"
