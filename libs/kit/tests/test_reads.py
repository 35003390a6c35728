"""Reads that share a connection do not feel each other."""

import asyncio

import psycopg
import pytest
from msgspec import ValidationError

from revenge.contracts import Unavailable
from revenge.kit import Database
from revenge.kit.db import Reading


async def test_many_at_once_get_each_its_own_rows(db: Database) -> None:
    async with db.read() as rows:
        found = await asyncio.gather(
            *(rows.one(int, "select %(number)s::int", number=number) for number in range(500))
        )

    assert found == list(range(500))


async def divide(rows: Reading, by: int) -> int:
    return await rows.one(int, "select 12 / %(by)s::int", by=by)


async def test_one_that_fails_takes_no_other_with_it(db: Database) -> None:
    async with db.read() as rows:
        found = await asyncio.gather(
            *(divide(rows, by) for by in (1, 2, 0, 3, 0, 4)), return_exceptions=True
        )

    assert [found[place] for place in (0, 1, 3, 5)] == [12, 6, 4, 3]
    assert isinstance(found[2], psycopg.errors.DivisionByZero)
    assert isinstance(found[4], psycopg.errors.DivisionByZero)


async def test_a_row_of_the_wrong_type_fails_only_who_asked(db: Database) -> None:
    async with db.read() as rows:
        with pytest.raises(ValidationError):
            await rows.one(int, "select 'twelve'")
        assert await divide(rows, 1) == 12


async def test_one_who_gives_up_does_not_disturb_the_others(db: Database) -> None:
    async with db.read() as rows:
        impatient = asyncio.create_task(rows.one(int, "select 1 from pg_sleep(0.3)"))
        others = [asyncio.create_task(divide(rows, 1)) for _ in range(20)]
        await asyncio.sleep(0.05)
        impatient.cancel()

        assert await asyncio.gather(*others) == [12] * 20


async def test_a_broken_connection_is_replaced(db: Database, database_url: str) -> None:
    async with db.read() as rows:
        await divide(rows, 1)
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as other:
            await other.execute(
                """
                select pg_terminate_backend(pid)
                from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()
                """
            )
        for _ in range(4):  # each shared connection notices for itself
            try:
                await divide(rows, 1)
            except Unavailable:
                await asyncio.sleep(0.1)

        assert await divide(rows, 3) == 4
