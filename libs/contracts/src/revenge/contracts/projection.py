"""The contracts as documents: one JSON Schema for each subject, and one AsyncAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from revenge.contracts._kinds import Contract, Domain, Event, Job, Rpc
from revenge.contracts.services import DOMAINS, SERVICES

VERSION = "0.1.0"


def contracts() -> Iterator[tuple[Domain, Contract]]:
    """Every contract with its domain."""
    for domain in DOMAINS:
        for contract in domain:
            yield domain, contract


def messages(contract: Contract) -> dict[str, Any]:
    """The types that a contract carries, by their part in it."""
    if isinstance(contract, Rpc):
        return {"request": contract.request, "reply": contract.reply}
    return {"payload": contract.payload}


def schema(contract: Contract) -> dict[str, Any]:
    """One contract: its subject, its messages as JSON Schema, and what it promises."""
    parts = messages(contract)
    schemas, components = msgspec.json.schema_components(parts.values())
    return {
        "subject": contract.subject,
        "kind": type(contract).__name__.lower(),
        **promises(contract),
        "messages": dict(zip(parts, schemas, strict=True)),
        "$defs": components,
    }


def promises(contract: Contract) -> dict[str, Any]:
    match contract:
        case Rpc():
            faults = {fault.code: fault.status for fault in contract.raises}
            return {"faults": faults, "timeout_s": contract.timeout}
        case Event():
            return {"type": contract.type, "audience": contract.audience.value}
        case Job():
            return {
                "level": contract.level.value,
                "attempts": contract.attempts,
                "timeout_s": contract.timeout,
                "unique_for_s": contract.unique_for,
            }


def asyncapi() -> dict[str, Any]:
    """All of them as one AsyncAPI 3.0 document."""
    every = [contract for _, contract in contracts()]
    types = {kind: None for contract in every for kind in messages(contract).values()}
    schemas, components = msgspec.json.schema_components(
        types, ref_template="#/components/schemas/{name}"
    )
    by_type = dict(zip(types, schemas, strict=True))
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Revenge on NATS",
            "version": VERSION,
            "license": {"name": "Apache-2.0"},
            "description": (
                "Requests are core NATS request-reply. Events are kept in the stream EVENTS and "
                "are CloudEvents 1.0 in binary mode: the attributes are headers. Jobs are in the "
                "work queue JOBS. Every message carries `traceparent`."
            ),
        },
        "channels": {_key(contract): _channel(contract, by_type) for contract in every},
        "operations": dict(_operations()),
        "components": {"schemas": components},
    }


def _key(contract: Contract) -> str:
    return contract.subject.replace(".", "-")


def _channel(contract: Contract, by_type: dict[Any, Any]) -> dict[str, Any]:
    return {
        "address": contract.subject,
        "description": (messages_doc(contract)).strip(),
        "messages": {
            part: {"contentType": "application/json", "payload": by_type[kind]}
            for part, kind in messages(contract).items()
        },
    }


def messages_doc(contract: Contract) -> str:
    """What the first message of a contract says of itself."""
    first = next(iter(messages(contract).values()))
    return str(first.__doc__ or first.__name__)


def _operations() -> Iterator[tuple[str, dict[str, Any]]]:
    owners = {domain.name: service.name for service in SERVICES for domain in service.domains}
    for domain, contract in contracts():
        action = "send" if isinstance(contract, Event) else "receive"
        yield (
            f"{owners[domain.name]}-{action}-{_key(contract)}",
            {
                "action": action,
                "channel": {"$ref": f"#/channels/{_key(contract)}"},
                "title": f"{owners[domain.name]} {action}s {contract.subject}",
            },
        )
