"""The schema can be taken back, and made again."""

from __future__ import annotations

from revenge.kit import Tx
from revenge.kit.migrate import find


async def test_every_migration_goes_both_ways(tx: Tx) -> None:
    migrations = find("revenge.search_indexer")

    for migration in reversed(migrations):
        await tx._connection.execute(migration.down.encode())
    for migration in migrations:
        await tx._connection.execute(migration.up.encode())

    assert [migration.version for migration in migrations] == [*range(1, len(migrations) + 1)]
