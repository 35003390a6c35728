"""Whatever a client sends, it is the client's fault or nobody's: never a 500."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revenge.contracts import Fault
from revenge.gateway.incoming import Incoming
from revenge.gateway.reading import Reader, parse_query
from revenge.gateway.routes import TABLE
from revenge.gateway.table import BODIED, Line, parameters

UUID = "0190a000-0000-7000-8000-000000000000"

BODIES = [line for line in TABLE if line.method in BODIED]
QUERIES = [line for line in TABLE if line.method in ("GET", "DELETE")]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def read(line: Line, query: bytes = b"", body: bytes = b"", **path: str) -> bytes | Fault:
    """What a service would be sent, or what the client would be told."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"headers": [], "method": line.method, "path": "/", "query_string": query}
    values = {name: path.get(name, UUID) for name in parameters(line.path)}
    try:
        return asyncio.run(Reader(line).read(Incoming(scope, ()), receive, values))
    except Fault as fault:
        return fault


def expect_understood(line: Line, found: bytes | Fault) -> None:
    if isinstance(found, Fault):
        assert 400 <= found.status < 500
        return
    msgspec.json.decode(found, type=line.rpc.request)
    assert b"\\u0000" not in found


@settings(max_examples=60, deadline=None)
@given(line=st.sampled_from(BODIES), body=st.binary(max_size=200))
def test_any_bytes_are_a_request_or_the_clients_fault(line: Line, body: bytes) -> None:
    expect_understood(line, read(line, body=body))


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_json_is_a_request_or_the_clients_fault(data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(BODIES))
    fields = st.sampled_from(msgspec.structs.fields(line.rpc.request) or [None])
    names = fields.map(lambda field: field.name if field else "x") | st.text(max_size=5)
    body = data.draw(st.dictionaries(names, anything, max_size=5))

    expect_understood(line, read(line, body=to_json(body)))


def to_json(value: Any) -> bytes:
    try:
        return msgspec.json.encode(value)
    except (OverflowError, UnicodeEncodeError):  # numbers and text that JSON cannot hold
        return b"{}"


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_query_is_a_request_or_the_clients_fault(data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(QUERIES))
    fields = st.sampled_from(msgspec.structs.fields(line.rpc.request) or [None])
    names = fields.map(lambda field: field.name if field else "x") | st.text(max_size=5)
    pairs = data.draw(st.lists(st.tuples(names, st.text(max_size=20)), max_size=5))
    query = "&".join(f"{escape(name)}={escape(value)}" for name, value in pairs)

    expect_understood(line, read(line, query=query.encode()))


@settings(max_examples=100, deadline=None)
@given(query=st.binary(max_size=60))
def test_any_bytes_after_the_question_mark_are_read_or_refused(query: bytes) -> None:
    line = QUERIES[0]

    expect_understood(line, read(line, query=query))


@settings(max_examples=100, deadline=None)
@given(line=st.sampled_from(TABLE), id=st.text(max_size=40))
def test_any_text_in_a_path_is_an_id_or_nothing_that_is_there(line: Line, id: str) -> None:
    found = read(line, body=b"{}", **dict.fromkeys(parameters(line.path), id))

    expect_understood(line, found)


def escape(text: str) -> str:
    return quote(text, safe="", errors="replace")


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 2**64, 10**400])
def test_a_number_of_any_size_is_read_or_refused(number: int) -> None:
    (line,) = [line for line in TABLE if line.rpc.subject == "rpc.library.create_library"]
    body = f'{{"name": "x", "type": "movie", "paths": ["/x"], "scanner_config": {{"n": {number}}}}}'

    expect_understood(line, read(line, body=body.encode()))


def test_an_empty_query_is_no_query() -> None:
    assert parse_query(b"") == []
