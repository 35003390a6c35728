"""All handlers of films: what reads, and what writes."""

from __future__ import annotations

from revenge.catalog.describing import describe
from revenge.catalog.movies import described, reading, rules, watching
from revenge.catalog.movies.store import files, titles
from revenge.catalog.seeing import libraries
from revenge.contracts import Nothing, movies
from revenge.kit import Router, Tx

refreshing = Router[Tx]()


@refreshing.rpc(movies.refresh_movie)
async def refresh_movie(request: movies.GetMovie, tx: Tx) -> Nothing:
    """Have the film described anew, from what its files say."""
    if not await titles.MOVIES.is_visible(tx, request.id, libraries()):
        raise movies.MovieNotFound
    speakers = await files.speakers(tx, [request.id])
    await describe(tx, [rules.local_facts(speaker) for speaker in speakers])
    return Nothing()


reads = (reading.router, watching.reads)
writes = (described.router, watching.writes, refreshing)
