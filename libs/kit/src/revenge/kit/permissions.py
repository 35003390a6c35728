"""What each service's NATS user may publish and subscribe to, from the table of services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from revenge.contracts import Event, Job
from revenge.contracts.services import Service
from revenge.kit.router import name_of

ADMIN_API = (
    "$JS.API.STREAM.INFO.*",
    "$JS.API.STREAM.MSG.GET.*",
    "$JS.API.STREAM.MSG.DELETE.JOBS",
    "$JS.API.STREAM.MSG.DELETE.DEAD",
    "$JS.API.DIRECT.GET.JOBS.>",
    "$JS.API.DIRECT.GET.JOBS",
    "$JS.API.DIRECT.GET.DEAD.>",
    "$JS.API.DIRECT.GET.DEAD",
    "$JS.API.CONSUMER.LIST.JOBS",
    "$JS.API.CONSUMER.NAMES.JOBS",
    "$JS.API.CONSUMER.INFO.JOBS.*",
    "job.>",
    "event.>",
    "$JS.API.CONSUMER.CREATE.DEAD.notification-deaths",
    "$JS.API.CONSUMER.CREATE.DEAD.notification-deaths.>",
    "$JS.API.CONSUMER.DURABLE.CREATE.DEAD.notification-deaths",
    "$JS.API.CONSUMER.INFO.DEAD.notification-deaths",
    "$JS.API.CONSUMER.MSG.NEXT.DEAD.notification-deaths",
    "$JS.ACK.DEAD.notification-deaths.>",
)


class Permissions(Struct, frozen=True):
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def permissions(service: Service) -> Permissions:
    """Nothing but what the table says; replies are allowed to whoever asked."""
    subscribe = [f"_INBOX_{service.name}.>", "$SRV.>"]
    subscribe += [f"rpc.{domain.name}.>" for domain in service.domains]
    return Permissions(tuple(_publish(service)), tuple(subscribe))


def _publish(service: Service) -> Iterator[str]:
    yield "$SRV.>"
    if service.calls_all:
        yield "rpc.>"
    yield from (rpc.subject for rpc in service.calls)
    for domain in service.domains:
        yield f"event.{domain.name}.>"
        yield f"job.*.{domain.name}.>"
        yield f"schedule.job.*.{domain.name}.>"
        yield f"dead.job.*.{domain.name}.>"
    yield from (job.subject for job in service.enqueues)
    for contract in consumed(service):
        yield from _consumer(service, contract)
    for bucket in (*service.buckets, "progress"):
        yield from _bucket(bucket)
    if service.has_jobs:
        yield from _follower("KV_qos")
    if service.hears_all:
        yield from _follower("EVENTS")
    if service.buries:
        yield from ADMIN_API


def consumed(service: Service) -> tuple[Event[Any] | Job[Any], ...]:
    """The contracts that a service has durable consumers for."""
    own = tuple(
        contract for domain in service.domains for contract in domain if isinstance(contract, Job)
    )
    return (*service.listens, *own)


def _consumer(service: Service, contract: Event[Any] | Job[Any]) -> Iterator[str]:
    stream = "JOBS" if isinstance(contract, Job) else "EVENTS"
    durable = f"{service.name}-{name_of(contract)}"
    yield f"$JS.API.CONSUMER.CREATE.{stream}.{durable}.>"
    yield f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{durable}"
    yield f"$JS.API.CONSUMER.INFO.{stream}.{durable}"
    yield f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
    yield f"$JS.ACK.{stream}.{durable}.>"
    yield f"dead.{contract.subject}"


def _bucket(name: str) -> Iterator[str]:
    yield f"$KV.{name}.>"
    yield f"$JS.API.STREAM.INFO.KV_{name}"
    yield f"$JS.API.DIRECT.GET.KV_{name}.>"
    yield f"$JS.API.DIRECT.GET.KV_{name}"
    yield f"$JS.API.STREAM.MSG.GET.KV_{name}"
    yield from _follower(f"KV_{name}")


def _follower(stream: str) -> Iterator[str]:
    """Ordered, ephemeral consumers: every replica makes its own, under names of its own."""
    yield f"$JS.API.STREAM.INFO.{stream}"
    yield f"$JS.API.CONSUMER.CREATE.{stream}"
    yield f"$JS.API.CONSUMER.CREATE.{stream}.>"
    yield f"$JS.API.CONSUMER.DELETE.{stream}.>"
    yield f"$JS.API.CONSUMER.INFO.{stream}.>"
    yield f"$JS.FC.{stream}.>"
    yield f"$JS.ACK.{stream}.>"
    yield f"$JS.API.STREAM.MSG.GET.{stream}"
    yield f"$JS.API.DIRECT.GET.{stream}"
    yield f"$JS.API.DIRECT.GET.{stream}.>"
