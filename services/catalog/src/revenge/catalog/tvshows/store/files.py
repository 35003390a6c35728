# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""Which shows, seasons and episodes the files are of."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from psycopg.types.json import Jsonb

from revenge.catalog.files import Files
from revenge.catalog.keys import Keys
from revenge.catalog.tvshows.rules import NewEpisode, NewSeason
from revenge.catalog.tvshows.store.described import EPISODES, SEASONS
from revenge.contracts import EpisodeId
from revenge.kit import Tx

KEYS = Keys("tvshows.series_key", "series_id")
FILES = Files(
    table="tvshows.episode_file",
    titles="tvshows.episode",
    watches="tvshows.watch",
    title_id="episode_id",
    name="""
        format('%%s - S%%sE%%s - %%s',
            (
                select series.title
                from tvshows.series
                where series.id = title.series_id
            ),
            lpad(title.season_number::text, 2, '0'), lpad(title.episode_number::text, 2, '0'),
            title.title)
    """,
)


class Place(Struct, frozen=True):
    """A file, and an episode that is in it."""

    file_id: UUID
    series_id: UUID
    season_number: int
    episode_number: int


async def link(tx: Tx, places: Sequence[Place]) -> set[EpisodeId]:
    """The episodes that are in these files now. They must be there."""
    linked = await tx.all(
        UUID,
        """
        insert into tvshows.episode_file (file_id, episode_id)
        select place.file_id, episode.id
        from jsonb_to_recordset(%(places)s) as place (
            file_id uuid, series_id uuid, season_number int, episode_number int
        )
        join tvshows.episode using (series_id, season_number, episode_number)
        on conflict (file_id, episode_id) do nothing
        returning episode_id
        """,
        places=Jsonb(places),
    )
    return {EpisodeId(id) for id in linked}


async def add_seasons(tx: Tx, seasons: Sequence[NewSeason]) -> None:
    """Those that are not there yet."""
    await tx.run(
        f"""
        insert into tvshows.season (series_id, season_number, {SEASONS.columns})
        select row.series_id, row.season_number, {SEASONS.columns}
        from jsonb_to_recordset(%(rows)s) as row (
            series_id uuid, season_number int, fields jsonb
        )
        cross join lateral jsonb_populate_record(null::tvshows.season, row.fields)
        order by row.series_id, row.season_number
        on conflict (series_id, season_number) do nothing
        """,
        rows=Jsonb(seasons),
    )


async def add_episodes(tx: Tx, episodes: Sequence[NewEpisode]) -> None:
    """Those that are not there yet. Their seasons must be."""
    await tx.run(
        f"""
        insert into tvshows.episode (
            series_id, season_id, season_number, episode_number, {EPISODES.columns}
        )
        select row.series_id, row.season_id, row.season_number, row.episode_number,
            {EPISODES.columns}
        from (
            select row.*, season.id as season_id
            from jsonb_to_recordset(%(rows)s) as row (
                series_id uuid, season_number int, episode_number int, fields jsonb
            )
            join tvshows.season using (series_id, season_number)
        ) as row
        cross join lateral jsonb_populate_record(null::tvshows.episode, row.fields)
        order by row.series_id, row.season_number, row.episode_number
        on conflict (series_id, season_number, episode_number) do nothing
        """,
        rows=Jsonb(episodes),
    )
