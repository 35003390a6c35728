"""Every order of a list has its index: without one, each page would sort the whole library."""

from typing import LiteralString

import pytest

from revenge.catalog.movies.store import titles as movies
from revenge.catalog.titles import VISIBLE
from revenge.catalog.tvshows.store import series
from revenge.contracts.movies import MovieOrder
from revenge.contracts.tvshows import SeriesOrder
from revenge.kit import Tx


@pytest.mark.parametrize("order", list(MovieOrder))
async def test_films_are_found_in_their_order(tx: Tx, order: MovieOrder) -> None:
    await tx.run("set local enable_seqscan = off")

    plan = await tx.all(
        str,
        "explain select id from movies.movie "  # noqa: S608 - literals
        + VISIBLE
        + movies.ORDERS[order]
        + " limit 20",
        libraries=None,
    )

    assert "using movie_" in "".join(plan)
    assert "Sort" not in "".join(plan)


@pytest.mark.parametrize("order", [series.RECENT, *(series.ORDERS[each] for each in SeriesOrder)])
async def test_shows_are_found_in_their_order(tx: Tx, order: LiteralString) -> None:
    await tx.run("set local enable_seqscan = off")

    plan = await tx.all(
        str,
        "explain select id from tvshows.series "  # noqa: S608 - literals
        + VISIBLE
        + order
        + " limit 20",
        libraries=None,
    )

    assert "using series_" in "".join(plan)
    assert "Sort" not in "".join(plan)
