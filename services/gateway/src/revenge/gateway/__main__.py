"""What the gateway opens and serves."""

from __future__ import annotations

from functools import partial

from revenge.contracts import LibraryId, auth
from revenge.gateway import feed
from revenge.gateway.app import create_app
from revenge.gateway.asgi import App
from revenge.gateway.backends import reaching
from revenge.gateway.connections import Connections
from revenge.gateway.cors import Cors
from revenge.gateway.front import Front
from revenge.gateway.limits import Limits
from revenge.gateway.live import stream
from revenge.gateway.live.afterwards import Afterwards
from revenge.gateway.live.hub import Hub
from revenge.gateway.openapi import describe
from revenge.gateway.operations import Desk
from revenge.gateway.pages import pages
from revenge.gateway.passing import Passage
from revenge.gateway.probes import PATHS, Probes
from revenge.gateway.replies import Replies
from revenge.gateway.revocations import Revocations
from revenge.gateway.routes import TABLE
from revenge.gateway.settings import GatewaySettings
from revenge.gateway.visibility import Visibility
from revenge.gateway.visitors import Visitors
from revenge.kit import Service, run
from revenge.kit.cache import Shared, TwoLevelCache
from revenge.kit.http import claim, serving


async def start(service: Service, settings: GatewaySettings) -> None:
    claim(settings.server.host, settings.server.port)  # before anything else is opened
    shared = await service.open(Shared.connect(settings.cache))
    revocations = Revocations()
    visibility = Visibility(service.bus, TwoLevelCache("libraries", list[LibraryId], shared))
    visitors = Visitors(
        service.bus, visibility, revocations, TwoLevelCache("api_keys", auth.Identity, shared)
    )
    desk = Desk(service.bus, visitors, Replies(), Limits(settings.server.rate_limit))
    hub, connections = Hub(revocations), Connections()
    announced = Afterwards(desk.replies, hub.hear)
    heard_by = (visibility.hear, desk.replies.hear, announced.hear)
    last = await service.open(feed.listening(service.bus, revocations, heard_by))
    hub.sequence = visibility.generation = last

    playback = await service.open(reaching(settings.playback.url))
    metadata = await service.open(reaching(settings.metadata.url))
    passages = (
        Passage("/api/v1/playback/stream", playback, connections),
        Passage("/api/v1/images", metadata, connections),
    )
    others: dict[str, App] = dict.fromkeys(PATHS, Probes(service.health)) | pages(
        partial(describe, TABLE)
    )
    others[stream.PATH] = stream.Live(service.bus, hub, visitors, connections)
    front = Front(
        create_app(TABLE, desk, others, passages),
        visitors,
        desk.replies,
        desk.limits,
        Cors(settings.server.cors),
        settings.server.trusted,
    )
    at = settings.server
    await service.open(
        serving(front, at.host, at.port, say_goodbye=hub.close, break_off=connections.close)
    )


if __name__ == "__main__":
    run("gateway", GatewaySettings, start, prompt=True)
