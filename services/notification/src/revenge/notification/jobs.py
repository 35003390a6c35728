"""Deliveries to webhooks, one job each."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import httpx2

from revenge.contracts import Unavailable, notification
from revenge.kit import Database, Router
from revenge.kit.sealing import Unreadable, Vault
from revenge.notification import sending, store

router: Router[Courier] = Router()

SUCCESSES = range(200, 300)
LOST = "its secret was sealed under another REVENGE_NOTIFICATION_SECRET; make the webhook again"


@dataclass(frozen=True)
class Courier:
    db: Database
    http: httpx2.AsyncClient
    vault: Vault


@router.job(notification.deliver_webhook, concurrency=8)
async def deliver_webhook(order: notification.DeliverWebhook, courier: Courier) -> None:
    async with courier.db.read() as rows:
        target = await store.find_target(rows, order.webhook_id)
    is_test = order.notice.type == notification.tested.type
    if target is None or not (target.enabled or is_test):
        return  # deleted or disabled since
    try:
        secret = courier.vault.open(target.secret, place_of(target))
        letter = sending.write(target.method, target.url, order.notice, target.id, secret)
        status = await sending.send(courier.http, letter)
    except Unreadable:
        await _give_up(courier, target, LOST)
    except sending.Unreachable as error:
        await _try_again(courier, target, str(error))
    else:
        await _heed(courier, target, status)


async def _heed(courier: Courier, target: store.Target, status: int) -> None:
    """Act on the answer."""
    if status == HTTPStatus.GONE:
        await _give_up(courier, target, "answered 410 Gone, and is disabled")
    elif status in SUCCESSES:
        async with courier.db.begin() as tx:
            await store.note_delivery(tx, target.id)
    else:
        await _try_again(courier, target, f"answered {status}")


def place_of(webhook: store.Target | notification.Webhook) -> str:
    """Where the secret of a webhook is sealed for."""
    return f"webhook.secret:{webhook.id}"


async def _give_up(courier: Courier, target: store.Target, problem: str) -> None:
    async with courier.db.begin() as tx:
        await store.note_failure(tx, target.id, problem, disable=True)


async def _try_again(courier: Courier, target: store.Target, problem: str) -> None:
    """Raises `Unavailable`, upon which the job is tried again later."""
    async with courier.db.begin() as tx:
        await store.note_failure(tx, target.id, problem)
    raise Unavailable(f"the webhook {target.name!r}: {problem}")
