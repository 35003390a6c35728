"""What an operator can set about notifications."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from revenge.kit import Section, Settings
from revenge.kit.settings import Database


class Notification(Section, frozen=True, kw_only=True):
    """`secret` seals the secrets of webhooks. With another one, they must be made again."""

    secret: Annotated[str, Meta(min_length=16)]


class NotificationSettings(Settings, frozen=True, kw_only=True):
    database: Database
    notification: Notification
