"""Requests, read as their contract says and checked before any service sees them.

An id in a path that is not even an id is 404: there is no such thing. Everything else that does
not fit is 400, and names the field. What a contract wants to know of the client itself
(`user_agent`, `ip_address`) is never taken from what the client says in a query or a body.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, get_args, get_origin
from urllib.parse import parse_qsl

import msgspec

from revenge.contracts import Invalid, Message, NotFound
from revenge.gateway.asgi import Receive
from revenge.gateway.incoming import Incoming
from revenge.gateway.problems import BodyTooLarge, BodyTooSlow, MediaTypeUnsupported
from revenge.gateway.table import BODIED, Line, parameters

LARGEST_BODY = 1024 * 1024  # bytes: more does not fit into a message on the bus
BODY_WITHIN = 60.0  # seconds: who needs longer only holds a place
LARGEST_QUERY = 100  # parameters
LONGEST_USER_AGENT = 500
FROM_CLIENT = ("user_agent", "ip_address")


class Reader:
    """Makes the request of one operation, as its service reads it."""

    def __init__(self, line: Line) -> None:
        self._request: type[Message] = line.rpc.request
        self._parameters = parameters(line.path)
        fields = {field.name: field for field in msgspec.structs.fields(self._request)}
        self._path_types = {field: fields[field].type for field in self._parameters.values()}
        self._asked_of_us = tuple(name for name in FROM_CLIENT if name in fields)
        self._free = fields.keys() - self._path_types.keys() - set(FROM_CLIENT)
        self._many = frozenset(name for name in self._free if _is_list(fields[name].type))
        self._has_body = line.method in BODIED
        self._missing = next(
            (fault for fault in line.rpc.raises if issubclass(fault, NotFound)), NotFound
        )

    async def read(
        self, incoming: Incoming, receive: Receive, path_values: Mapping[str, str]
    ) -> bytes:
        """The request, encoded. Raises `Invalid` and its kin, or a `NotFound`."""
        values = self._from_path(path_values)
        if self._has_body:
            values |= self._from_body(await read_body(incoming, receive), incoming)
        else:
            values |= self._from_query(incoming.query)
        for name in self._asked_of_us:
            values[name] = _known(name, incoming)
        return self._encode(values)

    def _from_path(self, path_values: Mapping[str, str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, field in self._parameters.items():
            try:
                values[field] = msgspec.convert(
                    path_values[name], self._path_types[field], strict=False
                )
            except msgspec.ValidationError as error:
                raise self._missing from error
        return values

    def _from_query(self, query: bytes) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, value in parse_query(query):
            if name in self._many:
                values.setdefault(name, []).append(value)
            elif name in values:
                raise Invalid(f"`{name}` is given twice")
            elif name in self._free:
                values[name] = value
        return values

    def _from_body(self, body: bytes, incoming: Incoming) -> dict[str, Any]:
        if not body:
            return {}
        if not self._free:  # nothing is asked, and so nothing is read
            return {}
        demand_json(incoming)
        given = decode(body)
        return {name: given[name] for name in self._free if name in given}

    def _encode(self, values: Mapping[str, Any]) -> bytes:
        # a query is text, and `10` in it is a number; in a body, "10" is none
        try:
            encoded = msgspec.json.encode(
                msgspec.convert(values, self._request, strict=self._has_body)
            )
        except (msgspec.ValidationError, OverflowError) as error:
            raise Invalid(str(error).replace("$.", "")) from error
        if b"\\u0000" in encoded:
            raise Invalid("text must not hold a NUL character")
        return encoded


async def read_body(incoming: Incoming, receive: Receive) -> bytes:
    """Raises `BodyTooLarge` as soon as that is known, and `BodyTooSlow`."""
    stated = incoming.headers.get(b"content-length", b"0")
    if stated.isdigit() and int(stated) > LARGEST_BODY:
        raise BodyTooLarge
    try:
        async with asyncio.timeout(BODY_WITHIN):
            return await _receive_all(receive)
    except TimeoutError as error:
        raise BodyTooSlow from error


async def _receive_all(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Invalid("the client left before its request was complete")
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > LARGEST_BODY:
            raise BodyTooLarge
        more = message.get("more_body", False)
    return b"".join(chunks)


def demand_json(incoming: Incoming) -> None:
    """A body without a type is taken for JSON."""
    media_type = incoming.text(b"content-type").partition(";")[0].strip().lower()
    if media_type and media_type != "application/json" and not media_type.endswith("+json"):
        raise MediaTypeUnsupported
    if incoming.text(b"content-encoding").lower() not in ("", "identity"):
        raise MediaTypeUnsupported


def decode(body: bytes) -> Mapping[str, Any]:
    try:
        given = msgspec.json.decode(body)
    except (RecursionError, ValueError) as error:
        raise Invalid(f"the body is not JSON: {error}") from error
    if not isinstance(given, dict):
        raise Invalid("the body must be a JSON object")
    return given


def parse_query(query: bytes) -> list[tuple[str, str]]:
    """Raises `Invalid` for what is not UTF-8, or too much."""
    if not query:
        return []
    try:
        return parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=LARGEST_QUERY,
        )
    except ValueError as error:
        raise Invalid("the query cannot be read") from error


def _known(name: str, incoming: Incoming) -> str | None:
    if name == "ip_address":
        return incoming.address
    return incoming.text(b"user-agent")[:LONGEST_USER_AGENT].replace("\0", "") or None


def _is_list(kind: Any) -> bool:
    return any(get_origin(part) in (list, tuple) for part in (kind, *get_args(kind)))
