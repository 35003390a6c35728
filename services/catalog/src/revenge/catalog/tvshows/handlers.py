"""All handlers of shows: what reads, and what writes."""

from __future__ import annotations

from revenge.catalog.describing import describe
from revenge.catalog.seeing import libraries
from revenge.catalog.tvshows import described, reading, rules, watching
from revenge.catalog.tvshows.store import series, speakers
from revenge.contracts import Nothing, tvshows
from revenge.kit import Router, Tx

refreshing = Router[Tx]()


@refreshing.rpc(tvshows.refresh_series)
async def refresh_series(request: tvshows.GetSeries, tx: Tx) -> Nothing:
    """Have the show, its seasons and episodes described anew, from what their files say."""
    if not await series.SHOWS.is_visible(tx, request.id, libraries()):
        raise tvshows.SeriesNotFound
    members = await speakers.members(tx, request.id)
    of_series = await speakers.of_series(tx, [request.id])
    of_seasons = await speakers.of_seasons(tx, {member.season_id for member in members})
    of_episodes = await speakers.of_episodes(tx, [member.episode_id for member in members])
    await describe(
        tx,
        [
            *map(rules.series_facts, of_series),
            *map(rules.season_facts, of_seasons),
            *map(rules.episode_facts, of_episodes),
        ],
    )
    return Nothing()


reads = (reading.router, watching.reads)
writes = (described.router, watching.writes, refreshing)
