"""Season folders in many languages, and what only looks like one."""

import pytest

from revenge.library_scanner.names import season_folder


@pytest.mark.parametrize(
    ("name", "season"),
    [
        ("Season 1", 1),
        ("season 01", 1),
        ("Season1", 1),
        ("S02", 2),
        ("Staffel 3", 3),
        ("Saison 4", 4),
        ("Temporada 5", 5),
        ("Säsong 6", 6),
        ("SÆSON 7", 7),
        ("sezóna 8", 8),
        ("2. Staffel", 2),
        ("1ª Temporada", 1),
        ("第2季", 2),
        ("Season 2009", 2009),
        ("Season 1 (2008)", 1),
        ("Season Two", 2),
        ("Řada 3", 3),
        ("Specials", 0),
        ("Season 00", 0),
    ],
)
def test_a_season_is_told_in_many_languages(name: str, season: int) -> None:
    assert season_folder(name) == season


@pytest.mark.parametrize(
    "name",
    [
        "s06e05",
        "Seinfeld Season 2",
        "1",
        "300 (2006)",
        "Season of the Witch (2011)",
        "",
        "T2 Trainspotting (2017)",
        "T-34 (2018)",
        "Series 7 The Contenders (2001)",
    ],
)
def test_what_is_no_season_is_none(name: str) -> None:
    assert season_folder(name) is None


def test_the_series_name_may_stand_before_the_season() -> None:
    assert season_folder("Stargate SG-1 Season 1", "Stargate SG-1") == 1
