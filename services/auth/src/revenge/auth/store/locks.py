"""Decisions that must be made one after the other, over all replicas."""

from __future__ import annotations

from revenge.kit import Tx


async def lock(tx: Tx, decision: str) -> None:
    """Wait for this decision's turn, and hold it until the transaction ends."""
    await tx.run(
        """
        select pg_advisory_xact_lock(
            hashtext(%(decision)s), current_schema()::regnamespace::oid::int
        )
        """,
        decision=decision,
    )
