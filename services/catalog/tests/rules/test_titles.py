import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenge.catalog.rules.titles import LONGEST, normalise, slug, sort_title, wanted


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("The Matrix", "the matrix"),
        ("Amélie", "amelie"),
        ("Ocean's Eleven", "oceans eleven"),
        ("Ocean\u2019s Eleven", "oceans eleven"),
        ("WALL·E", "wall e"),
        ("Fast & Furious", "fast and furious"),
        ("Straße", "strasse"),
        ("Smørrebrød", "smorrebrod"),
        ("[REC]²", "rec 2"),
        ("七人の侍", "七人の侍"),
        ("हेरा फेरी", "हेरा फेरी"),
        ("???", "???"),
    ],
)
def test_titles_are_compared_by_their_words(title: str, words: str) -> None:
    assert normalise(title) == words


@pytest.mark.parametrize(
    ("title", "sorted_as"),
    [
        ("The Matrix", "matrix"),
        ("A Bug's Life", "bug s life"),
        ("Die Welle", "welle"),
        ("L'Avventura", "avventura"),
        ("The", "the"),
        ("Theory", "theory"),
        ("Rocky 2", "rocky 000000002"),
    ],
)
def test_titles_are_sorted_without_their_articles(title: str, sorted_as: str) -> None:
    assert sort_title(title) == sorted_as


def test_slugs_are_made_of_lower_case_and_dashes() -> None:
    assert slug("Sci-Fi & Fantasy") == "sci-fi-fantasy"


@given(st.text(max_size=600))
def test_a_normalised_title_is_normal_and_fits_into_an_index(title: str) -> None:
    words = normalise(title)

    assert len(words) <= LONGEST
    assert len(sort_title(title)) <= LONGEST
    assert words == words.strip()


@given(st.text(alphabet="abc %_\\", min_size=1, max_size=20))
def test_a_query_holds_no_wildcards_of_its_own(query: str) -> None:
    for pattern in wanted(query).patterns:
        inner = pattern[1:-1].replace("\\\\", "").replace("\\%", "").replace("\\_", "")
        assert not set(inner) & set("%_\\")
