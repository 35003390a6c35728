"""Webhooks, as an administrator manages them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
from msgspec import UNSET

from revenge.contracts import Nothing, notification
from revenge.contracts.notification import Notice, SystemEvent, Webhook
from revenge.kit import Database, Reading, Router, Tx
from revenge.kit.sealing import Vault
from revenge.notification import rules, store
from revenge.notification.jobs import place_of

reads: Router[Reading] = Router()
writes: Router[Tx] = Router()
making: Router[Maker] = Router()

TEST = SystemEvent("This is a test: the webhook works.", "test")


@dataclass(frozen=True)
class Maker:
    """What it takes to make a webhook: a place for it, and a seal for its secret."""

    db: Database
    vault: Vault


@reads.rpc(notification.list_webhooks)
async def list_webhooks(_: notification.ListWebhooks, rows: Reading) -> notification.WebhookList:
    found = await store.list_webhooks(rows)
    return notification.WebhookList(webhooks=tuple(found), total=len(found))


@reads.rpc(notification.get_webhook)
async def get_webhook(message: notification.GetWebhook, rows: Reading) -> Webhook:
    return await _get(rows, message.webhook_id)


@making.rpc(notification.create_webhook)
async def create_webhook(message: notification.CreateWebhook, maker: Maker) -> Webhook:
    """The only reply that shows the secret."""
    rules.refuse_unknown(message.event_types)
    secret = message.secret or secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    async with maker.db.begin() as tx:
        webhook = Webhook(
            id=await store.new_id(tx),
            name=message.name,
            url=message.url,
            enabled=message.enabled,
            method=message.method,
            event_types=message.event_types,
            event_categories=message.event_categories,
            created_at=now,
            updated_at=now,
        )
        await store.add_webhook(tx, webhook, maker.vault.seal(secret.encode(), place_of(webhook)))
    return msgspec.structs.replace(webhook, secret=secret)


@writes.rpc(notification.update_webhook)
async def update_webhook(message: notification.UpdateWebhook, tx: Tx) -> Webhook:
    webhook = await _get(tx, message.webhook_id)
    changed = {
        field: value
        for field in message.__struct_fields__
        if field != "webhook_id" and (value := getattr(message, field)) is not UNSET
    }
    wanted = msgspec.structs.replace(webhook, **changed)
    rules.refuse_unknown(wanted.event_types)
    await store.change_webhook(tx, wanted)
    return await _get(tx, webhook.id)


@writes.rpc(notification.delete_webhook)
async def delete_webhook(message: notification.GetWebhook, tx: Tx) -> Nothing:
    if not await store.delete_webhook(tx, message.webhook_id):
        raise notification.WebhookNotFound
    return Nothing()


@writes.rpc(notification.test_webhook)
async def test_webhook(message: notification.GetWebhook, tx: Tx) -> Nothing:
    """A delivery to this webhook alone, whatever it wants, and even if it is disabled."""
    webhook = await _get(tx, message.webhook_id)
    notice = Notice(
        id=str(uuid4()),
        type=notification.tested.type,
        timestamp=datetime.now(UTC),
        data=msgspec.Raw(msgspec.json.encode(TEST)),
        target_id=webhook.id,
    )
    order = notification.DeliverWebhook(webhook.id, notice)
    await tx.enqueue(notification.deliver_webhook, order)
    await tx.emit(notification.tested, TEST)
    return Nothing()


async def _get(rows: Reading, id: UUID) -> Webhook:
    webhook = await store.find_webhook(rows, id)
    if webhook is None:
        raise notification.WebhookNotFound
    return webhook
