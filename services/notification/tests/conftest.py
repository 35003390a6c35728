from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import httpx2
import msgspec
import pytest

from revenge.contracts import Event, Job, notification, services
from revenge.contracts.notification import CreateWebhook, Webhook
from revenge.kit import Database
from revenge.kit.sealing import Vault
from revenge.notification import sending
from revenge.notification.handlers import webhooks
from revenge.notification.jobs import Courier

MakeWebhook = Callable[..., Awaitable[Webhook]]
Committed = Callable[[Event[Any] | Job[Any]], Awaitable[list[Any]]]


@pytest.fixture(scope="session")
def service() -> services.Service:
    return services.NOTIFICATION


@pytest.fixture
async def empty_url(database_url: str, db: Database) -> str:
    """The database without what other tests left in it, for tests of the whole service."""
    async with db.begin() as tx:
        await tx.run("delete from webhook")
        await tx.run("delete from outbox")
        await tx.run("delete from inbox")
    return database_url


@pytest.fixture
def vault() -> Vault:
    return Vault("a secret for tests only", "tests")


@pytest.fixture
async def http() -> AsyncGenerator[httpx2.AsyncClient]:
    async with sending.client() as client:
        yield client


@pytest.fixture
def courier(db: Database, http: httpx2.AsyncClient, vault: Vault) -> Courier:
    return Courier(db, http, vault)


@pytest.fixture
async def make_webhook(db: Database, vault: Vault) -> AsyncGenerator[MakeWebhook]:
    """Webhooks that are gone after the test: any event would be for them as well."""
    made: list[Webhook] = []

    async def make(url: str = "http://127.0.0.1:9/", **fields: Any) -> Webhook:
        request = CreateWebhook("a webhook", url, secret="sixteen letters or more", **fields)
        made.append(await webhooks.create_webhook(request, webhooks.Maker(db, vault)))
        return made[-1]

    yield make
    async with db.begin() as tx:
        for webhook in made:
            await tx.run("delete from webhook where id = %(id)s", id=webhook.id)


@pytest.fixture
def committed(db: Database) -> Committed:
    """What was committed to be sent: nothing relays the outbox in these tests."""

    async def of(contract: Event[Any] | Job[Any]) -> list[Any]:
        async with db.read() as rows:
            written = await rows.all(
                bytes,
                "select payload from outbox where subject = %(subject)s order by id",
                subject=contract.subject,
            )
        return [msgspec.json.decode(payload, type=contract.payload) for payload in written]

    return of


@pytest.fixture
def orders_for(committed: Committed) -> Callable[[Webhook], Awaitable[list[Any]]]:
    """The notices that are ordered to be delivered to a webhook."""

    async def of(webhook: Webhook) -> list[Any]:
        orders = await committed(notification.deliver_webhook)
        return [order.notice for order in orders if order.webhook_id == webhook.id]

    return of
