"""Notification: who outside is told of what happens, and how."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from revenge.contracts._faults import Invalid, NotFound
from revenge.contracts._ids import UserId
from revenge.contracts._kinds import Audience, Domain, Level, Message, Nothing
from revenge.contracts._pages import Name

domain = Domain("notification")


class WebhookNotFound(NotFound):
    """There is no webhook with this id."""


class EventTypeUnknown(Invalid):
    """Nobody outside is told of events of this type."""


class HttpMethod(enum.StrEnum):
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"


class Category(enum.StrEnum):
    CONTENT = "content"
    LIBRARY = "library"
    USER = "user"
    AUTH = "auth"
    PLAYBACK = "playback"
    SYSTEM = "system"


Url = Annotated[str, Meta(pattern="^https?://[^/]+", max_length=2000)]
Secret = Annotated[str, Meta(min_length=16, max_length=256)]
EventTypes = Annotated[tuple[Annotated[str, Meta(max_length=100)], ...], Meta(max_length=100)]


class Webhook(Message, frozen=True):
    """An address that is told of events. The secret that signs them is shown only once.

    Without event types and categories it is told of all.
    """

    id: UUID
    name: str
    url: str
    enabled: bool
    method: HttpMethod
    event_types: tuple[str, ...]
    event_categories: tuple[Category, ...]
    created_at: datetime
    updated_at: datetime
    last_delivered_at: datetime | None = None
    last_error: str | None = None
    secret: str | None = None


class WebhookList(Message, frozen=True):
    webhooks: tuple[Webhook, ...]
    total: int


class ListWebhooks(Message, frozen=True):
    pass


class CreateWebhook(Message, frozen=True):
    """Without a secret, one is made."""

    name: Name
    url: Url
    enabled: bool = True
    method: HttpMethod = HttpMethod.POST
    secret: Secret | None = None
    event_types: EventTypes = ()
    event_categories: tuple[Category, ...] = ()


class UpdateWebhook(Message, frozen=True):
    webhook_id: UUID
    name: Name | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    method: HttpMethod | UnsetType = UNSET
    event_types: EventTypes | UnsetType = UNSET
    event_categories: tuple[Category, ...] | UnsetType = UNSET


class GetWebhook(Message, frozen=True):
    webhook_id: UUID


class Notice(Message, frozen=True):
    """An event as the outside sees it, over SSE and webhooks."""

    id: str
    type: str
    timestamp: datetime
    data: msgspec.Raw
    user_id: UserId | None = None
    target_id: UUID | None = None
    metadata: dict[str, Any] = {}


class DeliverWebhook(Message, frozen=True):
    webhook_id: UUID
    notice: Notice


class SystemEvent(Message, frozen=True):
    message: str
    code: str = ""


class JobDied(Message, frozen=True):
    """A job or an event could not be handled, and was set aside with its reason."""

    id: str
    subject: str
    reason: str


list_webhooks = domain.rpc("list_webhooks", ListWebhooks, WebhookList)
get_webhook = domain.rpc("get_webhook", GetWebhook, Webhook, raises=(WebhookNotFound,))
create_webhook = domain.rpc("create_webhook", CreateWebhook, Webhook, raises=(EventTypeUnknown,))
update_webhook = domain.rpc(
    "update_webhook", UpdateWebhook, Webhook, raises=(WebhookNotFound, EventTypeUnknown)
)
delete_webhook = domain.rpc("delete_webhook", GetWebhook, Nothing, raises=(WebhookNotFound,))
test_webhook = domain.rpc("test_webhook", GetWebhook, Nothing, raises=(WebhookNotFound,))

tested = domain.event("tested", SystemEvent, type="test", audience=Audience.ADMINS)
system_started = domain.event(
    "system_started", SystemEvent, type="system.startup", audience=Audience.ADMINS
)
job_died = domain.event("job_died", JobDied, type="system.job_died", audience=Audience.ADMINS)

deliver_webhook = domain.job(
    "deliver_webhook", DeliverWebhook, level=Level.HIGH, attempts=5, timeout=120
)
