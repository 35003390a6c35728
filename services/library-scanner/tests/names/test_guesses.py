"""Numbers that are episodes for what stands around them."""

from revenge.contracts.library import Kind
from revenge.library_scanner.names import parse


def test_one_of_many_after_a_year_is_of_that_years_season() -> None:
    name = parse("Some.Series.2013.14.of.21.The.Guest.720p.HDTV.x264-GRP.mkv")
    assert (name.title, name.season, name.episodes) == ("Some Series", 2013, (14,))
    assert parse("9 of 10 People (2010).mkv").kind is Kind.MOVIE


def test_a_digit_is_an_episode_if_television_was_recorded() -> None:
    assert parse("Some.Series.7.PDTV-GRP.mkv").episodes == (7,)
    assert parse("Some.Film.7.BDRip-GRP.mkv").kind is Kind.MOVIE


def test_fans_tell_the_absolute_number_before_the_other() -> None:
    name = parse("[Group] Some Series 214 10x14.mkv")
    assert (name.title, name.absolute, name.season, name.episodes) == (
        "Some Series",
        (214,),
        10,
        (14,),
    )
