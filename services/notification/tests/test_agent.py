from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from revenge.contracts import Event, Message, MovieId, movies, notification
from revenge.contracts.notification import Category, Notice, Webhook
from revenge.contracts.services import NOTIFICATION
from revenge.kit import Database, Delivery
from revenge.kit.delivery import AlreadyHandled
from revenge.notification import agent

MakeWebhook = Callable[..., Awaitable[Webhook]]
OrdersFor = Callable[[Webhook], Awaitable[list[Notice]]]

ADDED = movies.MovieEvent(MovieId(uuid4()), "Heat", ())


@dataclass(frozen=True)
class Came:
    id: str

    def all_headers(self) -> Mapping[str, str]:
        return {"ce-id": self.id}


async def tell(
    db: Database, *ids: str, event: Event[Any] = movies.movie_added, payload: Message = ADDED
) -> None:
    delivery = Delivery("tests", ids, batch=[Came(id) for id in ids])
    await agent.tell(event, [payload] * len(ids), agent.Heard(db, delivery))


async def test_whoever_wants_an_event_is_told(
    db: Database, make_webhook: MakeWebhook, orders_for: OrdersFor
) -> None:
    every = await make_webhook()
    named = await make_webhook(event_types=("movie.added",))
    of_kind = await make_webhook(event_categories=(Category.CONTENT,))
    other = await make_webhook(event_types=("movie.deleted",))
    disabled = await make_webhook(enabled=False)
    id = str(uuid4())

    await tell(db, id)

    for webhook in (every, named, of_kind):
        assert [notice.id for notice in await orders_for(webhook)] == [id]
    for webhook in (other, disabled):
        assert await orders_for(webhook) == []


async def test_an_event_that_comes_twice_is_told_once(
    db: Database, make_webhook: MakeWebhook, orders_for: OrdersFor
) -> None:
    webhook = await make_webhook()
    id = str(uuid4())
    await tell(db, id)

    with pytest.raises(AlreadyHandled):
        await tell(db, id)

    assert len(await orders_for(webhook)) == 1


async def test_of_many_events_those_that_came_before_are_told_once(
    db: Database, make_webhook: MakeWebhook, orders_for: OrdersFor
) -> None:
    webhook = await make_webhook()
    first, second, third = str(uuid4()), str(uuid4()), str(uuid4())
    await tell(db, second)

    await tell(db, first, second, third)

    assert [notice.id for notice in await orders_for(webhook)] == [second, first, third]


async def test_webhooks_do_not_hear_of_the_death_of_their_own_deliveries(
    db: Database, make_webhook: MakeWebhook, orders_for: OrdersFor
) -> None:
    webhook = await make_webhook()
    died = notification.JobDied("dead-1", notification.deliver_webhook.subject, "answered 500")

    await tell(db, str(uuid4()), event=notification.job_died, payload=died)

    assert await orders_for(webhook) == []


def test_every_announced_event_but_the_test_is_heard() -> None:
    heard = {route.contract.subject for route in agent.listen()}

    announced = {event.subject for event in NOTIFICATION.listens}
    assert announced - heard == {notification.tested.subject}
