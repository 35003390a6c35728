from uuid import uuid4

import psycopg
from psycopg import conninfo, sql

from revenge.kit.migrate import find, migrate, roll_back


async def test_every_migration_can_be_undone_and_done_again(database_url: str) -> None:
    schema = f"notification_{uuid4().hex[:8]}"
    url = conninfo.make_conninfo(database_url, options=f"-csearch_path={schema}")
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
        await migrate(url, ["revenge.notification"])

        undone = await roll_back(url, "revenge.notification", to=0)

        left = await connection.execute(
            "select table_name from information_schema.tables where table_schema = %s", (schema,)
        )
        assert {name for (name,) in await left.fetchall()} == {"schema_migration"}
        assert undone == list(reversed(find("revenge.notification")))
        assert await migrate(url, ["revenge.notification"]) == find("revenge.notification")
