"""Filters that users write reach the index only as what they may mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenge.contracts.search import FilterInvalid
from revenge.search_indexer.filters import rewrite
from revenge.search_indexer.schemas import MOVIES


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("year:1999", "year:=1999"),
        ("year:>=1980 && year:<1990", "year:>=1980 && year:<1990"),
        ("year:[1980..1989, 1999]", "year:=[1980..1989, 1999]"),
        ("vote_average:>7.5", "vote_average:>7.5"),
        ("genres:=[Drama, `Science Fiction`]", "genres:=[`Drama`, `Science Fiction`]"),
        ("genres:!=Horror", "genres:!=`Horror`"),
        ("has_file:true", "has_file:true"),
        ("title:star wars", "title:`star wars`"),
        ("release_date:>=1970-01-02", "release_date:>=86400"),
        (
            "(year:1999 || year:2000) && genres:Drama",
            "( year:=1999 || year:=2000 ) && genres:`Drama`",
        ),
        (
            "library_ids:=019a2f9c-7b70-7f60-8e3b-0242ac120002",
            "library_ids:=`019a2f9c7b707f608e3b0242ac120002`",
        ),
    ],
)
def test_a_filter_is_written_anew(written: str, meant: str) -> None:
    assert rewrite(written, MOVIES) == meant


@pytest.mark.parametrize(
    "written",
    [
        "password:x",  # no field of the index
        "poster_path:x",  # stored, but not searched
        "year:abc",
        "year:1.5",
        "year:99999999999999999999",
        "has_file:yes",
        "genres:>Drama",
        "genres:=[",
        "genres:=[Drama",
        "genres:=[Drama,,Horror]",
        "genres:=[]",
        "genres:`Drama",
        "year:>[1990,1991]",
        "library_ids:=x",
        "year:1999) || (year:2000",
        "(year:1999",
        "year:1999)",
        "()",
        "year:1999 year:2000",
        "year:1999 &&",
        "&& year:1999",
        "|| library_ids:!=x",
        "$join(a:b)",
        "year:1999 & year:2000",
        "release_date:>=yesterday",
        "(" * 11 + "year:1" + ")" * 11,
        " && ".join(["year:1"] * 51),
        f"year:[{','.join(['1'] * 101)}]",
    ],
)
def test_what_is_not_a_filter_is_refused(written: str) -> None:
    with pytest.raises(FilterInvalid):
        rewrite(written, MOVIES)


@given(st.text(alphabet="year:genres=!<>[]()&|`,. 1aB\n\\$*\"'", max_size=60))
def test_no_text_gets_out_of_its_parentheses(written: str) -> None:
    try:
        meant = rewrite(written, MOVIES)
    except FilterInvalid:
        return
    outside = "".join(meant.split("`")[::2])

    assert meant.count("`") % 2 == 0
    assert outside.count("(") == outside.count(")")
    assert all(outside[:end].count(")") <= outside[:end].count("(") for end in range(len(outside)))
