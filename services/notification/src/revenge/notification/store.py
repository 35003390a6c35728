"""Every SQL statement of this service."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from revenge.contracts.notification import Category, HttpMethod, Webhook
from revenge.kit import Reading, Tx


class Subscriber(Struct, frozen=True):
    """An enabled webhook, and which events it wants."""

    id: UUID
    event_types: tuple[str, ...]
    event_categories: tuple[Category, ...]


class Target(Struct, frozen=True):
    """Where to send, and the sealed secret to sign with."""

    id: UUID
    name: str
    url: str
    enabled: bool
    method: HttpMethod
    secret: bytes


async def new_id(tx: Tx) -> UUID:
    return await tx.one(UUID, "select uuidv7()")


async def add_webhook(tx: Tx, webhook: Webhook, sealed: bytes) -> None:
    await tx.run(
        """
        insert into webhook (id, name, url, enabled, method, event_types, event_categories, secret,
                             created_at, updated_at)
        values (%(id)s, %(name)s, %(url)s, %(enabled)s, %(method)s, %(event_types)s,
                %(event_categories)s, %(secret)s, %(created_at)s, %(created_at)s)
        """,
        id=webhook.id,
        name=webhook.name,
        url=webhook.url,
        enabled=webhook.enabled,
        method=webhook.method.value,
        event_types=list(webhook.event_types),
        event_categories=[category.value for category in webhook.event_categories],
        secret=sealed,
        created_at=webhook.created_at,
    )


async def find_webhook(rows: Reading, id: UUID) -> Webhook | None:
    return await rows.maybe(
        Webhook,
        """
        select id, name, url, enabled, method, event_types, event_categories, created_at,
               updated_at, last_delivered_at, last_error
        from webhook
        where id = %(id)s
        """,
        id=id,
    )


async def list_webhooks(rows: Reading) -> list[Webhook]:
    return await rows.all(
        Webhook,
        """
        select id, name, url, enabled, method, event_types, event_categories, created_at,
               updated_at, last_delivered_at, last_error
        from webhook
        order by lower(name), id
        """,
    )


async def change_webhook(tx: Tx, webhook: Webhook) -> None:
    await tx.run(
        """
        update webhook
        set name = %(name)s,
            url = %(url)s,
            enabled = %(enabled)s,
            method = %(method)s,
            event_types = %(event_types)s,
            event_categories = %(event_categories)s,
            updated_at = now()
        where id = %(id)s
        """,
        id=webhook.id,
        name=webhook.name,
        url=webhook.url,
        enabled=webhook.enabled,
        method=webhook.method.value,
        event_types=list(webhook.event_types),
        event_categories=[category.value for category in webhook.event_categories],
    )


async def delete_webhook(tx: Tx, id: UUID) -> bool:
    return await tx.run("delete from webhook where id = %(id)s", id=id) == 1


async def list_subscribers(rows: Reading) -> list[Subscriber]:
    return await rows.all(
        Subscriber, "select id, event_types, event_categories from webhook where enabled"
    )


async def find_target(rows: Reading, id: UUID) -> Target | None:
    return await rows.maybe(
        Target,
        "select id, name, url, enabled, method, secret from webhook where id = %(id)s",
        id=id,
    )


async def note_delivery(tx: Tx, id: UUID) -> None:
    await tx.run(
        "update webhook set last_delivered_at = now(), last_error = null where id = %(id)s", id=id
    )


async def note_failure(tx: Tx, id: UUID, problem: str, *, disable: bool = False) -> None:
    await tx.run(
        """
        update webhook
        set last_error = %(problem)s,
            enabled = enabled and not %(disable)s
        where id = %(id)s
        """,
        id=id,
        problem=problem,
        disable=disable,
    )
