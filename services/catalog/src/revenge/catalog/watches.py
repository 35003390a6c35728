# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""How far users have watched titles of one kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, LiteralString, TypeVar
from uuid import UUID

from msgspec import Struct
from psycopg.types.json import Jsonb

from revenge.catalog.rules.watching import Position
from revenge.contracts import LibraryId, Message, UserId
from revenge.kit import Reading, Tx

P = TypeVar("P", bound=Message)


class Length(Struct, frozen=True):
    """How long a title is: as its longest file says in seconds, and as is told in minutes."""

    id: UUID
    duration: float | None
    runtime: int | None


class Viewing(Struct, frozen=True):
    """How far a title was watched now."""

    id: UUID
    progress: int
    duration: int
    is_completed: bool


def viewing(id: UUID, at: Position) -> Viewing:
    return Viewing(id, at.progress, at.duration, at.is_completed)


@dataclass(frozen=True)
class Watches(Generic[P]):
    """The table of them, the titles that are watched, and the files that these are in."""

    progress: type[P]
    table: LiteralString
    titles: LiteralString
    files: LiteralString
    title_id: LiteralString  # what `table` and `files` call the title

    @property
    def _progress(self) -> LiteralString:
        return f"""
            watch.user_id, watch.{self.title_id}, watch.progress_seconds, watch.duration_seconds,
            watch.progress_percent, watch.is_completed, watch.watch_count, watch.last_watched_at,
            watch.created_at, watch.updated_at, watch.watched_at
        """

    @property
    def _unless_later(self) -> LiteralString:
        """A place that is known moves. A viewing counts when it comes to its end, once."""
        return f"""
            on conflict (user_id, {self.title_id}) do update
            set progress_seconds = excluded.progress_seconds,
                duration_seconds = excluded.duration_seconds,
                is_completed = excluded.is_completed,
                watch_count = watch.watch_count
                    + (excluded.is_completed and not watch.is_completed)::int,
                watched_at = case when excluded.is_completed and not watch.is_completed then now()
                                  else watch.watched_at end,
                last_watched_at = excluded.last_watched_at,
                updated_at = now()
            where %(seen_at)s::timestamptz is null
                or watch.last_watched_at <= excluded.last_watched_at
        """

    async def get(
        self, rows: Reading, id: UUID, user_id: UserId, libraries: Sequence[LibraryId] | None
    ) -> P | None:
        return await rows.maybe(
            self.progress,
            f"""
            select {self._progress}
            from {self.table}
            join {self.titles} as title on title.id = watch.{self.title_id}
            where watch.user_id = %(user_id)s
            and watch.{self.title_id} = %(id)s
            and catalog.visible(title.library_ids, %(libraries)s::uuid[])
            """,
            id=id,
            user_id=user_id,
            libraries=libraries,
        )

    async def keep(
        self, tx: Tx, user_id: UserId, viewings: Sequence[Viewing], seen_at: datetime | None
    ) -> list[P]:
        """A place `seen_at` some time moves nothing, and is not returned, where a later one is
        known; without a time, it is the user's word, and holds.
        """
        return await tx.all(
            self.progress,
            f"""
            insert into {self.table} (
                user_id, {self.title_id}, progress_seconds, duration_seconds, is_completed,
                watch_count, watched_at, last_watched_at
            )
            select
                %(user_id)s, id, progress, duration, is_completed, is_completed::int,
                case when is_completed then now() end, coalesce(%(seen_at)s::timestamptz, now())
            from jsonb_to_recordset(%(viewings)s) as viewing (
                id uuid, progress int, duration int, is_completed boolean
            )
            order by id
            {self._unless_later}
            returning {self._progress}
            """,
            user_id=user_id,
            viewings=Jsonb(viewings),
            seen_at=seen_at,
        )

    async def clear(self, tx: Tx, id: UUID, user_id: UserId) -> bool:
        """False if there was nothing to forget."""
        return bool(
            await tx.run(
                f"""
                delete from {self.table}
                where user_id = %(user_id)s and {self.title_id} = %(id)s
                """,
                id=id,
                user_id=user_id,
            )
        )

    async def forget_user(self, tx: Tx, user_id: UserId) -> None:
        await tx.run(
            f"""
            delete from {self.table}
            where user_id = %(user_id)s
            """,
            user_id=user_id,
        )

    async def lengths(
        self, rows: Reading, ids: Sequence[UUID], libraries: Sequence[LibraryId] | None
    ) -> list[Length]:
        """Those of the titles that are to be seen."""
        return await rows.all(
            Length,
            f"""
            select
                title.id,
                (
                    select max(file.duration)
                    from {self.files} as link
                    join catalog.file on file.id = link.file_id
                    where link.{self.title_id} = title.id
                ) as duration,
                title.runtime
            from {self.titles} as title
            where title.id = any(%(ids)s::uuid[])
            and catalog.visible(title.library_ids, %(libraries)s::uuid[])
            """,
            ids=list(ids),
            libraries=libraries,
        )
