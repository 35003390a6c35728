"""Tells how far a user has watched something now."""

from __future__ import annotations

from collections.abc import Iterable

from revenge.catalog.watches import Viewing
from revenge.contracts import UserId
from revenge.contracts.catalog import MediaType, WatchChanged, watch_changed
from revenge.kit import Tx


async def tell(tx: Tx, media_type: MediaType, user_id: UserId, viewings: Iterable[Viewing]) -> None:
    for viewing in viewings:
        change = WatchChanged(
            user_id=user_id,
            media_type=media_type,
            media_id=viewing.id,
            progress_seconds=viewing.progress,
            duration_seconds=viewing.duration,
            is_completed=viewing.is_completed,
        )
        await tx.emit(watch_changed, change)
