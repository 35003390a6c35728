"""What is sent together is answered one by one, whatever becomes of the others."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from revenge.contracts import Unavailable
from revenge.kit import pipeline as pipelines
from revenge.kit.pipeline import Pipeline, Read
from revenge.kit.reads import Reads


@pytest.fixture
async def reads(database_url: str) -> AsyncGenerator[Reads]:
    async with Reads.connect(database_url, 1) as opened:
        yield opened


@pytest.mark.parametrize(
    ("kind", "value", "row"),
    [
        ("uuid", uuid4(), UUID),
        ("text", "L\u00e9on: 100 % 'quoted' \\ and more", str),
        ("int", 7, int),
        ("boolean", True, bool),
        ("timestamptz", datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC), datetime),
        ("text[]", ["a", "b"], list[str]),
        ("uuid[]", [uuid4()], list[UUID]),
        ("jsonb", None, type(None)),
    ],
)
async def test_values_of_every_kind_come_back_as_they_went(
    reads: Reads, kind: str, value: object, row: Any
) -> None:
    made: Any = msgspec.defstruct("Kept", [("kept", row)])
    query: Any = f"select %(value)s::{kind} as kept"

    assert await reads.all(made, query, {"value": value}) == [made(value)]


async def test_one_value_may_stand_in_two_places_and_a_per_cent_sign_for_itself(
    reads: Reads,
) -> None:
    query = "select %(number)s::int + %(other)s::int - %(number)s::int, format('%%s', 1)"

    found = reads.all(int, query, {"number": 3, "other": 4, "unused": 5})

    assert await found == [4]


async def test_a_value_larger_than_the_socket_takes_at_once(reads: Reads) -> None:
    large = "x" * 20_000_000

    many = [reads.all(int, "select length(%(text)s)", {"text": large}) for _ in range(3)]

    assert await asyncio.gather(*many) == [[20_000_000]] * 3


async def test_a_statement_that_is_wrong_fails_alone_and_each_time(reads: Reads) -> None:
    for _ in range(3):
        outcomes = await asyncio.gather(
            reads.all(int, "select 1", {}),
            reads.all(int, "select nothing", {}),
            reads.all(int, "select 2", {}),
            reads.all(int, "select %(missing)s", {}),
            reads.all(int, "select 3", {}),
            return_exceptions=True,
        )

        assert (outcomes[0], outcomes[2], outcomes[4]) == ([1], [2], [3])
        assert isinstance(outcomes[1], psycopg.errors.UndefinedColumn)
        assert isinstance(outcomes[3], KeyError)


async def test_more_statements_than_the_server_is_to_keep(
    reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipelines, "PREPARED", 5)
    for _ in range(2):
        for number in range(12):
            query: Any = f"select {number}"
            assert await reads.all(int, query, {}) == [number]

    assert await reads.all(int, "select count(*) from pg_prepared_statements", {}) == [5]


async def test_after_a_table_has_changed_it_is_read_anew(reads: Reads, database_url: str) -> None:
    table = f"toy_{uuid4().hex}"
    query: Any = f"table {table}"
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as other:
        create: Any = f"create table {table} (id uuid)"
        await other.execute(create)
        assert await reads.all(UUID, query, {}) == []
        change: Any = f"alter table {table} alter id type text"
        await other.execute(change)

        with pytest.raises(Unavailable):
            await reads.all(str, query, {})
        assert await reads.all(str, query, {}) == []
        drop: Any = f"drop table {table}"
        await other.execute(drop)


async def test_whoever_waits_for_a_connection_that_ends_is_told(database_url: str) -> None:
    connection = await psycopg.AsyncConnection.connect(database_url, autocommit=True)
    free: list[str] = []
    pipeline = Pipeline(connection, lambda: free.append("free"))
    read = Read("select 1 from pg_sleep(60)", {}, asyncio.get_running_loop().create_future())
    pipeline.send([read])

    pipeline.close(Unavailable("the service stops"))
    await connection.close()

    with pytest.raises(Unavailable):
        await read.found
    assert not free
