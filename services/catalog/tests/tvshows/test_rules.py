import pytest

from revenge.catalog.tvshows.rules import Slot, nfo_of, slots
from revenge.contracts.library import Nfo, Parsed


@pytest.mark.parametrize(
    ("parsed", "expected"),
    [
        (Parsed("x", season=2, episodes=(3,)), [(2, 3)]),
        (Parsed("x", season=2, episodes=(3, 4, 3)), [(2, 3), (2, 4)]),
        (Parsed("x", season=0, episodes=(1,)), [(0, 1)]),
        (Parsed("x", episodes=(7,)), [(1, 7)]),
        (Parsed("x", absolute_episode=1071), [(1, 1071)]),
        (Parsed("x", season=4, absolute_episode=12), [(4, 12)]),
        (Parsed("x", air_date="2024-03-14"), [(2024, 314)]),
        (Parsed("x", air_date="2024-02-31"), []),
        (Parsed("x", season=1, episodes=(2**40,)), []),
        (Parsed("x"), []),
    ],
)
def test_the_places_of_a_file_are_told_by_its_name(
    parsed: Parsed, expected: list[tuple[int, int]]
) -> None:
    assert list(slots(parsed, ())) == expected


def test_each_episode_of_a_file_has_the_nfo_that_names_it() -> None:
    one, two = Nfo(title="One", episode=1), Nfo(title="Two", season=1, episode=2)
    parsed = Parsed("x", season=1, episodes=(1, 2))

    assert nfo_of(Slot(1, 1), parsed, (two, one)) is one
    assert nfo_of(Slot(1, 2), parsed, (two, one)) is two


def test_nfos_that_name_no_episode_are_in_the_order_of_the_file() -> None:
    one, two = Nfo(title="One"), Nfo(title="Two")
    parsed = Parsed("x", season=1, episodes=(1, 2, 3))

    assert nfo_of(Slot(1, 2), parsed, (one, two)) is two
    assert nfo_of(Slot(1, 3), parsed, (one, two)) is None
