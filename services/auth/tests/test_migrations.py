import psycopg

from revenge.kit.migrate import find, migrate, roll_back


async def test_every_migration_can_be_undone_and_done_again(untouched_url: str) -> None:
    undone = await roll_back(untouched_url, "revenge.auth", to=0)

    async with await psycopg.AsyncConnection.connect(untouched_url) as connection:
        left = await connection.execute(
            "select table_name from information_schema.tables where table_schema = 'auth'"
        )
        tables = {name for (name,) in await left.fetchall()}
    assert tables == {"schema_migration", "outbox", "inbox", "unique_job"}
    assert undone == list(reversed(find("revenge.auth")))
    assert await migrate(untouched_url, ["revenge.auth"]) == find("revenge.auth")
