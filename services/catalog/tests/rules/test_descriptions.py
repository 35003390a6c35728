from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from revenge.catalog.rules.descriptions import Held, from_files, merge, outcomes
from revenge.contracts.library import Nfo, Parsed
from revenge.contracts.metadata import Description, TitleDescribed

TEXT = st.none() | st.sampled_from(["a", "b"])
DESCRIPTIONS = st.builds(
    Description,
    title=TEXT,
    overview=TEXT,
    year=st.none() | st.integers(1900, 1902),
    genres=st.lists(st.sampled_from(["x", "y"]), max_size=2).map(tuple),
)
LOCKED = st.sets(st.sampled_from(["title", "overview", "genres", "nonsense"]))


def test_each_field_says_where_it_is_from() -> None:
    described = from_files("Heat", Parsed("Heat", 1995), Nfo(plot="Cops."), 6000.0)

    assert described.sources == {
        "title": "name",
        "year": "name",
        "runtime": "media",
        "overview": "nfo",
    }


def test_the_nfo_is_believed_before_the_name() -> None:
    nfo = Nfo(title="Amélie", year=2001, ids={"tmdb": "194"})

    described = from_files("amelie", Parsed("amelie", 2002, ids={"tmdb": "1"}), nfo, None)

    assert (described.title, described.year, described.ids) == ("Amélie", 2001, {"tmdb": "194"})


@given(DESCRIPTIONS, DESCRIPTIONS, LOCKED)
def test_locked_fields_stay_and_all_others_follow(
    kept: Description, told: Description, locked: set[str]
) -> None:
    merged = merge(kept, told, locked)

    for name in ("overview", "genres", "year"):
        assert getattr(merged, name) == getattr(kept if name in locked else told, name)


@given(DESCRIPTIONS, DESCRIPTIONS)
def test_a_title_is_never_lost(kept: Description, told: Description) -> None:
    assert merge(kept, told, ()).title == (told.title or kept.title)


@given(DESCRIPTIONS, DESCRIPTIONS, LOCKED)
def test_what_is_merged_twice_is_no_news(
    kept: Description, told: Description, locked: set[str]
) -> None:
    once = merge(kept, told, locked)
    row = Held(uuid4(), once, 1, tuple(locked))

    (outcome,) = outcomes([row], [TitleDescribed(row.id, 2, told)])

    assert not outcome.is_news
