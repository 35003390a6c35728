"""Slow work: what is past its time is forgotten, and the signing key is renewed in time."""

from __future__ import annotations

from loguru import logger

from revenge.auth import accounts, rules
from revenge.auth.app import App
from revenge.auth.store import failed_logins, sessions
from revenge.contracts import auth
from revenge.kit import Router

router: Router[App] = Router()


@router.job(auth.clean_up)
async def clean_up(_: auth.CleanUp, app: App) -> None:
    await app.keys.current()
    async with app.db.begin() as tx:
        ended = await sessions.end_expired_sessions(tx)
        await accounts.announce_ends(tx, ended)
        await sessions.forget_used_tokens(tx, after=rules.USED_KEPT)
        await failed_logins.forget_old(tx, after=rules.LOCKED_FOR)
    logger.info("{} sessions expired", len(ended))
