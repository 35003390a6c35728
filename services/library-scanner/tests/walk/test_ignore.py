"""Ignore files hide what their lines say."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenge.library_scanner.walk import Patterns


@pytest.mark.parametrize(
    ("text", "path", "hides"),
    [
        ("*.avi", "Film/a.avi", True),
        ("*.avi", "Film/a.mkv", None),
        ("Film/*.avi", "Film/a.avi", True),
        ("Film/*.avi", "Other/Film/a.avi", None),
        ("/a.avi", "Film/a.avi", None),
        ("**/extras/*", "A/B/extras/x.mkv", True),
        ("A/**/x.mkv", "A/x.mkv", True),
        ("A/**/x.mkv", "A/B/C/x.mkv", True),
        ("*.mkv\n!keep.mkv", "Film/keep.mkv", False),
        ("# *.mkv", "Film/a.mkv", None),
        ("[Ss]ample*", "Film/sample-x.mkv", True),
        ("folder/", "folder", None),
    ],
)
def test_a_pattern_hides_what_it_matches(text: str, path: str, hides: bool | None) -> None:
    patterns = Patterns(text + "\nnothing-else")

    assert patterns.verdict(path.split("/"), is_folder=False) is hides


def test_a_slash_at_the_end_means_folders_only() -> None:
    assert Patterns("folder/").verdict(["a", "folder"], is_folder=True) is True


def test_an_empty_file_hides_everything() -> None:
    assert Patterns("").hides_all
    assert Patterns("# only a comment").hides_all


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=8))
def test_no_line_raises(text: str, names: list[str]) -> None:
    Patterns(text).verdict(names, is_folder=False)


def test_a_hostile_pattern_costs_little() -> None:
    patterns = Patterns("\n".join(["*a" * 100 + "b"] * 10))
    began = time.process_time()

    patterns.verdict(["a" * 255], is_folder=False)

    assert time.process_time() - began < 0.5
