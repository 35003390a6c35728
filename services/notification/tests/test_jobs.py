from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from pytest_httpserver import HTTPServer

from revenge.contracts import Unavailable
from revenge.contracts.notification import DeliverWebhook, Notice, Webhook
from revenge.kit.sealing import Vault
from revenge.notification import store
from revenge.notification.jobs import Courier, deliver_webhook

MakeWebhook = Callable[..., Awaitable[Webhook]]


def an_order(webhook: Webhook, type: str = "movie.added") -> DeliverWebhook:
    notice = Notice(str(uuid4()), type, datetime.now(UTC), msgspec.Raw(b"{}"))
    return DeliverWebhook(webhook.id, notice)


async def state_of(webhook: Webhook, courier: Courier) -> Any:
    async with courier.db.read() as rows:
        return await store.find_webhook(rows, webhook.id)


async def test_a_delivery_is_noted(
    httpserver: HTTPServer, make_webhook: MakeWebhook, courier: Courier
) -> None:
    httpserver.expect_request("/hook").respond_with_data(status=202)
    webhook = await make_webhook(httpserver.url_for("/hook"))

    await deliver_webhook(an_order(webhook), courier)

    found = await state_of(webhook, courier)
    assert found.last_delivered_at is not None
    assert found.last_error is None


@pytest.mark.parametrize("status", [301, 400, 404, 429, 500, 503])
async def test_any_other_answer_is_noted_and_tried_again(
    httpserver: HTTPServer, make_webhook: MakeWebhook, courier: Courier, status: int
) -> None:
    httpserver.expect_request("/hook").respond_with_data(status=status)
    webhook = await make_webhook(httpserver.url_for("/hook"))

    with pytest.raises(Unavailable):
        await deliver_webhook(an_order(webhook), courier)

    found = await state_of(webhook, courier)
    assert found.last_error == f"answered {status}"
    assert found.enabled


async def test_a_delivery_clears_the_last_error(
    httpserver: HTTPServer, make_webhook: MakeWebhook, courier: Courier
) -> None:
    httpserver.expect_ordered_request("/hook").respond_with_data(status=500)
    httpserver.expect_ordered_request("/hook").respond_with_data(status=200)
    webhook = await make_webhook(httpserver.url_for("/hook"))
    order = an_order(webhook)
    with pytest.raises(Unavailable):
        await deliver_webhook(order, courier)

    await deliver_webhook(order, courier)

    assert (await state_of(webhook, courier)).last_error is None
    ids = {request.headers["X-Revenge-Delivery"] for request, _ in httpserver.log}
    assert len(ids) == 1


async def test_a_receiver_that_is_gone_disables_the_webhook(
    httpserver: HTTPServer, make_webhook: MakeWebhook, courier: Courier
) -> None:
    httpserver.expect_request("/hook").respond_with_data(status=410)
    webhook = await make_webhook(httpserver.url_for("/hook"))

    await deliver_webhook(an_order(webhook), courier)

    found = await state_of(webhook, courier)
    assert not found.enabled
    assert "410" in found.last_error


async def test_a_disabled_webhook_receives_nothing_but_tests(
    httpserver: HTTPServer, make_webhook: MakeWebhook, courier: Courier
) -> None:
    httpserver.expect_request("/hook").respond_with_data(status=200)
    webhook = await make_webhook(httpserver.url_for("/hook"), enabled=False)

    await deliver_webhook(an_order(webhook), courier)
    await deliver_webhook(an_order(webhook, "test"), courier)

    assert [request.headers["X-Revenge-Event"] for request, _ in httpserver.log] == ["test"]


async def test_a_deleted_webhook_receives_nothing(
    httpserver: HTTPServer, make_webhook: MakeWebhook, courier: Courier
) -> None:
    webhook = await make_webhook(httpserver.url_for("/hook"))
    async with courier.db.begin() as tx:
        await store.delete_webhook(tx, webhook.id)

    await deliver_webhook(an_order(webhook), courier)

    assert not httpserver.log


async def test_with_another_secret_for_sealing_the_webhook_says_what_to_do(
    make_webhook: MakeWebhook, courier: Courier
) -> None:
    webhook = await make_webhook()
    other = Courier(courier.db, courier.http, Vault("another secret", "tests"))

    await deliver_webhook(an_order(webhook), other)

    found = await state_of(webhook, courier)
    assert not found.enabled
    assert "REVENGE_NOTIFICATION_SECRET" in found.last_error
