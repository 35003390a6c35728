from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from revenge.contracts import notification
from revenge.contracts.notification import (
    Category,
    CreateWebhook,
    EventTypeUnknown,
    GetWebhook,
    HttpMethod,
    ListWebhooks,
    UpdateWebhook,
    Webhook,
    WebhookNotFound,
)
from revenge.kit import Database, Tx
from revenge.kit.sealing import Vault
from revenge.kit.testing import sent
from revenge.notification import store
from revenge.notification.handlers import webhooks

MakeWebhook = Callable[..., Awaitable[Webhook]]


async def test_a_secret_is_shown_once_and_kept_sealed(make_webhook: MakeWebhook, tx: Tx) -> None:
    made = await make_webhook()

    got = await webhooks.get_webhook(GetWebhook(made.id), tx)
    listed = await webhooks.list_webhooks(ListWebhooks(), tx)

    assert made.secret == "sixteen letters or more"
    assert got.secret is None
    assert all(webhook.secret is None for webhook in listed.webhooks)
    target = await store.find_target(tx, made.id)
    assert target is not None
    assert made.secret.encode() not in target.secret


async def test_without_a_secret_one_is_made(db: Database, vault: Vault) -> None:
    maker = webhooks.Maker(db, vault)

    one = await webhooks.create_webhook(CreateWebhook("one", "http://x/", enabled=False), maker)
    two = await webhooks.create_webhook(CreateWebhook("two", "http://x/", enabled=False), maker)

    assert one.secret is not None
    assert len(one.secret) >= 43
    assert one.secret != two.secret


async def test_a_webhook_is_found_as_it_was_made(make_webhook: MakeWebhook, tx: Tx) -> None:
    made = await make_webhook(
        method=HttpMethod.PUT,
        event_types=("movie.added",),
        event_categories=(Category.AUTH,),
    )

    found = await webhooks.get_webhook(GetWebhook(made.id), tx)

    assert found == msgspec.structs.replace(made, secret=None)


async def test_only_the_given_fields_change(make_webhook: MakeWebhook, tx: Tx) -> None:
    made = await make_webhook(event_types=("movie.added",))

    changed = await webhooks.update_webhook(
        UpdateWebhook(made.id, name="renamed", enabled=False, event_types=()), tx
    )

    assert (changed.name, changed.enabled, changed.event_types) == ("renamed", False, ())
    assert (changed.url, changed.method) == (made.url, made.method)


async def test_an_event_that_there_is_not_cannot_be_waited_for(
    make_webhook: MakeWebhook, tx: Tx
) -> None:
    with pytest.raises(EventTypeUnknown, match=r"there is no event movie\.aded"):
        await make_webhook(event_types=("movie.added", "movie.aded"))

    made = await make_webhook()
    with pytest.raises(EventTypeUnknown):
        await webhooks.update_webhook(UpdateWebhook(made.id, event_types=("movie.aded",)), tx)


async def test_a_deleted_webhook_is_gone(make_webhook: MakeWebhook, tx: Tx) -> None:
    made = await make_webhook()

    await webhooks.delete_webhook(GetWebhook(made.id), tx)

    with pytest.raises(WebhookNotFound):
        await webhooks.get_webhook(GetWebhook(made.id), tx)


@pytest.mark.parametrize(
    "handler", [webhooks.get_webhook, webhooks.delete_webhook, webhooks.test_webhook]
)
async def test_an_unknown_webhook_is_not_found(
    handler: Callable[[GetWebhook, Tx], Awaitable[Any]], tx: Tx
) -> None:
    with pytest.raises(WebhookNotFound):
        await handler(GetWebhook(uuid4()), tx)


async def test_a_test_goes_to_the_one_webhook_and_is_announced(
    make_webhook: MakeWebhook, tx: Tx
) -> None:
    made = await make_webhook(enabled=False, event_types=("movie.added",))
    await make_webhook()

    await webhooks.test_webhook(GetWebhook(made.id), tx)

    (order,) = await sent(tx, notification.deliver_webhook)
    assert (order.webhook_id, order.notice.type) == (made.id, "test")
    assert len(await sent(tx, notification.tested)) == 1
